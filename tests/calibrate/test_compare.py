"""Rival models: scored by what they did not see, mixed by what predicts best."""

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st

from anagen.calibrate.compare import Score, averaging, difference, mixed, score


def test_leaving_out_by_weights_is_leaving_out() -> None:
    """A normal mean with a flat prior: the density of one left out is known."""
    rng = np.random.default_rng(1)
    data = rng.normal(size=12)
    means = rng.normal(data.mean(), 1 / np.sqrt(12), size=(4, 5000))
    log_densities = {
        f"study-{place}": -0.5 * (one - means) ** 2 - 0.5 * np.log(2 * np.pi)
        for place, one in enumerate(data)
    }
    found = score(log_densities)
    assert found.shape < 0.5
    for place, one in enumerate(data):
        rest = np.delete(data, place)
        variance = 1 + 1 / 11
        exact = -0.5 * (one - rest.mean()) ** 2 / variance - 0.5 * np.log(2 * np.pi * variance)
        assert found.by_study[f"study-{place}"] == pytest.approx(exact, abs=0.03)


def named(*values: float) -> Score:
    return Score({f"study-{place}": value for place, value in enumerate(values)}, 0.1)


def test_a_model_that_predicts_much_worse_everywhere_gets_next_to_no_weight() -> None:
    weights = averaging({"good": named(-1, -1, -1), "bad": named(-5, -6, -4)})
    assert weights["good"] > 0.999
    gap, error = difference(named(-1, -1, -1), named(-3, -2, -4))
    assert gap == pytest.approx(6.0)
    assert error == pytest.approx(np.sqrt(3) * np.std([2, 1, 3], ddof=1))


def test_models_that_cannot_be_told_apart_share() -> None:
    """A little better everywhere is not a reason to drop the other one."""
    weights = averaging({"a": named(-1.0, -2.0, -1.5), "b": named(-1.02, -2.01, -1.53)})
    assert weights["b"] == pytest.approx(0.5, abs=0.03)
    weights = averaging({"a": named(-1, -5), "b": named(-5, -1)})
    assert weights["a"] == pytest.approx(0.5, abs=0.03)


@settings(max_examples=30, deadline=None)
@given(st.floats(0.05, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_mixing_keeps_the_rows_and_what_they_mean(a: float, b: float, c: float) -> None:
    rng = np.random.default_rng(2)
    columns = {
        name: rng.uniform(0.1, 1.0, 50)
        for name in (
            "minoxidil-lift",
            "finasteride-lift",
            "minoxidil-latency-exit",
            "prp-amplitude",
        )
    }
    shares = rng.dirichlet([3, 1.5, 0.5], 50)
    for place, name in enumerate(("activation", "maintenance", "recovery")):
        columns[f"prp-channels:{name}"] = shares[:, place]
    weights = {"both": a, "reactivation": b, "reversal": c}
    found = mixed(dict.fromkeys(weights, columns), weights, 200)
    total = sum(found[f"prp-channels:{name}"] for name in ("activation", "maintenance", "recovery"))
    assert {len(values) for values in found.values()} == {200}
    np.testing.assert_allclose(total, 1.0)
    no_lift = (found["minoxidil-lift"] == 0).mean()
    assert no_lift == pytest.approx(b / (a + b + c), abs=0.01)
    # What maintenance does on its own is untouched by taking another channel away.
    kept = found["prp-amplitude"] * found["prp-channels:maintenance"]
    assert np.isin(kept.round(9), (columns["prp-amplitude"] * shares[:, 1]).round(9)).all()
