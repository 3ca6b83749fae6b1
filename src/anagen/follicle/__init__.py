"""The mathematics of hair: one spec, clocks, baseline population, methods, observation."""

from anagen.follicle.clocks import ClockTables, untreated
from anagen.follicle.history import untreated_history
from anagen.follicle.population import Population, healthy_population
from anagen.follicle.run import FollicleRun
from anagen.follicle.simulate import simulate
from anagen.follicle.spec import (
    DiameterGrid,
    Erlang,
    FollicleModel,
    LogNormal,
    UnsupportedModelError,
)

__all__ = [
    "ClockTables",
    "DiameterGrid",
    "Erlang",
    "FollicleModel",
    "FollicleRun",
    "LogNormal",
    "Population",
    "UnsupportedModelError",
    "healthy_population",
    "simulate",
    "untreated",
    "untreated_history",
]
