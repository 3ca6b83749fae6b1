"""The trial file: the examples are trials, and what can't be one is refused in a sentence."""

import json
from pathlib import Path

import pytest
from tests.trial.trials import SMALL, small

from anagen.reading import InputError
from anagen.trial.schema import Trial

EXAMPLES = sorted((Path(__file__).parents[2] / "examples" / "trials").glob("*.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_examples_are_trials(path):
    trial = Trial.load(path)
    assert sum(trial.sizes) == trial.people * (2 if trial.design == "split_scalp" else 1)


def test_people_are_shared_out_by_the_arms_shares():
    arms = [{**SMALL["arms"][0], "share": 2}, SMALL["arms"][1]]
    assert small(arms=arms, people=10).sizes == (7, 3)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"arms": SMALL["arms"][:1]}, "arms: holds too little; it needs 2 or more entries"),
        ({"people": 10**11}, "people: is 100000000000; it must be at most"),
        ({"people": 3}, "people: is 3; it must be at least 4"),
        ({"compare": {"arm": "exosome", "against": "salin"}}, "did you mean `saline`?"),
        ({"compare": {"arm": "saline", "against": "saline"}}, "names one arm twice"),
        ({"arms": [SMALL["arms"][0], SMALL["arms"][0]]}, "two arms have the same id"),
        ({"endpoint": {"outcome": "total_density_per_cm2", "week": 6}}, "last session on day 42"),
        ({"visits": [12]}, "visits must rise and end with the endpoint's week 24"),
        ({"visits": [4, 8, 12, 16, 24]}, "at most 4 are simulated"),
        ({"looks": {"at": [0.5, 0.4]}}, "`at` must rise"),
        ({"looks": {"at": [n / 40 for n in range(1, 30)]}}, "there can be fewer than weeks"),
        ({"analysis": {"method": "responder"}}, "needs endpoint.responder_percent"),
        ({"design": "split_scalp", "analysis": {"method": "repeated"}}, "by ancova or change"),
        ({"population": {"sex": "male", "age": [10, 50]}}, "the model describes adults"),
        ({"population": {"sex": "male", "exclude": ["cancer"]}}, "exclude has 'cancer'"),
        ({"population": {"sex": "male", "stage": ["VIII"]}}, "stage has 'VIII'"),
        ({"population": {"sex": "mixed", "stage": ["II"]}}, "stage needs one sex"),
        ({"stratify": ["sex"]}, "the population has one"),
        ({"stratify": ["site"]}, "there is one"),
        ({"stratify": ["baseline"], "design": "split_scalp"}, "leave stratify out"),
        ({"reader_shift_percent": 5}, "needs blinding: open"),
        ({"analysis": {"effect_um": 3}}, "write effect_per_cm2"),
        (
            {
                "decision": {"margin_per_cm2": -5},
                "endpoint": {"outcome": "anagen_percent", "week": 24},
            },
            "the endpoint must be a density",
        ),
        ({"drop_out": 1}, "drop_out: is 1; it must be less than 1"),
        ({"colour": 1}, "unknown key"),
        (
            {
                "population": {"sex": "female"},
                "arms": [{"id": "exosome", "regimen": "finasteride"}, SMALL["arms"][1]],
            },
            "gives women finasteride",
        ),
    ],
)
def test_what_cannot_be_a_trial_is_refused(changed, said):
    with pytest.raises(InputError) as refused:
        Trial.parse(json.dumps({**SMALL, **changed}).encode(), "trial.yaml")
    assert said in str(refused.value)
