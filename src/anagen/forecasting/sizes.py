"""Parameters of every treatment for the mean responder, one set for each draw of a release.

Minoxidil, finasteride and PRP have strengths of their own. Exosomes are sized by what they do to a
count: the controlled effect at 16 weeks is what a trial can tell, and the strength that gives it on
the reference scalp depends on channels and half-lives that no trial tells.
"""

import numpy as np

from anagen.follicle.run import TOTAL_THRESHOLD_UM
from anagen.follicle.signals import step_count
from anagen.forecasting.reference import EXOSOME_DAY, Reference
from anagen.posterior import Keyed, Release
from anagen.posterior.anchor import Anchor
from anagen.posterior.keyed import Floats
from anagen.treatment.exosome import ExosomeParameters, exosome_effect
from anagen.treatment.finasteride import FinasterideParameters, scalp_dht_fall
from anagen.treatment.minoxidil import MinoxidilParameters
from anagen.treatment.prp import PrpParameters
from anagen.treatment.sessions import niche_amount

EXOSOME_SESSION_DAYS = (0.0, 14.0, 28.0, 42.0)
"""The course behind the effect that exosomes are sized by."""

DHT_DOSES_MG = (0.01, 0.05, 0.2, 1.0, 5.0)
FULL_PERCENT = 5.0
"""Strength of the minoxidil solution whose effect counts as 1."""

CAP_TIMES_GUESS = 20.0
"""Strengths beyond this many times the first guess are not looked at."""


def solve_exosome(
    release: Release, keyed: Keyed, reference: Reference, tissue: str = "measured"
) -> ExosomeParameters:
    """Exosomes: total density after 16 weeks.

    `tissue` is the `measured` half-life in the skin, or the `article`'s months as an alternative.
    """
    draws, day = reference.model.draws, EXOSOME_DAY
    suffix = "" if tissue == "measured" else f"-{tissue}"
    channels = release.shares("exosome-channels", keyed, draws)

    def parameters(amplitude: Floats) -> ExosomeParameters:
        return ExosomeParameters(
            amplitude=amplitude,
            tissue_half_life_days=tissue_half_life,
            niche_half_life_days=niche_half_life,
            activation=channels["activation"],
            maintenance=channels["maintenance"],
            recovery=channels["recovery"],
            telogen_ratio=telogen_ratio,
            inflammation_damping=damping,
        )

    tissue_half_life = release.numbers(f"exosome-tissue-half-life{suffix}", keyed, draws)
    niche_half_life = release.numbers("exosome-niche-half-life", keyed, draws)
    telogen_ratio = release.numbers("session-telogen-ratio", keyed, draws)
    damping = release.numbers("exosome-inflammation-damping", keyed, draws)
    target = release.numbers("exosome-net-112", keyed, draws)
    steps = step_count(day)
    amount = niche_amount(EXOSOME_SESSION_DAYS, steps, tissue_half_life, niche_half_life)
    # A mean strength near 1 gives about 16 hairs per cm², whatever shape the sessions have.
    guess = np.maximum(np.abs(target), 1.0) / 16.0 / amount.mean(axis=0)
    amplitude = reference.solve(
        lambda size: exosome_effect(parameters(size), EXOSOME_SESSION_DAYS, steps),
        day,
        TOTAL_THRESHOLD_UM,
        Anchor(target, guess, CAP_TIMES_GUESS * guess, release.fixed("person-response-spread")),
    )
    return parameters(amplitude)


def prp_parameters(release: Release, keyed: Keyed, draws: int) -> PrpParameters:
    """PRP, with a strength for each session."""
    channels = release.shares("prp-channels", keyed, draws)
    return PrpParameters(
        amplitude=release.numbers("prp-amplitude", keyed, draws),
        half_life_days=release.numbers("prp-half-life", keyed, draws),
        accumulation_power=release.numbers("prp-accumulation", keyed, draws),
        activation=channels["activation"],
        maintenance=channels["maintenance"],
        recovery=channels["recovery"],
        telogen_ratio=release.numbers("session-telogen-ratio", keyed, draws),
    )


def minoxidil_parameters(
    release: Release, keyed: Keyed, draws: int, percent: float, sex: str
) -> MinoxidilParameters:
    """Topical minoxidil of a strength in per cent, for a `male` or `female` scalp. Equation P2."""
    power = release.numbers("minoxidil-strength-power", keyed, draws)
    amplitude = (percent / FULL_PERCENT) ** power
    if sex == "female":
        amplitude = amplitude * release.numbers("minoxidil-women-factor", keyed, draws)
    channels = {
        name: release.numbers(f"minoxidil-{name.replace('_', '-')}", keyed, draws)
        for name in ("telogen_exit", "latency_exit", "anagen_hold", "lift", "onset_days")
    }
    return MinoxidilParameters(amplitude=amplitude, **channels)


def finasteride_parameters(release: Release, keyed: Keyed, draws: int) -> FinasterideParameters:
    """Oral finasteride at the dose for hair."""
    falls = {dose: release.fixed(f"scalp-dht-fall-{dose:g}-mg") for dose in DHT_DOSES_MG}
    fall = scalp_dht_fall(falls, release.fixed("finasteride-dose-mg"))
    return FinasterideParameters(
        follows_dht=release.numbers("finasteride-follows-dht", keyed, draws),
        dht_fall=np.full(draws, fall),
        lift=release.numbers("finasteride-lift", keyed, draws),
        onset_days=release.numbers("finasteride-onset-days", keyed, draws),
    )
