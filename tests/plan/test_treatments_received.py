"""Sessions had reach the forecast as days, and the plan says what was made of them."""

from datetime import date

from anagen.catalogue import load_catalogue
from anagen.forecasting.request import Received
from anagen.person.schema import Person
from anagen.plan.build import make_plan
from anagen.plan.decide import Settings
from anagen.plan.requests import forecast_request
from anagen.plan.wished import complete_wish

TODAY = date(2026, 11, 22)
TEXT = b"""
age: 34
sex: male
country: TR
diagnosis: androgenetic_alopecia
measurements:
  - {date: 2026-06-01, total_density_per_cm2: 160}
  - {date: 2026-11-01, total_density_per_cm2: 168, terminal_density_per_cm2: 30}
treatments_received:
  - {arm: exosome+prp, date: 2026-06-02}
  - {arm: minoxidil, date: 2026-08-22}
medicines: [{name: minoxidil}]
"""


def test_dates_become_days() -> None:
    person = Person.parse(TEXT, "person", TODAY)
    wished, _ = complete_wish(person, TODAY)
    request = forecast_request(person, wished, (), load_catalogue())
    assert request.received == (
        Received("exosome", 173),
        Received("prp", 173),
        Received("minoxidil", 92),
    )
    assert [one.named for one in request.measurements] == ["2026-06-01", "2026-11-01"]


def test_the_plan_says_what_was_used_and_what_looks_wrong() -> None:
    person = Person.parse(TEXT, "person", TODAY)
    plan = make_plan(person, TODAY, Settings(draws=200))
    said = " ".join(limit.reason for limit in plan.limits)
    assert "1 exosome session that you had" in said
    assert "minoxidil goes on. By your dates it was used for 3 months" in said
    assert "Your count of 2026-11-01 gave 30 for terminal hairs" in said
    assert "does not yet use them" not in said
