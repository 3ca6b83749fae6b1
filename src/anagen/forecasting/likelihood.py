"""How well each possible past of a person agrees with stage and measurements."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from anagen.follicle import FollicleRun
from anagen.follicle.run import TERMINAL_THRESHOLD_UM
from anagen.forecasting.request import Measured
from anagen.posterior import Release
from anagen.posterior.keyed import Floats

USUAL_DENSITY = 100.0
"""Hairs per cm² behind a share of growing hairs when no count was given."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What one follicle per cm² shows at some days, each (days, candidates).

    Attributes:
        days_ago: days before today, rising.
        total, terminal: counted share of all follicles.
        diameter_um, anagen_percent: of the counted hairs.
    """

    days_ago: tuple[int, ...]
    total: Floats
    terminal: Floats
    diameter_um: Floats
    anagen_percent: Floats

    @classmethod
    def of(cls, days_ago: Sequence[int], runs: Sequence[FollicleRun]) -> "Shape":
        """Shapes of runs of one day each, in the order of the days."""
        return cls(
            days_ago=tuple(days_ago),
            total=np.stack([run.counted()[0] for run in runs]),
            terminal=np.stack([run.counted(TERMINAL_THRESHOLD_UM)[0] for run in runs]),
            diameter_um=np.stack([run.mean_diameter_um()[0] for run in runs]),
            anagen_percent=np.stack([run.anagen_percent()[0] for run in runs]),
        )

    def at(self, values: Floats, days_ago: int) -> Floats:
        """Values at a day, linear between the known days and flat beyond them."""
        upper = int(np.searchsorted(self.days_ago, days_ago))
        if upper == 0 or upper == len(self.days_ago):
            return np.asarray(values[min(upper, len(self.days_ago) - 1)])
        low, high = self.days_ago[upper - 1], self.days_ago[upper]
        part = (days_ago - low) / (high - low)
        return np.asarray((1.0 - part) * values[upper - 1] + part * values[upper])


FIELD_KEPT, TURNOVER_DAYS = 0.25, 45.0
"""Two visits count many of the same follicles, so chance in a field is not new at each. By the
model's own turnover (equation O4), in untreated and treated men of 2 to 15 years of loss, the
chance of two counts has a correlation of 0.7 to 0.8 after 4 weeks, 0.2 to 0.4 after 12, and 0.05
to 0.35 from half a year on, for good. So a quarter of its variance is the field's own, and the rest
is shared by visits near each other, falling by e in 45 days. Equation L3."""

MISTAKE_SHARE, MISTAKE_TIMES = 0.02, 8.0
"""One value in fifty is taken to be a mistake (misread, mistyped, counted elsewhere), with an error
of eight times the usual size. Nobody has counted them: a judgement. It bounds what one value can do
and costs good values next to nothing. Equation L2."""

_SETTLING = 5
_WIDER, _FROM_PRIOR = 1.2, 0.2
"""Densities are proposed a little wider than they are thought to lie, and every fifth from the
prior, so that no weight can grow without bound."""


@dataclass(frozen=True, slots=True)
class Errors:
    """What a reading is off by.

    Attributes:
        density: coefficient of variation of a density, for each candidate.
        diameter: coefficient of variation of mean diameter.
        anagen_points: SD of the anagen share in points.
        field_cm2: area counted.
        field: how the field counted differs from the scalp around it, standard normal.
    """

    density: Floats
    diameter: float
    anagen_points: float
    field_cm2: float
    field: Floats

    def pick(self, chosen: NDArray[np.intp], field: Floats) -> "Errors":
        """Errors of chosen candidates, with a field for each."""
        return replace(self, density=self.density[chosen], field=field)


@dataclass(frozen=True, slots=True)
class Value:
    """One measured value beside what each candidate would have shown.

    Attributes:
        visit: number of its measurement.
        outcome: what was measured.
        reading: the value.
        expected, sd: mean and SD of a good reading for each candidate, of its log where `log`.
        log: whether errors are relative.
        counts_follicles: whether the density of follicles has still to be added to `expected`.
    """

    visit: int
    outcome: str
    reading: float
    expected: Floats
    sd: Floats
    log: bool
    counts_follicles: bool = False

    def at(self, density_log: Floats) -> "Value":
        """The value with the density of follicles added where it counts."""
        if not self.counts_follicles:
            return self
        return replace(self, expected=self.expected + density_log, counts_follicles=False)

    @classmethod
    def joined(cls, parts: Sequence["Value"]) -> "Value":
        """One value beside the candidates of several rounds."""
        return replace(
            parts[0],
            expected=np.concatenate([part.expected for part in parts]),
            sd=np.concatenate([part.sd for part in parts]),
        )

    @property
    def gap(self) -> Floats:
        """Distance from what was expected, in SDs."""
        reading = np.log(self.reading) if self.log else self.reading
        return np.asarray((reading - self.expected) / self.sd)

    @property
    def log_likelihood(self) -> Floats:
        """Log density of the reading: good, or a mistake. Equation L2."""
        good, mistaken = _parts(self.gap)
        return np.asarray(np.logaddexp(good, mistaken) - np.log(self.sd))

    @property
    def mistaken(self) -> Floats:
        """Chance that the reading is a mistake, given the candidate."""
        good, mistaken = _parts(self.gap)
        return np.asarray(np.exp(mistaken - np.logaddexp(good, mistaken)))


def _parts(gap: Floats) -> tuple[Floats, Floats]:
    """Log densities of a gap by a good reading and by a mistake, up to one constant."""
    good = np.log(1.0 - MISTAKE_SHARE) - 0.5 * gap**2
    mistaken = np.log(MISTAKE_SHARE / MISTAKE_TIMES) - 0.5 * (gap / MISTAKE_TIMES) ** 2
    return good, mistaken


def values_of(shape: Shape, measured: Sequence[Measured], errors: Errors) -> list[Value]:
    """Every measured value beside the candidates, in the order measured.

    A count in a field is binomial over its follicles. The instrument's error enters a total count
    once. A terminal count comes from the same picture, so only its share of the total one is read;
    which hairs are thick enough is judged anew, and that is taken to vary as much as a count does.
    Equations O1–O3.
    """
    found: list[Value] = []
    for visit, one in enumerate(measured):
        days = np.array([other.days_ago for other in measured])
        near = float(np.exp(-np.abs(days - one.days_ago) / TURNOVER_DAYS).sum())
        found += _counts(shape, visit, one, errors, near)
        found += _looks(shape, visit, one, errors, near)
    return found


def _counts(
    shape: Shape, visit: int, one: Measured, errors: Errors, near: float
) -> Iterator[Value]:
    """Total and terminal counts; `near` is how many visits share what is not the field's own."""
    total, terminal = one.total_density_per_cm2, one.terminal_density_per_cm2
    seen = {
        "total_density_per_cm2": (total, shape.total),
        "terminal_density_per_cm2": (terminal if total is None else None, shape.terminal),
    }
    for outcome, (reading, shares) in seen.items():
        if reading is None:
            continue
        share = shape.at(shares, one.days_ago)
        chance = (1.0 - share) / (reading * errors.field_cm2)
        sd = np.sqrt(errors.density**2 + (1.0 - FIELD_KEPT) * near * chance)
        own = np.sqrt(FIELD_KEPT * chance) * errors.field
        expected = np.log(share) - 0.5 * errors.density**2 + own
        yield Value(visit, outcome, reading, expected, sd, log=True, counts_follicles=True)
    if total is not None and terminal is not None:
        share = shape.at(shape.terminal, one.days_ago) / shape.at(shape.total, one.days_ago)
        chance = (1.0 - share) / (share * total * errors.field_cm2)
        sd = np.sqrt(errors.density**2 + near * chance)
        expected = np.log(total) + np.log(share)
        yield Value(visit, "terminal_density_per_cm2", terminal, expected, sd, log=True)


def _looks(shape: Shape, visit: int, one: Measured, errors: Errors, near: float) -> Iterator[Value]:
    """What does not depend on the density of follicles; `near` as for counts."""
    if one.mean_diameter_um is not None:
        expected = np.log(shape.at(shape.diameter_um, one.days_ago))
        sd = np.full_like(expected, errors.diameter)
        yield Value(visit, "mean_diameter_um", one.mean_diameter_um, expected, sd, log=True)
    if one.anagen_percent is not None:
        hairs = one.total_density_per_cm2 or one.terminal_density_per_cm2 or USUAL_DENSITY
        expected = shape.at(shape.anagen_percent, one.days_ago)
        chance = expected * (100.0 - expected) / (hairs * errors.field_cm2)
        sd = np.sqrt(errors.anagen_points**2 + near * chance)
        yield Value(visit, "anagen_percent", one.anagen_percent, expected, sd, log=False)


def density_log_given(
    values: Sequence[Value], prior: tuple[Floats, float], normal: Floats, uniform: Floats
) -> tuple[Floats, Floats]:
    """A log density of follicles for each candidate, and log prior less log proposal of it.

    It is proposed near where the counts put it, with those left out that look like mistakes.

    Args:
        values: all values; those that count follicles are used.
        prior: mean, for each candidate, and SD of the log density before measuring.
        normal: standard normal numbers, one for each candidate.
        uniform: uniform numbers in (0, 1), one for each candidate.
    """
    mean, spread = prior
    counts = [value for value in values if value.counts_follicles]
    if not counts:
        return mean + spread * normal, np.zeros_like(mean)
    sd = np.stack([value.sd for value in counts])
    wanted = np.stack([np.log(value.reading) - value.expected for value in counts])
    centre, precision = np.median(np.vstack([wanted, mean[None]]), axis=0), spread**-2.0
    for _ in range(_SETTLING):
        good, mistaken = _parts((wanted - centre) / sd)
        chance = np.exp(good - np.logaddexp(good, mistaken))
        weight = (chance + (1.0 - chance) / MISTAKE_TIMES**2) / sd**2
        precision = spread**-2.0 + weight.sum(axis=0)
        centre = (mean * spread**-2.0 + (weight * wanted).sum(axis=0)) / precision
    width = _WIDER * precision**-0.5
    near = uniform >= _FROM_PRIOR
    found = np.where(near, centre + width * normal, mean + spread * normal)
    by_prior = -0.5 * ((found - mean) / spread) ** 2 - np.log(spread)
    by_centre = -0.5 * ((found - centre) / width) ** 2 - np.log(width)
    proposal = np.logaddexp(np.log(_FROM_PRIOR) + by_prior, np.log(1.0 - _FROM_PRIOR) + by_centre)
    return found, by_prior - proposal


def stage_parameter(scale: str | None, grade: str | None) -> str:
    """Id of the parameter that says how much density is left at a grade, or with none told."""
    if scale is None or grade is None:
        return "stage-share-unknown"
    return f"stage-share-{scale}-{grade.replace(' ', '-')}"


def stage_weight(release: Release, parameter_id: str, share_left: Floats) -> Floats:
    """Log weight of candidates by the share of their healthy density that is left today.

    The map from grades to density is a prior of wide spread: nobody has published one.
    """
    distribution = release.parameters[parameter_id].distribution
    if distribution.median is None or distribution.sd_log is None:
        raise ValueError(f"{parameter_id} must be lognormal, not {distribution.law}")
    gap = np.log(share_left / distribution.median) / distribution.sd_log
    return np.asarray(-0.5 * gap**2)
