"""The engine's benchmark: wrong answers end it, what is missing is said, its page is complete."""

import importlib
import json
import re
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest


@pytest.fixture(scope="module")
def bench(root: Path) -> ModuleType:
    """The benchmark as a module, with its rooms beside it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(root / "benchmarks")
        patch.syspath_prepend(root / "benchmarks" / "engine")
        return importlib.import_module("bench_engine")


@pytest.fixture(scope="module")
def work(bench: ModuleType) -> ModuleType:
    return importlib.import_module(bench.Work.__module__)


def test_a_right_answer_is_agreed_to_and_a_wrong_one_ends_the_run(
    bench: ModuleType, work: ModuleType
) -> None:
    run = bench.Bench()
    run.check("w2", bench.ours.run, work.TREATED, 50_000)
    assert run.agreements["w2"][1].compared == 63

    def late_by_a_week(*given: object) -> np.ndarray:
        counts = bench.ours.run(*given)
        return np.concatenate([counts[:1], counts[:-1]])

    with pytest.raises(SystemExit, match="do not agree, so nothing is timed: ours, W2"):
        run.check("w2", late_by_a_week, work.TREATED, 50_000)


def test_chance_sets_the_limit(work: ModuleType) -> None:
    rng = np.random.default_rng(1)
    largest = np.abs(rng.standard_normal((20_000, 63))).max(axis=1)
    beyond = (largest > work.Agreement(0.0, 63, 0.0).limit).mean()
    assert beyond == pytest.approx(1 / work.CHANCE_RUNS, rel=0.35)


def test_a_missing_package_and_a_missing_compiler_are_said(
    bench: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = bench.Bench()
    monkeypatch.setitem(bench.PACKAGES, "mesa", ("no_such_module", 10, 1))
    run.time_package("mesa")
    monkeypatch.setenv("PATH", "")
    monkeypatch.setitem(bench.CPP, "cpp_rounds", bench.rounds.run)
    run.time_cpp("cpp_rounds")
    assert run.reasons["w2_vs_mesa"] == "no_such_module is not installed"
    assert run.reasons["w2_vs_cpp_rounds"] == "g++ is not installed"
    assert "left out: w2_vs_mesa" in capsys.readouterr().err
    measures = bench.measured(run.values)
    assert measures["w2_vs_mesa"].value is None
    assert measures["w2_vs_mesa"].met is None
    text = bench.page(measures, run.agreements, run.reasons, bench.machine())
    assert "| not measured | ≥ 8000 | no_such_module is not installed |" in text


def test_what_was_not_measured_is_null(
    bench: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    bench.report("engine", list(bench.measured({"w2_vs_cpp": 1.0}).values()))
    written = json.loads((tmp_path / "out/bench/engine.json").read_text())
    found = {measure["id"]: (measure["value"], measure["met"]) for measure in written["measures"]}
    assert found["w2_vs_cpp"] == (1.0, True)
    assert found["w2_vs_simpy"] == (None, None)


def test_turns_alternate_and_ratios_stay_within_a_round(bench: ModuleType) -> None:
    order: list[str] = []
    timed = bench.by_turns({"a": lambda: order.append("a"), "b": lambda: order.append("b")}, 2)
    assert "".join(order) == "ababba"
    slow = type(timed)({"a": (2.0, 30.0, 4.0), "b": (1.0, 10.0, 4.0)})
    assert slow.ratio("a", "b") == 2.0


def test_the_page_tells_of_every_measure_and_its_target(bench: ModuleType, root: Path) -> None:
    page = (root / "docs" / "model" / "performance.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| ((?:[≤≥] [\d.]+)?) \|", page, re.MULTILINE))
    assert rows == {
        name: ""
        if measure.target is None
        else f"{'≤' if measure.better == 'lower' else '≥'} {measure.target:g}"
        for name, measure in bench.measured({}).items()
    }
