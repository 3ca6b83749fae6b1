"""One Markov chain: NUTS on the likelihood, in pieces that are kept as they are done."""

import pickle
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jax
import numpy as np
import numpyro
from numpyro.infer import NUTS, init_to_median

from anagen.calibrate.likelihood import Likelihood
from anagen.calibrate.priors import FREE, PARAMETERS, draw, middle
from anagen.calibrate.run import PIECE
from anagen.evidence.schema import Parameter

TARGET_ACCEPT = 0.9
DEPTHS = (6, 9)
"""Doublings of a trajectory at most, while tuning and after: before the scale of every direction is
known, long trajectories are wasted."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How long to sample.

    Attributes:
        warmup, draws: iterations of each chain before and after its tuning ends; whole pieces.
        seed: of everything random.
    """

    warmup: int
    draws: int
    seed: int

    @property
    def pieces(self) -> int:
        """Pieces of one chain."""
        return (self.warmup + self.draws) // PIECE


@dataclass(frozen=True, slots=True)
class Piece:
    """Some iterations of a chain.

    Attributes:
        values: parameters by id, draws first.
        diverging: whether the trajectory diverged, by draw.
        steps: gradients taken, by draw.
    """

    values: dict[str, np.ndarray]
    diverging: np.ndarray
    steps: np.ndarray


def model(
    likelihood: Likelihood, parameters: Mapping[str, Parameter], names: tuple[str, ...] = PARAMETERS
) -> Any:
    """The joint distribution as NumPyro takes it; its one argument is what was observed.

    `names` are the parameters that move; with fewer of them, others stay in the middle of their
    prior.
    """
    # NumPyro first runs a model outside of any compiled code, where steps are slow.
    densities = jax.jit(likelihood.log_likelihood)
    rest = {name: middle(parameters[name]) for name in PARAMETERS if name not in names}

    def joint(observed: jax.Array | None = None) -> None:
        values = dict(rest)
        for name in names:
            values[name] = draw(parameters[name])
        if observed is not None:
            for study, density in densities(values, observed).items():
                numpyro.factor(f"study/{study}", density)

    return joint


class Sampler:
    """NUTS, compiled once for all chains of a process."""

    def __init__(self, joint: Any, plan: Plan, observed: jax.Array) -> None:
        self.plan = plan
        self._kernel = NUTS(
            joint,
            dense_mass=True,
            target_accept_prob=TARGET_ACCEPT,
            max_tree_depth=DEPTHS,
            init_strategy=init_to_median,
        )
        self._observed = observed
        self._advance = jax.jit(self._many)
        self._slope = jax.jit(self._energy_and_slope)

    def _many(self, state: Any, observed: jax.Array) -> tuple[Any, Any]:
        def once(state: Any, _: None) -> tuple[Any, Any]:
            state = self._kernel.sample(state, (observed,), {})
            values = self._kernel.postprocess_fn((observed,), {})(state.z)
            return state, (values, state.diverging, state.num_steps)

        return jax.lax.scan(once, state, None, length=PIECE)

    def _energy_and_slope(self, free: Any, observed: jax.Array) -> Any:
        return jax.value_and_grad(self._kernel._potential_fn_gen(observed))(free)

    def start(self, chain: int) -> Any:
        """The first state of a chain."""
        return self._kernel.init(self._key(chain), self.plan.warmup, None, (self._observed,), {})

    def restart(self, first: Any, observed: jax.Array, chain: int) -> Any:
        """The first state of a chain on other numbers, without tracing the model again."""
        energy, slope = self._slope(first.z, observed)
        return first._replace(
            potential_energy=energy, z_grad=slope, rng_key=self._key(chain), energy=energy
        )

    def _key(self, chain: int) -> jax.Array:
        return jax.random.fold_in(jax.random.PRNGKey(self.plan.seed), chain)

    def advance(self, state: Any, observed: jax.Array | None = None) -> tuple[Any, Piece]:
        """One piece further, on other numbers if some are given."""
        own = self._observed if observed is None else observed
        state, (values, diverging, steps) = self._advance(state, own)
        return state, Piece(
            {name: np.asarray(value) for name, value in values.items() if not name.endswith(FREE)},
            np.asarray(diverging),
            np.asarray(steps),
        )


def run_chain(sampler: Sampler, chain: int, folder: Path) -> Iterator[int]:
    """Run a chain from where it stopped; yields the pieces done, each of them on disk.

    Warm-up pieces keep the state only. Writing goes to a new file that then takes the old one's
    name, so that a stop at any moment leaves a whole file.
    """
    path = folder / f"chain-{chain}.pickle"
    # The start is asked for even when a chain goes on: it is what makes the sampler ready.
    done, state, kept = 0, sampler.start(chain), []
    if path.exists():
        done, state, kept = pickle.loads(path.read_bytes())
    yield done
    while done < sampler.plan.pieces:
        state, piece = sampler.advance(state)
        done += 1
        if done * PIECE > sampler.plan.warmup:
            kept.append(piece)
        fresh = path.with_suffix(".new")
        fresh.write_bytes(pickle.dumps((done, jax.device_get(state), kept)))
        fresh.replace(path)
        yield done


def load_chain(path: Path) -> Piece:
    """All draws that a chain has kept, as one piece."""
    _, _, kept = pickle.loads(path.read_bytes())
    names = kept[0].values
    return Piece(
        {name: np.concatenate([piece.values[name] for piece in kept]) for name in names},
        np.concatenate([piece.diverging for piece in kept]),
        np.concatenate([piece.steps for piece in kept]),
    )
