"""Measurements before, in and after a treatment narrow a forecast and leave it honest."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from docs.model.made_up_people import CASES, COURSE, Result, covered, results
from tests.forecasting.people import MAN

from anagen.evidence import load_evidence
from anagen.forecasting.person_model import PersonDraws, person_draws
from anagen.forecasting.request import Measured
from anagen.posterior import Keyed, current_release

RELEASE = current_release(load_evidence().parameters)
PEOPLE, DRAWS = 40, 200
FALSE_ALARM = 0.001
"""Chance that a true coverage fails a bound below, were the people drawn anew."""


def bound(share: float) -> float:
    """Least coverage that chance leaves with this false-alarm rate, less 4 points for few draws."""
    chance = np.sqrt(share * (1 - share) / PEOPLE)
    return float(share - NormalDist().inv_cdf(1 - FALSE_ALARM) * chance - 0.04)


@pytest.fixture(scope="module")
def found() -> list[Result]:
    case = next(case for case in CASES if case.name == "course-4")
    return list(results(case, RELEASE, PEOPLE, DRAWS))


@pytest.mark.parametrize("quantity", ["none-0", "none-364", "exosome-168", "response"])
def test_intervals_hold_the_truth(found: list[Result], quantity: str) -> None:
    own = [one for one in found if one.quantity == quantity]
    assert len(own) == PEOPLE
    for share in (0.5, 0.9):
        assert covered(own, share) >= bound(share)


def test_the_forecast_narrows(found: list[Result]) -> None:
    density = [one.width / one.width_before for one in found if one.quantity == "none-364"]
    assert np.median(density) < 0.5
    response = [one.width / one.width_before for one in found if one.quantity == "response"]
    assert np.median(response) < 1.0


def test_good_readings_are_rarely_flagged_and_a_mistake_is(found: list[Result]) -> None:
    flagged = sum(one.flagged > 0 for one in found if one.quantity == "none-0")
    assert flagged <= 4  # 2 % of 40 people; 5 or more have a chance of about one in a thousand
    case = next(case for case in CASES if case.name == "mistake-4")
    mistaken = [one for one in results(case, RELEASE, 10, DRAWS) if one.quantity == "none-0"]
    assert sum(one.found for one in mistaken) >= 8


def test_a_gain_after_a_course_is_read_as_a_response_and_a_fall_as_none() -> None:
    def person(after: tuple[float, ...]) -> PersonDraws:
        counts = (
            *(Measured(day, 150.0) for day in (320, 250, 184)),
            *map(Measured, (90, 45, 5), after),
        )
        return person_draws(
            replace(MAN, received=COURSE, measurements=counts), RELEASE, Keyed(1), 400
        )

    rise, fall = person((168.0, 174.0, 176.0)), person((146.0, 144.0, 142.0))
    assert np.median(rise.responses["exosome"]) > 1.15 * np.median(fall.responses["exosome"])
    untold = rise.responses["prp"]
    assert np.array_equal(untold, fall.responses["prp"])


def test_the_same_measurements_give_the_same_person() -> None:
    request = replace(
        MAN, received=COURSE, measurements=(Measured(20, 150.0), Measured(200, 140.0))
    )
    first, second = (person_draws(request, RELEASE, Keyed(1), 150) for _ in range(2))
    assert np.array_equal(first.today.cycling, second.today.cycling)
    assert first.checks == second.checks
    assert first.worth == second.worth
