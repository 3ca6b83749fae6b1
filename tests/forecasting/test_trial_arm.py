"""What an arm of a trial shows besides what its follicles do."""

import numpy as np
import pytest

from anagen.evidence import load_evidence
from anagen.forecasting.trial_arm import (
    PARAMETER,
    TrialSpread,
    effect_spread,
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


def test_care_by_route_leaves_room_for_what_was_published() -> None:
    shown = {
        care: observed_arm_change(TRUE, DAYS, trial_care(RELEASE, KEYED, care, DRAWS))[2]
        for care in CARES
    }
    means = {care: values.mean() for care, values in shown.items()}
    assert means["microneedling"] > means["saline"] > means["none"]
    assert means["topical_vehicle"] > means["none"]
    # Olsen 2002, whose vehicle arm gained 3.9 where the reference scalp loses 7.
    low, high = np.quantile(shown["topical_vehicle"], [0.05, 0.95])
    assert low < 3.9 < high


def test_every_kind_of_care_but_none_has_a_parameter() -> None:
    assert set(PARAMETER) == set(CARES) - {"none"}
    assert set(PARAMETER.values()) <= set(RELEASE.parameters)


def test_care_cancels_between_arms_of_one_trial() -> None:
    care = trial_care(RELEASE, KEYED, "topical_vehicle", DRAWS)
    spread = trial_spread(RELEASE, KEYED, DRAWS)
    treated = observed_arm_change(TRUE + 12.0, DAYS, care, spread)
    control = observed_arm_change(TRUE, DAYS, care, spread)
    assert np.allclose(treated - control, 12.0)


def usual(values: np.ndarray) -> float:
    """Scale of a Student t law of four degrees of freedom, from its quartiles."""
    low, high = np.quantile(values, (0.25, 0.75))
    return float((high - low) / (2 * 0.7407))


def test_some_trials_are_far_off() -> None:
    """A Student t law of four degrees has 1.3 % beyond four scales; a normal one 0.006 %."""
    offset = trial_spread(RELEASE, KEYED, DRAWS).offset_per_cm2
    between = RELEASE.numbers("between-trials-sd", KEYED, DRAWS)
    assert 0.008 < (np.abs(offset) > 4 * between).mean() < 0.025


def test_trials_differ_by_about_three() -> None:
    care = trial_care(RELEASE, KEYED, "none", DRAWS)
    shown = observed_arm_change(TRUE, DAYS, care, trial_spread(RELEASE, KEYED, DRAWS))
    assert (shown[0] == 0).all()
    assert shown[2].mean() == pytest.approx(-7.0, abs=0.25)
    assert 2.5 < usual(shown[2]) < 4.5
    other = trial_spread(RELEASE, KEYED, DRAWS, trial="another")
    assert (other.offset_per_cm2 != trial_spread(RELEASE, KEYED, DRAWS).offset_per_cm2).all()


def test_visits_widen_one_persons_change() -> None:
    """16.5 without visits becomes about the 21.7 of a vehicle arm (Olsen 2002)."""
    found = trial_spread(RELEASE, KEYED, DRAWS).individual_sd(np.full(DRAWS, 16.5))
    assert np.sqrt((found**2).mean()) == pytest.approx(21.7, abs=1.5)
    none = TrialSpread(*np.zeros((4, 1)))
    assert none.individual_sd(np.array([16.5]))[0] == 16.5


def test_effects_differ_between_trials_more_for_sessions() -> None:
    none, medicine, sessions, both = (
        effect_spread(RELEASE, KEYED, parts, DRAWS)
        for parts in ((), ("minoxidil",), ("prp",), ("exosome", "minoxidil"))
    )
    assert (none.per_cm2 == 0).all()
    assert (none.um == 0).all()
    assert usual(medicine.per_cm2) < usual(sessions.per_cm2)
    assert both.per_cm2 == pytest.approx(medicine.per_cm2 + sessions.per_cm2)


def test_what_is_no_count_has_an_offset_of_its_own() -> None:
    spread = trial_spread(RELEASE, KEYED, DRAWS)
    assert 2.0 < usual(spread.offset_um) < 5.0
    assert 3.0 < usual(spread.offset_points) < 7.0
    assert abs(np.corrcoef(spread.offset_um, spread.offset_per_cm2)[0, 1]) < 0.1
