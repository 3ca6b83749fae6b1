"""What an arm of a trial shows besides what its follicles do."""

import numpy as np
import pytest

from anagen.evidence import load_evidence
from anagen.forecasting.trial_arm import (
    PARAMETER,
    TrialSpread,
    observed_arm_change,
    trial_care,
    trial_spread,
)
from anagen.posterior import Keyed, prior_release
from anagen.treatment.trial_care import CARES, Care

RELEASE, KEYED, DRAWS = prior_release(load_evidence().parameters), Keyed(1), 4000
DAYS = (0.0, 112.0, 336.0)
TRUE = np.tile(np.array([[0.0], [-2.3], [-7.0]]), DRAWS)


@pytest.mark.parametrize("care", ["oral_placebo", "none"])
def test_a_tablet_and_nobody_shift_nothing(care: Care) -> None:
    shown = observed_arm_change(TRUE, DAYS, trial_care(RELEASE, KEYED, care, DRAWS))
    assert (shown == TRUE).all()


def test_care_by_route_is_sized_as_published() -> None:
    means = {
        care: observed_arm_change(TRUE, DAYS, trial_care(RELEASE, KEYED, care, DRAWS))[2].mean()
        for care in CARES
    }
    assert means["microneedling"] > means["topical_vehicle"] > means["saline"] > means["none"]
    # Olsen 2002, whose vehicle arm gained 3.9 where the reference scalp loses 7.
    assert means["topical_vehicle"] == pytest.approx(3.9, abs=2.0)


def test_every_kind_of_care_but_none_has_a_parameter() -> None:
    assert set(PARAMETER) == set(CARES) - {"none"}
    assert set(PARAMETER.values()) <= set(RELEASE.parameters)


def test_care_cancels_between_arms_of_one_trial() -> None:
    care = trial_care(RELEASE, KEYED, "topical_vehicle", DRAWS)
    spread = trial_spread(RELEASE, KEYED, DRAWS)
    treated = observed_arm_change(TRUE + 12.0, DAYS, care, spread)
    control = observed_arm_change(TRUE, DAYS, care, spread)
    assert np.allclose(treated - control, 12.0)


def test_trials_differ_by_about_three() -> None:
    care = trial_care(RELEASE, KEYED, "none", DRAWS)
    shown = observed_arm_change(TRUE, DAYS, care, trial_spread(RELEASE, KEYED, DRAWS))
    assert (shown[0] == 0).all()
    assert shown[2].mean() == pytest.approx(-7.0, abs=0.25)
    assert 2.5 < shown[2].std() < 4.0
    other = trial_spread(RELEASE, KEYED, DRAWS, trial="another")
    assert (other.offset_per_cm2 != trial_spread(RELEASE, KEYED, DRAWS).offset_per_cm2).all()


def test_visits_widen_one_persons_change() -> None:
    """16.5 without visits becomes about the 21.7 of a vehicle arm (Olsen 2002)."""
    found = trial_spread(RELEASE, KEYED, DRAWS).individual_sd(np.full(DRAWS, 16.5))
    assert np.sqrt((found**2).mean()) == pytest.approx(21.7, abs=1.5)
    none = TrialSpread(np.zeros(1), np.zeros(1))
    assert none.individual_sd(np.array([16.5]))[0] == 16.5
