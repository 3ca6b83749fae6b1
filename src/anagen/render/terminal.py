"""A plan as text for a terminal of 80 columns; colour only where the terminal has it."""

from collections.abc import Iterable, Sequence
from typing import Literal

from rich.console import Console
from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from anagen.candidacy.model import Verdict
from anagen.course.model import Course
from anagen.evidence.why import Explanation
from anagen.forecasting.model import ArmForecast, Forecast, NoForecast
from anagen.plan.model import Limit, Plan, Point, Regulatory
from anagen.quote.model import Quote
from anagen.render import view, words
from anagen.render.harms import harm_groups, how_often

Mode = Literal["person", "clinician"]


class Screen(Console):
    """A console that leaves a reader who went away to the caller."""

    def on_broken_pipe(self) -> None:
        """Pass the error on; the base class would end the process with an error code."""
        raise BrokenPipeError


_STATUS_STYLE = {"approved": "green", "restricted": "yellow", "not_established": "yellow"}
_KIND_STYLE = {"contraindication": "red", "missing": "yellow", "caution": "yellow"}


def print_plan(plan: Plan, console: Console) -> None:
    """Print the whole plan, regulatory status first.

    Claims: C11, C18.
    """
    name = plan.person.get("name")
    who = f" for {name}" if name else ""
    print_regulatory(plan.regulatory, plan.candidacy.arm, console)
    _heading(console, f"Hair plan{who}, {words.long_date(plan.made_on)}")
    _line(console, f"Judged: {words.arm_label(plan.candidacy.arm)}. This informs; you decide.")
    _verdict(plan.candidacy, console, plan.mode)
    if plan.course is None:
        _heading(console, "What happens when")
        _line(console, view.limits_of(plan, "course") or "No dates are given.")
    else:
        print_course(plan.course, console)
    if plan.quote is None:
        _heading(console, "The price")
        _line(console, view.limits_of(plan, "quote") or "No price is given.")
    else:
        print_quote(plan.quote, console)
    print_forecast(plan.forecast, console, wished=plan.candidacy.arm)
    _points(plan, console)
    _harms(plan, console)
    _closing(plan, console)


def print_check(
    regulatory: Regulatory, verdict: Verdict, console: Console, *, mode: Mode = "person"
) -> None:
    """Print a verdict under the regulatory status."""
    print_regulatory(regulatory, verdict.arm, console)
    _verdict(verdict, console, mode)


def print_absent(limits: Iterable[Limit], part: str, console: Console) -> None:
    """Print why there are no dates or no price."""
    for limit in limits:
        if limit.part == part:
            _line(console, limit.reason)


def print_course(course: Course, console: Console) -> None:
    """Print dates, preparation, aftercare, medicines and urgent signs.

    Claims: C02, C26.
    """
    _heading(console, "What happens when")
    for entry in view.timeline(course):
        until = (
            f" to {words.long_date(entry.end)}" if entry.end and entry.end != entry.start else ""
        )
        _line(console, f"{words.long_date(entry.start)}{until}", style="bold")
        _line(console, f"{entry.title}. {entry.text}", indent=2)
    _list(console, "Before each visit", (step.text for step in course.preparation))
    _list(console, "After each visit", (step.text for step in course.aftercare))
    _list(console, "Your medicines", (f"{step.label}: {step.text}" for step in course.medicines))
    _list(console, "Please note", (flag.text for flag in course.flags))
    signs = (f"{sign.text} {sign.action}" for sign in course.urgent_signs)
    _list(console, "Get help at once if you see", signs, style="bold red")


def print_quote(quote: Quote, console: Console) -> None:
    """Print the price range, its parts and where sources disagree.

    Claims: C34.
    """
    _heading(console, "The price")
    if quote.low is None or quote.high is None:
        _line(console, "No price is known. Ask the clinic for one in writing.")
    else:
        total = words.money_range(quote.low, quote.high, quote.currency)
        sessions = "1 session" if quote.sessions == 1 else f"{quote.sessions} sessions in all"
        _line(console, f"{total} for {sessions}.", style="bold")
    for part in view.priced_apart(quote):
        _line(console, f"Not in that, for want of an exchange rate: {part}.", style="bold")
    if quote.local is not None:
        local = words.money_range(quote.local.low, quote.local.high, quote.local.currency)
        _line(console, f"That is {local} at the rate you gave: {quote.local.rate}.")
    _line(console, quote.basis)
    if quote.ask_clinic:
        _line(console, "This range is weak. Ask the clinic for a firm price in writing.")
    if quote.within_budget is not None:
        _line(console, words.named(words.BUDGET, quote.within_budget))
    extras = (
        f"{item.label}: "
        + ("not known" if item.low is None or item.high is None
           else words.money_range(item.low, item.high, item.currency))
        for item in quote.extras
    )  # fmt: skip
    _list(console, "Not in that price", extras)
    _list(console, "Where the prices disagree", (conflict.text for conflict in quote.conflicts))
    _line(console, f"Insurance: {quote.insurance.text}")


def print_forecast(
    forecast: Forecast | NoForecast,
    console: Console,
    *,
    wished: str | None = None,
) -> None:
    """Print what may happen for each option, as ranges with their certainty.

    Claims: C32.
    """
    _heading(console, "What may happen to your hair")
    if isinstance(forecast, NoForecast):
        _line(console, f"There is no forecast. {forecast.reason}")
        return
    _line(
        console,
        "All hairs per cm², and their change from today. About 90 in 100 people may end up "
        "inside each range. Gain, same, loss: people out of 100 who may see a change.",
    )
    _line(console, f"Today: {view.today_range(forecast)}. Nobody knows it exactly.")
    if forecast.current_medicines:
        used = ", ".join(forecast.current_medicines).replace("_", " ")
        _line(console, f"All options go on with what you use now: {used}.")
    for arm in forecast.arms:
        _arm(forecast, arm, console)
    if wished is not None:
        _pairs(forecast, wished, console)
    for note in forecast.notes:
        _line(console, f"Note: {note}")


def print_why(explanation: Explanation, console: Console) -> None:
    """Print what is known of one record: what it says, where it stands, and who says so."""
    _line(console, f"{explanation.id}: {explanation.title} ({explanation.kind})", style="bold")
    for label, text in explanation.lines:
        _line(console, f"{label}:", style="bold")
        _line(console, text, indent=2)
    _heading(console, "Sources")
    for source in explanation.sources:
        _line(console, source.citation)
        if source.link:
            _line(console, source.link, indent=2)
        kind, seen = (words.named({}, word) for word in (source.kind, source.seen_as))
        _line(console, f"{kind}. Seen as: {seen.lower()}, {source.seen_via}", indent=2)


def print_regulatory(regulatory: Regulatory, arm: str, console: Console) -> None:
    """Print how each treatment stands with the regulator; it comes before anything else."""
    wished = arm.split("+")
    order = sorted(regulatory.treatments, key=lambda treatment: treatment not in wished)
    _line(console, f"Approval in your country ({regulatory.country})", style="bold")
    _line(console, words.EXPERIMENTAL, indent=2, style="bold")
    for treatment in order:
        entry = regulatory.treatments[treatment]
        as_of = f" (as of {words.long_date(entry.as_of)})" if entry.as_of else ""
        status = words.named(words.STATUS, entry.status)
        style = _STATUS_STYLE.get(entry.status, "red")
        label = words.named(words.TREATMENT, treatment)
        text = f" {escape(entry.text)}" if treatment in wished else ""
        styled = f"{label}: [bold {style}]{status.upper()}[/]{as_of}.{text}"
        console.print(Padding(styled, (0, 0, 0, 2), expand=False))


def _verdict(verdict: Verdict, console: Console, mode: Mode) -> None:
    _heading(console, "Where you stand")
    _line(console, words.named(words.VERDICT, verdict.verdict) + ".", style="bold")
    _line(console, words.CANDIDATE_NOTE if verdict.verdict == "candidate" else verdict.text)
    for kind, findings in view.findings_by_kind(verdict.findings).items():
        said = (
            f"{finding.text} [{', '.join((finding.rule, *finding.claims))}]"
            if mode == "clinician"
            else finding.text
            for finding in findings
        )
        heading = words.named(words.FINDING_KIND, kind)
        _list(console, heading, said, style=_KIND_STYLE.get(kind, "bold"))


def _arm(forecast: Forecast, arm: ArmForecast, console: Console) -> None:
    console.print()
    basis = view.evidence_words(arm).lower()
    _line(console, f"{words.arm_label(arm.id)} ({basis})", style="bold")
    if not arm.available:
        _line(console, f"No forecast: {arm.reason}", indent=2)
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for heading in ("  Week", "Change (middle)", "Hairs", "Gain/same/loss", "Certainty"):
        table.add_column(heading, header_style="dim", no_wrap=heading != "Certainty")
    for row in view.forecast_rows(forecast, arm):
        sure = words.named(words.CERTAINTY, row.certainty).lower()
        if not row.studied and row.certainty != "none":
            sure += "; not studied this long"
        table.add_row(
            f"  {row.week}",
            f"{row.change} ({row.middle})",
            row.level,
            f"{row.gain}/{row.same}/{row.loss}",
            sure,
        )
    console.print(table)
    _line(console, view.first_visible(forecast, arm), indent=2)


def _pairs(forecast: Forecast, wished: str, console: Console) -> None:
    lines = []
    for pair in view.pairs_shown(forecast, wished):
        other, chance = view.seen_from(pair, wished)
        rests = words.named(words.PAIR_BASIS, pair.basis)
        lines.append(f"{words.arm_label(other)}: about {chance} in 100 (rests on {rests}).")
    week = view.week_of(view.main_day(forecast))
    label = words.arm_label(wished)
    _list(console, f"Chance that “{label}” gives more hair by week {week} than", lines)


def _points(plan: Plan, console: Console) -> None:
    _heading(console, "For and against")

    def said(points: Sequence[Point]) -> Iterable[str]:
        return (f"{p.text} ({words.named(words.STANDING, p.standing).lower()})" for p in points)

    _list(console, "For", said(plan.comparison.pros))
    _list(console, "Against", said(plan.comparison.cons))


def _harms(plan: Plan, console: Console) -> None:
    _heading(console, "Harms")
    for group in harm_groups(plan):
        parts = " and ".join(words.arm_label(part) for part in group.parts)
        lines = [f"All that is listed for {parts}."] if parts else []
        lines += [
            f"As for {words.arm_label(earlier)}: {harm.event.rstrip('.')} ({harm.seriousness})."
            for earlier, harms in group.also.items()
            for harm in harms
        ]
        lines += [
            f"{harm.event.rstrip('.')} ({harm.seriousness}). How often: {how_often(harm).lower()}. "
            f"Get help: {harm.when_to_seek_help}"
            for harm in group.harms
        ]
        _list(console, words.arm_label(group.arm), lines or [words.no_harm(group.arm)])


def _closing(plan: Plan, console: Console) -> None:
    _heading(console, "Questions to ask the clinic")
    _list(console, "", (question.text for question in plan.questions_to_ask))
    _heading(console, "Says who?")
    counts = {
        standing: sum(claim.standing == standing for claim in plan.claims)
        for standing in words.STANDING
    }
    told = ", ".join(f"{words.STANDING[s].lower()} {n}" for s, n in counts.items() if n)
    _line(console, f"{len(plan.claims)} statements of one clinic's guide: {told}.")
    _line(console, "Ask with `anagen why C09`, or any other of C01 to C34.")
    _heading(console, "What this plan leaves out")
    _list(console, "", (f"{limit.part}: {limit.reason}" for limit in view.limits_beside(plan)))
    assumed = (f"{item.key} = {item.value}. {item.effect}" for item in plan.assumed)
    _list(console, "Assumed, because the file did not say", assumed)
    if plan.mode == "clinician":
        _list(console, "Answers read", (f"{what}: {said}" for what, said in view.told(plan.person)))
    console.print()
    _line(
        console,
        f"{plan.software.name} {plan.software.version}, evidence {plan.evidence_release}, "
        f"model {plan.posterior_release}. --html PATH writes the page with charts and sources.",
        style="dim",
    )


def _heading(console: Console, text: str) -> None:
    console.print()
    _line(console, text, style="bold underline")


def _line(console: Console, text: str, *, indent: int = 0, style: str | None = None) -> None:
    console.print(Padding(_plain(text), (0, 0, 0, indent), expand=False), style=style)


def _plain(text: str) -> str:
    """Text that can't style the page or steer the terminal, whatever a person's name holds."""
    return escape("".join(char if char.isprintable() or char == "\n" else "?" for char in text))


def _list(console: Console, heading: str, lines: Iterable[str], style: str = "bold") -> None:
    items = list(lines)
    if not items:
        return
    if heading:
        _line(console, f"{heading}:", style=style)
    for item in items:
        table = Table.grid(padding=(0, 1, 0, 0))
        table.add_row("  -", _plain(item))
        console.print(table)
