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
from anagen.render import answers, view, words
from anagen.render.harms import harm_groups, how_often
from anagen.wording import Day, Phrase, Said, Wording, as_said, joined, listed, marked, wording_of

Mode = Literal["person", "clinician"]


class Screen(Console):
    """A console in one language, which leaves a reader who went away to the caller."""

    wording: Wording = wording_of("en")

    def on_broken_pipe(self) -> None:
        """Pass the error on; the base class would end the process with an error code."""
        raise BrokenPipeError


_STATUS_STYLE = {"approved": "green", "restricted": "yellow", "not_established": "yellow"}
_KIND_STYLE = {"contraindication": "red", "missing": "yellow", "caution": "yellow"}


def print_plan(plan: Plan, console: Screen) -> None:
    """Print the whole plan, regulatory status first.

    Claims: C11, C18.
    """
    plan = console.wording.in_language(plan)
    name, day = plan.person.get("name"), plan.made_on
    if name:
        title = Phrase("Hair plan for {name}, {day}", name=name, day=day)
    else:
        title = Phrase("Hair plan, {day}", day=day)
    print_regulatory(plan.regulatory, plan.candidacy.arm, console)
    _heading(console, title)
    judged = words.arm_label(plan.candidacy.arm)
    _line(console, Phrase("Judged: {arm}. This informs; you decide.", arm=judged))
    _verdict(plan.candidacy, console, plan.mode)
    if plan.course is None:
        _heading(console, marked("What happens when"))
        _line(console, view.limits_of(plan, "course") or marked("No dates are given."))
    else:
        print_course(plan.course, console)
    if plan.quote is None:
        _heading(console, marked("The price"))
        _line(console, view.limits_of(plan, "quote") or marked("No price is given."))
    else:
        print_quote(plan.quote, console)
    print_forecast(plan.forecast, console, wished=plan.candidacy.arm)
    _points(plan, console)
    _harms(plan, console)
    _closing(plan, console)


def print_check(
    regulatory: Regulatory, verdict: Verdict, console: Screen, *, mode: Mode = "person"
) -> None:
    """Print a verdict under the regulatory status."""
    print_regulatory(regulatory, verdict.arm, console)
    _verdict(verdict, console, mode)


def print_absent(limits: Iterable[Limit], part: str, console: Screen) -> None:
    """Print why there are no dates or no price."""
    for limit in limits:
        if limit.part == part:
            _line(console, limit.reason)


def print_course(course: Course, console: Screen) -> None:
    """Print dates, preparation, aftercare, medicines and urgent signs.

    Claims: C02, C26.
    """
    _heading(console, marked("What happens when"))
    for entry in view.timeline(course):
        when: str = Day(entry.start)
        if entry.end and entry.end != entry.start:
            when = Phrase("{start} to {end}", start=entry.start, end=entry.end)
        _line(console, when, style="bold")
        _line(console, joined((entry.title, ". ", entry.text), ""), indent=2)
    _list(console, marked("Before each visit"), (step.text for step in course.preparation))
    _list(console, marked("After each visit"), (step.text for step in course.aftercare))
    _list(
        console,
        marked("Your medicines"),
        (_pair(step.label, step.text) for step in course.medicines),
    )
    _list(console, marked("Please note"), (flag.text for flag in course.flags))
    signs = (joined((sign.text, sign.action)) for sign in course.urgent_signs)
    _list(console, marked("Get help at once if you see"), signs, style="bold red")


def print_quote(quote: Quote, console: Screen) -> None:
    """Print the price range, its parts and where sources disagree.

    Claims: C34.
    """
    _heading(console, marked("The price"))
    if quote.low is None or quote.high is None:
        _line(console, marked("No price is known. Ask the clinic for one in writing."))
    else:
        total = words.money_range(quote.low, quote.high, quote.currency)
        price = Phrase.counted(
            "{total} for 1 session.",
            "{total} for {count} sessions in all.",
            quote.sessions,
            total=total,
        )
        _line(console, price, style="bold")
    for part in view.priced_apart(quote):
        apart = Phrase("Not in that, for want of an exchange rate: {part}.", part=part)
        _line(console, apart, style="bold")
    if quote.local is not None:
        local = words.money_range(quote.local.low, quote.local.high, quote.local.currency)
        rate = quote.local.rate
        _line(
            console, Phrase("That is {local} at the rate you gave: {rate}.", local=local, rate=rate)
        )
    _line(console, quote.basis)
    if quote.ask_clinic:
        _line(console, marked("This range is weak. Ask the clinic for a firm price in writing."))
    if quote.within_budget is not None:
        _line(console, words.named(words.BUDGET, quote.within_budget))
    extras = (
        _pair(
            item.label,
            Phrase("not known")
            if item.low is None or item.high is None
            else words.money_range(item.low, item.high, item.currency),
        )
        for item in quote.extras
    )
    _list(console, marked("Not in that price"), extras)
    _list(
        console,
        marked("Where the prices disagree"),
        (conflict.text for conflict in quote.conflicts),
    )
    _line(console, Phrase("Insurance: {text}", text=Phrase(quote.insurance.text)))


def print_forecast(
    forecast: Forecast | NoForecast,
    console: Screen,
    *,
    wished: str | None = None,
) -> None:
    """Print what may happen for each option, as ranges with their certainty.

    Claims: C32.
    """
    _heading(console, marked("What may happen to your hair"))
    if isinstance(forecast, NoForecast):
        _line(console, joined((Phrase("There is no forecast."), forecast.reason)))
        return
    _line(
        console,
        marked(
            "All hairs per cm², and their change from today. About 90 in 100 people may end up "
            "inside each range. Gain, same, loss: people out of 100 who may see a change."
        ),
    )
    today = view.today_range(forecast)
    _line(console, Phrase("Today: {today}. Nobody knows it exactly.", today=today))
    if forecast.current_medicines:
        used = ", ".join(forecast.current_medicines).replace("_", " ")
        _line(console, Phrase("All options go on with what you use now: {used}.", used=used))
    for arm in forecast.arms:
        _arm(forecast, arm, console)
    if wished is not None:
        _pairs(forecast, wished, console)
    for note in forecast.notes:
        _line(console, Phrase("Note: {text}", text=Phrase(note)))


def print_why(explanation: Explanation, console: Screen) -> None:
    """Print what is known of one record: what it says, where it stands, and who says so."""
    _line(console, f"{explanation.id}: {explanation.title} ({explanation.kind})", style="bold")
    for label, text in explanation.lines:
        _line(console, f"{label}:", style="bold")
        _line(console, text, indent=2)
    _heading(console, marked("Sources"))
    for source in explanation.sources:
        _line(console, source.citation)
        if source.link:
            _line(console, source.link, indent=2)
        kind = words.named(words.SOURCE_KIND, source.kind)
        seen = words.named(words.SEEN_AS, source.seen_as)
        _line(console, f"{kind}. Seen as: {seen}, {source.seen_via}", indent=2)


def print_regulatory(regulatory: Regulatory, arm: str, console: Screen) -> None:
    """Print how each treatment stands with the regulator; it comes before anything else."""
    wished = arm.split("+")
    order = sorted(regulatory.treatments, key=lambda treatment: treatment not in wished)
    country = console.wording.country(regulatory.country)
    _line(console, Phrase("Approval in your country ({country})", country=country), style="bold")
    _line(console, words.EXPERIMENTAL, indent=2, style="bold")
    for treatment in order:
        entry = regulatory.treatments[treatment]
        as_of = (
            console.wording.say(Phrase(" (as of {day})", day=entry.as_of)) if entry.as_of else ""
        )
        status = console.wording.say(words.named(words.STATUS, entry.status))
        style = _STATUS_STYLE.get(entry.status, "red")
        label = console.wording.say(words.named(words.TREATMENT, treatment))
        text = f" {escape(console.wording.say(entry.text))}" if treatment in wished else ""
        styled = f"{label}: [bold {style}]{_loud(status, console.wording)}[/]{as_of}.{text}"
        console.print(Padding(styled, (0, 0, 0, 2), expand=False))


def _loud(text: str, wording: Wording) -> str:
    """Text in capitals; a Turkish i keeps its dot."""
    return (text.replace("i", "İ") if wording.language == "tr" else text).upper()


def _verdict(verdict: Verdict, console: Screen, mode: Mode) -> None:
    _heading(console, marked("Where you stand"))
    word = Phrase(words.named(words.VERDICT, verdict.verdict))
    _line(console, Phrase("{word}.", word=word), style="bold")
    _line(console, words.CANDIDATE_NOTE if verdict.verdict == "candidate" else verdict.text)
    for kind, findings in view.findings_by_kind(verdict.findings).items():
        said = (
            joined((finding.text, f" [{', '.join((finding.rule, *finding.claims))}]"), "")
            if mode == "clinician"
            else finding.text
            for finding in findings
        )
        heading = words.named(words.FINDING_KIND, kind)
        _list(console, heading, said, style=_KIND_STYLE.get(kind, "bold"))


def _arm(forecast: Forecast, arm: ArmForecast, console: Screen) -> None:
    console.print()
    say = console.wording.say
    basis = _inside(say(view.evidence_words(arm)))
    _line(console, f"{say(words.arm_label(arm.id))} ({basis})", style="bold")
    if not arm.available:
        _line(console, Phrase("No forecast: {text}", text=Phrase(arm.reason)), indent=2)
        return
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False)
    for heading in _COLUMNS:
        indent = "  " if heading == _COLUMNS[0] else ""
        wraps = heading == _COLUMNS[-1]
        table.add_column(f"{indent}{say(heading)}", header_style="dim", no_wrap=not wraps)
    for row in view.forecast_rows(forecast, arm):
        sure = _inside(say(words.named(words.CERTAINTY, row.certainty)))
        if not row.studied and row.certainty != "none":
            sure += say(marked("; not studied this long"))
        table.add_row(
            f"  {row.week}",
            f"{row.change} ({row.middle})",
            row.level,
            f"{row.gain}/{row.same}/{row.loss}",
            sure,
        )
    console.print(table)
    _line(console, view.first_visible(forecast, arm), indent=2)


def _pairs(forecast: Forecast, wished: str, console: Screen) -> None:
    lines = []
    for pair in view.pairs_shown(forecast, wished):
        other, chance = view.seen_from(pair, wished)
        lines.append(
            Phrase(
                "{other}: about {chance} in 100 (rests on {basis}).",
                other=words.arm_label(other),
                chance=chance,
                basis=Phrase(words.named(words.PAIR_BASIS, pair.basis)),
            )
        )
    title = Phrase(
        "Chance that “{arm}” gives more hair by week {week} than",
        arm=words.arm_label(wished),
        week=view.week_of(view.main_day(forecast)),
    )
    _list(console, title, lines)


def _points(plan: Plan, console: Screen) -> None:
    _heading(console, marked("For and against"))

    def said(points: Sequence[Point]) -> Iterable[str]:
        say = console.wording.say
        standings = (_inside(say(words.named(words.STANDING, p.standing))) for p in points)
        return (f"{say(p.text)} ({told})" for p, told in zip(points, standings, strict=True))

    _list(console, marked("For"), said(plan.comparison.pros))
    _list(console, marked("Against"), said(plan.comparison.cons))


def _harms(plan: Plan, console: Screen) -> None:
    _heading(console, marked("Harms"))
    for group in harm_groups(plan):
        say = console.wording.say
        lines: list[str] = []
        if group.parts:
            parts = listed(words.arm_label(part) for part in group.parts)
            lines.append(Phrase("All that is listed for {parts}.", parts=parts))
        lines += [
            Phrase(
                "As for {arm}: {event} ({seriousness}).",
                arm=words.arm_label(earlier),
                event=say(harm.event).rstrip("."),
                seriousness=_inside(say(words.named(words.SERIOUSNESS, harm.seriousness))),
            )
            for earlier, harms in group.also.items()
            for harm in harms
        ]
        lines += [
            Phrase(
                "{event} ({seriousness}). How often: {often}. Get help: {help}",
                event=say(harm.event).rstrip("."),
                seriousness=_inside(say(words.named(words.SERIOUSNESS, harm.seriousness))),
                often=_inside(say(how_often(harm))),
                help=Phrase(harm.when_to_seek_help),
            )
            for harm in group.harms
        ]
        _list(console, words.arm_label(group.arm), lines or [words.no_harm(group.arm)])


def _closing(plan: Plan, console: Screen) -> None:
    _heading(console, marked("Questions to ask the clinic"))
    _list(console, "", (question.text for question in plan.questions_to_ask))
    _heading(console, marked("Says who?"))
    counts = {
        standing: sum(claim.standing == standing for claim in plan.claims)
        for standing in words.STANDING
    }
    say = console.wording.say
    told = ", ".join(f"{_inside(say(words.STANDING[s]))} {n}" for s, n in counts.items() if n)
    claims = Phrase(
        "{count} statements of one clinic's guide: {told}.", count=len(plan.claims), told=told
    )
    _line(console, claims)
    _line(console, marked("Ask with `anagen why C09`, or any other of C01 to C34."))
    _heading(console, marked("What this plan leaves out"))
    _list(
        console,
        "",
        (
            _pair(words.named(words.PART, limit.part), limit.reason)
            for limit in view.limits_beside(plan)
        ),
    )
    assumed = (
        joined(
            (
                Phrase(
                    "{key} = {value}.",
                    key=item.key,
                    value=answers.value_label(item.key, item.value),
                ),
                item.effect,
            )
        )
        for item in plan.assumed
    )
    _list(console, marked("Assumed, because the file did not say"), assumed)
    if plan.mode == "clinician":
        _list(
            console,
            marked("Answers read"),
            (_pair(what, said) for what, said in answers.told(plan.person)),
        )
    console.print()
    made = Phrase(
        "{program} {version}, evidence {evidence}, model {model}. --html PATH writes the page with "
        "charts and sources.",
        program=plan.software.name,
        version=plan.software.version,
        evidence=plan.evidence_release,
        model=plan.posterior_release,
    )
    _line(console, made, style="dim")


_COLUMNS = (
    marked("Week"),
    marked("Change (middle)"),
    marked("Hairs"),
    marked("Gain/same/loss"),
    marked("Certainty"),
)


def _pair(label: str, text: str) -> Said:
    return Phrase("{label}: {text}", label=as_said(label), text=as_said(text))


def _inside(text: str) -> str:
    """Text as it stands inside a sentence: its first letter small."""
    return text[:1].lower() + text[1:]


def _heading(console: Screen, text: str) -> None:
    console.print()
    _line(console, text, style="bold underline")


def _line(console: Screen, text: str, *, indent: int = 0, style: str | None = None) -> None:
    said = _plain(console.wording.say(text))
    console.print(Padding(said, (0, 0, 0, indent), expand=False), style=style)


def _plain(text: str) -> str:
    """Text that can't style the page or steer the terminal, whatever a person's name holds."""
    return escape("".join(char if char.isprintable() or char == "\n" else "?" for char in text))


def _list(console: Screen, heading: str, lines: Iterable[str], style: str = "bold") -> None:
    items = list(lines)
    if not items:
        return
    if heading:
        _line(console, f"{console.wording.say(heading)}:", style=style)
    for item in items:
        table = Table.grid(padding=(0, 1, 0, 0))
        table.add_row("  -", _plain(console.wording.say(item)))
        console.print(table)
