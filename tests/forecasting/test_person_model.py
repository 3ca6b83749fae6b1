"""What a person tells narrows and moves the forecast as it should."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings, strategies as st
from tests.forecasting.people import MAN, MEASURED, arms, forecast

from anagen.evidence import load_evidence
from anagen.follicle.run import snapshot
from anagen.forecasting.likelihood import stage_parameter
from anagen.forecasting.model import Quantiles
from anagen.forecasting.person_model import age_effect, person_draws, responses
from anagen.forecasting.request import ForecastRequest, Measured, Schedule
from anagen.person.schema import GRADES
from anagen.posterior import Keyed, prior_release


def today(request: ForecastRequest, outcome: str = "total_density_per_cm2") -> Quantiles:
    quantiles: Quantiles = arms(forecast(request, draws=300))["none"].outcomes[outcome]["0"]
    return quantiles


def width(point: Quantiles) -> float:
    return point.q95 - point.q05


def test_a_measurement_narrows_the_forecast() -> None:
    one = replace(MAN, measurements=(Measured(10, 168.0),))
    three = replace(one, measurements=tuple(Measured(day, 168.0) for day in (10, 20, 30)))
    widths = [width(today(request)) for request in (MAN, one, three)]
    assert widths[0] > 2 * widths[1]
    assert widths[1] > widths[2]
    assert today(one).q50 == pytest.approx(168, rel=0.05)


def test_each_measured_outcome_moves_its_own() -> None:
    for outcome, low, high in (
        ("mean_diameter_um", 46.0, 58.0),
        ("anagen_percent", 50.0, 78.0),
        ("terminal_density_per_cm2", 110.0, 160.0),
    ):
        points = [
            today(replace(MAN, measurements=(Measured(0, **{outcome: value}),)), outcome).q50
            for value in (low, high)
        ]
        assert points[0] < points[1]


def test_a_falling_series_is_read_as_a_faster_loss() -> None:
    slow = replace(MAN, measurements=tuple(Measured(day, 170.0) for day in (0, 364, 728)))
    fast = replace(
        MAN, measurements=(Measured(0, 150.0), Measured(364, 170.0), Measured(728, 190.0))
    )

    def fall(request: ForecastRequest) -> float:
        density = arms(forecast(request, draws=300))["none"].outcomes["total_density_per_cm2"]
        return density["728"].mean / density["0"].mean

    assert fall(fast) < fall(slow)


def test_many_measurements_are_no_trouble() -> None:
    daily = replace(MAN, measurements=tuple(Measured(day, 165.0) for day in range(200)))
    assert today(daily).q50 == pytest.approx(165, rel=0.03)
    using = replace(daily, current_medicines=("minoxidil",))
    assert today(using).q50 == pytest.approx(165, rel=0.03)


def test_a_measurement_under_a_medicine_is_kept() -> None:
    using = replace(
        MAN,
        current_medicines=("minoxidil",),
        measurements=(Measured(7, 180.0), Measured(600, 160.0)),
    )
    assert today(using).q50 == pytest.approx(178, rel=0.06)


def test_a_higher_grade_has_less_hair() -> None:
    medians = [
        today(replace(MAN, stage_scale="norwood_hamilton", stage_grade=grade)).q50
        for grade in ("I", "III", "V", "VII")
    ]
    assert medians == sorted(medians, reverse=True)
    assert medians[-1] < 0.65 * medians[0]


def test_every_grade_has_a_parameter() -> None:
    parameters = load_evidence().parameters
    for scale, grades in GRADES.items():
        for grade in grades:
            assert stage_parameter(scale, grade) in parameters
    assert stage_parameter(None, None) in parameters


def test_hair_types_and_longer_loss() -> None:
    european, african = (
        today(replace(MAN, hair_type=hair)).q50 for hair in ("european", "african")
    )
    assert european > african
    short, long = (today(replace(MAN, years_since_onset=years)).q50 for years in (1.0, 18.0))
    assert short > long


def test_untreated_people_lose_about_as_published() -> None:
    density = arms(forecast(MAN, draws=400))["none"].outcomes["total_density_per_cm2"]
    yearly = 1 - density["364"].mean / density["0"].mean
    assert 0.025 < yearly < 0.065


@given(st.floats(18, 100), st.floats(-0.1, 0))
def test_age_thins_and_never_thickens(age: float, slope: float) -> None:
    factor = age_effect(age, np.array([slope]))[0]
    assert 0 < factor <= 1
    assert factor >= age_effect(age + 10, np.array([slope]))[0]
    assert age_effect(25.0, np.array([slope]))[0] == 1


def test_the_mean_response_is_one() -> None:
    release, keyed = prior_release(load_evidence().parameters), Keyed(3)
    found = responses(release, keyed, "exosome", 40_000)
    assert found.mean() == pytest.approx(1.0, abs=0.02)
    assert np.log(found).std() == pytest.approx(0.7, abs=0.01)
    assert np.log(responses(release, keyed, "finasteride", 40_000)).std() < 0.55


def test_a_person_is_draws_of_whole_scalps() -> None:
    release, keyed = prior_release(load_evidence().parameters), Keyed(1)
    person = person_draws(MEASURED, release, keyed, 100)
    shown = snapshot(person.today, person.model)
    follicles = person.today.cycling.sum(axis=(0, 1, 2))
    assert np.allclose(follicles, person.model.follicles_per_cm2)
    assert (shown.counted()[0] < follicles).all()


values = st.one_of(st.none(), st.floats(0.5, 500))


@st.composite
def requests(draw: st.DrawFn) -> ForecastRequest:
    """Any adult that the person file allows."""
    age = draw(st.integers(18, 110))
    total = draw(values)
    measurement = Measured(
        days_ago=draw(st.integers(0, 30_000)),
        total_density_per_cm2=total,
        terminal_density_per_cm2=None if total is None else total * draw(st.floats(0.01, 1)),
        mean_diameter_um=draw(st.one_of(st.none(), st.floats(5, 150))),
        anagen_percent=draw(st.one_of(st.none(), st.floats(0, 100))),
    )
    return ForecastRequest(
        age=age,
        sex=draw(st.sampled_from(["male", "female"])),
        diagnosis="androgenetic_alopecia",
        hair_type=draw(st.sampled_from(["african", "asian", "european", "other", "unknown"])),
        stage_scale=draw(st.sampled_from([None, "norwood_hamilton"])),
        stage_grade="VII",
        years_since_onset=draw(st.one_of(st.none(), st.floats(0, age))),
        measurements=draw(st.sampled_from([(), (measurement,), (measurement, Measured(0, 120.0))])),
        current_medicines=draw(st.sampled_from([(), ("minoxidil",), ("minoxidil", "finasteride")])),
        minoxidil_percent=draw(st.sampled_from([2, 5])),
        schedule=Schedule(
            draw(st.integers(1, 24)), draw(st.integers(1, 365)), draw(st.integers(0, 900))
        ),
        wished=draw(st.sampled_from(["exosome", "prp", "exosome+prp", "none"])),
    )


@given(requests())
@settings(max_examples=25)
@pytest.mark.filterwarnings("error")
def test_every_adult_gets_whole_numbers(request: ForecastRequest) -> None:
    for arm in forecast(request, draws=100).arms:
        for table in (*arm.outcomes.values(), *arm.measured.values()):
            for point in table.values():
                assert 0 <= point.q05 <= point.q95 < 1000
                assert np.isfinite(point.mean)
