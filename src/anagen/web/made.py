"""Pages that hold a plan: made in a lane, from the answers and what is tried."""

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, fields, replace
from typing import Any, Final

from anagen.candidacy.model import Finding
from anagen.evidence import load_evidence
from anagen.forecasting.model import Forecast
from anagen.forecasting.pairs import PAIR_DAY
from anagen.person.schema import Person
from anagen.plan.build import Planned, planned
from anagen.plan.decide import Settings
from anagen.plan.model import Plan
from anagen.reading import Document
from anagen.render import view, words
from anagen.render.html import result_context
from anagen.web import page
from anagen.web.answers import NAME, document_of
from anagen.web.forms import Posted
from anagen.web.known import Value, known, load_values
from anagen.web.questions import ANSWERS, load_flow
from anagen.web.view import answered, arm_of
from anagen.web.whatif import basis_of, changed_fields, trial_of, tried_countries
from anagen.wording import Money, Phrase, Wording, as_said, marked, wording_of

Options = Mapping[str, Any]

_ANSWERS: Final = {choice.value: choice.label for choice in ANSWERS}

FOLLOWED: Final = ("values", "sure", "ask")
"""Pages after the result; they need no picture of scalp."""

WEIGHTS: Final = {
    "much": marked("Matters a lot"),
    "some": marked("Matters a little"),
    "none": marked("Doesn't matter"),
}

SURE: Final = {
    "sure": marked("Do you feel sure which option suits you best?"),
    "know": marked("Do you know what each option may do for you, and what harm it may do?"),
    "clear": marked("Are you clear which of these points matter most to you?"),
    "support": marked("Do you have enough help and advice to choose?"),
}
"""The four points of the SURE test (Légaré 2010), asked in our own words."""

OVERRIDDEN: Final = marked("{text} Overridden by the clinician: {reason}")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One rule that spoke, as a clinician checks it.

    Attributes:
        rule: its id.
        kind: what it counts as here.
        text: what it says.
        because: why the rule is there.
        answer: the health answer that it read, in words; empty for a rule on something else.
        sources: who says so.
    """

    rule: str
    kind: str
    text: str
    because: str
    answer: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Now:
    """The main figures of one plan in words, to lay those of a changed one beside."""

    label: str
    visits: str
    approval: str
    change: str
    people: str
    price: str


def result_page(person: Person, options: Options) -> bytes:
    """The result, or a page that follows it, as HTML in UTF-8."""
    posted = Posted("", "", options["fields"], options["visit"])
    wording = wording_of(options["lang"])
    made = _planned(person, options)
    plan = overridden(made.plan, posted.visit)
    kind = options.get("page", "result")
    day, shown = _day(plan, posted), posted.visit.get("result-view", "")
    patch = None if kind in FOLLOWED else made.patch(day)
    context = result_context(plan, patch, wording, day, shown)
    own = _OWN[kind](plan, posted, wording)
    if "trial" in own and own["trial"].changed:
        own["was"] = _was(posted, options)
    context |= {"path": f"/{kind}", "draws": options["draws"], "wrong": options.get("wrong", ())}
    context["form"] = "flow"
    context["kept"] = {
        name: text for name, text in posted.hidden.items() if not name.startswith(_ASKED[kind])
    }
    return page.html(f"{kind}.html", options["lang"], posted, **context, **own).encode()


def _day(plan: Plan, posted: Posted) -> int:
    """The day that is looked at: one of those that can be chosen."""
    asked = posted.visit.get("result-day", "")
    if isinstance(plan.forecast, Forecast):
        for day in view.days_shown(plan.forecast):
            if asked == str(day):
                return day
    return PAIR_DAY


def result_pdf(person: Person, options: Options) -> bytes:
    """The plan as a PDF."""
    from anagen.render.pdf import pdf_bytes

    made = _planned(person, options)
    plan = overridden(made.plan, options["visit"])
    return pdf_bytes(plan, wording_of(options["lang"]), made.patch())


def _planned(person: Person, options: Options) -> Planned:
    how = Settings(options["seed"], options["draws"], options["mode"])
    return planned(person, options["today"], how)


def overridden(plan: Plan, visit: Mapping[str, str]) -> Plan:
    """The plan with a clinician's reasons beside the findings that they set aside.

    Findings stay, and so does the verdict: a reason is shown, it decides nothing.
    """
    if plan.mode != "clinician":
        return plan

    def told(finding: Finding) -> Finding:
        reason = visit.get(f"override.{finding.rule}", "").strip()
        if not reason:
            return finding
        text = Phrase(OVERRIDDEN, text=as_said(finding.text), reason=reason)
        return replace(finding, text=text)

    findings = tuple(told(finding) for finding in plan.candidacy.findings)
    return replace(plan, candidacy=replace(plan.candidacy, findings=findings))


def _of_result(plan: Plan, posted: Posted, wording: Wording) -> dict[str, Any]:
    trial = trial_of(posted.fields, posted.visit)
    now = _now(plan, wording)
    tried_arm = arm_of(changed_fields(posted.fields, trial))
    return {
        "trial": trial,
        "now": now,
        "was": None,
        "carried": posted.visit.get("was", "") if trial.changed else _carried(now, wording),
        "rests_on": basis_of(trial.changed, tried_arm),
        "product": [
            point
            for point in plan.comparison.cons
            if point.id.startswith("product-") and "donor_source" in trial.changed
        ],
        "pair": _pair(plan, arm_of(posted.fields), tried_arm),
        "countries": tried_countries(trial, wording.language),
        "sources": [
            (choice.value, wording.say(choice.label))
            for choice in load_flow().questions["wishes.donor_source"].choices
        ],
        **(_of_clinician(plan, posted, wording) if posted.clinician else {}),
    }


def _of_clinician(plan: Plan, posted: Posted, wording: Wording) -> dict[str, Any]:
    """Every rule that spoke, with its reason and the answer that it read, and all answers."""
    rules = load_evidence().rules
    health = plan.person.get("health") or {}
    return {
        "rules": [
            Spoken(
                finding.rule,
                finding.kind,
                finding.text,
                rules[finding.rule].because,
                wording.say(_ANSWERS.get(health.get(rules[finding.rule].key, ""), "")),
                finding.sources,
            )
            for finding in plan.candidacy.findings
        ],
        "reasons": {
            finding.rule: posted.visit.get(f"override.{finding.rule}", "").strip()
            for finding in plan.candidacy.findings
            if finding.kind != "indication"
        },
        "told": [
            (one.label, one.value)
            for screen in load_flow().screens
            for one in answered(load_flow(), screen, posted.fields, wording.language)
        ],
    }


def _of_values(plan: Plan, posted: Posted, wording: Wording) -> dict[str, Any]:
    values = load_values()
    said = {one.id: posted.visit.get(f"values.{one.id}", "") for one in values}
    return {
        "values": values,
        "weights": WEIGHTS,
        "said": said,
        "known": {one.id: known(plan, one.id, wording) for one in values},
        "matter": _matter(posted),
    }


def _matter(posted: Posted) -> list[Value]:
    """What matters a lot to the person."""
    return [one for one in load_values() if posted.visit.get(f"values.{one.id}") == "much"]


def _of_sure(_: Plan, posted: Posted, __: Wording) -> dict[str, Any]:
    said = {key: posted.visit.get(f"sure.{key}", "") for key in SURE}
    return {
        "sure": SURE,
        "said": said,
        "answered": all(said.values()),
        "open_points": [key for key, answer in said.items() if answer == "no"],
    }


def _of_ask(plan: Plan, posted: Posted, _: Wording) -> dict[str, Any]:
    return {
        "notes": posted.visit.get("notes", ""),
        "matter": _matter(posted),
        "missing": [one.text for one in plan.candidacy.findings if one.kind == "missing"],
    }


_ASKED: Final = {
    "result": ("try.", "was", "override.", "result-"),
    "values": ("values.",),
    "sure": ("sure.",),
    "ask": ("notes",),
}
"""What each page asks itself, and so does not carry along unseen."""

_OWN: Final = {"result": _of_result, "values": _of_values, "sure": _of_sure, "ask": _of_ask}


def _now(plan: Plan, wording: Wording) -> Now:
    """The wished option on the main day, with its visits, approval and price, in the language."""
    wished, said = plan.candidacy.arm, wording.say
    visits = len(plan.course.sessions) if plan.course else 0
    standing = next(arm for arm in plan.arms if arm.id == wished)
    price = marked("No price is given.")
    if plan.quote is not None and plan.quote.low is not None and plan.quote.high is not None:
        price = Money(plan.quote.low, plan.quote.high, plan.quote.currency)
    change, people = _may_happen(plan, wished)
    told = (
        words.arm_label(wished),
        Phrase.counted("{count} visit", "{count} visits", visits),
        words.named(words.STATUS, standing.regulatory_status),
        change,
        people,
        price,
    )
    return Now(*(said(text) for text in told))


def _may_happen(plan: Plan, wished: str) -> tuple[str, str]:
    """The change on the main day, and how many people may see it; or why there is none."""
    forecast = plan.forecast
    if not isinstance(forecast, Forecast):
        return marked("There is no forecast."), ""
    arm = next(arm for arm in forecast.arms if arm.id == wished)
    if not arm.available:
        return Phrase("No forecast: {text}", text=Phrase(arm.reason)), ""
    row = view.main_row(forecast, arm)
    change = Phrase("{change} hairs per cm² after {week} weeks", change=row.change, week=row.week)
    people = Phrase(
        "Gain {gain}, same {same}, loss {loss}, of 100 people",
        gain=row.gain,
        same=row.same,
        loss=row.loss,
    )
    return change, people


def _carried(now: Now, wording: Wording) -> str:
    """The figures of the own course as a form takes them along."""
    return json.dumps((wording.language, *astuple(now)))


def _was(posted: Posted, options: Options) -> Now | None:
    """The figures that the form carried along, if they are such; anew after another language."""
    try:
        found = json.loads(posted.visit.get("was", ""))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, list) or len(found) != 1 + len(fields(Now)):
        return None
    language, *figures = found
    if language == options["lang"]:
        return Now(*(str(part)[:200] for part in figures))
    own = Person.of(Document(NAME, document_of(posted.fields)), options["today"])
    return _now(_planned(own, options).plan, wording_of(options["lang"]))


def _pair(plan: Plan, own: str, tried: str) -> str | None:
    """What a comparison of the own option with the tried one rests on."""
    if own == tried or not isinstance(plan.forecast, Forecast):
        return None
    for pair in plan.forecast.pairs:
        if {pair.a, pair.b} == {own, tried}:
            return pair.basis
    return None
