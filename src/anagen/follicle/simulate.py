"""The one call for every method."""

from collections.abc import Sequence

from anagen.follicle.clocks import ClockTables
from anagen.follicle.meanfield import mean_field
from anagen.follicle.population import Population
from anagen.follicle.run import FollicleRun
from anagen.follicle.spec import FollicleModel

METHODS = {"meanfield": mean_field}
"""Methods by name; each takes (model, start, clocks, output_days)."""


def simulate(
    model: FollicleModel,
    start: Population,
    clocks: ClockTables,
    output_days: Sequence[float],
    method: str = "meanfield",
) -> FollicleRun:
    """Run a population through its clock tables.

    Args:
        model: the population's parameters.
        start: its state on day 0.
        clocks: signals from day 0 to at least the last output day.
        output_days: days wanted, rising.
        method: a name in METHODS.

    Raises:
        ValueError: no such method.
        UnsupportedModelError: the method cannot represent this model.
    """
    if method not in METHODS:
        raise ValueError(f"no method '{method}'; known: {', '.join(METHODS)}")
    return METHODS[method](model, start, clocks, output_days)
