"""Writes the page that lays the model beside what was published about hair.

Run from the root of the repository: `python -m docs.model.literature`.
"""

from pathlib import Path

from anagen import load_evidence
from anagen.posterior import current_release
from docs.model import hair_facts, scalp_facts, theory, van_neste
from docs.model.beside import Fact, facts_table, summary

DRAWS = 400

FACTS = {
    "Untreated loss": scalp_facts.decline_facts,
    "Growing and resting hairs": scalp_facts.phase_facts,
    "Density and growth by group": scalp_facts.density_facts,
    "Growth by diameter": van_neste.growth_facts,
    "Length": hair_facts.length_facts,
    "Empty follicles": scalp_facts.kenogen_facts,
    "Seasons": scalp_facts.season_facts,
    "Under treatment": hair_facts.treatment_facts,
    "The follicular automaton": theory.automaton_facts,
}
"""What makes the facts of each part of the page."""

WORDS = """# The model beside the literature of hair

Made by `python -m docs.model.literature` from release `RELEASE`, with DRAWS draws. What
treatments do in trials stands on [a page of its own](published.md).

Every line is one published fact, whether the model meets it or not. Nothing was changed to make a
line pass. The source's own spread says how far the model's mean may lie away:

| published with | inside means | z counts |
| --- | --- | --- |
| SD between people | not more than 1 SD away | SDs |
| SE, or a p-value that bounds it | in the 95 % interval | SEs |
| a bound or a span | on the right side of it | steps of a size by judgement |
| nothing | within a size by judgement, which the line states | that size |

A range behind a model's number is its 90 % range over draws. On a baseline it holds how people
differ as well; on the reference scalp it is what stays open about the mean of many men. An SD
between people is a wide gate for a mean: the tables further down give z by SE too.

Roles: **test**, no part in making the model; **fitted**, a prior or a fit leans on the source;
**input**, a parameter is this figure, so agreement proves nothing.

## In short

SUMMARY

What the misses mean:

- **Growth by group.** One growth rate serves all, as measured in one group of men. African hair
  grows more slowly than that and Asian hair faster, so lengths and hair mass are off for both.
- **Kenogen in balding.** The model keeps it at 4 months; in the ten men it got longer. How *many*
  follicles are empty comes out right, as cycles are faster.
- **A boy's kenogen.** Adults have more in the model; a boy's scalp is none of its baselines.
- **Seasons.** Shedding is a little less uneven than published.
- **Shed hairs.** Far more fall in the model than 14 men collected. Some 26 resting hairs per cm²
  that stay about 3 months each make 0.3 a day on every cm². Either most hairs are not caught, or
  telogen is longer than 3 months and anagen with it.
- **Thin hairs under finasteride.** Fewer stay thin and more get thick than in one man, though a
  prior leans on him: reversal may be too strong, or he was one of many. Binomial SEs of one man's
  hairs are narrow.

FACTS

## Density by diameter and phase (Van Neste 2020, table 4)

33 healthy and 7 affected men. The model's scalps: `anagen.baseline("healthy")` with hair type
European and with none said, the reference scalp of trials, and `anagen.baseline("early")`. The
table does not say what hair the men had or which grade, so nothing was matched to them. The
diameters of a healthy scalp and the anagen share of the reference scalp were taken from this table;
densities were not. Cells by the table's own SD:

CELLS

With no hair type said, the model's density is that of three groups together, and too low for these
men in every count of growing hairs. With European hair it is inside, yet 30 per cm² below the mean
of these 33 men, more than their SE allows: other surveys, which the prior is taken from, found
fewer hairs. Grade II has too few resting thin hairs. The reference scalp meets every sum, but not
every class: it has **too few hairs of 20 to 30 µm** and more of 40 to 50 µm in their place. That
comes from its parameters (the diameters of a healthy scalp and how shrinking depends on diameter).
They were left as they are: seven men are few.

### Healthy men

HEALTHY

### Affected men

AFFECTED

A class is the difference of two counts. The table gives no SD for it; by judgement it has the
relative SD of the lower count, which is strict for thin hairs. *Exogen*, a hair let go but still in
place, is telogen in the model. The phase of hairs below 20 µm was not published.

### Other baselines beside the affected men

Mean, and z by the table's SD; outside in bold. Grades VI and III are further on than these men.

BASELINES
"""


def page(draws: int = DRAWS) -> str:
    """The whole page; it names the release, so that a stale page can be told."""
    found = {title: list(make(draws)) for title, make in FACTS.items()}
    parts = {
        "RELEASE": current_release(load_evidence().parameters).id,
        "DRAWS": f"{draws:,}",
        "SUMMARY": "\n".join(summary(fact for facts in found.values() for fact in facts)),
        "FACTS": "\n\n".join(_section(title, facts) for title, facts in found.items()),
        "CELLS": "\n".join(van_neste.failing(draws)),
        "HEALTHY": _cells("healthy", ("healthy, European", "healthy"), draws),
        "AFFECTED": _cells("none", ("reference", "early, men"), draws),
        "BASELINES": "\n".join(van_neste.every_baseline(draws)),
    }
    text = WORDS
    for name, made in parts.items():
        text = text.replace(name, made)
    return text


def _section(title: str, facts: list[Fact]) -> str:
    return f"## {title}\n\n" + "\n".join(facts_table(facts))


def _cells(arm: str, names: tuple[str, ...], draws: int) -> str:
    whole = van_neste.table(van_neste.cells(arm), names, draws)
    classes = van_neste.table(van_neste.classes(arm), names, draws)
    return "\n".join((*whole, "", "By class:", "", *classes))


def main() -> None:
    """Write the page."""
    Path(__file__).with_name("literature.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
