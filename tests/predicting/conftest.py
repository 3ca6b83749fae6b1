"""A cohort that every test starts from."""

from typing import Any

import pytest

Made = dict[str, Any]


@pytest.fixture
def vehicle_trial() -> Made:
    """Minoxidil 5 % against its vehicle, with everything given."""
    return {
        "n": 120,
        "control_n": 60,
        "sex": "male",
        "diagnosis": "androgenetic_alopecia",
        "age": {"mean": 34, "sd": 8},
        "baseline": {"terminal_density_per_cm2": {"mean": 165, "sd": 40}},
        "arm": {"id": "minoxidil", "route": "topical", "percent": 5},
        "control": "topical_vehicle",
        "weeks": [16, 24, 48],
        "outcomes": ["terminal_density_per_cm2", "total_density_per_cm2"],
    }
