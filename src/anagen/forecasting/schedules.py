"""When the sessions of each injected treatment are."""

from anagen.evidence.vocabulary import Component
from anagen.forecasting.request import ForecastRequest, Schedule
from anagen.posterior import Release
from anagen.treatment.arms import parse_arm


def schedule_of(component: Component, request: ForecastRequest, release: Release) -> Schedule:
    """The wished schedule if the wish names this treatment, else its usual first course."""
    if component in parse_arm(request.wished).components:
        return request.schedule
    return Schedule(
        sessions=int(release.fixed(f"{component}-sessions")),
        interval_days=int(release.fixed(f"{component}-interval-days")),
        first_session_day=request.schedule.first_session_day,
    )
