"""Pooling: against metafor's numbers, and laws that any pooling keeps."""

import csv
import shutil
import subprocess
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from docs.model.meta_analysis import page
from hypothesis import given, strategies as st
from validation.export import senn

from anagen import load_evidence
from anagen.evidence.meta import networks, pool, select
from anagen.evidence.meta.errors import of_arm, of_difference
from anagen.evidence.meta.model import Contrast, Group, Pooled
from anagen.evidence.meta.network import components, fit_component
from anagen.evidence.meta.pairwise import pooled_numbers
from anagen.evidence.meta.reml import reml_tau2
from anagen.evidence.schema import Row

FOLDER = Path(__file__).parents[2] / "validation"
DOCS = Path(__file__).parents[2] / "docs" / "model"
RELATIVE, ABSOLUTE = 1e-7, 1e-7
KEYS = ("mean", "se", "low", "high")


@cache
def selection():
    return select(load_evidence())


def expected(path: Path = FOLDER / "expected.csv") -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    with path.open(encoding="utf-8") as file:
        for line in csv.DictReader(file):
            found.setdefault(line["set"], {})[line["quantity"]] = float(line["value"])
    return found


def contrast(study: str, y: float, v: float) -> Contrast:
    return Contrast(
        study=study, treatment="a", control="b", outcome="x", week=48, sex=None, n=None,
        estimate_per_cm2=y, se_per_cm2=v**0.5, control_variance=None, how="interval", basis="given",
        use="display", note=None,
    )  # fmt: skip


def group_of(numbers) -> Group:
    members = tuple(contrast(str(place), y, v) for place, (y, v) in enumerate(numbers, start=1))
    return Group("a-vs-b", "controlled", "a", "b", "x", members, ())


def bcg() -> Group:
    """Log risk ratios with their usual variances."""
    with (FOLDER / "bcg.csv").open(encoding="utf-8") as file:
        lines = [{key: line[key] for key in line} for line in csv.DictReader(file)]
    numbers = []
    for line in lines:
        a, b, c, d = (int(line[key]) for key in ("tpos", "tneg", "cpos", "cneg"))
        y = np.log(a / (a + b)) - np.log(c / (c + d))
        numbers.append((float(y), 1 / a - 1 / (a + b) + 1 / c - 1 / (c + d)))
    return group_of(numbers)


def flat(pooled: Pooled) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, one in pooled.estimates.items():
        for key in ("mean", "se", "low", "high", "tau2"):
            found[f"{name}.{key}"] = getattr(one, key)
        if one.prediction:
            found[f"{name}.prediction_low"], found[f"{name}.prediction_high"] = one.prediction
    h = pooled.heterogeneity
    found |= {"q": h.q, "q_p": h.p, "i2_percent": h.i2_percent, "h2": h.h2}
    for one in pooled.leave_one_out:
        for key in (*KEYS, "tau2"):
            found[f"without.{one.study}.{key}"] = getattr(one.estimate, key)
        found[f"leave1out.{one.study}.mean"] = one.estimate.mean
    if pooled.egger:
        found |= {f"egger.{key}": getattr(pooled.egger, key) for key in ("t", "p", "slope")}
    return found


def pooled_sets() -> dict[str, Group]:
    ours = {one.id: one for one in selection().groups if len(one.contrasts) > 1}
    return {"bcg": bcg()} | ours


@pytest.mark.parametrize("name", sorted(pooled_sets()))
def test_every_pooled_number_is_metafors(name):
    assert flat(pool(pooled_sets()[name])) == pytest.approx(
        expected()[name], rel=RELATIVE, abs=ABSOLUTE
    )


def network_sets():
    ours = {
        f"{network.outcome}-{place}": part
        for network in networks(selection())
        for place, part in enumerate(network.components, start=1)
        if part.df > 0
    }
    return ours | {"senn": senn()}


@pytest.mark.parametrize("name", sorted(network_sets()))
def test_every_network_number_is_metafors(name):
    part = network_sets()[name]
    found = {"tau2": part.tau2, "q": part.q, "df": part.df}
    for pair in part.league:
        if pair.control == part.reference:
            found |= {f"{key}.{pair.treatment}": getattr(pair, key) for key in KEYS}
    assert found == pytest.approx(expected()[name], rel=1e-6, abs=1e-6)


def test_nothing_expected_is_left_uncompared():
    assert set(expected()) == set(pooled_sets()) | set(network_sets())


def test_asking_metafor_again_gives_the_committed_numbers(tmp_path):
    if shutil.which("Rscript") is None:
        pytest.skip("R is not installed: apt-get install r-cran-metafor")
    copy = tmp_path / "validation"
    copy.mkdir()
    for name in ("meta.R", "bcg.csv", "rows.csv", "network.csv"):
        shutil.copy(FOLDER / name, copy)
    subprocess.run(["Rscript", "validation/meta.R"], cwd=tmp_path, check=True, capture_output=True)
    again = expected(copy / "expected.csv")
    for name, numbers in expected().items():
        assert again[name] == pytest.approx(numbers, rel=RELATIVE, abs=ABSOLUTE)


def test_the_exported_rows_are_those_of_today():
    with (FOLDER / "rows.csv").open(encoding="utf-8") as file:
        exported = [
            (line["group"], line["study"], float(line["yi"])) for line in csv.DictReader(file)
        ]
    today = [
        (group.id, one.study, one.estimate_per_cm2)
        for group in selection().groups
        for one in group.contrasts
    ]
    assert exported == today


def test_what_nobody_may_read_is_only_left_out():
    never = {
        study.id
        for study in load_evidence().studies.values()
        if study.rows and all(row.use == "never" for row in study.rows)
    }
    used = {one.study for group in selection().groups for one in group.contrasts}
    assert not never & (used | {one.study for one in selection().pools})
    assert never & {one.study for one in selection().left_out}


def test_published_pools_are_in_no_group():
    used = {one.study for group in selection().groups for one in group.contrasts}
    pools = {one.study for one in selection().pools}
    assert {"giordano-2018", "gupta-2020-prp"} <= pools
    assert not used & pools


def test_an_arms_own_change_never_stands_among_differences():
    for group in selection().groups:
        own = group.kind == "within_arm"
        assert all((one.control is None) == own for one in group.contrasts)
        studies = [one.study for one in group.contrasts]
        assert len(studies) == len(set(studies))


def test_the_exosome_trial_is_named_with_the_reason_why_it_is_out():
    reasons = [one.reason for one in selection().left_out if one.study == "amini-2025"]
    assert len(reasons) == 3
    assert all(reasons)


def test_no_league_reaches_over_a_gap():
    for network in networks(selection()):
        assert "exosome" in network.unlinked
        for part in network.components:
            for pair in part.league:
                assert {pair.treatment, pair.control} <= set(part.nodes)
        nodes = [node for part in network.components for node in part.nodes]
        assert len(nodes) == len(set(nodes))


def test_components_join_when_a_trial_links_them():
    def linked(study, treatment, control):
        return replace(contrast(study, 1.0, 1.0), treatment=treatment, control=control)

    apart = [linked("1", "a", "b"), linked("2", "c", "d")]
    assert len(components(apart)) == 2
    assert len(components([*apart, linked("3", "b", "c")])) == 1


def test_several_arms_without_the_shared_variance_are_refused():
    rows = [replace(contrast("1", 1.0, 1.0), treatment=name) for name in ("a", "c")]
    with pytest.raises(ValueError, match="no variance of the one they share"):
        fit_component(rows)


def row(**fields) -> Row:
    given_fields = {
        "arm": "prp", "outcome": "total_density_per_cm2", "unit": "hairs/cm2", "change": 10.0,
        "change_kind": "mean", "firmness": "firm", "use": "fit",
    }  # fmt: skip
    return Row(**(given_fields | fields))


def test_standard_errors_by_each_way():
    assert of_arm(row(change_sd=20.0, n=100)).se == pytest.approx(2.0)
    assert of_difference(row(change_ci=(6.08, 13.92))).se == pytest.approx(2.0, abs=1e-4)
    assert of_difference(row(p_value="0.05")).se == pytest.approx(10 / 1.959964, rel=1e-6)
    assert of_arm(row(p_value="0.05", n=10)).se == pytest.approx(10 / 2.262157, rel=1e-6)
    assert of_arm(row(p_value="below 0.05", n=10)).how == "p_bound"


@pytest.mark.parametrize(
    "fields",
    [{}, {"p_value": "not significant"}, {"p_value": "above 0.05"}, {"change_sd": 3.0},
     {"p_value": "0.05", "change": 0.0}, {"p_value": "0.05", "n": 1}],
)  # fmt: skip
def test_no_standard_error_is_made_up(fields):
    assert of_arm(row(**fields)) is None


def test_an_interval_that_contradicts_its_p_value_gives_no_error():
    fits = row(change_ci=(6.08, 13.92), p_value="0.0000006")
    assert of_difference(row(change_ci=(6.08, 13.92), p_value="0.5")) is None
    assert of_difference(fits).how == "interval"
    assert of_difference(row(change_ci=(6.08, 13.92), p_value="below 0.05")).how == "interval"
    reasons = {one.reason for one in selection().left_out if one.study == "penha-2024"}
    assert "Its interval and its p-value cannot both be right." in reasons


def restricted_log_likelihood(tau2, y, v):
    w = 1 / (v + tau2)
    return -0.5 * (np.log(1 / w).sum() + np.log(w.sum()) + w @ (y - w @ y / w.sum()) ** 2)


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(0.01, 900)), min_size=2, max_size=8))
def test_no_tau2_is_likelier_than_remls(numbers):
    y, v = np.array(numbers).T
    best = restricted_log_likelihood(pooled_numbers(y, v)[0]["reml"].tau2, y, v)
    for tau2 in (0.0, *np.geomspace(1e-3, 1e4, 60)):
        assert best >= restricted_log_likelihood(tau2, y, v) - 1e-6


@pytest.mark.parametrize(
    ("y", "v", "highest"),
    [
        ([-4.3, -0.6, -2.0, 7.3, -4.3], [0.03, 2.29, 387.87, 3.6, 0.02], 25.8),
        ([14.2, -4.6, -4.5, -2.5, 14.3], [0.09, 225.94, 185.73, 35.75, 0.03], 0.0),
        ([-8.7, -8.9, 0.7], [0.03, 0.43, 11.89], 0.0),
        ([27.8, -4.0, -17.6, -17.0, -3.2], [118.04, 0.26, 59.2, 62.12, 0.05], 0.1968),
    ],
)
def test_of_two_peaks_the_higher_is_taken(y, v, highest):
    y, v = np.array(y), np.array(v)
    dense = np.array([0.0, *np.geomspace(1e-4, 1e4, 4000)])
    heights = np.array([restricted_log_likelihood(tau2, y, v) for tau2 in dense])
    climbs = np.diff(heights, prepend=-np.inf, append=-np.inf)
    assert np.count_nonzero((climbs[:-1] > 0) & (climbs[1:] < 0)) == 2
    assert pooled_numbers(y, v)[0]["reml"].tau2 == pytest.approx(highest, rel=5e-3)
    assert dense[heights.argmax()] == pytest.approx(highest, rel=1e-2)


def test_a_loop_that_does_not_close_is_heterogeneity():
    """Three equal differences in a circle: their plain variance is 0, and they contradict."""
    y, v, shape = np.full(3, 10.0), 0.5 * np.eye(3), np.eye(3)
    x = np.array([[1.0, 0.0], [-1.0, 1.0], [0.0, -1.0]])
    # One residual degree of freedom: (10 + 10 + 10)^2 / 3 = tau2 + 0.5.
    assert reml_tau2(y, v, x, shape) == pytest.approx(299.5)


def test_the_page_is_todays():
    text, plots = page()
    assert (DOCS / "meta-analysis.md").read_text(encoding="utf-8") == text
    assert {path.name for path in (DOCS / "figures").glob("forest-*.svg")} == set(plots)


studies = st.lists(st.tuples(st.floats(-50, 50), st.floats(0.1, 30)), min_size=2, max_size=8)


def numbers_of(given_studies):
    y, v = np.array(given_studies).T
    return pooled_numbers(y, v)[0]


@given(studies, st.randoms(use_true_random=False))
def test_the_order_of_studies_does_not_matter(numbers, random):
    mixed = list(numbers)
    random.shuffle(mixed)
    one, other = numbers_of(numbers), numbers_of(mixed)
    for name in one:
        assert other[name].mean == pytest.approx(one[name].mean, rel=1e-5, abs=1e-5)
        assert other[name].se == pytest.approx(one[name].se, rel=1e-4, abs=1e-5)


@given(studies, st.floats(-100, 100))
def test_a_shift_of_all_effects_shifts_the_mean_alone(numbers, shift):
    one, other = numbers_of(numbers), numbers_of([(y + shift, v) for y, v in numbers])
    for name in one:
        assert other[name].mean == pytest.approx(one[name].mean + shift, rel=1e-5, abs=1e-4)
        assert other[name].tau2 == pytest.approx(one[name].tau2, rel=1e-4, abs=1e-3)


@given(studies)
def test_without_spread_between_studies_random_is_fixed(numbers):
    found = numbers_of(numbers)
    for name in ("dl", "pm", "reml"):
        if found[name].tau2 == 0:
            assert found[name].mean == found["fixed"].mean
            assert found[name].se == found["fixed"].se
    assert found["reml_adhoc"].se >= found["reml"].se
