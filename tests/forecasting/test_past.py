"""What was had before today acts on its days, and goes on as one schedule with what comes."""

from dataclasses import fields, replace

import numpy as np
import pytest
from tests.forecasting.people import MAN, MEASURED, arms, forecast

from anagen.evidence import load_evidence
from anagen.evidence.vocabulary import Component
from anagen.follicle import simulate
from anagen.follicle.signals import step_count
from anagen.forecasting.arms import signals_by_arm
from anagen.forecasting.candidates import Candidates
from anagen.forecasting.effects import effects_of_arm
from anagen.forecasting.past import LONGEST_PAST_DAYS, Had
from anagen.forecasting.person_model import candidates, first_traits, person_draws
from anagen.forecasting.request import ArmRequest, ForecastRequest, Received
from anagen.posterior import Keyed, current_release
from anagen.treatment.arms import INJECTED
from anagen.treatment.effect import scalp_signals
from anagen.treatment.sessions import Sessions

RELEASE, KEYED = current_release(load_evidence().parameters), Keyed(1)
ONLY_NONE = (ArmRequest("none"),)


def had(component: Component, *days_ago: int) -> tuple[Received, ...]:
    return tuple(Received(component, day) for day in days_ago)


def pasts(request: ForecastRequest, draws: int = 100) -> tuple[Had, Candidates]:
    past = Had.of(request, RELEASE)
    atoms = candidates(request, RELEASE, KEYED, (draws, past))
    first = first_traits(KEYED, atoms)
    return past, atoms.with_traits(np.arange(first.shape[0]), first)


def test_days_are_sorted_and_the_far_past_is_left_out() -> None:
    far = int(LONGEST_PAST_DAYS) + 1
    request = replace(MAN, received=had("exosome", 10, 100, far) + had("finasteride", 50))
    past = Had.of(request, RELEASE)
    assert past.sessions["exosome"].days == (-100.0, -10.0)
    assert not past.medicines  # finasteride is not in use, and nothing says how long it was
    assert past.days == 101.5
    assert any("more than three years ago" in note for note in forecast(request).notes)
    assert any("you had finasteride" in note for note in forecast(request).notes)


def test_a_medicine_began_on_its_first_day() -> None:
    using = replace(MAN, current_medicines=("minoxidil", "finasteride"))
    usual = RELEASE.fixed("medicine-past-days")
    assert Had.of(using, RELEASE).medicines == {"minoxidil": usual, "finasteride": usual}
    dated = replace(using, received=had("minoxidil", 28, 70))
    assert Had.of(dated, RELEASE).medicines == {"minoxidil": 70.0, "finasteride": usual}
    long = replace(using, received=had("minoxidil", 9000))
    assert Had.of(long, RELEASE).medicines["minoxidil"] == LONGEST_PAST_DAYS
    notes = " ".join(forecast(dated).notes)
    assert "finasteride goes on, and was used for a year so far" in notes
    assert "minoxidil goes on. By your dates it was used for 2 months" in notes


@pytest.mark.parametrize("new", [(), ("exosome",), ("exosome", "prp")])
def test_past_and_future_are_one_run(new: tuple[Component, ...]) -> None:
    """Stopping today and going on gives what one run over all days gives."""
    past, people = pasts(replace(MAN, received=had("exosome", 126, 112) + had("prp", 112)))
    planned = {name: Sessions.every(14, 3, 7.0) for name in INJECTED}
    acting = replace(people.acting, schedules=planned)
    ahead = step_count(168)
    before, after = past.until_today(acting), past.from_today(new, acting, ahead)
    steps = step_count(past.days) + ahead
    whole = {
        name: Sessions(
            tuple(
                day + past.days
                for day in (*past.sessions[name].days, *(planned[name].days if name in new else ()))
            )
        )
        for name in INJECTED
    }
    long = effects_of_arm(INJECTED, {}, replace(acting, schedules=whole), steps)
    for first, second, both in zip(before, after, long, strict=True):
        for part in fields(both):
            joined = np.concatenate([getattr(first, part.name), getattr(second, part.name)])
            assert np.array_equal(joined, getattr(both, part.name)), part.name
    start = people.before(past.days)
    one = simulate(
        people.model,
        scalp_signals(people.scalp, long, steps),
        days=[past.days + 168],
        start=start,
    )
    today = people.treated(past, [0]).population
    two = simulate(people.model, scalp_signals(people.scalp, after, ahead), days=[168], start=today)
    assert two.counted() == pytest.approx(one.counted(), rel=1e-12)


def test_what_is_left_of_a_course_goes_on_in_every_arm() -> None:
    request = replace(MEASURED, measurements=(), received=had("exosome", 56, 42, 28, 14))
    person = person_draws(request, RELEASE, KEYED, 100)
    found = dict(signals_by_arm(request, RELEASE, KEYED, person, 168))
    plain_request = replace(request, received=())
    plain = person_draws(plain_request, RELEASE, KEYED, 100)
    untouched = dict(signals_by_arm(plain_request, RELEASE, KEYED, plain, 168))
    for arm, signals in found.items():
        assert (signals.lift_support > 0).all(), arm
    assert not untouched["none"].lift_support.any()
    # How far earlier lifts are held falls from what it once was, and a new course brings it back.
    held = found["none"].lift_support.mean(axis=1)
    assert held[-1] < held[0] <= 1.0
    assert found["exosome"].lift_support.mean(axis=1)[-1] > held[-1]


def test_a_session_had_today_is_like_one_to_come_today() -> None:
    today = replace(MAN, received=had("exosome", 0), arms=ONLY_NONE)
    person = person_draws(today, RELEASE, KEYED, 100)
    assert person.had.days == 0
    ((_, signals),) = signals_by_arm(today, RELEASE, KEYED, person, 168)
    assert signals.lift_support.any()


def test_interaction_needs_both_on_one_day() -> None:
    apart = replace(MAN, received=had("exosome", 60) + had("prp", 30))
    same = replace(MAN, received=had("exosome", 60) + had("prp", 60))
    assert not Had.of(apart, RELEASE).together
    assert Had.of(same, RELEASE).together


def test_nothing_had_changes_nothing() -> None:
    ended = replace(MAN, received=had("minoxidil", 100))
    assert arms(forecast(ended))["none"] == arms(forecast(MAN))["none"]


def test_notes_name_what_was_had() -> None:
    notes = " ".join(forecast(replace(MEASURED, received=had("prp", 100, 70, 40))).notes)
    assert "3 PRP sessions that you had, the last one 6 weeks ago" in notes
    assert "how you respond to PRP" in notes
