"""Options side by side, pros beside cons, and what is known of the wished product."""

from collections.abc import Iterable
from decimal import Decimal

from anagen.catalogue import Catalogue
from anagen.catalogue.schema import ComparisonEntry, PointEntry
from anagen.forecasting.model import Forecast, NoForecast
from anagen.plan.decide import Decisions
from anagen.plan.model import Comparison, ComparisonCell, ComparisonRow, Point
from anagen.plan.wished import Wished
from anagen.treatment.arms import Arm, parse_arm
from anagen.wording import Phrase, joined, marked

PROHIBITED_RULE = "R-prohibited-here"
"""Told by the regulator's own entry already."""

_WEAKEST_FIRST = (
    "contradicted",
    "conflicting",
    "unsupported",
    "not_established",
    "weak",
    "supported",
)
NOT_COVERED = ComparisonCell(marked("not established"), "not_established", ())


def comparison(
    catalogue: Catalogue, wished: Wished, decided: Decisions, forecast: Forecast | NoForecast
) -> Comparison:
    """The comparison rows, and the pros and cons of the wished arm for this person."""
    pros, cons = pros_and_cons(catalogue, wished.arm.id)
    if "exosome" in wished.arm.components:
        cons = (*cons, product_evidence(catalogue, wished.donor_source))
    own_pros, own_cons = _of_this_person(wished.arm, decided, forecast)
    return Comparison(
        comparison_rows(catalogue, wished.arms), (*own_pros, *pros), (*own_cons, *cons)
    )


def _of_this_person(
    arm: Arm, decided: Decisions, forecast: Forecast | NoForecast
) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """What speaks for and against the arm in this person's own answers and place."""
    pros: list[Point] = []
    cons: list[Point] = []
    for part in arm.components:
        entry = decided.regulatory.treatments[part]
        known = "supported" if entry.sources else "not_established"
        point = Point(
            f"approval-{part}",
            Phrase("In your country: {text}", text=Phrase(entry.text)),
            known,
            ("C18",),
            entry.sources,
        )
        (pros if entry.status == "approved" else cons).append(point)
    cons += [
        Point(f"caution-{found.rule}", found.text, "supported", found.claims, found.sources)
        for found in decided.candidacy.findings
        if found.kind in ("contraindication", "caution") and found.rule != PROHIBITED_RULE
    ]
    quote = decided.quote
    if quote is not None and quote.low is not None and quote.high is not None and arm.components:
        span = Phrase("{low} to {high}", low=Decimal(quote.low), high=Decimal(quote.high))
        price = Phrase(
            "Your course may cost {span} {currency}.", span=span, currency=quote.currency
        )
        cons.append(Point("your-price", price, "weak", quote.claims, quote.sources))
    if isinstance(forecast, NoForecast):
        cons.append(Point("no-forecast", forecast.reason, "supported", ("C14",), forecast.sources))
    return tuple(pros), tuple(cons)


def comparison_rows(catalogue: Catalogue, arms: Iterable[str]) -> tuple[ComparisonRow, ...]:
    """Every comparison row answered for every arm; a sum takes the answers of its parts.

    Claims: C29.
    """
    arms = tuple(arms)
    return tuple(
        ComparisonRow(row.id, row.text, {arm: _cell(row, arm) for arm in arms})
        for row in catalogue.comparison.values()
    )


def _cell(row: ComparisonEntry, arm_id: str) -> ComparisonCell:
    answers = {str(name): answer for name, answer in row.by_component.items()}
    names = (arm_id,) if arm_id in answers else parse_arm(arm_id).components
    parts = [(name, answers[name]) for name in names if name in answers]
    if not parts:
        return NOT_COVERED
    if len(parts) == 1:
        part = parts[0][1]
        return ComparisonCell(part.text, part.standing, part.sources)
    return ComparisonCell(
        text=joined(
            Phrase("{label}: {text}", label=parse_arm(name).label, text=Phrase(part.text))
            for name, part in parts
        ),
        standing=min((part.standing for _, part in parts), key=_WEAKEST_FIRST.index),
        sources=tuple(dict.fromkeys(name for _, part in parts for name in part.sources)),
    )


def pros_and_cons(
    catalogue: Catalogue, wished_arm: str
) -> tuple[tuple[Point, ...], tuple[Point, ...]]:
    """Pros and cons of the wished arm, each with its standing.

    Claims: C22, C23.
    """
    components = set(parse_arm(wished_arm).components)
    points = [p for p in catalogue.points.values() if components & set(p.components)]
    return (
        tuple(_point(p) for p in points if p.kind == "pro"),
        tuple(_point(p) for p in points if p.kind == "con"),
    )


def _point(entry: PointEntry) -> Point:
    return Point(entry.id, entry.text, entry.standing, entry.claims, entry.sources)


def product_evidence(catalogue: Catalogue, donor_source: str | None) -> Point:
    """What is known of the wished donor source in people with hair loss.

    Claims: C19.
    """
    if donor_source is None or donor_source not in catalogue.products:
        text = Phrase(
            "You named no donor source. Ask the clinic: the source changes what has been studied."
        )
        return Point("product-unknown", text, "not_established", ("C19",), ("article",))
    product = catalogue.products[donor_source]
    return Point(
        f"product-{product.id}",
        Phrase("{label}: {text}", label=Phrase(product.label), text=Phrase(product.evidence)),
        product.standing,
        ("C19",),
        tuple(dict.fromkeys(("article", *product.sources))),
    )
