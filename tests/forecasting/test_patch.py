"""Follicles for a picture: from the middle of the forecast, the same ones in every arm."""

from dataclasses import replace

import numpy as np
import pytest
from tests.forecasting.people import DRAWS, MEASURED, arms

from anagen.evidence import load_evidence
from anagen.figures import patch_counts
from anagen.forecasting.build import forecasted
from anagen.forecasting.patch import scalp_patch
from anagen.forecasting.request import ArmRequest

OUTCOME = "total_density_per_cm2"


def made(request):
    return forecasted(request, load_evidence(), 1, DRAWS)


@pytest.fixture(scope="module")
def found():
    return made(MEASURED)


@pytest.fixture(scope="module")
def patch(found):
    return scalp_patch(found, ("none", "minoxidil"))


def counted(follicles, patch):
    return patch_counts(follicles, patch.model).counted


def test_it_holds_the_follicles_of_one_square_centimetre(patch):
    expected = round(float(patch.model.follicles_per_cm2[0]))
    for follicles in (patch.today, *patch.after.values()):
        assert follicles.phase.shape == (1, expected)
    assert list(patch.after) == ["none", "minoxidil"]


def test_counts_lie_near_the_middle_of_the_forecast(patch, found):
    by_id = arms(found.forecast)
    today = by_id["none"].outcomes[OUTCOME]["0"]
    assert today.q25 <= counted(patch.today, patch) <= today.q75
    for arm, follicles in patch.after.items():
        change = by_id[arm].change[OUTCOME][str(patch.day)]
        seen = counted(follicles, patch) - counted(patch.today, patch)
        assert abs(seen - change.q50) < 8


def test_arms_share_their_chance(patch):
    none, minoxidil = patch.after["none"].phase, patch.after["minoxidil"].phase
    same = none == minoxidil
    independent = sum((none == phase).mean() * (minoxidil == phase).mean() for phase in range(6))
    assert same.mean() > 1.5 * independent
    assert not same.all()


def test_it_is_the_same_each_time(patch, found):
    again = scalp_patch(found, ("none", "minoxidil"))
    assert np.array_equal(again.today.phase, patch.today.phase)
    assert np.array_equal(again.after["minoxidil"].group, patch.after["minoxidil"].group)


def test_an_arm_without_a_curve_is_left_out():
    blocked = replace(
        MEASURED, arms=(ArmRequest("none"), ArmRequest("exosome", False, "Not for you."))
    )
    found = scalp_patch(made(blocked), ("none", "exosome"))
    assert list(found.after) == ["none"]
