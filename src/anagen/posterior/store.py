"""Releases on disk: a folder with the joint draws and a manifest that says how they were made.

The manifest carries the draws' SHA-256, so that a damaged or foreign file is refused.
"""

import hashlib
import io
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ConfigDict, ValidationError

from anagen.evidence.schema import Parameter
from anagen.posterior.keyed import Floats
from anagen.posterior.release import SHARE_MARK, Release, named_release

RELEASES = Path(__file__).parent / "releases"
CURRENT = "CURRENT"
"""File that names the release which everything uses."""

MANIFEST, DRAWS = "manifest.json", "draws.npy"


class ReleaseFileError(ValueError):
    """A release's files are missing, damaged, foreign, or not fit to be used."""


class Learned(BaseModel):
    """One column: how its chains mixed, and what the data did to its prior.

    Attributes:
        r_hat, ess: split R-hat and effective draws.
        prior_sd, sd: before and after.
        says: `data_led`, `prior_led` or `not_learned`, from their ratio.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    r_hat: float
    ess: float
    prior_mean: float
    prior_sd: float
    mean: float
    sd: float
    q05: float
    q50: float
    q95: float
    says: str


class Manifest(BaseModel):
    """Everything about a release but its draws."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)
    schema_version: int
    edition: str
    made_on: str
    software: str
    versions: dict[str, str]
    evidence_release: str
    priors: str
    seed: int
    chains: int
    warmup: int
    draws_per_chain: int
    divergences: int
    most_r_hat: float
    least_ess: float
    ways_back: dict[str, dict[str, float]]
    columns: dict[str, Learned]
    rows: int
    sha256: str


def current_release(parameters: Mapping[str, Parameter]) -> Release:
    """The release that everything uses unless told otherwise."""
    return load_release(current_edition(), parameters)


def current_edition() -> str:
    """The name of the release that everything uses."""
    return (RELEASES / CURRENT).read_text(encoding="utf-8").strip()


def editions() -> tuple[str, ...]:
    """Editions that come with the package, oldest first."""
    return tuple(sorted(path.parent.name for path in RELEASES.glob(f"*/{MANIFEST}")))


def load_release(edition: str | Path, parameters: Mapping[str, Parameter]) -> Release:
    """A release by its edition, or from a folder.

    What it did not learn is drawn from `parameters`, so its name depends on those too.

    Raises:
        ReleaseFileError: no such release, or files that don't belong together.
    """
    folder = release_folder(edition)
    manifest = read_manifest(folder)
    table = _draws(folder, manifest)
    learned = {name: table[:, place] for place, name in enumerate(manifest.columns)}
    unknown = sorted({name.partition(SHARE_MARK)[0] for name in learned} - set(parameters))
    if unknown:
        raise ReleaseFileError(
            f"{folder.name}: the evidence has no parameter {', '.join(unknown)}; "
            "use the software version that the manifest names"
        )
    return named_release(manifest.edition, parameters, learned)


def release_folder(edition: str | Path) -> Path:
    """Where a release lies: one of the package's, or a folder of the user's."""
    own = RELEASES / str(edition)
    if own.parent == RELEASES and (own / MANIFEST).is_file():
        return own
    given = Path(edition)
    if (given / MANIFEST).is_file():
        return given
    raise ReleaseFileError(
        f"there is no release '{edition}': give a folder with a {MANIFEST}, "
        f"or one of {', '.join(editions()) or 'none'}"
    )


def read_manifest(folder: Path) -> Manifest:
    """A release's manifest.

    Raises:
        ReleaseFileError: it cannot be read as one.
    """
    path = folder / MANIFEST
    try:
        return Manifest.model_validate(json.loads(path.read_bytes()))
    except (OSError, ValueError, ValidationError) as error:
        first = str(error).splitlines()[0]
        raise ReleaseFileError(f"{path}: not a manifest of a release ({first})") from error


def what_data_did(manifest: Manifest, parameter_id: str) -> tuple[str, ...]:
    """A line for each column of a parameter: before, after, and who speaks; none if not learned."""
    return tuple(
        f"{name}: before {one.prior_mean:.3g} ± {one.prior_sd:.2g}, after {one.q50:.3g} "
        f"({one.q05:.3g} to {one.q95:.3g}); {one.says.replace('_', ' ')}"
        for name, one in manifest.columns.items()
        if name.partition(SHARE_MARK)[0] == parameter_id
    )


def _draws(folder: Path, manifest: Manifest) -> Floats:
    path = folder / DRAWS
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ReleaseFileError(f"{path}: cannot be read ({error.strerror})") from error
    found = hashlib.sha256(content).hexdigest()
    if found != manifest.sha256:
        raise ReleaseFileError(
            f"{path}: its SHA-256 is {found[:12]}…, the manifest says {manifest.sha256[:12]}…: "
            "the file is damaged or belongs to another release"
        )
    table = np.load(io.BytesIO(content), allow_pickle=False).astype(np.float64)
    if table.shape != (manifest.rows, len(manifest.columns)) or not np.isfinite(table).all():
        raise ReleaseFileError(f"{path}: not {manifest.rows} finite rows of the named columns")
    return np.asarray(table)


def packed(draws: Mapping[str, Floats]) -> bytes:
    """Joint draws as the bytes of draws.npy: columns side by side, in single precision."""
    buffer = io.BytesIO()
    np.save(buffer, np.stack(list(draws.values()), axis=1).astype("<f4"))
    return buffer.getvalue()


LEAST_ESS, MOST_R_HAT = 400.0, 1.01
"""A calibration that mixes worse than this cannot be released."""


def write_release(folder: Path, draws: Mapping[str, Floats], about: dict[str, Any]) -> Manifest:
    """Write a release.

    Args:
        folder: a new folder, named after the edition.
        draws: joint draws by column.
        about: the manifest but for what follows from the draws.

    Raises:
        ReleaseFileError: the calibration has not converged, or the folder holds a release already.
    """
    content = packed(draws)
    manifest = Manifest.model_validate(
        about
        | {
            "edition": folder.name,
            "rows": len(next(iter(draws.values()))),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
    )
    if (folder / MANIFEST).exists():
        raise ReleaseFileError(f"{folder}: a release stays as it is; give the new one a new name")
    require_convergence(manifest)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DRAWS).write_bytes(content)
    text = json.dumps(manifest.model_dump(), indent=1, ensure_ascii=False) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    return manifest


def require_convergence(manifest: Manifest) -> None:
    """Refuse chains that have not mixed.

    Raises:
        ReleaseFileError: R-hat, effective draws or divergences are not good enough.
    """
    faults = []
    if manifest.divergences:
        faults.append(f"{manifest.divergences} trajectories diverged")
    for name, column in manifest.columns.items():
        if not column.r_hat < MOST_R_HAT or not column.ess > LEAST_ESS:
            faults.append(
                f"{name}: R-hat {column.r_hat:.3f}, {math.floor(column.ess)} draws' worth"
            )
    if faults:
        raise ReleaseFileError(
            f"the calibration has not converged (R-hat below {MOST_R_HAT}, more than "
            f"{LEAST_ESS:.0f} draws' worth, no divergence): " + "; ".join(faults)
        )
