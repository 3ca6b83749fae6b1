"""The mathematics of hair: one spec, clocks, baseline population, methods, observation."""

from anagen.follicle.history import untreated_history
from anagen.follicle.population import Population, healthy_population
from anagen.follicle.run import FollicleRun
from anagen.follicle.signals import Signals, untreated
from anagen.follicle.simulate import simulate
from anagen.follicle.spec import (
    EXPONENTIAL,
    DiameterGrid,
    Erlang,
    Fixed,
    FollicleModel,
    LogNormal,
    UnsupportedModelError,
)

__all__ = [
    "EXPONENTIAL",
    "DiameterGrid",
    "Erlang",
    "Fixed",
    "FollicleModel",
    "FollicleRun",
    "LogNormal",
    "Population",
    "Signals",
    "UnsupportedModelError",
    "healthy_population",
    "simulate",
    "untreated",
    "untreated_history",
]
