"""What may matter to a person, and what a plan knows of it: no score, no winner."""

from functools import cache

from anagen.evidence.schema import Id, Record, Text
from anagen.forecasting.model import Forecast
from anagen.plan.model import Plan
from anagen.reading import read_table
from anagen.render import view, words
from anagen.web.questions import DATA
from anagen.wording import Money, Phrase, Said, Wording, joined, marked


class Value(Record):
    """Something that may matter to a person."""

    id: Id
    label: Text
    help: Text


@cache
def load_values() -> tuple[Value, ...]:
    """What may matter to a person.

    Raises:
        InputError: the table breaks its schema.
    """
    return tuple(read_table([DATA / "values.yaml"], "values", Value).records.values())


def known(plan: Plan, value: str, wording: Wording) -> tuple[tuple[str, str], ...]:
    """What the plan knows of something that may matter: the wish, nothing new, then the others."""
    first = dict.fromkeys((plan.candidacy.arm, "none"))
    single = (arm.id for arm in plan.arms if "+" not in arm.id)
    by_id = {arm.id: arm for arm in plan.arms}
    options = [by_id[arm] for arm in dict.fromkeys((*first, *single))]
    return tuple(
        (wording.say(arm.label), wording.say(_told(plan, value, arm.id))) for arm in options
    )


def _told(plan: Plan, value: str, arm_id: str) -> str:
    forecast = plan.forecast
    arm = None
    if isinstance(forecast, Forecast):
        arm = next((one for one in forecast.arms if one.id == arm_id and one.available), None)
    if value == "gain":
        if arm is None or not isinstance(forecast, Forecast):
            return marked("There is no forecast.")
        row = view.main_row(forecast, arm)
        return Phrase(
            "{change} hairs per cm² after {week} weeks. Out of 100 people, {gain} may see a gain, "
            "{same} no change and {loss} a loss. How sure: {certainty}.",
            change=row.change,
            week=row.week,
            gain=row.gain,
            same=row.same,
            loss=row.loss,
            certainty=Phrase(words.named(words.CERTAINTY, row.certainty)),
        )
    if value == "waiting":
        if arm is None or not isinstance(forecast, Forecast):
            return marked("There is no forecast.")
        return view.first_visible(forecast, arm)
    if value == "proof":
        standing = next(one for one in plan.arms if one.id == arm_id)
        return Phrase(
            "How sure: {certainty}. {approval}",
            certainty=Phrase(words.named(words.CERTAINTY, standing.certainty)),
            approval=Phrase(words.named(words.STATUS, standing.regulatory_status)),
        )
    asked = next(one for one in plan.comparison.rows if one.id == value)
    return _of_course(plan, value, arm_id, asked.by_arm[arm_id].text)


def _of_course(plan: Plan, value: str, arm_id: str, known: str) -> str:
    """What is known of an option in general, after what this plan says of the wished course."""
    text = known if isinstance(known, Said) else Phrase(known)
    if arm_id != plan.candidacy.arm:
        return text
    quote, course = plan.quote, plan.course
    if value == "cost" and quote is not None and quote.low is not None:
        price = Money(quote.low, quote.high, quote.currency)
        return joined((Phrase("Your course may cost {price}.", price=price), text))
    if value == "visits" and course is not None and course.sessions:
        count = len(course.sessions)
        own = Phrase.counted(
            "Your course has {count} visit.", "Your course has {count} visits.", count
        )
        return joined((own, text))
    return text
