"""The arms that published rows speak about, run through the mean field."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import jax.numpy as jnp
import numpy as np

from anagen.calibrate import clocks, meanfield
from anagen.calibrate.clocks import Array
from anagen.calibrate.targets import Observation
from anagen.evidence.schema import Parameter
from anagen.follicle.history import landing_shares
from anagen.follicle.signals import STEP_DAYS
from anagen.follicle.spec import DEFAULT_GRID, MONTH_DAYS

NODES = 3
"""Responses that stand for all people of an arm (Gauss–Hermite)."""

SHORT_WEEKS, SESSION_WEEKS, WITHDRAWAL_WEEK = 52.0, 26.0, 96.0
MINIATURE_UM = (20.0, 40.0)

Parameters = Mapping[str, Array]


class Constants(NamedTuple):
    """Parameters that are not learned, from the evidence."""

    density: float
    latency_share: float
    shrink_extra: float
    telogen_ratio: float
    minoxidil_onset: float
    finasteride_onset: float
    dht_fall: float
    care_onset: float
    spread: float
    spread_finasteride: float
    growth: tuple[float, ...]
    growth_log: tuple[float, ...]

    @classmethod
    def of(cls, parameters: Mapping[str, Parameter]) -> "Constants":
        """The constants of an evidence edition; growth takes the middle of its distribution."""

        def fixed(name: str) -> float:
            law = parameters[name].distribution
            value = law.value if law.value is not None else law.mean
            if value is None:
                raise ValueError(f"{name} has no single value")
            return float(value)

        thick = DEFAULT_GRID.share_counted(60.0)

        def row(quantity: str) -> tuple[float, ...]:
            thin, wide = (fixed(f"growth-{band}-{quantity}") for band in ("thin", "thick"))
            return tuple(float(value) for value in thin * (1.0 - thick) + wide * thick)

        return cls(
            density=fixed("reference-terminal-density"),
            latency_share=fixed("latency-share"),
            shrink_extra=fixed("shrink-extra"),
            telogen_ratio=fixed("session-telogen-ratio"),
            minoxidil_onset=fixed("minoxidil-onset-days"),
            finasteride_onset=fixed("finasteride-onset-days"),
            dht_fall=fixed("scalp-dht-fall-1-mg"),
            care_onset=fixed("care-onset-days"),
            spread=fixed("person-response-spread"),
            spread_finasteride=fixed("person-response-spread-finasteride"),
            growth=row("healthy"),
            growth_log=row("drive-log"),
        )


def scalp_of(values: Parameters, constants: Constants) -> meanfield.Scalp:
    """The hair of one set of parameters."""
    middle = np.array(DEFAULT_GRID.midpoints_um)
    anagen = MONTH_DAYS * values["anagen-60um-months"]
    chance = values["shrink-probability"] * jnp.exp(values["shrink-slope"] * (middle - 45.0) / 20.0)
    extra = np.array([constants.shrink_extra])
    return meanfield.Scalp(
        class_shares=values["healthy-diameter-shares"],
        anagen_days=anagen * (middle / 60.0) ** values["anagen-diameter-power"],
        telogen_days=MONTH_DAYS * values["telogen-months"],
        latency_days=values["latency-days"],
        early_anagen_days=values["early-anagen-days"],
        latency_share=constants.latency_share,
        drive_log=values["anagen-drive-log"],
        shrink=chance.at[0].set(0.0),
        landing=jnp.asarray(landing_shares(extra, len(DEFAULT_GRID))[:, :, 0]),
        relapse=values["relapse-probability"],
    )


def step_of(week: float) -> int:
    """The step whose end is nearest to a week, counted from 1."""
    return max(round(7.0 * week / STEP_DAYS), 1)


def responses(spread: float) -> tuple[np.ndarray, np.ndarray]:
    """Responses of people, with mean 1, and their weights."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    return np.exp(spread * nodes - 0.5 * spread**2), weights / weights.sum()


ArmKey = tuple[str, float | None, str, tuple[float, ...]]
"""Treatment, percent, sex, session days."""

TRACKED: ArmKey = ("tracked", None, "male", ())
"""Miniature hairs on finasteride, followed alone."""


def arm_key(one: Observation) -> ArmKey:
    """Which arm of the mean field an observation reads."""
    if one.measure.startswith("tracked"):
        return TRACKED
    if one.arm == "withdrawn" or (one.arm == "minoxidil" and one.week > SHORT_WEEKS):
        return ("withdrawn", one.percent, one.sex, ())
    return (one.arm, one.percent, one.sex, one.session_days)


def unit(one: Observation, constants: Constants) -> float:
    """What one hair per cm² is in the observation's own unit."""
    if one.measure in ("percent", "weight_percent"):
        return 100.0 / constants.density
    return 1.0 if one.measure == "change" else 0.0


def built(week: float, constants: Constants) -> float:
    """Share of the care's shift that is in by a week. Equation O5."""
    return float(1.0 - np.exp(-7.0 * week / constants.care_onset))


class Course(NamedTuple):
    """What an arm shows after each step, averaged over people's responses.

    Attributes:
        seen: anagen and telogen by class, one follicle in all, (steps, 2, classes, nodes).
        drive: androgen drive in each step, (steps, nodes).
        weights: of the nodes.
    """

    seen: Array
    drive: Array
    weights: np.ndarray


class Arms:
    """Runs of all arms from one start; the mean field is stepped as few times as can be.

    Attributes:
        reactivation, reversal: the ways back that treatments may take.
    """

    def __init__(
        self, values: Parameters, constants: Constants, reactivation: bool, reversal: bool
    ) -> None:
        self._values, self._constants = values, constants
        self._back, self._up = float(reactivation), float(reversal)

    def run(
        self, scalp: meanfield.Scalp, start: Array, rows: Sequence[Observation]
    ) -> dict[ArmKey, Course]:
        """Courses of every treated arm that a row reads; exosomes have none of their own."""
        weeks: dict[ArmKey, float] = {}
        for one in rows:
            if one.treated and one.arm != "exosome":
                weeks[arm_key(one)] = max(one.week, weeks.get(arm_key(one), 0.0))
        groups: dict[str, list[ArmKey]] = {}
        for key in weeks:
            groups.setdefault(_group(key), []).append(key)
        found: dict[ArmKey, Course] = {}
        for name, members in groups.items():
            steps = step_of(max(weeks[key] for key in members))
            parts = [self._clocks(key, steps) for key in members]
            starts = [_miniature(start) if key == TRACKED else start for key in members]
            begin = jnp.repeat(jnp.stack(starts, axis=2), NODES, axis=2)
            seen, _ = meanfield.run(scalp, begin, clocks.side_by_side(parts), name in LIFTED)
            for place, (key, part) in enumerate(zip(members, parts, strict=True)):
                nodes = slice(place * NODES, (place + 1) * NODES)
                weights = responses(self._spread(key))[1]
                found[key] = Course(seen[..., nodes], part.drive, weights)
        return found

    def _spread(self, key: ArmKey) -> float:
        constants = self._constants
        return constants.spread_finasteride if _group(key) == "tablet" else constants.spread

    def _clocks(self, key: ArmKey, steps: int) -> meanfield.Clocks:
        values, constants = self._values, self._constants
        response = jnp.asarray(responses(self._spread(key))[0])
        back, up = self._back, self._up
        name, percent, sex, days = key
        if name in ("minoxidil", "withdrawn"):
            own = clocks.Minoxidil(
                telogen_exit=values["minoxidil-telogen-exit"],
                latency_exit=back * values["minoxidil-latency-exit"],
                anagen_hold=values["minoxidil-anagen-hold"],
                lift=up * values["minoxidil-lift"],
                onset_days=constants.minoxidil_onset,
            )
            size = ((percent or 5.0) / 5.0) ** values["minoxidil-strength-power"]
            if sex == "female":
                size = size * values["minoxidil-women-factor"]
            until = 7.0 * WITHDRAWAL_WEEK if name == "withdrawn" else np.inf
            return clocks.minoxidil(own, size * response, steps, until)
        if name in ("finasteride", "tracked"):
            taken = clocks.Finasteride(
                constants.dht_fall, up * values["finasteride-lift"], constants.finasteride_onset
            )
            return clocks.finasteride(taken, values["finasteride-follows-dht"] * response, steps)
        channels = values["prp-channels"]
        course = clocks.Prp(
            half_life_days=values["prp-half-life"],
            accumulation_power=values["prp-accumulation"],
            activation=back * channels[0],
            maintenance=channels[1],
            recovery=up * channels[2],
            telogen_ratio=constants.telogen_ratio,
        )
        return clocks.prp(course, values["prp-amplitude"] * response, days, steps)


LIFTED = ("withdrawn", "sessions")
"""Groups in which support of lifts ends, so that lifts must be remembered."""


def _group(key: ArmKey) -> str:
    """Arms that are stepped together: about equally long, with or without memory of lifts."""
    by_name = {"finasteride": "tablet", "tracked": "tablet", "prp": "sessions"}
    return by_name.get(key[0], key[0])


def _miniature(start: Array) -> Array:
    """The miniature hairs that show, as shares of all of them; the mean field is linear."""
    low, high = (DEFAULT_GRID.share_counted(edge) for edge in MINIATURE_UM)
    shown = slice(3, 9)
    part = jnp.zeros_like(start).at[shown].set(start[shown] * (low - high))
    return part / part.sum()
