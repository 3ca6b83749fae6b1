"""What an arm gives, as people write it."""

import re

import pytest

from anagen.trial.regimen import CONTROLS, parse_regimen


def test_sessions_dose_and_care_are_read():
    found = parse_regimen("exosome 1e10 x4 q14d")
    assert found.components == ("exosome",)
    assert found.schedules["exosome"].days == (0.0, 14.0, 28.0, 42.0)
    assert found.doses == {"exosome": 1e10}
    assert (found.visits, found.care) == (4, "saline")


def test_a_sum_holds_its_parts_in_the_fixed_order():
    found = parse_regimen("finasteride + prp x3 q30d + minoxidil 2%")
    assert found.components == ("prp", "minoxidil", "finasteride")
    assert found.percent == 2
    assert found.care == "topical_vehicle"
    assert set(found.schedules) == {"prp"}


@pytest.mark.parametrize("control", CONTROLS)
def test_a_control_has_no_treatment(control):
    text = f"{control} x3 q30d" if control in ("saline", "needling") else control
    found = parse_regimen(text)
    assert found.components == ()
    assert found.care == CONTROLS[control]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "begins with no treatment"),
        ("exosom x4 q14d", "did you mean `exosome`?"),
        ("exosome", "needs its sessions, such as x4 q14d"),
        ("exosome x4", "needs its sessions"),
        ("exosome x0 q14d", "0 sessions; 1 to 24 are allowed"),
        ("exosome x25 q14d", "25 sessions; 1 to 24 are allowed"),
        ("exosome x2 q0d", "1 to 365 are allowed"),
        ("prp 1e10 x3 q30d", "`1e10` is not understood"),
        ("finasteride x4 q14d", "finasteride has no sessions"),
        ("minoxidil 3%", "`3%` is not understood"),
        ("prp x3 q30d + prp x3 q30d", "names prp twice"),
        ("nothing + finasteride", "adds a treatment to nothing"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_allowed(text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        parse_regimen(text)
