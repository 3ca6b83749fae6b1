"""Releases of the model's parameters: load, verify, draw."""

from anagen.posterior.keyed import Keyed
from anagen.posterior.release import Release, current_release, prior_release, verify

__all__ = ["Keyed", "Release", "current_release", "prior_release", "verify"]
