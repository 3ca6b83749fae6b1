"""Two releases side by side: what moved, and by how much of its own uncertainty."""

from dataclasses import dataclass

from anagen.posterior.store import Manifest


@dataclass(frozen=True, slots=True)
class Difference:
    """One column of two releases.

    Attributes:
        first, second: mean and SD in each, or None where a release has no such column.
        moved_sds: change of the mean in units of the first's SD.
        narrowed: SD in the second as a share of that in the first.
    """

    column: str
    first: tuple[float, float] | None
    second: tuple[float, float] | None
    moved_sds: float | None
    narrowed: float | None


def differences(first: Manifest, second: Manifest) -> tuple[Difference, ...]:
    """Every column of either release, the most moved first."""
    found = []
    for name in dict.fromkeys([*first.columns, *second.columns]):
        pair = [
            (release.columns[name].mean, release.columns[name].sd)
            if name in release.columns
            else None
            for release in (first, second)
        ]
        moved = narrowed = None
        if pair[0] and pair[1] and pair[0][1] > 0:
            moved = (pair[1][0] - pair[0][0]) / pair[0][1]
            narrowed = pair[1][1] / pair[0][1]
        found.append(Difference(name, pair[0], pair[1], moved, narrowed))
    return tuple(
        sorted(
            found,
            key=lambda one: (one.moved_sds is not None, -abs(one.moved_sds or 0.0), one.column),
        )
    )
