"""The model beside the literature: every published fact has its line, whether it is met or not."""

import dataclasses
import itertools
import re
from pathlib import Path

import numpy as np
import pytest
from docs.model import theory, van_neste
from docs.model.beside import (
    Fact,
    between_people,
    facts_table,
    judged,
    number,
    of_mean,
    order_only,
    summary,
)
from docs.model.hair_facts import short_percent
from docs.model.literature import FACTS
from docs.model.theory import eigenvalue

from anagen.evidence import load_evidence
from anagen.follicle import Erlang, Fixed, FollicleModel
from anagen.follicle.population import healthy_cohorts
from anagen.follicle.run import FollicleRun
from anagen.follicle.spec import PHASES
from anagen.posterior import current_release

DRAWS = 100


@pytest.fixture(scope="module")
def facts() -> dict[str, list[Fact]]:
    return {title: list(make(DRAWS)) for title, make in FACTS.items()}


def made(facts: dict[str, list[Fact]]) -> list[Fact]:
    return list(itertools.chain.from_iterable(facts.values()))


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "model" / "literature.md").read_text(encoding="utf-8")


def fact(values: float, low: float, **more: object) -> Fact:
    plain = Fact("a", "b", low, between_people(2.0), np.full(3, values))
    return dataclasses.replace(plain, **more)  # type: ignore[arg-type]


def test_distance_counts_published_spreads() -> None:
    assert fact(13.0, 10.0).distance == 1.5
    assert fact(7.0, 10.0, high=20.0).distance == -1.5
    assert fact(15.0, 10.0, high=20.0).distance == 0.0


@pytest.mark.parametrize(
    ("tolerance", "at", "inside"),
    [
        (between_people(2.0), 11.9, True),
        (between_people(2.0), 12.1, False),
        (of_mean(2.0), 13.9, True),
        (of_mean(2.0), 14.1, False),
        (judged(2.0, "so"), 7.9, False),
        (order_only(2.0), 10.0, True),
        (order_only(2.0), 10.1, False),
    ],
)
def test_what_is_inside(tolerance: object, at: float, inside: bool) -> None:
    assert fact(at, 10.0, tolerance=tolerance).inside is inside


def test_a_miss_is_printed_as_one() -> None:
    missed, met = fact(20.0, 10.0), fact(10.0, 10.0, role="input")
    lines = list(facts_table([missed, met]))
    assert "**outside**, 5.0" in lines[2]
    assert "inside, 0.0" in lines[3]
    told = list(summary([missed, met]))
    assert "| test | 0 | 1 |" in told
    assert "| input | 1 | 0 |" in told
    assert sum(line.startswith("- ") for line in told) == 1


def test_numbers_have_a_true_minus_and_no_negative_zero() -> None:
    assert (number(-1.25, 2), number(-0.04), number(3.0, 0)) == ("−1.25", "0.0", "3")


def test_every_fact_has_a_source_that_was_seen(facts: dict[str, list[Fact]]) -> None:
    assert {fact.source for fact in made(facts)} <= set(load_evidence().sources)
    assert all(np.isfinite(fact.found).all() and fact.tolerance.size > 0 for fact in made(facts))


def test_the_page_is_of_this_release_and_has_every_line(
    facts: dict[str, list[Fact]], page: str
) -> None:
    """When it isn't: `python -m docs.model.literature`."""
    assert f"`{current_release(load_evidence().parameters).id}`" in page
    for fact in made(facts):
        assert f"| {fact.name} |" in page


def test_the_page_counts_its_own_misses(page: str) -> None:
    lines = [line for line in page.splitlines() if re.search(r"\| (test|anchored|input) \|", line)]
    told = sum(int(line.split("|")[3]) for line in lines if re.match(r"\| (test|anch|inp)", line))
    assert told == sum("**outside**" in line for line in lines) > 0


def test_the_automaton_is_met(facts: dict[str, list[Fact]]) -> None:
    missed = [fact.name for fact in facts["The follicular automaton"] if not fact.inside]
    assert missed == []


def test_eigenvalue_of_a_known_oscillation() -> None:
    months = np.arange(7)
    path = np.exp(-0.6 * months) * np.cos(0.33 * months + 0.4)
    assert eigenvalue(path) == pytest.approx(-0.6 + 0.33j, abs=1e-9)


def test_waves_come_from_small_variance() -> None:
    assert theory.wave(theory.LogNormal(0.05)) > 0.9
    assert theory.wave(theory.LogNormal(1.0)) < 0.01


def one_class(stages: Erlang | Fixed) -> van_neste.Scalp:
    """Healthy, anagen of 200 days and telogen of 100, hairs that grow 400 µm a day."""
    model = FollicleModel(
        follicles_per_cm2=np.ones(1),
        class_shares=np.array([0.0, 0.0, 0.0, 0.0, 0.0, 1.0]),
        anagen_days=np.array(200.0),
        telogen_days=np.array(100.0),
        latency_days=np.zeros(()),
        early_anagen_days=np.zeros(()),
        waits=dict.fromkeys(PHASES, stages),
        growth_um_per_day=np.full(6, 400.0),
    )
    held = healthy_cohorts(model).entered
    density = np.stack([e[0, 0] if len(e) else np.zeros((6, 1)) for e in held])[None]
    none = np.zeros((1, 2, 6, 1))
    run = FollicleRun((0.0,), density, none, none[:, 0], None, None, model.grid)
    return van_neste.Scalp(run, model, np.zeros(1))


def test_short_hairs_in_closed_form() -> None:
    """Up to 40 mm is 100 days: half of a fixed anagen of 200, and no resting hair."""
    assert short_percent(one_class(Fixed())) == pytest.approx(100 * 0.5 * 200 / 300)
    # Memoryless: every hair, growing or resting, is younger than 100 days with 1 − e^(−1/2).
    assert short_percent(one_class(Erlang(1))) == pytest.approx(100 * (1 - np.exp(-0.5)))


def test_cells_of_table_4_are_all_there() -> None:
    for arm in ("healthy", "none"):
        labels = [cell.label for cell in van_neste.cells(arm)]
        assert len(labels) == len(set(labels)) == 10
        assert len(van_neste.classes(arm)) == 6
    affected = {cell.label: cell for cell in van_neste.cells("none")}
    assert (affected["telogen, ≥ 20 µm"].mean, affected["telogen, ≥ 20 µm"].sd) == (105, 36)


def test_classes_add_up_to_the_thresholds() -> None:
    shown = van_neste.scalps(DRAWS)["reference"].shown
    wide = {cell.label: cell.found(shown) for cell in van_neste.cells("none")}
    thin = [cell.found(shown) for cell in van_neste.classes("none") if cell.phase == "anagen"]
    gap = wide["anagen, ≥ 20 µm"] - wide["anagen, ≥ 50 µm"]  # type: ignore[operator]
    assert np.allclose(sum(thin), gap)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("arm", "name", "missed"),
    [("healthy", "healthy, European", set()), ("none", "reference", {"telogen, ≥ 20 µm"})],
)
def test_table_4_is_met_by_its_own_spread(arm: str, name: str, missed: set[str]) -> None:
    """Every count of the table within the SD between men, but what the page owns to have missed."""
    shown = van_neste.scalps(DRAWS)[name].shown
    outside = {
        cell.label
        for cell in van_neste.cells(arm)
        if (found := cell.found(shown)) is not None and abs(found.mean() - cell.mean) > cell.sd
    }
    assert outside == missed
