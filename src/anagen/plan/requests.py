"""What each room is asked for this person, and the rooms' own answers one at a time."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from anagen.candidacy.judge import already_used, standing_of_arm
from anagen.candidacy.model import ArmStanding
from anagen.catalogue import Catalogue, load_catalogue
from anagen.catalogue.medicines import recognise
from anagen.course.build import CourseWish, MedicineUse, make_course
from anagen.course.model import Course
from anagen.evidence import load_evidence
from anagen.forecasting.build import make_forecast
from anagen.forecasting.model import Forecast, NoForecast
from anagen.forecasting.request import (
    ArmRequest,
    ForecastRequest,
    Measured,
    Received,
    Schedule,
)
from anagen.person.schema import Measurement, Person
from anagen.plan.wished import Wished, complete_wish
from anagen.quote.build import make_quote
from anagen.quote.model import Quote
from anagen.quote.money import Money, Rate
from anagen.quote.offers import QuoteRequest
from anagen.quote.price_list import PriceList
from anagen.treatment.arms import parse_arm


def forecast(
    person: Person,
    *,
    arms: Iterable[str] | None = None,
    today: date | None = None,
    draws: int = 1000,
    seed: int = 1,
) -> Forecast | NoForecast:
    """Forecast the given arms for one person, each added to the medicines already in use.

    Args:
        person: the checked person file.
        arms: arm ids such as ``exosome+prp``; by default the six options and the wished one.
        today: day 0 of the forecast; the clock's day unless given.
        draws: parameter draws, at least 100.
        seed: seed of every random draw.

    Raises:
        ValueError: an arm is not one.
    """
    evidence, catalogue = load_evidence(), load_catalogue()
    today = today or date.today()
    person = person.as_of(today)
    wished, _ = complete_wish(person, today)
    ids = wished.arms if arms is None else tuple(parse_arm(arm).id for arm in arms)
    standings = tuple(
        standing_of_arm(person, parse_arm(arm), evidence, catalogue) for arm in dict.fromkeys(ids)
    )
    request = forecast_request(person, wished, standings, catalogue)
    return make_forecast(request, evidence, seed=seed, draws=draws)


def forecast_request(
    person: Person,
    wished: Wished,
    standings: Iterable[ArmStanding],
    catalogue: Catalogue,
) -> ForecastRequest:
    """The person's answers as the forecast reads them: dates become days from today."""
    stage = person.stage
    return ForecastRequest(
        age=person.age,
        sex=person.sex,
        diagnosis=person.diagnosis,
        hair_type=person.hair_type,
        stage_scale=None if stage is None else stage.scale,
        stage_grade=None if stage is None else stage.grade,
        years_since_onset=person.years_since_onset,
        measurements=tuple(_measured(one, wished.today) for one in person.measurements),
        current_medicines=already_used(person, catalogue),
        received=tuple(
            Received(part, (wished.today - one.date).days)
            for one in person.treatments_received
            for part in parse_arm(one.arm).components
        ),
        chemotherapy=person.health.chemotherapy == "yes",
        radiotherapy=person.health.radiotherapy == "yes",
        arms=tuple(
            ArmRequest(arm.id, arm.available, "" if arm.available else arm.reason)
            for arm in standings
        ),
        wished=wished.arm.id,
        schedule=Schedule(
            wished.sessions, wished.interval_days, (wished.first_session - wished.today).days
        ),
        route=wished.route,
        minoxidil_percent=wished.minoxidil_percent,
    )


def _measured(one: Measurement, today: date) -> Measured:
    return Measured(
        days_ago=(today - one.date).days,
        total_density_per_cm2=one.total_density_per_cm2,
        terminal_density_per_cm2=one.terminal_density_per_cm2,
        mean_diameter_um=one.mean_diameter_um,
        anagen_percent=one.anagen_percent,
        named=one.date.isoformat(),
    )


def course_of(person: Person, wished: Wished, catalogue: Catalogue) -> Course:
    """The dated course of a complete wish."""
    wish = CourseWish(
        arm=wished.arm.id,
        components=wished.arm.components,
        route=wished.route,
        sessions=wished.sessions,
        interval_days=wished.interval_days,
        first_session=wished.first_session,
    )
    medicines = (
        None
        if person.medicines is None
        else tuple(_in_use(one.name, catalogue) for one in person.medicines)
    )
    return make_course(wish, medicines, catalogue.care)


def _in_use(name: str, catalogue: Catalogue) -> MedicineUse:
    medicine = recognise(catalogue, name)
    if medicine is None:
        return MedicineUse(name, name, None, None, recognised=False)
    return MedicineUse(
        medicine.id, medicine.label, medicine.medicine_class, medicine.acts_as, recognised=True
    )


def quote_of(
    person: Person,
    wished: Wished,
    catalogue: Catalogue,
    prices: PriceList | None,
    rate: Rate | None,
) -> Quote:
    """The price of a complete wish."""
    budget = person.wishes.budget
    request = QuoteRequest(
        arm=wished.arm.id,
        components=wished.arm.components,
        country=person.country,
        sessions=wished.sessions,
        route=wished.route,
        made_on=wished.today,
        budget=None if budget is None else Money(Decimal(budget.amount), budget.currency),
    )
    return make_quote(request, catalogue.prices, rate=rate, price_list=prices)
