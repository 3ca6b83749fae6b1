"""What a forecast holds, for whom there is one, and that it is the same every time."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from tests.forecasting.people import DRAWS, MAN, MEASURED, arms, forecast

from anagen.evidence import load_evidence
from anagen.evidence.schema import Parameter
from anagen.forecasting.baseline import season_parameters
from anagen.forecasting.build import make_forecast
from anagen.forecasting.effects import reference_of, sized
from anagen.forecasting.model import OUTCOMES, FirstVisibleDay, NoForecast, VisibleShares
from anagen.forecasting.request import DEFAULT_ARMS, ArmRequest, ForecastRequest, Measured, Schedule
from anagen.forecasting.trial_arm import effect_spread, trial_care, trial_spread
from anagen.posterior import Keyed, Release, current_release, prior_release
from anagen.posterior.release import BrokenReleaseError
from anagen.predicting.design import DESIGNS, reporting_shift
from anagen.treatment.trial_care import CARES

SIX = ("none", "exosome", "prp", "exosome+prp", "minoxidil", "finasteride")


def test_it_holds_what_the_contract_says() -> None:
    found = forecast()
    days = [str(day) for day in found.horizon_days]
    assert {"0", "112", "168", "364"} <= set(days)
    assert tuple(arm.id for arm in found.arms) == SIX
    for arm in found.arms:
        assert arm.available
        assert arm.reason == ""
        assert tuple(arm.outcomes) == tuple(arm.measured) == OUTCOMES
        for table in (*arm.outcomes.values(), *arm.measured.values()):
            assert list(table) == days
            for point in table.values():
                ordered = [point.q05, point.q25, point.q50, point.q75, point.q95]
                assert ordered == sorted(ordered)
                assert all(np.isfinite(value) and value > 0 for value in (*ordered, point.mean))
        assert list(arm.visible) == [*days, "first_day"]
        for day in days:
            shares = arm.visible[day]
            assert isinstance(shares, VisibleShares)
            assert shares.gain + shares.same + shares.loss == pytest.approx(1.0)
            assert min(shares.gain, shares.same, shares.loss) >= 0
        assert isinstance(arm.visible["first_day"], FirstVisibleDay)


def test_every_pair_once() -> None:
    found = forecast()
    pairs = {frozenset((pair.a, pair.b)) for pair in found.pairs}
    assert len(found.pairs) == len(pairs) == 15
    assert pairs == {frozenset(pair) for pair in combinations(SIX, 2)}
    for pair in found.pairs:
        assert pair.outcome == "total_density_per_cm2"
        assert pair.day == 168
        assert 0 <= pair.probability_a_better <= 1


def test_what_comparisons_rest_on() -> None:
    basis = {frozenset((pair.a, pair.b)): pair.basis for pair in forecast().pairs}
    assert basis[frozenset(("none", "minoxidil"))] == "direct"
    assert basis[frozenset(("none", "exosome"))] == "prior_only"
    assert basis[frozenset(("exosome", "prp"))] == "prior_only"
    assert basis[frozenset(("minoxidil", "finasteride"))] == "indirect"
    assert basis[frozenset(("prp", "minoxidil"))] == "direct"


def test_today_is_the_same_in_every_arm() -> None:
    found = arms(forecast())
    for outcome in OUTCOMES:
        assert len({found[arm].outcomes[outcome]["0"].q50 for arm in SIX}) == 1
        assert len({found[arm].measured[outcome]["0"].q50 for arm in SIX}) == 1


def test_the_same_request_gives_the_same_numbers() -> None:
    first = forecast()
    sized.cache_clear()
    reference_of.cache_clear()
    assert forecast() == first
    assert forecast(seed=2) != first


def test_an_arm_does_not_change_the_others() -> None:
    few = replace(
        MEASURED,
        arms=(ArmRequest("exosome+finasteride"), ArmRequest("exosome"), ArmRequest("none")),
    )
    some, all_ = arms(forecast(few)), arms(forecast())
    for arm in ("none", "exosome"):
        assert some[arm].outcomes == all_[arm].outcomes
        assert some[arm].measured == all_[arm].measured
    assert some["exosome+finasteride"].available


def test_an_arm_asked_twice_is_there_once() -> None:
    twice = replace(
        MAN, arms=(ArmRequest("prp+exosome"), ArmRequest("exosome+prp"), ArmRequest("none"))
    )
    assert [arm.id for arm in forecast(twice).arms] == ["exosome+prp", "none"]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"diagnosis": "alopecia_areata"}, "alopecia areata"),
        ({"diagnosis": "telogen_effluvium"}, "telogen effluvium"),
        ({"diagnosis": "scarring_alopecia"}, "scarring"),
        ({"diagnosis": "other"}, "this kind of hair loss"),
        ({"diagnosis": "unknown"}, "not known"),
        ({"age": 17}, "below the age of 18"),
        ({"chemotherapy": True}, "chemotherapy"),
        ({"radiotherapy": True}, "radiotherapy"),
    ],
)
def test_no_curve_is_invented(change: dict[str, Any], says: str) -> None:
    evidence = load_evidence()
    found = make_forecast(replace(MAN, **change), evidence, draws=DRAWS)
    assert isinstance(found, NoForecast)
    assert says in found.reason
    assert set(found.sources) <= set(evidence.sources)


def test_finasteride_has_no_curve_for_women() -> None:
    found = arms(forecast(replace(MAN, sex="female")))
    assert not found["finasteride"].available
    assert found["finasteride"].outcomes == {}
    assert found["finasteride"].visible == {}
    assert "women" in found["finasteride"].reason


def test_a_refused_arm_keeps_its_reason_and_is_in_no_pair() -> None:
    refused = tuple(
        replace(arm, available=False, reason="You are allergic to it.")
        if "exosome" in arm.id
        else arm
        for arm in DEFAULT_ARMS
    )
    found = forecast(replace(MAN, arms=refused))
    assert arms(found)["exosome"].reason == "You are allergic to it."
    assert all("exosome" not in pair.a + pair.b for pair in found.pairs)


def test_what_is_in_use_is_not_new() -> None:
    using = replace(
        MEASURED,
        current_medicines=("minoxidil",),
        arms=(*DEFAULT_ARMS, ArmRequest("exosome+minoxidil")),
    )
    found = arms(forecast(using))
    assert not found["minoxidil"].available
    assert "already use minoxidil" in found["minoxidil"].reason
    assert found["exosome+minoxidil"].available
    assert (
        found["exosome+minoxidil"].outcomes["total_density_per_cm2"]["168"].q50
        == found["exosome"].outcomes["total_density_per_cm2"]["168"].q50
    )
    assert any("minoxidil goes on" in note for note in forecast(using).notes)


def test_medicines_in_use_go_on_in_every_arm() -> None:
    """One year in, minoxidil keeps a scalp near its level; without it a scalp falls."""
    using = forecast(replace(MEASURED, current_medicines=("minoxidil", "finasteride")))
    none, plain = arms(using)["none"], arms(forecast())["none"]

    def fall(arm: Any) -> float:
        density = arm.outcomes["terminal_density_per_cm2"]
        return float(density["364"].mean - density["0"].mean)

    assert fall(none) > fall(plain)


def test_schedules_change_the_curve() -> None:
    def gain(request: ForecastRequest, arm: str = "exosome") -> float:
        density = arms(forecast(request))[arm].outcomes["total_density_per_cm2"]
        return density["168"].mean - density["0"].mean

    one = replace(MEASURED, schedule=Schedule(1, 14, 7))
    late = replace(MEASURED, schedule=Schedule(4, 14, 150))
    assert gain(one) < gain(MEASURED)
    assert gain(late) < gain(MEASURED)
    # A lone PRP arm keeps its own course, unless the wish is for it.
    assert gain(one, "prp") == gain(MEASURED, "prp")
    assert gain(replace(one, wished="prp"), "prp") < gain(MEASURED, "prp")


def test_the_articles_half_life_is_an_alternative_that_lasts() -> None:
    article = replace(MEASURED, tissue_half_life="article")
    found, measured = arms(forecast(article)), arms(forecast())
    late = {
        name: table["exosome"].outcomes["total_density_per_cm2"]["546"].mean
        - table["none"].outcomes["total_density_per_cm2"]["546"].mean
        for name, table in {"article": found, "measured": measured}.items()
    }
    assert late["article"] > late["measured"] + 1
    assert found["none"].outcomes == measured["none"].outcomes
    assert any("article" in note for note in forecast(article).notes)


def test_exosomes_beyond_six_months_are_called_unstudied_and_open() -> None:
    found = arms(forecast(draws=400))
    basis = found["exosome"].evidence_basis
    assert basis.studied_until_day == 182
    assert "not studied" in basis.text
    net = {
        day: found["exosome"].outcomes["total_density_per_cm2"][day].mean
        - found["none"].outcomes["total_density_per_cm2"][day].mean
        for day in ("112", "728")
    }
    assert abs(net["728"]) < abs(net["112"])


def test_notes_say_what_is_extrapolated() -> None:
    assert any("extrapolated" in note for note in forecast(replace(MAN, age=63)).notes)
    assert not any("extrapolated" in note for note in forecast().notes)
    assert any("mostly in men" in note for note in forecast(replace(MAN, sex="female")).notes)
    odd = replace(MAN, measurements=(Measured(1, 170.0, 165.0, 30.0, 99.0),))
    assert any("the model may not describe you" in note for note in forecast(odd).notes)


def test_wrong_settings_are_refused() -> None:
    evidence = load_evidence()
    with pytest.raises(ValueError, match="at least 100 draws"):
        make_forecast(MAN, evidence, draws=99)
    for days in ((0, 28), (28, 168), (0, 364, 168)):
        with pytest.raises(ValueError, match="horizon_days"):
            make_forecast(replace(MAN, horizon_days=days), evidence, draws=DRAWS)


def test_a_release_of_ones_own_is_checked_and_used() -> None:
    evidence = load_evidence()
    release = current_release(evidence.parameters)
    own = make_forecast(MEASURED, evidence, 1, DRAWS, release)
    assert own == forecast()
    with pytest.raises(BrokenReleaseError):
        make_forecast(MEASURED, evidence, 1, DRAWS, replace(release, id="another+0"))


def test_sources_of_every_basis_exist() -> None:
    evidence = load_evidence()
    for arm in forecast().arms:
        assert set(arm.evidence_basis.sources) <= set(evidence.sources)


class Recording(Mapping[str, Parameter]):
    """Parameters that remember which of them were read."""

    def __init__(self, parameters: Mapping[str, Parameter]) -> None:
        self.parameters, self.seen = parameters, set[str]()

    def __getitem__(self, name: str) -> Parameter:
        self.seen.add(name)
        return self.parameters[name]

    def __contains__(self, name: object) -> bool:
        return name in self.parameters

    def __iter__(self) -> Iterator[str]:
        return iter(self.parameters)

    def __len__(self) -> int:
        return len(self.parameters)

    def items(self) -> Any:
        return self.parameters.items()


def test_no_parameter_is_left_unread() -> None:
    evidence = load_evidence()
    recording = Recording(evidence.parameters)
    whole = prior_release(evidence.parameters)
    release = Release(whole.id, recording)
    sized.cache_clear()
    reference_of.cache_clear()
    for request in (
        replace(MAN, hair_type="african", tissue_half_life="article", wished="none"),
        replace(MAN, hair_type="asian", current_medicines=("minoxidil",), minoxidil_percent=2),
        replace(MAN, sex="female", hair_type="other", years_since_onset=5.0),
        replace(MAN, sex="female", minoxidil_percent=2),
        MAN,
    ):
        make_forecast(request, evidence, 1, 100, release)
    for care in CARES:
        trial_care(release, Keyed(1), care, 1)
    trial_spread(release, Keyed(1), 1)
    effect_spread(release, Keyed(1), ("minoxidil", "prp"), 1)
    reporting_shift(release, Keyed(1), DESIGNS, 1)
    season_parameters(release, Keyed(1), 1, np.zeros(1, dtype=np.intp))
    unread = {name for name in evidence.parameters if name not in recording.seen}
    # What only the fit itself needs: two cohorts' own densities, and the bias of pools.
    fit_only = {"bias-pool", "cohort-healthy-ratio", "cohort-affected-ratio"}
    assert {name for name in unread if not name.startswith("stage-share-")} == fit_only
    sized.cache_clear()
    reference_of.cache_clear()


def test_the_keyed_subject_changes_the_people() -> None:
    release = prior_release(load_evidence().parameters)
    first, second = (reference_of(release, Keyed(1, name), 100) for name in ("a", "b"))
    assert (first.model.telogen_days != second.model.telogen_days).all()


def test_change_is_taken_draw_by_draw_so_today_cancels() -> None:
    for arm in forecast().arms:
        change, level = arm.change["total_density_per_cm2"], arm.outcomes["total_density_per_cm2"]
        assert change["0"].q05 == change["0"].q95 == 0.0
        assert change["364"].mean == pytest.approx(level["364"].mean - level["0"].mean)
        assert change["364"].q95 - change["364"].q05 < level["364"].q95 - level["364"].q05


def test_a_count_that_the_model_cannot_meet_is_told() -> None:
    odd = Measured(20, total_density_per_cm2=168, terminal_density_per_cm2=60, named="2026-11-02")
    told = " ".join(forecast(replace(MEASURED, measurements=(odd,))).notes)
    assert "Your count of 2026-11-02 gave 60 for terminal hairs" in told
    assert "error of reading or typing" in told
    old = replace(odd, days_ago=400, named="")
    told = " ".join(forecast(replace(MEASURED, measurements=(old,))).notes)
    assert "Your count of 400 days ago gave 60" in told
    usual = replace(MEASURED, measurements=(Measured(21, 168.0, 140.0),))
    assert "Your count" not in " ".join(forecast(usual).notes)
