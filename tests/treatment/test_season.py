"""Season and ageing: effects on anagen's clock that nothing has unless it is asked for."""

import numpy as np
import pytest
from hypothesis import given, strategies as st

from anagen.follicle.signals import STEP_DAYS, midpoints
from anagen.treatment.ageing import ageing_effect
from anagen.treatment.effect import Effect, no_effect
from anagen.treatment.season import YEAR_DAYS, SeasonParameters, season_effect

STEPS = 314
"""Three years."""


def season(amplitude: float, day_of_year: float = 0.0) -> Effect:
    parameters = SeasonParameters(np.array([amplitude]), np.array([172.0]))
    return season_effect(parameters, day_of_year, STEPS)


def only_anagen_moves(effect: Effect) -> bool:
    still = no_effect(STEPS, 1)
    return all(
        (getattr(effect, name) == getattr(still, name)).all()
        for name in Effect.__slots__
        if name != "anagen_speed"
    )


@given(st.floats(0.0, 1.5), st.floats(0, 365))
def test_a_year_as_a_whole_is_like_any_other(amplitude: float, day_of_year: float) -> None:
    speed = season(amplitude, day_of_year).anagen_speed[:, 0]
    assert (speed > 0).all()
    assert speed.mean() == pytest.approx(1.0, abs=0.01)
    assert only_anagen_moves(season(amplitude, day_of_year))


def test_anagen_runs_fastest_about_the_longest_day() -> None:
    speed = season(0.7).anagen_speed[:, 0]
    year = int(YEAR_DAYS / STEP_DAYS)
    assert midpoints(STEPS)[speed[:year].argmax()] == pytest.approx(172, abs=STEP_DAYS)
    later = season(0.7, day_of_year=100.0).anagen_speed[:, 0]
    assert midpoints(STEPS)[later[:year].argmax()] == pytest.approx(72, abs=STEP_DAYS)


def test_no_amplitude_is_no_season() -> None:
    assert (season(0.0).anagen_speed == 1).all()


@given(st.floats(18, 90), st.floats(0, 0.3))
def test_ageing_begins_at_nothing_and_only_shortens(age: float, rate: float) -> None:
    effect = ageing_effect(age, np.array([rate]), STEPS)
    speed = effect.anagen_speed[:, 0]
    assert speed[0] == pytest.approx(1.0, abs=1e-3)
    assert (np.diff(speed) >= 0).all()
    assert only_anagen_moves(effect)
    if age <= 26:
        assert (speed == 1).all()


def test_ten_years_are_one_decade() -> None:
    speed = ageing_effect(40.0, np.array([0.1]), 1044).anagen_speed[-1, 0]
    assert speed == pytest.approx(np.exp(0.1), rel=1e-3)
    young = ageing_effect(25.0, np.array([0.1]), 1044).anagen_speed[-1, 0]
    assert young == pytest.approx(np.exp(0.05), rel=1e-3)
