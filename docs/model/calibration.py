"""Writes the page on the calibration: what was fitted, what was learned, what was not.

It reads the release that forecasts use, and runs the likelihood at its draws; chains are not
needed. Needs the optional part `calibrate`.
"""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np

from anagen.calibrate.run import one_thread

one_thread()  # before anything imports the sampler's library

import jax  # noqa: E402

from anagen.calibrate.gather import as_parameters, prior_columns  # noqa: E402
from anagen.calibrate.likelihood import Likelihood  # noqa: E402
from anagen.calibrate.publish import over_draws  # noqa: E402
from anagen.calibrate.setup import likelihood  # noqa: E402
from anagen.calibrate.targets import Observation  # noqa: E402
from anagen.evidence import load_evidence  # noqa: E402
from anagen.posterior import current_release, load_release  # noqa: E402
from anagen.posterior.store import Manifest, current_edition, read_manifest, release_folder  # noqa: E402

DRAWS = 600
"""Draws of prior and posterior whose predictions are laid beside the published numbers."""

HERE = Path(__file__).parent
REHEARSAL = HERE / "data" / "rehearsal.csv"

SAYS = {"data_led": "data", "prior_led": "partly", "not_learned": "**prior only**"}

WORDS = """# Calibration

Made by `python -m docs.model.calibration` with the release `RELEASE`. The release itself is made by

    anagen calibrate --release posterior-YYYY.MM

which needs `pip install 'anagen[calibrate]'`; it goes on where it stopped. Equations C1–C5 are on
the page [equations](equations.md).

## In short

SUMMARY

## What is fitted

Every study row of `use: fit`, all at once: RESULTS numbers of STUDIES studies. Rows of `use: check`
are never seen. Where a study printed no standard error, `calibrate/data/targets.yaml` says what was
taken instead and why. *Prior* and *after* are 90 % ranges of a new study of this size: parameters,
differences between trials, and sampling. A number outside its range after the fit is bold.

FITTED

## What was learned

*Before* is mean ± SD of the prior, *after* the median and the 90 % range. The last column says who
speaks: the data if the SD fell below 60 % of the prior's, partly up to 90 %, else the prior alone.
All of it is of the whole model, before the reduced ones are mixed in.

LEARNED

**What the published trials do not tell:** SILENT. These stay what they were believed to be, with
the reasons that `anagen why` gives. Also untouched, because no row speaks of them at all: how the
effect of exosomes splits into channels, and how long it lasts.

## Two rival ways back

A treatment may wake empty follicles (reactivation) or thicken thin ones (reversal). The model was
fitted with both, and without either; each study in turn was left out and predicted (by importance
weights, PSIS). The release mixes them by how well they predict, softened by how little a sum over
so few studies tells (pseudo-BMA with the Bayesian bootstrap).

WAYS

A worst Pareto shape above 0.7 means that leaving out that study by weights is not to be trusted.

## Bias by design

Both views of one question, in hairs per cm²: what a study reports, and what its treatment does.

BIAS

The sweep says how far the answer moves with what nobody knows: the effects among the draws
where the shift is low, and where it is high.

SWEEP

## Does the sampler find the truth?

REHEARSAL

## Chains

CHAINS
"""


REHEARSED = """Simulation-based calibration: {refits} evidence bases were made up from parameters
drawn from their priors, and a reduced fit (five studies, eleven parameters) was run on each. The
rank of each true value among the draws must be uniform. The p-value is of a chi-square test on
ten bins; with eleven tests, one below {limit} would be a fault. A refit took {usual} s (at most
{most} s) on one core, `anagen calibrate --rehearse 100`."""

SAMPLED = """NUTS with a dense mass matrix: {chains} chains, {warmup} draws of tuning and {draws}
kept, seed {seed}, for the whole model; two thirds of that for each reduced one (half the tuning
for reversal alone). R-hat (rank-normalised) and draws' worth (the lesser of bulk and tail) are
the worst of the three models. Made with {versions}."""


def page() -> str:
    """The whole page."""
    evidence = load_evidence()
    manifest = read_manifest(release_folder(current_edition()))
    release = load_release(manifest.edition, evidence.parameters)
    of = likelihood()
    after = {
        name: values[:: max(len(values) // DRAWS, 1)] for name, values in release.learned.items()
    }
    before = {
        name: values[:DRAWS]
        for name, values in prior_columns(evidence.parameters, release.learned).items()
    }
    ranges = [_ranges(of, columns) for columns in (before, after)]
    parts = {
        "RELEASE": current_release(evidence.parameters).id,
        "RESULTS": str(len(of.rows)),
        "STUDIES": str(len(of.blocks)),
        "SUMMARY": "\n".join(_summary(of, ranges[1], manifest)),
        "FITTED": "\n".join(_fitted(of, *ranges)),
        "LEARNED": "\n".join(_learned(manifest)),
        "SILENT": ", ".join(
            f"`{name}`" for name, one in manifest.columns.items() if one.says == "not_learned"
        ),
        "WAYS": "\n".join(_ways(manifest)),
        "BIAS": "\n".join(_bias(release.learned)),
        "SWEEP": "\n".join(_sweep(of, after)),
        "REHEARSAL": "\n".join(_rehearsal()),
        "CHAINS": "\n".join(_chains(manifest)),
    }
    text = WORDS
    for name, made in parts.items():
        text = text.replace(name, made)
    return text


def _ranges(of: Likelihood, columns: dict[str, np.ndarray]) -> np.ndarray:
    """5, 50 and 95 % of every number as a new study would report it, (3, numbers)."""
    values = as_parameters(columns)
    draws = len(next(iter(values.values())))
    keys = jax.random.split(jax.random.PRNGKey(1), draws)
    found = jax.jit(lambda many, each: jax.lax.map(lambda one: of.replicate(*one), (many, each)))(
        values, keys
    )
    return np.asarray(np.quantile(np.asarray(found), (0.05, 0.5, 0.95), axis=0))


def _shown(one: Observation, value: float) -> str:
    if one.measure == "log_sd":
        return f"{np.exp(value):.1f}"
    return f"{value:.2f}" if one.measure.startswith("tracked") else f"{value:.1f}"


def _fitted(of: Likelihood, prior: np.ndarray, after: np.ndarray) -> Iterator[str]:
    yield "| study | number | published | SE | prior | after |"
    yield "|---|---|---|---|---|---|"
    for place, one in enumerate(of.rows):
        low, middle, high = after[:, place]
        inside = low <= one.value <= high
        told = f"{_shown(one, middle)} ({_shown(one, low)} to {_shown(one, high)})"
        error = one.se * np.exp(one.value) if one.measure == "log_sd" else one.se
        yield (
            f"| {one.study} | {one.name} | {_shown(one, one.value)} | {error:.2g} | "
            f"{_shown(one, prior[0, place])} to {_shown(one, prior[2, place])} | "
            f"{told if inside else f'**{told}**'} |"
        )


def _summary(of: Likelihood, after: np.ndarray, manifest: Manifest) -> Iterator[str]:
    observed = of.observed()
    inside = int(((after[0] <= observed) & (observed <= after[2])).sum())
    says = [one.says for one in manifest.columns.values()]
    exosome = manifest.columns["exosome-net-112"]
    yield f"- {inside} of {len(observed)} fitted numbers lie inside their 90 % range after the fit."
    yield (
        f"- Of {len(says)} learned quantities the data lead {says.count('data_led')}, speak partly "
        "of "
        f"{says.count('prior_led')}, and say next to nothing of {says.count('not_learned')}."
    )
    yield (
        f"- Exosomes, controlled effect at 16 weeks: {exosome.q50:.1f} hairs per cm² (90 % range "
        f"{exosome.q05:.1f} to {exosome.q95:.1f}). One randomised trial of twenty men narrowed it "
        f"from an SD of {exosome.prior_sd:.0f} to {exosome.sd:.1f}; no effect and harm are inside."
    )
    yield (
        f"- Chains: R-hat at most {manifest.most_r_hat:.3f}, at least {manifest.least_ess:.0f} "
        f"draws' worth, {manifest.divergences} divergences."
    )


def _learned(manifest: Manifest) -> Iterator[str]:
    yield "| parameter | before | after | SD after / before | who speaks |"
    yield "|---|---|---|---|---|"
    for name, one in manifest.columns.items():
        yield (
            f"| `{name}` | {one.prior_mean:.3g} ± {one.prior_sd:.2g} | {one.q50:.3g} "
            f"({one.q05:.3g} to {one.q95:.3g}) | {one.sd / one.prior_sd:.2f} | {SAYS[one.says]} |"
        )


def _ways(manifest: Manifest) -> Iterator[str]:
    yield "| ways back | log score | behind the best | weight | worst Pareto shape |"
    yield "|---|---|---|---|---|"
    names = {"both": "both", "reactivation": "reactivation alone", "reversal": "reversal alone"}
    for name, found in manifest.ways_back.items():
        yield (
            f"| {names[name]} | {found['elpd']:.1f} | {found['behind_best']:.1f} ± "
            f"{found['behind_best_se']:.1f} | {found['weight']:.2f} | {found['worst_shape']:.2f} |"
        )


def _bias(learned: Mapping[str, np.ndarray]) -> Iterator[str]:
    yield "| a study that | reports more by | before | after |"
    yield "|---|---|---|---|"
    names = {
        "bias-single-arm": "has no comparison",
        "bias-industry": "has none and is the maker's own",
        "bias-pool": "pools what was published",
    }
    before = prior_columns(load_evidence().parameters, dict.fromkeys(names))
    for name, words in names.items():
        told = [
            f"{values.mean():.1f} ± {values.std():.1f}" for values in (before[name], learned[name])
        ]
        yield f"| {words} | `{name}` | {told[0]} | {told[1]} |"
    retrospective = load_evidence().parameters["bias-retrospective"].distribution
    prior = f"{retrospective.mean:.1f} ± {retrospective.sd:.1f}"
    words = "was put together after the fact"
    yield f"| {words} | `bias-retrospective` | {prior} | not learned: no row |"


def _sweep(of: Likelihood, columns: dict[str, np.ndarray]) -> Iterator[str]:
    """The two injected treatments' controlled effects, split by the shifts that are least known."""
    pooled = next(place for place, one in enumerate(of.rows) if one.study == "giordano-2018")
    prp = over_draws(of.mean, columns)[:, pooled] - columns["bias-pool"]
    exosomes = columns["exosome-net-112"]
    yield (
        "| shift | exosomes where it is low (lower third) | where it is high (upper third) "
        "| PRP where it is low | where it is high |"
    )
    yield "|---|---|---|---|---|"
    for name in ("bias-single-arm", "bias-industry", "bias-pool"):
        low, high = np.quantile(columns[name], (1 / 3, 2 / 3))
        parts = (columns[name] <= low, columns[name] >= high)
        cells = [
            f"{means[part].mean():.1f} ± {means[part].std():.1f}"
            for means in (exosomes, prp)
            for part in parts
        ]
        yield f"| `{name}` | {' | '.join(cells)} |"
    low, middle, high = np.quantile(exosomes, (0.05, 0.5, 0.95))
    yield f"\nExosomes, controlled effect at 16 weeks: {middle:.1f} ({low:.1f} to {high:.1f})."
    low, middle, high = np.quantile(prp, (0.05, 0.5, 0.95))
    yield (
        "PRP, controlled effect at 24 weeks after three monthly sessions: as pooled "
        f"{of.rows[pooled].value:.1f}; adjusted {middle:.1f} ({low:.1f} to {high:.1f})."
    )


def _rehearsal() -> Iterator[str]:
    with REHEARSAL.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    refits = len({row["refit"] for row in rows})
    seconds = sorted(float(row["seconds"]) for row in rows)
    yield REHEARSED.format(
        refits=refits,
        limit=f"{0.05 / 11:.4f}",
        usual=f"{seconds[len(seconds) // 2]:.0f}",
        most=f"{seconds[-1]:.0f}",
    )
    yield ""
    yield "| parameter | ranks by tenths | in the middle half | p |"
    yield "|---|---|---|---|"
    for name in dict.fromkeys(row["parameter"] for row in rows):
        ranks = np.array([int(row["rank"]) for row in rows if row["parameter"] == name])
        whole = int(rows[0]["ranks"])
        bins = np.bincount(np.minimum(ranks * 10 // whole, 9), minlength=10)
        middle = np.mean((ranks >= whole / 4) & (ranks < 3 * whole / 4))
        yield (
            f"| `{name}` | {' '.join(map(str, bins))} | {100 * middle:.0f} % | "
            f"{chi_square_p(bins):.2f} |"
        )


def chi_square_p(bins: np.ndarray) -> float:
    """Chance of bins at least as uneven as these, were all equally likely."""
    from jax.scipy.special import gammaincc

    expected = bins.sum() / len(bins)
    statistic = float(((bins - expected) ** 2 / expected).sum())
    return float(gammaincc((len(bins) - 1) / 2.0, statistic / 2.0))


def _chains(manifest: Manifest) -> Iterator[str]:
    versions = ", ".join(f"{name} {version}" for name, version in manifest.versions.items())
    yield SAMPLED.format(
        chains=manifest.chains,
        warmup=manifest.warmup,
        draws=manifest.draws_per_chain,
        seed=manifest.seed,
        versions=versions,
    )
    yield ""
    yield "| parameter | R-hat | draws' worth |"
    yield "|---|---|---|"
    for name, one in manifest.columns.items():
        yield f"| `{name}` | {one.r_hat:.3f} | {one.ess:.0f} |"


def main() -> None:
    """Write the page."""
    (HERE / "calibration.md").write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
