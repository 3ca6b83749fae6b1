"""Readings scatter as they should, and turnover explains most of an untreated change."""

import numpy as np
import pytest
from tests.follicle.models import Floats, model

from anagen.follicle import healthy_population, simulate, untreated, untreated_history
from anagen.follicle.observe import Reading, read, turnover
from anagen.follicle.run import FollicleRun

DRAWS = 40_000


def reading(variation: float, field: float = 1.0) -> Reading:
    normals = np.random.default_rng(3).standard_normal((len(Reading.PARTS), DRAWS))
    return Reading(field, np.full(DRAWS, variation), 0.04, 6.0, normals)


def scalp() -> dict[str, Floats]:
    return {
        "total_density_per_cm2": np.full(DRAWS, 170.0),
        "terminal_density_per_cm2": np.full(DRAWS, 140.0),
        "mean_diameter_um": np.full(DRAWS, 52.0),
        "anagen_percent": np.full(DRAWS, 65.0),
    }


def test_a_reading_is_right_on_average_and_scatters_as_stated() -> None:
    seen = read(scalp(), np.full(DRAWS, 280.0), reading(0.05))
    for name, true in scalp().items():
        assert seen[name].mean() == pytest.approx(true[0], rel=0.005)
    binomial = 170.0 * (1 - 170.0 / 280.0)
    expected = np.sqrt(binomial + (0.05 * 170.0) ** 2)
    assert seen["total_density_per_cm2"].std() == pytest.approx(expected, rel=0.03)
    assert (seen["terminal_density_per_cm2"] <= seen["total_density_per_cm2"]).all()
    assert ((seen["anagen_percent"] >= 0) & (seen["anagen_percent"] <= 100)).all()


def test_a_larger_field_scatters_less() -> None:
    small, large = (
        read(scalp(), np.full(DRAWS, 280.0), reading(0.0, field))["total_density_per_cm2"].std()
        for field in (1.0, 4.0)
    )
    assert small / large == pytest.approx(2.0, rel=0.05)


def test_shares_of_a_finite_field_scatter_as_a_binomial() -> None:
    """The spread of a share is √(p (1 − p) / N) when N follicles are seen."""
    seen = read(scalp(), np.full(DRAWS, 280.0), reading(0.0))["total_density_per_cm2"] / 280.0
    share = 170.0 / 280.0
    assert seen.std() == pytest.approx(np.sqrt(share * (1 - share) / 280.0), rel=0.03)


def test_turnover_over_48_weeks() -> None:
    affected = model(1)
    start = untreated_history(
        affected, healthy_population(affected), np.ones(1), np.array([8.5 * 365.25])
    )
    found = turnover(affected, start, untreated(np.ones(1), 336), (0, 336), 30.0)
    run: FollicleRun = simulate(affected, untreated(np.ones(1), 336), days=(0, 336), start=start)
    before, after = run.counted(30.0)[:, 0]
    assert found.gone[0, 0] == pytest.approx(0, abs=1e-9)
    assert found.come[1, 0] - found.gone[1, 0] == pytest.approx(after - before, rel=1e-9)
    assert 7.0 < found.change_sd(1.0)[1, 0] < 11.0
    assert found.change_sd(4.0)[1, 0] == pytest.approx(found.change_sd(1.0)[1, 0] / 2)
