"""Writes the page that shows how well a person's own measurements narrow their forecast.

Run from the root of the repository: `python -m docs.model.personal_update`. People are made up from
the release, so that the truth about them is known. It takes some minutes; with `--page`, only the
page is written anew from the data file.
"""

import csv
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path

import numpy as np

from anagen import load_evidence
from anagen.forecasting.person_model import FEW, person_draws
from anagen.forecasting.weighing import MOST_KNOTS_TREATED
from anagen.posterior import Release, current_release
from docs.model.made_up_people import (
    CASES,
    QUANTITIES,
    UPDATE,
    Result,
    covered,
    results,
    simulated,
)

HERE = Path(__file__).parent
DATA = HERE / "data" / "personal-update.csv"
PAGE = HERE / "personal-update.md"

PEOPLE, DRAWS = 200, 1000


@dataclass(frozen=True)
class Summary:
    """One quantity over all people of a case; see `Result`.

    Attributes:
        release: what the people and the updates were drawn from.
        covered_50, covered_90: share of truths inside the 50 % and 90 % intervals.
        narrowing: median of the width of the 90 % interval over that without measurements.
        worth_05, worth_50: 5 % quantile and median of what the weights are worth.
        people_flagged: share of people with any flagged value.
        mistakes_found: share of people in whom the value made a mistake was flagged.
    """

    release: str
    case: str
    people: int
    draws: int
    quantity: str
    covered_50: float
    covered_90: float
    narrowing: float
    worth_05: float
    worth_50: float
    people_flagged: float
    mistakes_found: float


def summarised(found: list[Result], release: Release, draws: int) -> Iterator[Summary]:
    """The people of one case, quantity by quantity."""
    for quantity in QUANTITIES:
        own = [one for one in found if one.quantity == quantity]
        worth = np.quantile([one.worth for one in own], (0.05, 0.5))
        yield Summary(
            release=release.id,
            case=own[0].case,
            people=len(own),
            draws=draws,
            quantity=quantity,
            covered_50=covered(own, 0.5),
            covered_90=covered(own, 0.9),
            narrowing=round(float(np.median([one.width / one.width_before for one in own])), 3),
            worth_05=round(float(worth[0])),
            worth_50=round(float(worth[1])),
            people_flagged=float(np.mean([one.flagged > 0 for one in own])),
            mistakes_found=float(np.mean([one.found for one in own])),
        )


def timed(rounds: int = 5, draws: int = 1000) -> float:
    """Median processor seconds of one update: a course had, four visits, sizes at hand."""
    release = current_release(load_evidence().parameters)
    case = next(case for case in CASES if case.name == "course-4")
    visits = simulated(case, release, 100)[0]
    took = []
    for measured in (visits[0], *visits[:rounds]):
        start = time.process_time()
        person_draws(replace(case.request, measurements=measured), release, UPDATE, draws)
        took.append(time.process_time() - start)
    return float(np.median(took[1:]))


WORDS = """# A person's own measurements

Made by `python -m docs.model.personal_update` from release `RELEASE`.

What a person measures before, during and after a treatment moves their forecast: their hair as it
is, the pace of their loss, and how they respond. This page shows, on made-up people whose truth is
known, that the forecast gets narrower by that and stays honest. Made-up people follow the model.
**Whether real people do is another question, and nothing here answers it.**

## How it is done

The forecast begins with possible pasts: a draw of the model's parameters, a density, a drive, a
pace, years of loss, and a response to each treatment that was had. Sessions had act on their days
of each past; what is left of them goes on after today in every option. A medicine that has a first
day began then; one without was used for a year. Every past is weighed by how well it agrees with
stage and measurements. Where few agree, new ones are proposed near those that do, in three or four
rounds; the weights are those of importance sampling for the mixture of all proposals.

One value in fifty is taken to be a mistake with eight times the usual error. So a value far off
pulls little, and a good one loses next to nothing; the reasons are on
[a page of their own](../decisions/2026-11-23-personal-update.md).

## Do the intervals hold what they should?

PEOPLE men of 34, told: 6 years of loss. Every visit counts the same square centimetre, whose hairs
are followed one by one; readings have the errors that the model gives them. Each man is updated on
his own, with DRAWS draws that are not the ones he was made from. The truth is the density of his
scalp, not of the field. Chance alone moves a share of 90 % by about ±CHANCE points.

COVERAGE

Narrowing is the median width of the 90 % interval over what it was without measurements. A
response is told apart from pace and reading errors only a little: four visits around one course
narrow it to RESPONSE of its width, so two people with the same counts may still respond
differently. After nothing but an untreated past, nothing is learned of it, as it should be.

## Does it find mistakes?

A value is flagged where the rest of the answers make it very unlikely: with the value itself left
out, a good reading as far out or farther has a chance of less than 2 % shared out among all values
of the person. So of people with good readings at most about one in fifty should be flagged.

FLAGGED

A flagged value stays in the plan and on its figure, with the range that was expected. A mistake of
a few per cent can't be told from chance, and no check can tell a mistake from a person whom the
model does not describe.

## What it is worth in draws

The weights of many candidates may rest on few of them. How many equal ones they are worth, at least
in 19 of 20 people: WORTH at DRAWS draws. Where there are fewer than
FEW, the plan says that few possible pasts fit and that its curves are rougher than they look.

## What stays approximate

- Two visits count many of the same follicles. A quarter of the chance in a count is taken as the
  field's own for good, and the rest as shared by visits near each other, falling by e in 45 days.
  Both are the model's own turnover, rounded, and the same for everybody.
- All pasts rest on the draws of the model that a plan was asked for. With half of the usual
  thousand, 90 % intervals hold some points less than they should.
- The response to a treatment is one number for good. It may change in life.
- Exosomes and PRP change each other's strength only if given on one day, or planned together.
- A treated past is followed for three years. Older sessions are left out, and a medicine used for
  longer counts as three years.
- Care and attention move counts in trials; a person's own counts are taken without.
- More than SHOWN days of measurements are interpolated between SHOWN of them.
"""


def page(found: list[Summary]) -> str:
    """The page from the summaries."""
    cases = {case.name: case.words for case in CASES}
    by_case = {name: [one for one in found if one.case == name] for name in cases}
    table = ["| people had | quantity | 50 % holds | 90 % holds | narrowing |"]
    table.append("| --- | --- | --- | --- | --- |")
    table += [
        f"| {cases[one.case]} | {QUANTITIES[one.quantity]} | {100 * one.covered_50:.0f} % | "
        f"{100 * one.covered_90:.0f} % | {one.narrowing:.2f} |"
        for one in found
    ]
    flags = ["| people had | any value flagged | the mistake flagged |", "| --- | --- | --- |"]
    for name, rows in by_case.items():
        caught = f"{100 * rows[0].mistakes_found:.0f} %" if name == "mistake-4" else ""
        flags.append(f"| {cases[name]} | {100 * rows[0].people_flagged:.1f} % | {caught} |")
    people = found[0].people
    response = next(o for o in by_case["course-4"] if o.quantity == "response").narrowing
    filled = {
        "RELEASE": found[0].release,
        "PEOPLE": str(people),
        "DRAWS": str(found[0].draws),
        "CHANCE": f"{100 * 1.96 * np.sqrt(0.09 / people):.0f}",
        "COVERAGE": "\n".join(table),
        "RESPONSE": f"{100 * response:.0f} %",
        "FLAGGED": "\n".join(flags),
        "WORTH": f"{min(one.worth_05 for one in found):.0f}",
        "FEW": f"{FEW:.0f}",
        "SHOWN": str(MOST_KNOTS_TREATED),
    }
    text = WORDS
    for name, value in filled.items():
        text = text.replace(name, value)
    return text


def main() -> None:
    """Simulate unless only the page is wanted, then write it."""
    if "--page" not in sys.argv[1:]:
        release = current_release(load_evidence().parameters)
        rows = [
            asdict(row)
            for case in CASES
            for row in summarised(list(results(case, release, PEOPLE, DRAWS)), release, DRAWS)
        ]
        DATA.parent.mkdir(exist_ok=True)
        with DATA.open("w", newline="", encoding="utf-8") as file:
            names = [field.name for field in fields(Summary)]
            writer = csv.DictWriter(file, names, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    PAGE.write_text(page(_kept()), encoding="utf-8")


def _kept() -> list[Summary]:
    """The summaries of the data file."""
    with DATA.open(newline="", encoding="utf-8") as file:
        return [
            Summary(
                release=row["release"],
                case=row["case"],
                people=int(row["people"]),
                draws=int(row["draws"]),
                quantity=row["quantity"],
                covered_50=float(row["covered_50"]),
                covered_90=float(row["covered_90"]),
                narrowing=float(row["narrowing"]),
                worth_05=float(row["worth_05"]),
                worth_50=float(row["worth_50"]),
                people_flagged=float(row["people_flagged"]),
                mistakes_found=float(row["mistakes_found"]),
            )
            for row in csv.DictReader(file)
        ]


if __name__ == "__main__":
    main()
