"""Made-up people for the tests of the forecast."""

from dataclasses import replace
from typing import Any

from anagen.evidence import load_evidence
from anagen.forecasting.build import make_forecast
from anagen.forecasting.model import Forecast
from anagen.forecasting.request import ForecastRequest, Measured

DRAWS = 120
MAN = ForecastRequest(age=34, sex="male", diagnosis="androgenetic_alopecia", hair_type="european")
MEASURED = replace(
    MAN,
    stage_scale="norwood_hamilton",
    stage_grade="III vertex",
    years_since_onset=6.0,
    measurements=(Measured(21, 168.0, 120.0, 52.0, 66.0),),
)


def forecast(request: ForecastRequest = MEASURED, **settings: Any) -> Forecast:
    """A forecast with few draws."""
    found = make_forecast(request, load_evidence(), **({"seed": 1, "draws": DRAWS} | settings))
    assert isinstance(found, Forecast)
    return found


def arms(found: Forecast) -> dict[str, Any]:
    """Arms by id."""
    return {arm.id: arm for arm in found.arms}
