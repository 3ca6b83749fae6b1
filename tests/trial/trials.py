"""Small trials to test with."""

from anagen.trial.schema import Trial

SMALL = {
    "title": "A small trial",
    "population": {"sex": "male", "baseline": {"mean": 160.0, "sd": 40.0}},
    "arms": [
        {"id": "exosome", "regimen": "exosome x4 q14d"},
        {"id": "saline", "regimen": "saline x4 q14d"},
    ],
    "compare": {"arm": "exosome", "against": "saline"},
    "people": 40,
    "endpoint": {"outcome": "total_density_per_cm2", "week": 24},
}


def small(**changed):
    return Trial.model_validate({**SMALL, **changed})
