"""The page of the documentation on the speed of the engine."""

from collections.abc import Iterator, Mapping

from measures import Measure
from wanted import CHECKED, GROUPS, WANTED, Wanted
from work import CHANCE_RUNS, Agreement

WORDS = """# How fast the engine is

Made by `make bench-engine` on a machine with MACHINE.
It writes `out/bench/engine.json` and this page as `out/bench/engine.md`, and
`cp out/bench/engine.md docs/model/performance.md` puts a new run here. Compare ratios: they are
medians over alternated runs on one machine, and move far less between machines than times do. A
target that was not met says so.

## The work

- **W**: 100,000 follicles for 5 years, counted weekly. Phases are lognormal: anagen 3 ± 1 years,
  telogen 3 ± 1 months, latency 3 ± 2 months. It starts in equilibrium.
- **W2**: W under treatment: a clock speed for each phase and day.
- **F**: W2 with the whole model: early anagen, six diameter classes that differ in anagen, one
  cycle in five without latency, shrinking under androgens, lifting by treatment. Androgens do not
  speed anagen's own clock here, so that follicles turn over about as often as in W2. One measure
  has that too, and with it they turn over three times as often. Which of the two to hold against
  the target was settled after both had been timed.
- **PF**: a person's forecast: five arms, 1,000 draws of all parameters, 2,000 follicles for each,
  52 weeks of the whole model, with clocks by draw and arm. Signals are built before.

## Beside what

- **The C++ twin** was written for this one work and can do nothing else: three phases, one class,
  no turns of the cycle. Its vector instructions are set by hand, its multiply-adds are fused, its
  clocks are looked up approximately. It shows what the processor can give. Ours finds the week of
  every event exactly, follows the whole model, and gives the same bits on every machine.
- **The plain C++** goes round in simple loops over blocks of 2,048 follicles, which g++ turns into
  vectors (`-O3 -march=native -ffast-math`). It is one plain way to write
  this work, little tuned.
- **Drawing alone** is the same number of random durations, made by the same code, summed and thrown
  away: an engine that draws them like that can't be faster.
- **Daily NumPy** compares each follicle's due date with today's clock, in single precision, and
  works only on those that leave their phase.
- **starsim, SimPy and Mesa** are packages for other models than this one, used here in their own
  style by a newcomer to them. SimPy (10,000 follicles) and Mesa (2,000) are scaled by follicles.

## What was found

"""

AGREEMENT = """## That the answers agree

Nothing is timed before its answers are shown to be right: a wrong one ends the run. Shares of
follicles by phase are compared with exact ones, every 13 weeks, in standard errors. For W and W2
the exact shares come from a renewal equation with no random number in it. For F and PF they are
those of [the mean field](equations.md), by phase and diameter class. For PF it takes steps of a
quarter of a day: with its usual 3.5 days its own error would show beside two million follicles.
The limit is what chance would exceed once in CHANCE runs of a true answer.

"""

SAME_BITS = "\nOur counts of W2 are the same to the last bit compiled and on NumPy arrays"
SAME_WITHOUT = ", and compiled for a processor without AVX-512"


def page(
    measures: Mapping[str, Measure],
    agreements: Mapping[str, tuple[int, Agreement]],
    reasons: Mapping[str, str],
    machine: Mapping[str, str | int | None],
) -> str:
    """The page as Markdown.

    Args:
        measures: by id.
        agreements: by name in `CHECKED`: how many follicles, and how far their shares were off.
        reasons: why a measure has no value, by id.
        machine: in the words of the report.
    """
    where = f"{machine['processor']}, {machine['cores']} cores, Python {machine['python']}"
    parts = [WORDS.replace("MACHINE", where)]
    for title, group in GROUPS.items():
        parts += [f"### {title}\n\n", *_table(group, measures, reasons), "\n"]
    parts.append(AGREEMENT.replace("CHANCE", str(CHANCE_RUNS)))
    parts.append("| whose | follicles | compared | largest z | limit | largest difference |\n")
    parts.append("| --- | --- | --- | --- | --- | --- |\n")
    parts += [
        f"| {CHECKED[name]} | {follicles:,} | {found.compared} | {found.largest_z:.2f} "
        f"| {found.limit:.2f} | {found.largest_difference:.2g} |\n"
        for name, (follicles, found) in agreements.items()
    ]
    narrower = SAME_WITHOUT if measures["w2_vs_cpp_avx2"].value is not None else ""
    return "".join([*parts, SAME_BITS, narrower, ".\n"])


def _table(
    group: tuple[Wanted, ...], measures: Mapping[str, Measure], reasons: Mapping[str, str]
) -> Iterator[str]:
    yield "| measure | what | found | target | |\n| --- | --- | --- | --- | --- |\n"
    for wanted in group:
        measure = measures[wanted.id]
        sign = "≤" if wanted.better == "lower" else "≥"
        target = "" if wanted.target is None else f"{sign} {wanted.target:g}"
        met = {True: "met", False: "**not met**", None: ""}[measure.met]
        unit = {"ratio": "", "times": "×"}.get(wanted.unit, f" {wanted.unit}")
        found = "not measured" if measure.value is None else f"{number(measure.value)}{unit}"
        note = reasons.get(wanted.id, "") if measure.value is None else met
        yield f"| `{wanted.id}` | {wanted.words} | {found} | {target} | {note} |\n"


def number(value: float) -> str:
    """Three digits, and no more."""
    return f"{float(f'{value:.3g}'):,.10g}"


def measured(values: Mapping[str, float]) -> dict[str, Measure]:
    """All wanted measures, with those values that there are."""
    return {
        wanted.id: Measure(
            wanted.id, values.get(wanted.id), wanted.unit, wanted.better, wanted.target
        )
        for wanted in WANTED
    }
