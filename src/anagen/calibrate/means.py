"""What the model says of every observation. Equations C1–C3 and C5."""

from collections.abc import Callable, Sequence

import jax
import jax.numpy as jnp
import numpy as np

from anagen.calibrate import meanfield
from anagen.calibrate.arms import (
    MINIATURE_UM,
    TRACKED,
    Arms,
    Constants,
    Parameters,
    arm_key,
    built,
    scalp_of,
    step_of,
    unit,
)
from anagen.calibrate.clocks import Array
from anagen.calibrate.targets import Observation
from anagen.follicle.spec import DEFAULT_GRID

YEAR_DAYS = 365.25
TURNOVER_SD = 8.8
"""SD of change by turnover of follicles in 1 cm² over about a year; `anagen.follicle.observe`."""
DECLINE_SD = 3.0
"""SD between people of the untreated change over about a year."""
TRACKED_TERMINAL_UM = 50.0

Reader = Callable[[Array, Array], Array]
"""From anagen and telogen by class, and the drive, to what was read."""

CARE = {
    "topical_vehicle": "care-topical-vehicle",
    "saline": "care-saline",
    "microneedling": "care-microneedling",
}
"""Parameter of each kind of care; an oral placebo shifts nothing."""

WIDE_FIELD_STUDIES = ("natural-history-10-months",)
WIDE_FIELD_CM2 = 5.1
"""A cohort counted in a field of this size, at a marked site, outside any trial."""


class Means:
    """The means of all observations for one set of parameters.

    Args:
        rows: the observations.
        values: the parameters.
        constants: what is not learned.
        ways_back: whether treatments may reactivate, and reverse.
    """

    def __init__(
        self,
        rows: Sequence[Observation],
        values: Parameters,
        constants: Constants,
        ways_back: tuple[bool, bool],
    ) -> None:
        self._rows, self._values, self._constants = rows, values, constants
        self._scalp = scalp_of(values, constants)
        late = sorted({one.week for one in rows})
        spans = YEAR_DAYS * values["reference-years"] + 7.0 * jnp.array(late)
        past = meanfield.history(self._scalp, spans)
        self._past = {week: past[place] for place, week in enumerate(late)}
        self._start = self._past.get(0.0, past[0])
        self._scale = constants.density / _count(_visible(self._start), 30.0)
        self._courses = Arms(values, constants, *ways_back).run(self._scalp, self._start, rows)

    def all(self) -> Array:
        """One mean for each observation."""
        return jnp.stack([self._one(row) for row in self._rows])

    def _one(self, one: Observation) -> Array:
        if one.measure == "band":
            return self._band(one)
        if one.measure.startswith("tracked"):
            return self._tracked(one)
        if one.measure == "log_sd":
            return 0.5 * jnp.log(self._variance(one))
        return self._true_change(one) + self._shifts(one)

    def _true_change(self, one: Observation) -> Array:
        """Change of an arm, or its difference from no treatment, in the observation's unit."""
        reads = self._reader(one)
        before = reads(_visible(self._start), jnp.ones(()))
        untreated = reads(_visible(self._past[one.week]), jnp.ones(()))
        if one.arm == "exosome":
            after = untreated + self._values["exosome-net-112"] / self._scale
        elif one.treated:
            after = self._after(one, reads)
        else:
            after = untreated
        change = after - (untreated if one.net else before)
        if one.measure in ("percent", "weight_percent"):
            return 100.0 * change / before
        return self._scale * change

    def _after(self, one: Observation, reads: Reader) -> Array:
        course = self._courses[arm_key(one)]
        step = step_of(one.week) - 1
        found = jax.vmap(reads, in_axes=(2, 0))(course.seen[step], course.drive[step])
        return jnp.sum(found * course.weights)

    def _reader(self, one: Observation) -> Reader:
        if one.measure == "weight_percent":
            constants = self._constants
            section = np.array(DEFAULT_GRID.midpoints_um) ** 2 * np.array(constants.growth)

            def weight(seen: Array, drive: Array) -> Array:
                slowing = jnp.exp(jnp.array(constants.growth_log) * jnp.minimum(drive, 1.0))
                return jnp.sum(seen[0] * section * slowing)

            return weight

        def count(seen: Array, drive: Array) -> Array:
            del drive
            return _count(seen, one.threshold_um)

        return count

    def _shifts(self, one: Observation) -> Array:
        """What care and design add, in the observation's unit. Equation C3."""
        values = self._values
        shift = jnp.zeros(())
        if one.care in CARE and not one.net:
            shift += values[CARE[one.care]] * built(one.week, self._constants)
        if one.uncontrolled:
            shift += values["bias-single-arm"]
        if one.industry:
            shift += values["bias-industry"]
        if one.pooled:
            shift += values["bias-pool"]
        return shift * unit(one, self._constants)

    def _band(self, one: Observation) -> Array:
        values = self._values
        if one.arm == "healthy":
            seen = _visible(meanfield.healthy(self._scalp))
            follicles = self._scale * values["cohort-healthy-ratio"]
        else:
            seen = _visible(self._start)
            follicles = self._scale * values["cohort-affected-ratio"]
        share = DEFAULT_GRID.share_counted(one.threshold_um)
        if one.upper_um is not None:
            share = share - DEFAULT_GRID.share_counted(one.upper_um)
        phases = {"anagen": seen[0], "telogen": seen[1], "any": seen.sum(axis=0)}
        return follicles * jnp.sum(phases[one.phase] * share)

    def _tracked(self, one: Observation) -> Array:
        course = self._courses[TRACKED]
        seen = jnp.sum(course.seen[step_of(one.week) - 1] * course.weights, axis=2)
        if one.measure == "tracked_terminal":
            return _count(seen, TRACKED_TERMINAL_UM)
        return _count(seen, MINIATURE_UM[0]) - _count(seen, MINIATURE_UM[1])

    def _variance(self, one: Observation) -> Array:
        """Variance of one person's measured change. Equation C5."""
        values = self._values
        reading = values["reading-error-percent"] / 100.0 * self._constants.density
        found = 2.0 * reading**2 + DECLINE_SD**2
        if one.study in WIDE_FIELD_STUDIES:
            found += TURNOVER_SD**2 / WIDE_FIELD_CM2
        else:
            found += TURNOVER_SD**2 + values["visit-sd"] ** 2
        if one.treated:
            course = self._courses[arm_key(one)]
            step = step_of(one.week) - 1
            counts = jax.vmap(_count, in_axes=(2, None))(course.seen[step], one.threshold_um)
            counts = counts * self._scale
            middle = jnp.sum(counts * course.weights)
            found += jnp.sum((counts - middle) ** 2 * course.weights)
        return found


def _visible(state: Array) -> Array:
    """Anagen and telogen by class, (2, classes)."""
    return jnp.stack([state[3:6].sum(axis=0), state[6:9].sum(axis=0)])


def _count(seen: Array, threshold_um: float) -> Array:
    """Hairs at least as thick as a threshold, of (2, classes)."""
    return jnp.sum(seen * DEFAULT_GRID.share_counted(threshold_um))
