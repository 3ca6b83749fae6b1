"""Predictions: their shape, and what must hold whatever the release says."""

import json
import math
import os
import subprocess
import sys
from statistics import NormalDist
from typing import Any, get_args

import jsonschema
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from anagen.evidence import load_evidence
from anagen.follicle import simulate
from anagen.forecasting.effects import reference_of
from anagen.posterior import Keyed, prior_release
from anagen.predicting.build import predict, reported
from anagen.predicting.course import Drawing, response_points, signals_at, true_course
from anagen.predicting.given import given_of, thresholds
from anagen.predicting.model import OutcomeName, Prediction
from anagen.predicting.schema import Cohort
from anagen.render.json import document_of, dump

Made = dict[str, Any]
DRAWS = 200
OUTCOMES = get_args(OutcomeName)
DRAWING = Drawing(prior_release(load_evidence().parameters), Keyed(1), DRAWS)

SPREAD = {
    "type": "object",
    "properties": {
        key: {"type": "number"} for key in ("mean", "sd", "q05", "q25", "q50", "q75", "q95")
    },
    "required": ["mean", "sd", "q05", "q25", "q50", "q75", "q95"],
    "additionalProperties": False,
}
AT_WEEK = {
    "type": "object",
    "properties": {
        "change": SPREAD,
        "change_percent": SPREAD,
        "minus_control": {"anyOf": [SPREAD, {"type": "null"}]},
        "individual_sd": {"type": "number", "minimum": 0},
    },
    "required": ["change", "change_percent", "minus_control", "individual_sd"],
    "additionalProperties": False,
}
CONTRACT = {
    "type": "object",
    "properties": {
        "schema_version": {"type": "string"},
        "software": {"type": "object", "required": ["name", "version"]},
        "posterior_release": {"type": "string"},
        "evidence_release": {"type": "string"},
        "seed": {"type": "integer"},
        "draws": {"type": "integer"},
        "cohort": {"type": "object"},
        "assumed": {"type": "array", "items": {"required": ["key", "value", "effect"]}},
        "notes": {"type": "array", "items": {"type": "string"}},
        "outcomes": {
            "type": "object",
            "propertyNames": {"enum": list(OUTCOMES)},
            "additionalProperties": {
                "type": "object",
                "propertyNames": {"pattern": r"^[0-9]+(\.[0-9]+)?$"},
                "additionalProperties": AT_WEEK,
            },
        },
    },
    "additionalProperties": False,
}
CONTRACT["required"] = list(CONTRACT["properties"])  # type: ignore[call-overload]


def cohort(made: Made) -> Cohort:
    return Cohort.parse(json.dumps(made).encode(), "cohort.json")


def made_of(made: Made, **more: Any) -> Prediction:
    return predict(cohort(made | more), draws=DRAWS)


def draws_of(made: Made, outcome: str, **more: Any) -> Any:
    return reported(cohort(made | more), DRAWING)[0][outcome]


def test_the_document_has_the_shape_of_the_contract(vehicle_trial: Made) -> None:
    document = document_of(made_of(vehicle_trial, outcomes=list(OUTCOMES)))
    jsonschema.validate(document, CONTRACT)
    assert document["cohort"] == vehicle_trial | {"outcomes": list(OUTCOMES)}
    assert list(document["outcomes"]) == list(OUTCOMES)
    assert list(document["outcomes"]["anagen_percent"]) == ["16", "24", "48"]


def test_without_a_control_nothing_is_subtracted(vehicle_trial: Made) -> None:
    del vehicle_trial["control_n"]
    found = made_of(vehicle_trial, control=None)
    weeks = found.outcomes["terminal_density_per_cm2"].values()
    assert all(week.minus_control is None for week in weeks)
    assert any("bias-single-arm" in note for note in found.notes)


def test_more_people_make_a_mean_surer(vehicle_trial: Made) -> None:
    few, many = (
        made_of(vehicle_trial, n=n, control_n=n).outcomes["terminal_density_per_cm2"]["24"]
        for n in (8, 2000)
    )
    assert few.change.sd > many.change.sd
    assert few.minus_control
    assert many.minus_control
    assert few.minus_control.sd > many.minus_control.sd
    assert few.individual_sd == pytest.approx(many.individual_sd, rel=0.01)


def test_care_lifts_a_control_arm_above_nobody(vehicle_trial: Made) -> None:
    del vehicle_trial["control_n"]
    arms = {
        name: draws_of(vehicle_trial, "terminal_density_per_cm2", control=None, arm={"id": name})
        for name in ("none", "oral_placebo", "topical_vehicle", "saline")
    }
    change = {name: float(np.median(found.change[1])) for name, found in arms.items()}
    assert change["topical_vehicle"] > change["saline"] > change["none"]
    own = DRAWING.release.numbers("care-topical-vehicle", DRAWING.keyed, DRAWS)
    lift = change["topical_vehicle"] - change["none"]
    assert lift == pytest.approx(float(np.median(own)), abs=1.5)
    assert abs(change["oral_placebo"] - change["none"]) < 2.0


def test_care_and_trial_cancel_against_the_same_control(vehicle_trial: Made) -> None:
    """With many people only the effect and its deviation are left."""
    many = {"n": 10**6, "control_n": 10**6}
    found = draws_of(vehicle_trial, "terminal_density_per_cm2", **many)
    one = cohort(vehicle_trial)
    arm = given_of(one, DRAWING.release)
    nothing = given_of(cohort(vehicle_trial | {"arm": {"id": "none"}}), DRAWING.release)
    days = [0.0, 112.0, 168.0, 336.0]
    moved, still = (
        true_course(DRAWING, who, days, thresholds(one)).mean["terminal_density_per_cm2"]
        for who in (arm, nothing)
    )
    factor = 165.0 / still[0]
    net = ((moved - still) * factor)[1:]
    assert np.median(found.minus_control - net) == pytest.approx(0.0, abs=0.6)
    assert np.std(found.minus_control[2] - net[2]) < 6.0


def test_two_sorts_of_care_do_not_cancel(vehicle_trial: Made) -> None:
    same, other = (
        made_of(vehicle_trial, control=control) for control in ("topical_vehicle", "untreated")
    )
    at = [found.outcomes["terminal_density_per_cm2"]["48"] for found in (same, other)]
    assert at[0].minus_control
    assert at[1].minus_control
    assert at[1].minus_control.q50 > at[0].minus_control.q50 + 5.0
    assert any("care" in note for note in other.notes)
    assert same.notes == tuple(note for note in other.notes if "care" not in note)


def test_week_0_is_the_start(vehicle_trial: Made) -> None:
    at = made_of(vehicle_trial, weeks=[0]).outcomes["terminal_density_per_cm2"]["0"]
    assert at.change.mean == at.change.sd == at.individual_sd == 0.0
    assert at.minus_control
    assert at.minus_control.q95 == 0.0


def test_percent_is_of_the_mean_at_the_start(vehicle_trial: Made) -> None:
    at = made_of(vehicle_trial).outcomes["terminal_density_per_cm2"]["24"]
    assert at.change_percent.q50 == pytest.approx(at.change.q50 / 1.65)


def test_effects_scale_with_density(vehicle_trial: Made) -> None:
    thin, dense = (
        draws_of(
            vehicle_trial,
            "terminal_density_per_cm2",
            baseline={"terminal_density_per_cm2": {"mean": mean}},
        )
        for mean in (80, 160)
    )
    ratio = np.median(dense.minus_control[2]) / np.median(thin.minus_control[2])
    assert 1.4 < ratio < 2.6
    assert dense.baseline == pytest.approx(160)
    assert thin.baseline == pytest.approx(80)


def test_a_baseline_of_several_values_weighs_draws(vehicle_trial: Made) -> None:
    both = {
        "total_density_per_cm2": {"mean": 200},
        "mean_diameter_um": {"mean": 50, "sd": 6},
        "anagen_percent": {"mean": 70, "sd": 8},
    }
    found = reported(
        cohort(vehicle_trial | {"baseline": both, "outcomes": list(OUTCOMES)}), DRAWING
    )[0]
    assert found["total_density_per_cm2"].baseline == pytest.approx(200)
    assert np.mean(found["mean_diameter_um"].baseline) == pytest.approx(50, abs=5)
    assert np.mean(found["anagen_percent"].baseline) == pytest.approx(70, abs=8)


def test_a_baseline_unlike_any_scalp_is_held_loosely_and_said(vehicle_trial: Made) -> None:
    odd = {"total_density_per_cm2": {"mean": 200}, "anagen_percent": {"mean": 3}}
    found = made_of(vehicle_trial, baseline=odd)
    assert any("held loosely" in note for note in found.notes)


def test_a_given_limit_holds_for_every_outcome(vehicle_trial: Made) -> None:
    alone = cohort(vehicle_trial | {"threshold_um": 40, "outcomes": ["terminal_density_per_cm2"]})
    assert set(thresholds(alone).values()) == {40.0}
    beside = thresholds(cohort(vehicle_trial | {"threshold_um": 20}))
    assert beside["total_density_per_cm2"] == 20.0
    assert beside["terminal_density_per_cm2"] == 30.0
    usual = thresholds(cohort(vehicle_trial))
    assert usual["anagen_density_per_cm2"] == 20.0
    assert usual["terminal_density_per_cm2"] == 30.0


@pytest.mark.parametrize("treatments", [1, 2, 3, 4])
def test_response_points_have_the_moments_of_people(treatments: int) -> None:
    points = response_points(treatments)
    weight = np.array([point[0] for point in points])
    normal = np.array([point[1] for point in points])
    assert weight.sum() == pytest.approx(1.0)
    assert weight @ normal == pytest.approx(np.zeros(treatments))
    assert (normal.T * weight) @ normal == pytest.approx(np.eye(treatments))
    assert weight @ normal**4 == pytest.approx(np.full(treatments, 3.0))


def test_mean_response_is_one() -> None:
    spread = 0.7
    mean = sum(w * math.exp(spread * z[0] - spread**2 / 2) for w, z in response_points(1))
    assert mean == pytest.approx(1.0, abs=0.005)


@pytest.mark.parametrize("arm", ["minoxidil", "finasteride", "prp", "prp+minoxidil"])
def test_few_points_of_response_stand_for_many_people(vehicle_trial: Made, arm: str) -> None:
    """Against the mean over 40 quantiles of every response, paired far apart."""
    people, draws = 40, 20
    drawing = Drawing(DRAWING.release, DRAWING.keyed, draws)
    who = given_of(cohort(vehicle_trial | {"arm": {"id": arm}}), drawing.release)
    limits = thresholds(cohort(vehicle_trial))
    found = true_course(drawing, who, [0.0, 168.0], limits).mean["total_density_per_cm2"]
    reference = reference_of(drawing.release, drawing.keyed, draws)
    normal = [NormalDist().inv_cdf((rank + 0.5) / people) for rank in range(people)]
    runs = []
    for person in range(people):
        own = [normal[(person * (1 + 6 * place)) % people] for place in range(len(who.components))]
        signals = signals_at(drawing, who, ("male", own), 48, np.arange(draws))
        run = simulate(reference.model, signals, days=[0.0, 168.0], start=reference.start)
        runs.append(run.counted(limits["total_density_per_cm2"]))
    assert np.median(np.abs(found - np.mean(runs, axis=0))) < 0.5


@pytest.mark.parametrize(
    ("arm", "says"),
    [
        ({"id": "exosome", "sessions": 12, "interval_days": 7}, "12 sessions"),
        ({"id": "exosome", "dose": 1e10}, "dose is kept and not used"),
        ({"id": "exosome", "route": "topical"}, "Without needles".lower()),
        ({"id": "exosome+prp"}, "put together from its parts"),
        ({"id": "prp", "interval_days": 200}, "200 days apart"),
        ({"id": "prp", "percent": 5}, "strength of minoxidil"),
        ({"id": "minoxidil", "sessions": 4}, "not given in sessions"),
    ],
)
def test_what_reaches_beyond_the_trials_is_noted(vehicle_trial: Made, arm: Made, says: str) -> None:
    found = made_of(vehicle_trial, arm=arm, control="saline")
    assert any(says in note for note in found.notes), found.notes


def test_what_was_left_out_is_supplied_and_said(vehicle_trial: Made) -> None:
    least = {key: vehicle_trial[key] for key in ("n", "sex", "diagnosis", "weeks", "outcomes")}
    found = made_of(least, arm={"id": "exosome+minoxidil"}, control="saline")
    assert [one.key for one in found.assumed] == [
        "arm.sessions (exosome)",
        "arm.interval_days (exosome)",
        "arm.route",
        "arm.percent",
        "threshold_um",
        "control_n",
        "baseline",
    ]


def test_people_outside_the_trials_are_noted(vehicle_trial: Made) -> None:
    found = made_of(vehicle_trial, sex="mixed", age={"mean": 61}, weeks=[12, 400])
    texts = " ".join(found.notes)
    assert "Mean age 61" in texts
    assert "half of the people are taken as women" in texts
    assert "After week 120" in texts


def test_the_same_bytes_in_another_process_and_with_other_threads(
    vehicle_trial: Made, tmp_path: Any
) -> None:
    path = tmp_path / "cohort.json"
    path.write_text(json.dumps(vehicle_trial))
    own = dump(document_of(predict(Cohort.load(path), draws=DRAWS, seed=7)))
    command = [sys.executable, "-m", "anagen.cli", "predict", str(path)]
    command += ["--seed", "7", "--draws", str(DRAWS), "--json", "-"]
    for threads, hashing in (("1", "0"), ("4", "random")):
        there = os.environ | {
            "OMP_NUM_THREADS": threads,
            "OPENBLAS_NUM_THREADS": threads,
            "PYTHONHASHSEED": hashing,
        }
        done = subprocess.run(command, env=there, capture_output=True, check=True)
        assert done.stdout.decode() == own


@st.composite
def cohorts(draw: st.DrawFn) -> Made:
    density = st.floats(60, 300).map(lambda value: round(value, 1))
    arm: Made = {
        "id": draw(
            st.sampled_from(
                [
                    "none",
                    "exosome",
                    "prp",
                    "exosome+prp",
                    "minoxidil",
                    "exosome+minoxidil",
                    "saline",
                ]
            )
        )
    }
    if draw(st.booleans()):
        arm |= {"sessions": draw(st.integers(1, 24)), "interval_days": draw(st.integers(1, 90))}
    made: Made = {
        "n": draw(st.integers(1, 5000)),
        "sex": draw(st.sampled_from(["male", "female", "mixed"])),
        "diagnosis": "androgenetic_alopecia",
        "arm": arm,
        "control": draw(st.sampled_from([None, "saline", "topical_vehicle", "untreated"])),
        "weeks": sorted(draw(st.sets(st.integers(0, 60), min_size=1, max_size=3))),
        "outcomes": list(OUTCOMES),
    }
    if draw(st.booleans()):
        made["baseline"] = {
            "total_density_per_cm2": {"mean": draw(density), "sd": draw(st.floats(0, 60))},
            "mean_diameter_um": {"mean": draw(st.floats(25, 80))},
        }
    if draw(st.booleans()):
        made["threshold_um"] = draw(st.integers(10, 50))
    return made


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(cohorts())
def test_any_cohort_gives_finite_ordered_numbers(made: Made) -> None:
    found = document_of(predict(cohort(made), draws=100))
    jsonschema.validate(found, CONTRACT)
    for weeks in found["outcomes"].values():
        for at in weeks.values():
            spreads = [at["change"], at["change_percent"], at["minus_control"]]
            for spread in filter(None, spreads):
                points = [spread[key] for key in ("q05", "q25", "q50", "q75", "q95")]
                assert points == sorted(points)
                assert spread["sd"] >= 0
            assert (at["minus_control"] is None) == (made["control"] is None)
