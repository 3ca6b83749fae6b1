"""Plans, forecasts and studies exosome therapy for hair, honestly.

The public names load on first use, so that importing anagen costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from anagen.candidacy.judge import check_candidacy as check_candidacy
    from anagen.catalogue import load_catalogue as load_catalogue
    from anagen.evidence import load_evidence as load_evidence
    from anagen.follicle import (
        DiameterGrid as DiameterGrid,
        Erlang as Erlang,
        Fixed as Fixed,
        FollicleModel as FollicleModel,
        LogNormal as LogNormal,
        Signals as Signals,
        follicle_stories as follicle_stories,
        simulate as simulate,
        untreated as untreated,
    )
    from anagen.forecasting.baseline import baseline as baseline
    from anagen.person.schema import Person as Person
    from anagen.plan.build import make_plan as make_plan
    from anagen.plan.decide import Settings as Settings
    from anagen.plan.model import Plan as Plan
    from anagen.plan.requests import forecast as forecast
    from anagen.predicting.build import predict as predict
    from anagen.predicting.schema import Cohort as Cohort
    from anagen.reading import InputError as InputError

__version__ = "0.1.0"

_HOME = {
    "Cohort": "anagen.predicting.schema",
    "DiameterGrid": "anagen.follicle",
    "Erlang": "anagen.follicle",
    "Fixed": "anagen.follicle",
    "FollicleModel": "anagen.follicle",
    "LogNormal": "anagen.follicle",
    "Signals": "anagen.follicle",
    "follicle_stories": "anagen.follicle",
    "untreated": "anagen.follicle",
    "InputError": "anagen.reading",
    "Person": "anagen.person.schema",
    "Plan": "anagen.plan.model",
    "Settings": "anagen.plan.decide",
    "baseline": "anagen.forecasting.baseline",
    "check_candidacy": "anagen.candidacy.judge",
    "forecast": "anagen.plan.requests",
    "load_catalogue": "anagen.catalogue",
    "load_evidence": "anagen.evidence",
    "make_plan": "anagen.plan.build",
    "predict": "anagen.predicting.build",
    "simulate": "anagen.follicle",
}

__all__ = [
    "Cohort",
    "DiameterGrid",
    "Erlang",
    "Fixed",
    "FollicleModel",
    "InputError",
    "LogNormal",
    "Person",
    "Plan",
    "Settings",
    "Signals",
    "__version__",
    "baseline",
    "check_candidacy",
    "follicle_stories",
    "forecast",
    "load_catalogue",
    "load_evidence",
    "make_plan",
    "predict",
    "simulate",
    "untreated",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        return getattr(import_module(_HOME[name]), name)
    raise AttributeError(f"module 'anagen' has no attribute '{name}'")


def __dir__() -> list[str]:
    return __all__
