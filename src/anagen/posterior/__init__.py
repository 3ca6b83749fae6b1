"""Releases of the model's parameters: load, verify, draw."""

from anagen.posterior.keyed import Keyed
from anagen.posterior.release import Release, prior_release, verify
from anagen.posterior.store import current_release, load_release

__all__ = ["Keyed", "Release", "current_release", "load_release", "prior_release", "verify"]
