"""How well each possible past of a person agrees with stage and measurements."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from anagen.follicle import FollicleRun
from anagen.follicle.run import TERMINAL_THRESHOLD_UM
from anagen.forecasting.request import Measured
from anagen.posterior import Release
from anagen.posterior.keyed import Floats


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


@dataclass(frozen=True, slots=True)
class Errors:
    """What a reading is off by.

    Attributes:
        density: coefficient of variation of a density, for each candidate.
        diameter: coefficient of variation of mean diameter.
        anagen_points: SD of the anagen share in points.
        field_cm2: area counted.
    """

    density: Floats
    diameter: float
    anagen_points: float
    field_cm2: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """Log weight of each candidate, and what is then known of the log of its follicle density.

    The density of follicles enters every count as a factor, so given the rest of a candidate its
    log has a normal distribution that is known in closed form. Equation L1.
    """

    log_weight: Floats
    density_mean: Floats
    density_sd: Floats


def agreement(
    shape: Shape, measured: Sequence[Measured], errors: Errors, prior: tuple[Floats, float]
) -> Agreement:
    """Weigh candidates by measurements.

    Args:
        shape: what each candidate shows at the days measured, per follicle.
        measured: the measurements.
        errors: their errors.
        prior: mean and SD of the log of the candidate's follicle density before measuring.
    """
    mean, spread = prior
    log_weight = np.zeros_like(mean)
    precision = np.full_like(mean, spread**-2)
    pulled = np.zeros_like(mean)
    squares = np.zeros_like(mean)
    for one in measured:
        log_weight += _ratios(shape, one, errors)
        counted = _count(shape, one)
        if counted is None:
            continue
        reading, share = counted
        variance = errors.density**2 + (1.0 - share) / (reading * errors.field_cm2)
        gap = np.log(reading) - np.log(share) - mean
        precision += 1.0 / variance
        pulled += gap / variance
        squares += gap**2 / variance
        log_weight -= 0.5 * np.log(variance)
    shift = pulled / precision
    log_weight -= 0.5 * (squares - shift * pulled) + 0.5 * np.log(precision)
    return Agreement(log_weight, mean + shift, precision**-0.5)


def _count(shape: Shape, one: Measured) -> tuple[float, Floats] | None:
    """The reading that tells the density, and the share of follicles that it counts."""
    if one.total_density_per_cm2 is not None:
        return one.total_density_per_cm2, shape.at(shape.total, one.days_ago)
    if one.terminal_density_per_cm2 is not None:
        return one.terminal_density_per_cm2, shape.at(shape.terminal, one.days_ago)
    return None


def _ratios(shape: Shape, one: Measured, errors: Errors) -> Floats:
    """Log likelihood of what does not depend on the density of follicles."""
    total = shape.at(shape.total, one.days_ago)
    found = np.zeros_like(total)
    hairs = errors.field_cm2 * (one.total_density_per_cm2 or one.terminal_density_per_cm2 or 100.0)
    if one.total_density_per_cm2 is not None and one.terminal_density_per_cm2 is not None:
        share = shape.at(shape.terminal, one.days_ago) / total
        variance = errors.density**2 + (1.0 - share) / (share * hairs)
        gap = np.log(one.terminal_density_per_cm2 / one.total_density_per_cm2) - np.log(share)
        found -= 0.5 * gap**2 / variance + 0.5 * np.log(variance)
    if one.mean_diameter_um is not None:
        expected = shape.at(shape.diameter_um, one.days_ago)
        gap = np.log(one.mean_diameter_um / expected) / errors.diameter
        found -= 0.5 * gap**2
    if one.anagen_percent is not None:
        expected = shape.at(shape.anagen_percent, one.days_ago)
        variance = errors.anagen_points**2 + expected * (100.0 - expected) / hairs
        gap = one.anagen_percent - expected
        found -= 0.5 * gap**2 / variance + 0.5 * np.log(variance)
    return found


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


def resample(log_weight: Floats, draws: int, offset: float) -> tuple[np.ndarray, float]:
    """Systematic resampling: chosen candidates, and how many the weights are worth.

    Args:
        log_weight: of each candidate.
        draws: how many to choose.
        offset: one uniform number in (0, 1).
    """
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    edges = np.cumsum(weight)
    edges[-1] = 1.0
    chosen = np.searchsorted(edges, (np.arange(draws) + offset) / draws)
    return chosen, float(1.0 / (weight**2).sum())
