"""Power and its companions: nominal where they must be, and the same however they are computed."""

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.trial.trials import SMALL, small

from anagen.cli.main import run as command
from anagen.trial.expense import TooLargeError, check_expense, expense_of
from anagen.trial.one import one_trial
from anagen.trial.pool import Engine, run_tasks, task_hash
from anagen.trial.power import NothingYetError, power_of, power_so_far
from anagen.trial.sides import Task
from anagen.trial.simulated import run_task
from anagen.trial.size import size_of

RUNS = 400
TWO = Engine(2)
WITHIN = 4.0
"""Monte Carlo standard errors; a right program fails one check in 16,000."""


@pytest.mark.parametrize(
    "changed",
    [
        {"drop_out": 0.2, "visits": [12, 24]},
        {"analysis": {"method": "change"}},
        {"analysis": {"method": "repeated"}, "drop_out": 0.3, "visits": [12, 24]},
        {
            "analysis": {"method": "responder"}, "people": 80,
            "endpoint": {"outcome": "total_density_per_cm2", "week": 24, "responder_percent": 10},
        },
        {"design": "split_scalp", "people": 20},
        {"looks": {"at": [0.5], "spending": "pocock"}, "people": 60},
        {
            "stratify": ["baseline", "site"], "sites": {"count": 3, "effect_sd_per_cm2": 2},
            "people": 90, "analysis": {"method": "repeated"}, "visits": [12, 24], "drop_out": 0.2,
        },
        {"decision": {"margin_per_cm2": -5}, "people": 60},
        {"endpoint": {"outcome": "mean_diameter_um", "week": 24}},
    ],
    ids=[
        "ancova", "change", "repeated", "responder", "split", "looks", "strata", "margin",
        "diameter",
    ],
)  # fmt: skip
def test_without_an_effect_a_difference_is_found_as_often_as_alpha(changed):
    found = power_of(small(**changed), RUNS, engine=TWO)
    nominal = np.sqrt(0.05 * 0.95 / RUNS)
    assert found.type_i_error.estimate == pytest.approx(0.05, abs=WITHIN * nominal)
    if "looks" not in changed:
        assert found.coverage.estimate == pytest.approx(0.95, abs=WITHIN * nominal + 0.01)
    assert found.type_i_error.mc_se > 0


def test_what_biases_a_trial_shows():
    """A reader who knows the arm, and people who leave when they gain little."""
    fair = power_of(small(), 100, engine=TWO)
    known = power_of(small(blinding="open", reader_shift_percent=10), 100, engine=TWO)
    lost = small(drop_out=0.4, drop_out_risk_per_10_fewer=2)
    left = power_of(lost, 100, engine=TWO)
    assert abs(fair.bias.estimate) < WITHIN * fair.bias.mc_se
    assert known.bias.estimate > 10
    assert abs(left.gain_without_effect.mean - fair.gain_without_effect.mean) < 1e-9
    assert any("lost more often" in note for note in left.notes)


def test_a_trial_of_non_inferiority_finds_what_is_no_worse():
    close = {"margin_per_cm2": -10}
    trial = small(people=200, decision=close, analysis={"effect_per_cm2": 0.1})
    assert power_of(trial, 100, engine=TWO).power.estimate > 0.6
    assert power_of(small(people=200, analysis={"effect_per_cm2": 0.1}), 100).power.estimate < 0.2


def test_power_is_that_of_its_standard_errors():
    """At the same effect in every trial, power follows from the errors by the t law alone."""
    trial = small(people=100, analysis={"effect_per_cm2": 12.0})
    found = power_of(trial, RUNS, engine=TWO)
    sized = size_of(trial, found.power.estimate, 2, engine=TWO)
    assert found.design_effect_from == "file"
    assert sized.tried[0].power == pytest.approx(
        found.power.estimate, abs=WITHIN * found.power.mc_se + 0.02
    )


def test_estimates_are_not_biased_and_those_that_are_found_are():
    found = power_of(small(people=60), RUNS, engine=TWO)
    assert abs(found.bias.estimate) < WITHIN * found.bias.mc_se
    rule = found.decision
    assert rule.adopted == found.assurance
    assert rule.wrongly_adopted.estimate <= found.wrong.estimate
    assert 0 < rule.wrongly_left.estimate < 1 - rule.adopted.estimate
    assert found.estimate_if_found.mean > found.truth.mean


def test_what_a_study_without_a_control_reports_rests_on_no_treatment():
    """Against saline and against PRP it is the same arm without effect, so the same gain."""
    arms = [SMALL["arms"][0], {"id": "prp", "regimen": "prp x3 q30d"}]
    against_prp = power_of(small(arms=arms, compare={"arm": "exosome", "against": "prp"}), 40)
    against_saline = power_of(small(), 40)
    assert against_prp.gain_without_effect == against_saline.gain_without_effect
    assert against_saline.gain_without_effect.mean > 5


def test_care_of_other_kinds_shows_as_bias():
    arms = [SMALL["arms"][0], {"id": "nothing", "regimen": "nothing"}]
    trial = small(arms=arms, compare={"arm": "exosome", "against": "nothing"})
    found = power_of(trial, RUNS, engine=TWO)
    assert found.bias.estimate > WITHIN * found.bias.mc_se
    assert any("cared for differently" in note for note in found.notes)


def test_more_people_find_more():
    powers = [
        power_of(small(people=people, analysis={"effect_per_cm2": 10.0}), 100, engine=TWO).power
        for people in (20, 80, 320)
    ]
    assert powers[0].estimate < powers[1].estimate < powers[2].estimate


def test_the_size_that_is_found_has_the_power():
    found = size_of(small(analysis={"effect_per_cm2": 12.0}), 0.8, 300, engine=TWO)
    assert found.at.people == found.people
    assert found.at.power.estimate == pytest.approx(0.8, abs=WITHIN * found.at.power.mc_se)


def test_no_size_is_found_for_what_has_no_effect(monkeypatch):
    monkeypatch.setattr("anagen.trial.size.design_effect", lambda *_: (-1.0, "model"))
    assert size_of(small()).people is None


def test_workers_order_and_kept_parts_change_nothing(tmp_path):
    trial = small(people=1000)  # three trials a task
    tasks = [Task(trial, 1, number, 2, 5.0) for number in range(3)]
    plain = run_tasks(tasks)
    told = []
    on_two = run_tasks(
        tasks, Engine(2, folder=tmp_path), lambda done, whole: told.append((done, whole))
    )
    backwards = run_tasks(tasks[::-1])[::-1]
    for one, two, three in zip(plain, on_two, backwards, strict=True):
        assert one.tobytes() == two.tobytes() == three.tobytes()
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    files = sorted(tmp_path.iterdir())
    assert len(files) == 3
    files[0].write_bytes(files[0].read_bytes()[:50])  # a part that is not whole
    files[1].unlink()
    again = run_tasks(tasks, Engine(folder=tmp_path))
    assert [one.tobytes() for one in again] == [one.tobytes() for one in plain]


def test_a_part_is_named_by_all_that_it_depends_on():
    task = Task(small(), 1, 0, 2, 5.0)
    others = [
        replace(task, seed=2), replace(task, number=1), replace(task, trials=3),
        replace(task, design_effect=6.0), replace(task, trial=small(people=42)),
    ]  # fmt: skip
    assert len({task_hash(one) for one in (task, *others)}) == 6
    assert task_hash(task) == task_hash(Task(small(), 1, 0, 2, 5.0))


def test_a_run_that_is_killed_goes_on_to_the_same_bytes(tmp_path):
    file = tmp_path / "trial.json"
    file.write_text(json.dumps(SMALL | {"people": 600}), encoding="utf-8")
    keep, out = tmp_path / "parts", tmp_path / "power.json"
    whole = ["trial", "power", str(file), "--runs", "60", "--json", str(out)]
    resumed = [sys.executable, "-m", "anagen.cli", *whole, "--workers", "2", "--keep", str(keep)]
    process = subprocess.Popen(resumed, start_new_session=True)
    while not (keep.exists() and len(list(keep.glob("*.npy"))) >= 2):
        assert process.poll() is None, "it ended before it could be killed"
        time.sleep(0.05)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    done = len(list(keep.glob("*.npy")))
    assert not out.exists()
    assert subprocess.run(resumed, check=False).returncode == 0
    assert len(list(keep.glob("*.npy"))) == 12 > done
    first = out.read_bytes()
    assert command([*whole, "--workers", "1"]) == 0
    assert out.read_bytes() == first


def test_what_is_finished_can_be_read_while_the_rest_runs(tmp_path, capfd):
    trial = small(people=1000)
    whole = power_of(trial, 9, engine=Engine(folder=tmp_path))
    assert power_so_far(trial, 9, 1, tmp_path) == whole
    sorted(tmp_path.iterdir())[0].unlink()
    now = power_so_far(trial, 9, 1, tmp_path)
    assert now.runs == 6
    assert len(list(tmp_path.iterdir())) == 2, "nothing is simulated"
    with pytest.raises(NothingYetError, match="holds no finished part of 9 runs"):
        power_so_far(trial, 9, 2, tmp_path)
    file = tmp_path / "trial.json"
    file.write_text(json.dumps(SMALL | {"people": 1000}), encoding="utf-8")
    told = ["trial", "power", str(file), "--runs", "9", "--so-far"]
    assert command([*told, "--keep", str(tmp_path)]) == 0
    assert "6 runs" in capfd.readouterr().out
    assert command([*told, "--keep", str(tmp_path / "none")]) == 3
    assert command(told) == 2
    assert "--so-far needs --keep" in capfd.readouterr().err


def test_one_trial_is_the_one_of_its_number():
    trial = small(people=1600, looks={"at": [0.5]})  # a task of its own
    made, rows = one_trial(trial, 3, 2)
    known = run_task(Task(trial, 3, 2, 1, 0.0))
    assert [look.effect for look in made.looks] == pytest.approx(known[0, :, 0].tolist())
    assert [look.people for look in made.looks] == [800, 1600]
    table = list(rows)
    assert len(table) == 2 * 1600
    assert {row[1] for row in table} == {"exosome", "saline"}


def test_what_it_takes_grows_with_people_weeks_visits_and_falls_with_workers():
    def seconds(runs=100, workers=1, **changed):
        return expense_of(small(**changed), runs, workers).seconds

    plain = seconds()
    assert seconds(people=80) == pytest.approx(2 * plain)
    assert seconds(runs=300) == pytest.approx(3 * plain)
    assert seconds(workers=2) == pytest.approx(plain / 2)
    assert seconds(visits=[12, 24]) > plain
    assert seconds(endpoint={"outcome": "mean_diameter_um", "week": 24}) > plain


@pytest.mark.parametrize("people", [10**9, 10**10])
def test_what_would_take_days_is_refused_with_what_it_would_take(people):
    with pytest.raises(TooLargeError, match=r"hours and .* GB on 2 workers"):
        check_expense(small(people=people), 200, 2)


def test_the_command_line_gives_the_contract(tmp_path, capfd):
    file = Path("examples/trials/split-scalp.yaml")
    out = tmp_path / "power.json"
    assert command(["trial", "power", str(file), "--runs", "20", "--json", str(out)]) == 0
    made = json.loads(out.read_text(encoding="utf-8"))
    for name in ("power", "type_i_error", "bias", "coverage", "assurance"):
        assert set(made[name]) == {"estimate", "mc_se"}
    assert (made["runs"], made["alpha"]) == (20, 0.05)
    data = tmp_path / "data.csv"
    assert command(["trial", "run", str(file), "--csv", str(data)]) == 0
    header = data.read_text(encoding="utf-8").splitlines()[0]
    assert header == "person,arm,week,terminal_density_per_cm2"
    assert "The truth, which no trial sees" in capfd.readouterr().out
    file = tmp_path / "huge.json"
    file.write_text(json.dumps(SMALL | {"people": 10**9}), encoding="utf-8")
    assert command(["trial", "power", str(file)]) == 3
    assert "are begun" in capfd.readouterr().err
