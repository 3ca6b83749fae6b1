"""`anagen protocol`: which protocol is worth testing, and which unknown is worth a trial."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from anagen.cli.trial import dumped, json_option, progress, screen, seed_option

if TYPE_CHECKING:
    from anagen.protocol.model import Country, Protocols

DRAWS = click.IntRange(100, 20_000)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--country", "countries", multiple=True, metavar="CODE",
    help="Only this country of the file's; may be given again.",
)  # fmt: skip
@click.option("--draws", type=DRAWS, default=400, show_default=True, help="Draws of the unknown.")
@seed_option
@click.option("--html", "html_path", metavar="PATH", help="Write one page with figures.")
@json_option
def protocol(  # noqa: PLR0913, PLR0917 - the options of one verb
    file: Path,
    countries: tuple[str, ...],
    draws: int,
    seed: int,
    html_path: str | None,
    json_path: str | None,
) -> None:
    """Weigh protocols: gain, uncertainty and price by country, and what is worth finding out.

    FILE is a YAML or JSON file; an example lies in examples/protocols. `anagen schema protocol`
    prints its schema.
    """
    from anagen.protocol.build import protocols_of
    from anagen.protocol.schema import Question
    from anagen.render.files import write_outputs

    question = Question.load(file)
    if countries:
        if missing := set(countries) - set(question.countries):
            told = ", ".join(question.countries)
            raise click.UsageError(f"{min(missing)} is not in {file}; it has {told}")
        question = question.model_copy(update={"countries": countries})
    with progress("protocols") as told_progress:
        made = protocols_of(question, draws, seed, told_progress)
    outputs = {}
    if html_path:
        from anagen.render.research import protocol_page

        outputs[html_path] = protocol_page(made).encode()
    if json_path:
        outputs[json_path] = dumped(made)
    write_outputs(outputs)
    if not outputs:
        _show(made)


def _show(made: "Protocols") -> None:
    from rich import box
    from rich.table import Table

    print(f"{made.title}\nAt week {made.week}, against nothing, hairs per cm²\n")
    table = Table(box=box.SIMPLE)
    for head in ("protocol", "gain (90 %)", "chance of gain", "responders", "rests on"):
        table.add_column(head, justify="left" if head in ("protocol", "rests on") else "right")
    for one in made.protocols[1:]:
        table.add_row(
            one.id,
            f"{one.gain.mean:+.1f} ({one.gain.q05:+.1f} to {one.gain.q95:+.1f})",
            "every draw" if one.chance_of_gain == 1 else f"{one.chance_of_gain:.1%}",
            "–" if one.responders is None else f"{one.responders.mean:+.0f} in 100",
            "the prior" if one.basis == "prior_only" else f"data, {one.basis}",
        )
    screen().print(table)
    for country in made.countries:
        _show_country(country)
    for note in made.notes:
        print(f"Note: {note}")
    print(f"Model {made.posterior_release}, evidence {made.evidence_release}, seed {made.seed}.")


def _show_country(found: "Country") -> None:
    from rich import box
    from rich.table import Table

    print(f"{found.country}: prices in {found.currency}, from {', '.join(found.sources)}")
    unpriced = sorted({part for offer in found.offers for part in offer.missing})
    if unpriced:
        print(f"  No public price in {found.currency} for: {', '.join(unpriced)}.")
    table = Table(box=box.SIMPLE, title="The front, from cheap to dear", title_justify="left")
    for head in ("protocol", "cost", "for each added hair", "for each responder"):
        table.add_column(head, justify="left" if head == "protocol" else "right")
    for offer in (one for name in found.front for one in found.offers if one.id == name):
        assert offer.cost is not None
        ratios = (offer.per_hair, offer.per_responder)
        table.add_row(
            offer.id,
            f"{offer.cost.q05:,.0f} to {offer.cost.q95:,.0f}",
            *("–" if r is None or r.estimate is None else f"{r.estimate:,.0f}" for r in ratios),
        )
    screen().print(table)
    for choice in found.choices:
        span = f"{choice.from_worth:,.0f} to {choice.to_worth:,.0f} {found.currency}"
        told = choice.best or f"{choice.because} ({', '.join(choice.undecided)})"
        print(f"  If a hair per cm² is worth {span}: {told}")
    print(f"  Worth knowing, at {found.asked_at:,.0f} {found.currency} for a hair, for one person:")
    for unknown in found.unknowns[:4]:
        print(f"    {unknown.value:>10,.0f}  {unknown.text}")
    print()
