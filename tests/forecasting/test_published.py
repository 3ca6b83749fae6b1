"""The model beside what was published: what it was fitted to, and what it was not."""

from pathlib import Path

import numpy as np
import pytest
from docs.model.published import (
    Trial,
    ageing_table,
    checks_table,
    controls_table,
    effects_table,
    spread_table,
)

from anagen.evidence import load_evidence
from anagen.follicle.run import TERMINAL_THRESHOLD_UM, TOTAL_THRESHOLD_UM, snapshot
from anagen.forecasting.effects import reference_of
from anagen.posterior import Keyed, current_release

TOTAL, TERMINAL = TOTAL_THRESHOLD_UM, TERMINAL_THRESHOLD_UM
DAYS = (0, 112, 168, 336, 364, 728)


@pytest.fixture(scope="module")
def trial() -> Trial:
    return Trial(current_release(load_evidence().parameters), Keyed(1), 200, people=8)


def net(trial: Trial, arm: str, day: int, threshold: float) -> np.ndarray:
    row = DAYS.index(day)
    return trial.arm(arm, DAYS)[threshold][row] - trial.arm("none", DAYS)[threshold][row]


def test_exosomes_are_sized_draw_by_draw(trial: Trial) -> None:
    wanted = trial.release.numbers("exosome-net-112", trial.keyed, trial.draws)
    gap = net(trial, "exosome", 112, TOTAL) - wanted
    assert np.abs(np.median(gap)) < 0.5
    assert np.quantile(np.abs(gap), 0.9) < 2.0


@pytest.mark.parametrize(
    ("arm", "day", "threshold", "published"),
    [
        ("prp", 168, TOTAL, 14.4),
        ("finasteride", 364, TERMINAL, 21.0),
        ("finasteride", 728, TERMINAL, 27.1),
        ("minoxidil", 336, TERMINAL, 14.7),
    ],
)
def test_controlled_effects_lie_where_published(
    trial: Trial, arm: str, day: int, threshold: float, published: float
) -> None:
    low, high = np.quantile(net(trial, arm, day, threshold), (0.025, 0.975))
    assert low < published < high


def test_the_reference_scalp_is_the_published_one(trial: Trial) -> None:
    reference = reference_of(trial.release, trial.keyed, trial.draws)
    shown = snapshot(reference.start, reference.model)
    assert np.allclose(shown.counted(TERMINAL), 172.0)
    # 109 of 176 hairs of 30 µm and more in seven men; the SDs of both counts make 15 points each.
    assert shown.anagen_percent(TERMINAL).mean() == pytest.approx(62, abs=2 * 15 / np.sqrt(7))
    untreated = trial.arm("none", DAYS)[TERMINAL]
    yearly = -np.log(untreated[DAYS.index(364)] / untreated[0])
    assert 0.03 < np.median(yearly) < 0.06


def test_exosomes_may_help_do_nothing_or_harm(trial: Trial) -> None:
    found = net(trial, "exosome", 112, TOTAL)
    assert (found < -3).mean() > 0.05
    assert (np.abs(found) < 3).mean() > 0.05
    assert (found > 3).mean() > 0.05


def test_minoxidil_is_lost_when_it_ends(trial: Trial) -> None:
    """24 weeks after its end nothing was left (Price 1999)."""
    off = trial.arm("minoxidil", (0, 336, 504), stop=336)[TERMINAL][2]
    none = trial.arm("none", (0, 336, 504))[TERMINAL][2]
    assert abs((off - none).mean()) < 4


def test_tables_are_whole(trial: Trial) -> None:
    small = Trial(trial.release, trial.keyed, 100, people=2)
    for table, rows in (
        (effects_table, 8),
        (checks_table, 13),
        (controls_table, 11),
        (ageing_table, 3),
    ):
        assert len(list(table(small))) == rows + 2


def test_measured_change_varies_as_published(trial: Trial) -> None:
    rows = [line.split("|")[1:-1] for line in list(spread_table(trial))[2:]]
    measured = {name.strip(): float(cells[4]) for name, *cells in rows}
    # The published ones were counted in about 5 cm².
    assert 12 <= measured["none"] <= 16
    assert 15 <= measured["minoxidil"] <= 25
    assert 15 <= measured["finasteride"] <= 25


def test_control_arms_lie_where_published(trial: Trial) -> None:
    """Those that made the shifts, within the range of a new trial; an oral placebo only falls."""
    for care, day, threshold, published in (
        ("topical_vehicle", 336, TERMINAL, 3.9),
        ("topical_vehicle", 336, TERMINAL, 9.4),
        ("topical_vehicle", 168, TERMINAL, 2.0),
        ("saline", 112, TOTAL, 1.5),
        ("microneedling", 182, TOTAL, 10.8),
    ):
        found = trial.observed("none", care, day)[(TOTAL, TERMINAL).index(threshold)]
        assert np.quantile(found, 0.05) < published < np.quantile(found, 0.95)
    true = trial.arm("none", (0, 336))[TERMINAL]
    placebo = trial.observed("none", "oral_placebo", 336)[1]
    assert placebo.mean() == pytest.approx((true[1] - true[0]).mean(), abs=0.7)


def test_the_page_is_of_this_release(trial: Trial, root: Path) -> None:
    """When it isn't: `python docs/model/published.py`."""
    page = (root / "docs" / "model" / "published.md").read_text(encoding="utf-8")
    assert f"`{trial.release.id}`" in page
