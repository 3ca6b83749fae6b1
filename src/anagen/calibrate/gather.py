"""From finished chains to joint draws and their diagnostics."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from anagen.calibrate.chain import load_chain
from anagen.evidence.schema import Parameter
from anagen.posterior import Keyed
from anagen.posterior.release import SHARE_MARK
from anagen.posterior.sample import sample, sample_shares
from anagen.posterior.store import Learned

PRIOR_DRAWS = 20_000
DATA_LED, PRIOR_LED = 0.6, 0.9
"""SD of the posterior as a share of the prior's: below the first the data lead, above the second
they say next to nothing."""


@dataclass(frozen=True, slots=True)
class Gathered:
    """All chains of a run.

    Attributes:
        columns: draws by column, (chains, draws).
        diverging: trajectories that diverged.
        gradients: gradients taken in all, tuning left out.
    """

    columns: Mapping[str, np.ndarray]
    diverging: int
    gradients: int

    @property
    def flat(self) -> dict[str, np.ndarray]:
        """Draws of all chains, one after the other."""
        return {name: values.reshape(-1) for name, values in self.columns.items()}


def gather(folder: Path, parameters: Mapping[str, Parameter]) -> Gathered:
    """The finished chains of a folder."""
    pieces = [load_chain(path) for path in sorted(folder.glob("chain-*.pickle"))]
    columns: dict[str, np.ndarray] = {}
    for name in pieces[0].values:
        weights = parameters[name].distribution.weights
        if weights is None:
            columns[name] = np.stack([piece.values[name] for piece in pieces])
            continue
        for place, share in enumerate(weights):
            columns[f"{name}{SHARE_MARK}{share}"] = np.stack(
                [piece.values[name][:, place] for piece in pieces]
            )
    return Gathered(
        columns,
        diverging=sum(int(piece.diverging.sum()) for piece in pieces),
        gradients=sum(int(piece.steps.sum()) for piece in pieces),
    )


def diagnose(gathered: Gathered, parameters: Mapping[str, Parameter]) -> dict[str, Learned]:
    """How every column mixed, and what the data did to its prior."""
    from arviz_stats.base import array_stats as stats

    before = prior_columns(parameters, gathered.columns)
    found = {}
    for name, values in gathered.columns.items():
        prior = before[name]
        ratio = float(values.std() / prior.std())
        q05, q50, q95 = (float(q) for q in np.quantile(values, (0.05, 0.5, 0.95)))
        found[name] = Learned(
            r_hat=float(stats.rhat(values, chain_axis=0, draw_axis=1)),
            ess=min(
                float(stats.ess(values, chain_axis=0, draw_axis=1, method="bulk")),
                float(stats.ess(values, chain_axis=0, draw_axis=1, method="tail", prob=0.1)),
            ),
            prior_mean=float(prior.mean()),
            prior_sd=float(prior.std()),
            mean=float(values.mean()),
            sd=float(values.std()),
            q05=q05,
            q50=q50,
            q95=q95,
            says=verdict(ratio),
        )
    return found


def verdict(ratio: float) -> str:
    """What the data did, from the posterior's SD as a share of the prior's."""
    if ratio < DATA_LED:
        return "data_led"
    return "prior_led" if ratio < PRIOR_LED else "not_learned"


def prior_columns(
    parameters: Mapping[str, Parameter], columns: Mapping[str, object]
) -> dict[str, np.ndarray]:
    """Draws from the priors of some columns."""
    keyed = Keyed(0, "prior")
    found: dict[str, np.ndarray] = {}
    for column in columns:
        name, _, share = column.partition(SHARE_MARK)
        law = parameters[name].distribution
        if share:
            found[column] = sample_shares(law, keyed, name, PRIOR_DRAWS)[share]
        else:
            found[column] = sample(law, keyed, name, PRIOR_DRAWS)
    return found


def as_parameters(columns: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Draws by parameter as the likelihood takes them, draws first: shares are rows."""
    parts: dict[str, list[np.ndarray]] = {}
    shared = set()
    for column, values in columns.items():
        name, _, share = column.partition(SHARE_MARK)
        parts.setdefault(name, []).append(np.asarray(values))
        if share:
            shared.add(name)
    return {
        name: np.stack(found, axis=1) if name in shared else found[0]
        for name, found in parts.items()
    }
