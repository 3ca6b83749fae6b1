"""The mathematics of hair: one spec, clocks, baseline population, methods, observation."""

from anagen.follicle.backward import earlier_worth, sum_of
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
from anagen.follicle.story import Story, follicle_stories
from anagen.follicle.stream import Outcome, Streamed, streamed

__all__ = [
    "EXPONENTIAL",
    "DiameterGrid",
    "Erlang",
    "Fixed",
    "FollicleModel",
    "FollicleRun",
    "LogNormal",
    "Outcome",
    "Population",
    "Signals",
    "Story",
    "Streamed",
    "UnsupportedModelError",
    "earlier_worth",
    "follicle_stories",
    "healthy_population",
    "simulate",
    "streamed",
    "sum_of",
    "untreated",
    "untreated_history",
]
