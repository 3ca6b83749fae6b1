"""Treatments sized so that the reference scalp gains what trials published."""

import numpy as np

from anagen.follicle.run import TERMINAL_THRESHOLD_UM, TOTAL_THRESHOLD_UM
from anagen.follicle.signals import step_count
from anagen.forecasting.reference import (
    EXOSOME_DAY,
    FINASTERIDE_DAY,
    MINOXIDIL_DAY,
    PRP_DAY,
    Reference,
)
from anagen.posterior import Keyed, Release
from anagen.posterior.anchor import Anchor
from anagen.posterior.keyed import Floats
from anagen.treatment.exosome import ExosomeParameters, exosome_effect
from anagen.treatment.finasteride import (
    FinasterideParameters,
    finasteride_effect,
    scalp_dht_fall,
)
from anagen.treatment.minoxidil import MinoxidilParameters, minoxidil_effect
from anagen.treatment.prp import PrpParameters, prp_effect
from anagen.treatment.sessions import accumulated, niche_amount

EXOSOME_SESSION_DAYS = (0.0, 14.0, 28.0, 42.0)
PRP_SESSION_DAYS = (0.0, 30.0, 60.0)
"""Courses behind the anchored effects of exosomes and of PRP."""

DHT_DOSES_MG = (0.01, 0.05, 0.2, 1.0, 5.0)
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
    amplitude = reference.solve(
        lambda size: exosome_effect(parameters(size), EXOSOME_SESSION_DAYS, steps),
        day,
        TOTAL_THRESHOLD_UM,
        _session_anchor(target, amount, release.fixed("person-response-spread")),
    )
    return parameters(amplitude)


def solve_prp(release: Release, keyed: Keyed, reference: Reference) -> PrpParameters:
    """PRP: total density after 24 weeks."""
    draws, day = reference.model.draws, PRP_DAY
    channels = release.shares("prp-channels", keyed, draws)
    half_life = release.numbers("prp-half-life", keyed, draws)
    power = release.numbers("prp-accumulation", keyed, draws)
    telogen_ratio = release.numbers("session-telogen-ratio", keyed, draws)
    target = release.numbers("prp-net-168", keyed, draws)
    steps = step_count(day)

    def parameters(amplitude: Floats) -> PrpParameters:
        return PrpParameters(
            amplitude=amplitude,
            half_life_days=half_life,
            accumulation_power=power,
            activation=channels["activation"],
            maintenance=channels["maintenance"],
            recovery=channels["recovery"],
            telogen_ratio=telogen_ratio,
        )

    amount = accumulated(PRP_SESSION_DAYS, steps, half_life, power)
    amplitude = reference.solve(
        lambda size: prp_effect(parameters(size), PRP_SESSION_DAYS, steps),
        day,
        TOTAL_THRESHOLD_UM,
        _session_anchor(target, amount, release.fixed("person-response-spread")),
    )
    return parameters(amplitude)


def _session_anchor(target: Floats, amount: Floats, spread: float) -> Anchor:
    # A mean strength near 1 gives about 16 hairs per cm², whatever shape the sessions have.
    guess = np.maximum(np.abs(target), 1.0) / 16.0 / amount.mean(axis=0)
    return Anchor(target, guess, CAP_TIMES_GUESS * guess, spread)


def solve_minoxidil(
    release: Release, keyed: Keyed, reference: Reference, anchor_id: str
) -> MinoxidilParameters:
    """Topical minoxidil: terminal density after 48 weeks.

    `anchor_id` is the parameter of the published effect for a sex and a strength of the solution.
    """
    draws, day = reference.model.draws, MINOXIDIL_DAY
    target = _published(release, keyed, anchor_id, draws)
    channels = {
        name: release.numbers(f"minoxidil-{name.replace('_', '-')}", keyed, draws)
        for name in ("telogen_exit", "latency_exit", "anagen_hold", "lift", "onset_days")
    }

    def parameters(amplitude: Floats) -> MinoxidilParameters:
        return MinoxidilParameters(amplitude=amplitude, **channels)

    guess = np.maximum(np.abs(target), 1.0) / 15.0
    spread = release.fixed("person-response-spread")
    amplitude = reference.solve(
        lambda size: minoxidil_effect(parameters(size), step_count(day)),
        day,
        TERMINAL_THRESHOLD_UM,
        Anchor(target, guess, CAP_TIMES_GUESS * guess, spread),
    )
    return parameters(amplitude)


def _published(release: Release, keyed: Keyed, parameter_id: str, draws: int) -> Floats:
    """A published effect; strengths of one medicine share their luck, so 5 % stays above 2 %."""
    distribution = release.parameters[parameter_id].distribution
    mean, sd = distribution.mean, distribution.sd
    if mean is None or sd is None:
        raise ValueError(f"{parameter_id} must be normal, not {distribution.law}")
    return np.asarray(mean + sd * keyed.normal("parameter/minoxidil-net-336", draws))


def solve_finasteride(
    release: Release, keyed: Keyed, reference: Reference
) -> FinasterideParameters:
    """Finasteride: terminal density after one year."""
    draws, day = reference.model.draws, FINASTERIDE_DAY
    falls = {dose: release.fixed(f"scalp-dht-fall-{dose:g}-mg") for dose in DHT_DOSES_MG}
    fall = np.full(draws, scalp_dht_fall(falls, release.fixed("finasteride-dose-mg")))
    lift = release.numbers("finasteride-lift", keyed, draws)
    onset = release.numbers("finasteride-onset-days", keyed, draws)
    target = release.numbers("finasteride-net-364", keyed, draws)
    spread = release.fixed("person-response-spread-finasteride")

    def parameters(follows_dht: Floats) -> FinasterideParameters:
        return FinasterideParameters(follows_dht, fall, lift, onset)

    follows_dht = reference.solve(
        lambda size: finasteride_effect(parameters(size), step_count(day)),
        day,
        TERMINAL_THRESHOLD_UM,
        Anchor(target, target / 26.0, 1.0 / fall, spread),
    )
    return parameters(follows_dht)
