"""Pooling of published differences in hairs per cm²: which rows, how, and as one network."""

from anagen.evidence.meta.model import Group, Selection
from anagen.evidence.meta.network import networks
from anagen.evidence.meta.pairwise import pool
from anagen.evidence.meta.select import select

__all__ = ["Group", "Selection", "networks", "pool", "select"]
