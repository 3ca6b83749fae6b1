"""The differentiable mean field is the mean field."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from anagen.calibrate import clocks, meanfield
from anagen.follicle import FollicleModel, healthy_population, simulate, untreated_history
from anagen.follicle.history import landing_shares
from anagen.follicle.signals import step_count
from anagen.treatment.effect import Effect, Scalp, scalp_signals
from anagen.treatment.finasteride import FinasterideParameters, finasteride_effect
from anagen.treatment.minoxidil import MinoxidilParameters, minoxidil_effect
from anagen.treatment.prp import PrpParameters, prp_effect

AMPLITUDES = np.array([-0.4, 0.5, 2.0])
DAYS = (112.0, 364.0)
STEPS = step_count(DAYS[-1])
PAST_DAYS = 3000.0


def hair(drive_log: float = 0.8, shrink: float = 0.15, relapse: float = 0.6) -> FollicleModel:
    return FollicleModel(
        follicles_per_cm2=np.ones(len(AMPLITUDES)),
        class_shares=np.array([0.03, 0.04, 0.07, 0.08, 0.35, 0.43]),
        anagen_days=730.0,
        telogen_days=91.0,
        latency_days=95.0,
        early_anagen_days=23.0,
        anagen_power=2.0,
        anagen_drive_log=drive_log,
        latency_share=0.8,
        shrink_probability=shrink,
        shrink_slope=0.3,
        shrink_extra=0.3,
        relapse_probability=relapse,
    )


def scalp(model: FollicleModel) -> meanfield.Scalp:
    return meanfield.Scalp(
        class_shares=jnp.asarray(model.class_shares[0]),
        anagen_days=jnp.asarray(model.anagen_mean_days()[0]),
        telogen_days=jnp.asarray(model.telogen_days[0]),
        latency_days=jnp.asarray(model.latency_days[0]),
        early_anagen_days=jnp.asarray(model.early_anagen_days[0]),
        latency_share=float(model.latency_share[0]),
        drive_log=jnp.asarray(model.anagen_drive_log[0]),
        shrink=jnp.asarray(model.shrink_chance()[0]),
        landing=jnp.asarray(landing_shares(model.shrink_extra[:1], len(model.grid))[:, :, 0]),
        relapse=jnp.asarray(model.relapse_probability[0]),
    )


@settings(max_examples=15, deadline=None)
@given(drive_log=st.floats(0.0, 1.5), shrink=st.floats(0.01, 0.6), days=st.floats(30.0, 9000.0))
def test_history_is_the_one_stride_history(drive_log: float, shrink: float, days: float) -> None:
    model = hair(drive_log, shrink)
    ones = np.ones(model.draws)
    wanted = untreated_history(model, healthy_population(model), ones, days * ones)
    found = meanfield.history(scalp(model), jnp.array([days]))[0]
    np.testing.assert_allclose(found, wanted.cycling[:, 0, :, 0], rtol=1e-9, atol=1e-12)


def full(value: float) -> np.ndarray:
    return np.full(len(AMPLITUDES), value)


def minoxidil() -> tuple[Effect, clocks.Clocks]:
    own = MinoxidilParameters(AMPLITUDES, *map(full, (0.7, 1.0, 0.25, 0.05, 10.0)))
    same = clocks.Minoxidil(0.7, 1.0, 0.25, 0.05, 10.0)
    return minoxidil_effect(own, STEPS), clocks.minoxidil(same, jnp.asarray(AMPLITUDES), STEPS)


def finasteride() -> tuple[Effect, clocks.Clocks]:
    own = FinasterideParameters(AMPLITUDES, *map(full, (0.641, 0.05, 14.0)))
    same = clocks.Finasteride(0.641, 0.05, 14.0)
    return finasteride_effect(own, STEPS), clocks.finasteride(same, jnp.asarray(AMPLITUDES), STEPS)


def prp() -> tuple[Effect, clocks.Clocks]:
    own = PrpParameters(AMPLITUDES, *map(full, (60.0, 1.5, 0.6, 0.3, 0.1, 0.3)))
    days = (0.0, 30.0, 60.0)
    same = clocks.Prp(60.0, 1.5, 0.6, 0.3, 0.1, 0.3)
    return prp_effect(own, days, STEPS), clocks.prp(same, jnp.asarray(AMPLITUDES), days, STEPS)


@pytest.mark.parametrize("treatment", [minoxidil, finasteride, prp])
def test_a_treated_course_is_the_simulated_one(treatment: object) -> None:
    effect, signals = treatment()  # type: ignore[operator]
    model, ones = hair(), np.ones(len(AMPLITUDES))
    start = untreated_history(model, healthy_population(model), ones, PAST_DAYS * ones)
    tables = scalp_signals(Scalp(ones, 0.0 * ones), [effect], STEPS)
    wanted = simulate(model, tables, days=DAYS, start=start)
    begin = jnp.asarray(start.cycling[:, 0])
    seen, _ = meanfield.run(scalp(model), begin, signals, lifts=True)
    for row, day in enumerate(DAYS):
        shown = np.asarray(seen[step_count(day) - 1])
        np.testing.assert_allclose(shown[0], wanted.phase("anagen")[row], rtol=1e-9)
        np.testing.assert_allclose(shown[1], wanted.phase("telogen")[row], rtol=1e-9)


def test_memory_of_lifts_matters_only_where_support_ends() -> None:
    model = hair()
    begin = meanfield.history(scalp(model), jnp.array([PAST_DAYS]))[0][..., None]
    own = clocks.Minoxidil(0.7, 1.0, 0.25, 0.1, 10.0)
    through = clocks.minoxidil(own, jnp.ones(1), STEPS)
    left_off = clocks.minoxidil(own, jnp.ones(1), STEPS, until_day=100.0)

    def counted(signals: clocks.Clocks, lifts: bool) -> float:
        seen, _ = meanfield.run(scalp(model), begin, signals, lifts)
        return float(seen[-1, :, 2:].sum())

    assert counted(through, True) == pytest.approx(counted(through, False), rel=2e-4)
    assert counted(left_off, True) < 0.998 * counted(left_off, False)


def test_slopes_are_those_of_small_steps() -> None:
    model = hair()

    def counted(telogen_days: jax.Array) -> jax.Array:
        own = scalp(model)._replace(telogen_days=telogen_days)
        begin = meanfield.history(own, jnp.array([PAST_DAYS]))[0][..., None]
        seen, _ = meanfield.run(own, begin, clocks.untreated(40), lifts=False)
        return seen[-1, :, 2:].sum()

    at, step = jnp.asarray(91.0), 1e-3
    slope = float(jax.grad(counted)(at))
    ratio = float(counted(at + step) - counted(at - step)) / (2 * step)
    assert slope == pytest.approx(ratio, rel=1e-6)
