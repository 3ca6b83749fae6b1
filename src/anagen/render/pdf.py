"""A plan as a PDF: tagged, in the person's language, the same bytes each time.

The layout is `typst/plan.typ`; this module hands it texts and pictures as data, so nothing that a
person typed is ever read as markup.
"""

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, Final

from anagen.figures import Figure, patterns, price_range
from anagen.forecasting.model import Forecast
from anagen.forecasting.patch import ScalpPatch
from anagen.plan.model import Plan
from anagen.render import harms, view, words
from anagen.render.answers import key_label, value_label
from anagen.render.html import Footnotes
from anagen.render.result import ASKS, Option, Result, result_of
from anagen.wording import Phrase, Wording, marked, wording_of

LAYOUT: Final = Path(__file__).parent / "typst" / "plan.typ"
ENGLISH: Final = wording_of("en")
CERTAINTY_DOTS: Final = {"high": 4, "moderate": 3, "low": 2, "very_low": 1, "none": 0}
MOST_DOTS: Final = 4
LETTER: Final = ("US", "CA", "MX", "PH", "CO", "CL", "VE")
"""Countries that print on letter paper; all others on A4."""

WEAK: Final = marked("This range is weak. Ask the clinic for a firm price in writing.")

TEXTS: Final = {
    "informs": marked("This page informs. It does not decide, and it is not medical advice."),
    "standing": marked("Where you stand"),
    "options": marked("Your options"),
    "option": marked("Option"),
    "for_you": marked("For you"),
    "approval": marked("Approval"),
    "sure": marked("How sure is its effect?"),
    "when": marked("What happens when"),
    "before": marked("Before each visit"),
    "after": marked("After each visit"),
    "medicines": marked("Your medicines"),
    "note": marked("Please note"),
    "urgent": marked("Get help at once if you see"),
    "price": marked("The price"),
    "forecast": marked("What may happen to your hair"),
    "week": marked("Week"),
    "change": marked("Change (middle)"),
    "level": marked("Hairs"),
    "people": marked("Gain · same · loss"),
    "certainty": marked("How sure?"),
    "unstudied": marked("not studied this long"),
    "patch": marked("What a small patch of scalp may look like"),
    "asks": marked("What each option asks of you"),
    "compare": marked("For and against"),
    "pros": marked("For"),
    "cons": marked("Against"),
    "harms": marked("Harms"),
    "harm": marked("What"),
    "often": marked("How often"),
    "serious": marked("How serious"),
    "help": marked("When to get help"),
    "questions": marked("Questions to ask the clinic"),
    "claims": marked("Says who?"),
    "limits": marked("What this plan leaves out"),
    "assumed": marked("Assumed, because it was not said"),
    "sources": marked("Sources"),
}


def pdf_bytes(plan: Plan, wording: Wording = ENGLISH, patch: ScalpPatch | None = None) -> bytes:
    """The whole plan as a PDF/UA-1 document.

    Args:
        plan: what to show.
        wording: the language.
        patch: follicles of one possible square centimetre; without it there is no such picture.

    The regulatory status stands at the top of every page. The same plan and language give the same
    bytes: the time in the file is the plan's day.

    Claims: C11, C18, C32.
    """
    import typst

    document = _Document(wording.in_language(plan), wording, patch)
    made: bytes = typst.compile(
        str(LAYOUT),
        format="pdf",
        sys_inputs={"plan": json.dumps(document.content(), ensure_ascii=False)},
        ignore_system_fonts=True,
        pdf_standards=["ua-1"],
        timestamp=int(datetime.combine(plan.made_on, time(), tzinfo=UTC).timestamp()),
    )
    return made


class _Document:
    """The texts and pictures of one plan, in the order of the page."""

    def __init__(self, plan: Plan, wording: Wording, patch: ScalpPatch | None) -> None:
        self.plan, self.wording, self.patch = plan, wording, patch
        self.say = wording.say
        self.notes = Footnotes(plan.sources)
        self.wished = plan.candidacy.arm

    def content(self) -> dict[str, Any]:
        """Everything that the layout needs; sources come last, when all were cited."""
        plan, say = self.plan, self.say
        name = plan.person.get("name")
        title = Phrase("Hair plan for {name}", name=name) if name else Phrase("Hair plan")
        made = {
            "texts": {key: say(text) for key, text in TEXTS.items()},
            "language": self.wording.language,
            "paper": "us-letter" if plan.person["country"] in LETTER else "a4",
            "day": [plan.made_on.year, plan.made_on.month, plan.made_on.day],
            "title": say(title),
            "lede": say(
                Phrase(
                    "Made on {day} for: {option}.",
                    day=plan.made_on,
                    option=self._label(self.wished),
                )
            ),
            "unreviewed": ""
            if self.wording.language == "en"
            else say(marked("This translation was not reviewed by a clinician.")),
            "status": self._status(),
            "header": self._header(),
            "standing": self._standing(),
            "course": self._course(),
            "price": self._price(),
            "forecast": self._forecast(),
            "points": self._points(),
            "harms": self._harms(),
            "questions": [one.text for one in plan.questions_to_ask],
            "claims": [
                {
                    "id": one.id,
                    "says": one.says,
                    "standing": self._named(words.STANDING, one.standing),
                }
                for one in plan.claims
            ],
            "limits": [one.reason for one in view.limits_beside(plan)],
            "assumed": [
                f"{say(key_label(one.key))}: {say(value_label(one.key, one.value))}. {one.effect}"
                for one in plan.assumed
            ],
            "made": self._made(),
        }
        return made | {"sources": self._sources()}

    def _header(self) -> str:
        """How the wished treatments stand, short enough for the top of every page."""
        regulatory = self.plan.regulatory
        country = self.wording.country(regulatory.country)
        told = [
            f"{self._named(words.TREATMENT, name)}, {country}: "
            f"{self._named(words.STATUS, regulatory.treatments[name].status)}."
            for name in self.wished.split("+")
            if name in regulatory.treatments
        ]
        return " ".join((*told, self.say(words.EXPERIMENTAL)))

    def _label(self, arm: str) -> str:
        return self.say(words.arm_label(arm))

    def _named(self, table: Any, key: str) -> str:
        return self.say(words.named(table, key))

    def _cite(self, ids: Iterable[str]) -> list[int]:
        return [self.notes.number(name) for name in ids]

    def _dots(self, certainty: str) -> str:
        filled = CERTAINTY_DOTS[certainty]
        return "●" * filled + "○" * (MOST_DOTS - filled)

    def _sure(self, certainty: str) -> str:
        return f"{self._dots(certainty)} {self._named(words.CERTAINTY, certainty)}"

    def _status(self) -> list[dict[str, Any]]:
        entries = self.plan.regulatory.treatments.items()
        wished = self.wished.split("+")
        return [
            {
                "name": self._named(words.TREATMENT, name),
                "status": self._named(words.STATUS, entry.status),
                "word": entry.status,
                "text": entry.text if name in wished else "",
                "cite": self._cite(entry.sources),
            }
            for name, entry in sorted(entries, key=lambda one: one[0] not in wished)
        ]

    def _standing(self) -> dict[str, Any]:
        verdict = self.plan.candidacy
        candidate = verdict.verdict == "candidate"
        return {
            "verdict": self._named(words.VERDICT, verdict.verdict),
            "text": self.say(words.CANDIDATE_NOTE) if candidate else verdict.text,
            "findings": [
                {
                    "kind": self._named(words.FINDING_KIND, kind),
                    "texts": [
                        {
                            "text": one.text
                            + (f" [{one.rule}]" if self.plan.mode == "clinician" else ""),
                            "cite": self._cite(one.sources),
                        }
                        for one in found
                    ],
                }
                for kind, found in view.findings_by_kind(verdict.findings).items()
            ],
            "options": [
                {
                    "name": arm.label,
                    "wished": arm.id == self.wished,
                    "for_you": self._for_you(arm),
                    "approval": self._named(words.STATUS, arm.regulatory_status),
                    "sure": self._sure(arm.certainty),
                }
                for arm in self.plan.arms
            ],
        }

    def _for_you(self, arm: Any) -> str:
        if not arm.available:
            return self.say(Phrase("Not open: {reason}", reason=arm.reason))
        if arm.id == "none":
            return self.say(marked("Always open"))
        return self._named(words.ARM_VERDICT, arm.verdict)

    def _course(self) -> dict[str, Any]:
        course = self.plan.course
        if course is None:
            return {"absent": view.limits_of(self.plan, "course"), "timeline": []}
        return {
            "absent": "",
            "timeline": [
                {
                    "when": self._when(entry),
                    "what": self.say(entry.title),
                    "text": self.say(entry.text),
                }
                for entry in view.timeline(course)
            ],
            "before": [step.text for step in course.preparation],
            "after": [step.text for step in course.aftercare],
            "medicines": [f"{step.label}: {step.text}" for step in course.medicines],
            "note": [flag.text for flag in course.flags],
            "urgent": [f"{sign.text} {sign.action}" for sign in course.urgent_signs],
        }

    def _when(self, entry: view.TimelineEntry) -> str:
        if entry.end and entry.end != entry.start:
            return self.say(Phrase("{start} to {end}", start=entry.start, end=entry.end))
        return self.wording.date(entry.start)

    def _price(self) -> dict[str, Any]:
        quote = self.plan.quote
        if quote is None:
            return {"absent": view.limits_of(self.plan, "quote")}
        known = quote.low is not None and quote.high is not None
        budget = view.budget_in(self.plan, quote.currency)
        figure = price_range(quote, budget, self.wording)
        return {
            "absent": "",
            "range": self.wording.money_range(quote.low, quote.high, quote.currency)
            if quote.low is not None and known
            else self.say(marked("No price is known. Ask the clinic for one in writing.")),
            "texts": [
                quote.basis,
                *([self._named(words.BUDGET, quote.within_budget)] if quote.within_budget else []),
                *([self.say(WEAK)] if quote.ask_clinic else []),
                quote.insurance.text,
            ],
            "cite": self._cite(quote.sources),
            "figure": _drawn(figure),
        }  # fmt: skip

    def _forecast(self) -> dict[str, Any]:
        forecast = self.plan.forecast
        if not isinstance(forecast, Forecast):
            return {"absent": forecast.reason, "cite": self._cite(forecast.sources), "options": []}
        result = result_of(self.plan, self.patch, self.wording, None, "words")
        today = view.today_range(forecast)
        return {
            "absent": "",
            "today": self.say(Phrase("Today: {today}. Nobody knows it exactly.", today=today)),
            "reading": self.say(
                marked(
                    "All hairs per cm², and their change from today. About 90 in 100 people may "
                    "end up inside each range. Gain, same, loss: people out of 100 who may see a "
                    "change."
                )
            ),
            "options": [self._option(one) for one in result.options],
            "pictures": self._pictures(result),
            "asks": {
                "columns": [self.say(text) for text in ASKS.values()],
                "rows": [
                    [one.label, *(self._asked(one, row) for row in ASKS)] for one in result.options
                ],
            },
            "notes": list(forecast.notes),
        }

    def _asked(self, option: Option, row: str) -> str:
        cell = option.asks.get(row)
        return cell.text if cell else self.say(marked("Not established"))

    def _option(self, option: Option) -> dict[str, Any]:
        chosen = len(option.at) // 2
        return {
            "name": option.label,
            "wished": option.arm.id == self.wished,
            "evidence": self.say(view.evidence_words(option.arm)),
            "basis": option.arm.evidence_basis.text,
            "cite": self._cite(option.arm.evidence_basis.sources),
            "absent": "" if option.arm.available else option.arm.reason,
            "rows": [
                {
                    "week": str(at.row.week),
                    "change": f"{at.row.change} ({at.row.middle})",
                    "level": at.row.level,
                    "people": f"{at.row.gain} · {at.row.same} · {at.row.loss}",
                    "sure": self._sure(at.row.certainty),
                    "studied": at.row.studied or at.row.certainty == "none",
                }
                for at in option.at
            ],
            "curve": _drawn(option.curve),
            "icons": _drawn(option.at[chosen].icons) if option.at else None,
        }

    def _pictures(self, result: Result) -> list[dict[str, Any]]:
        made = []
        for picture in result.pictures:
            label = self.say(marked("Today"))
            if picture.label is not None:
                label = self.say(
                    Phrase("{option}, week {week}", option=picture.label, week=result.picture_week)
                )
            made.append({"label": label, "span": picture.span, "figure": _drawn(picture.figure)})
        return made

    def _points(self) -> dict[str, Any]:
        def said(points: Iterable[Any]) -> list[dict[str, Any]]:
            return [
                {
                    "text": one.text,
                    "standing": self._named(words.STANDING, one.standing),
                    "cite": self._cite(one.sources),
                }
                for one in points
            ]

        return {"pros": said(self.plan.comparison.pros), "cons": said(self.plan.comparison.cons)}

    def _harms(self) -> list[dict[str, Any]]:
        made = []
        for group in harms.harm_groups(self.plan):
            parts = ", ".join(self._label(part) for part in group.parts)
            told = [
                self.say(Phrase("As told above for {option}:", option=self._label(earlier)))
                + " "
                + " ".join(one.event for one in found)
                for earlier, found in group.also.items()
            ]
            if parts:
                told.insert(0, self.say(marked("All that is listed for its parts:")) + f" {parts}.")
            if not told and not group.harms:
                told.append(self.say(words.no_harm(group.arm)))
            made.append(
                {
                    "name": self._label(group.arm),
                    "told": told,
                    "rows": [
                        {
                            "event": one.event,
                            "often": self.say(harms.how_often(one)),
                            "serious": self._named(words.SERIOUSNESS, one.seriousness),
                            "help": one.when_to_seek_help,
                            "cite": self._cite(one.sources),
                        }
                        for one in group.harms
                    ],
                }
            )
        return made

    def _sources(self) -> list[dict[str, Any]]:
        return [
            {"citation": one.citation, "link": self.notes.link(one) or ""}
            for one in self.notes.in_order()
        ]

    def _made(self) -> str:
        plan = self.plan
        return self.say(
            Phrase(
                "Made by {program} {version} on {day}. Evidence {evidence}, model {model}. No "
                "clinic pays for it.",
                program=plan.software.name,
                version=plan.software.version,
                day=plan.made_on,
                evidence=plan.evidence_release,
                model=plan.posterior_release,
            )
        )


def _drawn(figure: Figure | None) -> dict[str, str] | None:
    """A picture that stands alone: its fills come with it, and its text goes beside it."""
    if figure is None:
        return None
    defs = re.sub(r"^<svg[^>]*>|</svg>$", "", patterns())
    # Marks of the time that a page lets its reader choose; on paper all times stand in the table.
    plain = re.sub(r'<(\w+)[^>]*class="at at-\d"[^>]*(/>|>.*?</\1>)', "", figure.svg, flags=re.S)
    svg = re.sub(r"(<svg[^>]*>)", lambda found: found[1] + defs, plain, count=1)
    return {"svg": svg.replace("currentColor", "#1d2733"), "alt": f"{figure.title}. {figure.text}"}
