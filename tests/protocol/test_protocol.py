"""Protocols: honest about what rests on the prior, and about prices that nobody can check."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from anagen.cli.main import run as command
from anagen.evidence import load_evidence
from anagen.posterior import Keyed
from anagen.protocol.build import protocols_of
from anagen.protocol.gains import PEOPLE, EvenKeyed
from anagen.protocol.schema import Question
from anagen.protocol.unknowns import drawn, load_unknowns
from anagen.reading import InputError
from anagen.trial.sides import the_release

EXAMPLE = Path(__file__).parents[2] / "examples" / "protocols" / "exosome-schedules.yaml"
SMALL = {
    "title": "A small question",
    "population": {"sex": "male", "baseline": {"mean": 160, "sd": 40}},
    "endpoint": {"outcome": "total_density_per_cm2", "week": 24, "responder_percent": 10},
    "exosome": {"sessions": [3, 5], "interval_days": [14]},
    "combine": ["prp"],
    "beside": ["minoxidil 5%"],
    "countries": ["US", "TR"],
}


def question(**changed):
    return Question.model_validate({**SMALL, **changed})


@pytest.fixture(scope="module")
def found():
    return protocols_of(question(), 100)


def country(found, code):
    return next(one for one in found.countries if one.country == code)


def test_every_schedule_stands_alone_and_in_each_combination(found):
    assert [one.id for one in found.protocols] == [
        "nothing", "minoxidil 5%", "exosome x3 q14d", "exosome x3 q14d + prp x3 q14d",
        "exosome x5 q14d", "exosome x5 q14d + prp x5 q14d",
    ]  # fmt: skip


def test_nothing_is_what_gains_are_told_against(found):
    nothing = found.protocols[0]
    assert (nothing.gain.mean, nothing.gain.q95, nothing.basis) == (0.0, 0.0, "same")
    assert nothing.responders.mean == 0.0


def test_what_each_gain_rests_on_is_told(found):
    basis = {one.id: one.basis for one in found.protocols}
    assert basis["minoxidil 5%"] == "direct"
    assert all(told == "prior_only" for name, told in basis.items() if "exosome" in name)


def test_every_price_and_every_basis_has_its_source(found):
    known = load_evidence().sources
    assert country(found, "TR").sources == ("article", "clinic-list-turkiye-2026")
    basis = {one.id: one.sources for one in found.protocols}
    assert basis["minoxidil 5%"] == ("olsen-2002", "lucky-2004")
    assert basis["exosome x3 q14d"] == ("amini-2025",)
    cited = [*country(found, "US").sources, *(name for one in basis.values() for name in one)]
    assert set(cited) <= set(known)
    own = [
        {"country": "TR", "treatment": name, "per": "session", "low": 1, "high": 2,
         "currency": "EUR"}
        for name in ("exosome", "prp")
    ]  # fmt: skip
    made = protocols_of(question(prices=own, countries=["TR"]), 100)
    assert made.countries[0].sources == ()


def test_gains_are_as_uncertain_as_the_model(found):
    exosome = next(one for one in found.protocols if one.id == "exosome x3 q14d")
    assert exosome.gain.q05 < 0 < exosome.gain.q95
    assert 0.5 < exosome.chance_of_gain < 0.9


def test_no_winner_is_named_where_the_prior_decides(found):
    here = country(found, "TR")
    assert here.choices[0].best == "nothing"  # a hair worth nothing
    assert here.choices[-1].best is None
    assert set(here.choices[-1].undecided) == {"none", "exosome"}
    assert "rests on assumptions" in here.choices[-1].because
    for choice in (one for place in found.countries for one in place.choices):
        assert (choice.best is None) == bool(choice.undecided)


def test_data_name_a_winner_where_they_can(found):
    assert any(choice.best == "minoxidil 5%" for choice in country(found, "US").choices)


def test_a_price_that_nobody_published_stays_unknown(found):
    offers = {one.id: one for one in country(found, "TR").offers}
    assert offers["minoxidil 5%"].cost is None
    assert offers["minoxidil 5%"].missing == ("minoxidil",)
    assert not offers["minoxidil 5%"].on_front
    assert offers["exosome x3 q14d + prp x3 q14d"].missing == ("prp",)


def test_the_front_holds_what_nothing_beats(found):
    for place in found.countries:
        gains = {one.id: one.gain for one in found.protocols}
        told = [one for one in place.offers if one.cost is not None]
        for one in told:
            beaten = [
                other
                for other in told
                if other is not one
                and gains[other.id].mean >= gains[one.id].mean
                and gains[other.id].q05 >= gains[one.id].q05
                and other.cost.mean <= one.cost.mean
                and (gains[other.id].mean, gains[other.id].q05, other.cost.mean)
                != (gains[one.id].mean, gains[one.id].q05, one.cost.mean)
            ]
            assert one.on_front == (not beaten)
        costs = [next(o.cost.mean for o in told if o.id == name) for name in place.front]
        assert costs == sorted(costs)
        assert place.front[0] == "nothing"


def test_chances_sum_to_one_and_knowing_is_worth_something(found):
    for place in found.countries:
        sums = np.sum([np.array(one) for one in place.chances.values()], axis=0)
        assert sums == pytest.approx(1.0)
        assert min(place.perfect) >= 0
        values = [one.value for one in place.unknowns]
        assert values == sorted(values, reverse=True)
        assert values[0] <= max(place.perfect) * 1.1
        assert place.worth_a_trial == "exosome-strength"


def test_only_unknowns_of_what_can_be_chosen_are_weighed(found):
    here = {one.id for one in country(found, "TR").unknowns}
    assert not here & {"prp-strength", "minoxidil-strength", "exosome-prp-interaction"}


def test_own_prices_and_rates_are_used():
    own = [
        {"country": "TR", "treatment": "prp", "per": "session", "low": 100, "high": 100,
         "currency": "EUR"},
        {"country": "TR", "treatment": "exosome", "per": "session", "low": 200, "high": 300,
         "currency": "EUR"},
        {"country": "TR", "treatment": "minoxidil", "per": "month", "low": 10, "high": 10,
         "currency": "USD"},
    ]  # fmt: skip
    rate = "1 EUR = 2 USD on 2026-11-20"
    made = protocols_of(question(prices=own, countries=["TR"], rates=[rate]), 100)
    offers = {one.id: one for one in made.countries[0].offers}
    assert made.countries[0].currency == "EUR"
    both = offers["exosome x3 q14d + prp x3 q14d"].cost
    assert 3 * 300 <= both.q05 < both.q95 <= 3 * 400
    months = 24 / (365.25 / 7) * 12
    assert offers["minoxidil 5%"].cost.mean == pytest.approx(months * 10 / 2)


def test_people_concerned_make_it_worth_more():
    made = protocols_of(question(people_concerned=1000, countries=["US"]), 100)
    first = made.countries[0].unknowns[0]
    assert first.for_all == pytest.approx(1000 * first.value)


def test_the_same_seed_gives_the_same_and_the_order_of_countries_nothing(found):
    again = protocols_of(question(countries=["TR", "US"]), 100)
    assert again.protocols == found.protocols
    assert country(again, "TR") == country(found, "TR")


def test_even_people_are_the_same_in_every_draw_and_spread_over_the_law():
    keyed = EvenKeyed(3, "people")
    numbers = keyed.normal("drive/0", 5 * PEOPLE).reshape(5, PEOPLE)
    assert (numbers == numbers[0]).all()
    assert numbers[0].mean() == pytest.approx(0.0, abs=1e-12)
    assert numbers[0].std() == pytest.approx(1.0, abs=0.1)
    shares = np.sort(keyed.uniform("grade", PEOPLE))
    assert shares == pytest.approx((np.arange(PEOPLE) + 0.5) / PEOPLE)
    assert not np.array_equal(keyed.uniform("one", PEOPLE), keyed.uniform("two", PEOPLE))


def test_every_unknown_is_a_parameter_that_varies():
    release, keyed = the_release(), Keyed(1, "protocol")
    for one in load_unknowns():
        values = drawn(one, release, keyed, 200)
        assert values.shape == (len(one.parameters), 200)
        assert (values.std(axis=1) > 0).all(), one.id
    broken = load_unknowns()[0].model_copy(update={"parameters": ("no-such-thing",)})
    with pytest.raises(KeyError):
        drawn(broken, release, keyed, 5)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"exosome": {"sessions": [24], "interval_days": [30]}}, "not before week 24"),
        ({"exosome": {"sessions": []}}, "holds too little"),
        ({"endpoint": {"outcome": "mean_diameter_um", "week": 24}}, "must be a density"),
        ({"population": {"sex": "female"}, "combine": ["finasteride"]}, "gives women finasteride"),
        ({"rates": ["1 EUR is 2 USD"]}, "is not an exchange rate"),
        ({"beside": ["exosomes x3 q14d"]}, "did you mean"),
        ({"countries": ["Spain"]}, "an ISO 3166-1 two-letter code"),
        ({"exosome": {"sessions": list(range(1, 25)), "interval_days": [1, 2, 3, 4, 5]}},
         "at most 200 are compared"),
        ({"sourc": 1}, "unknown key"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused(changed, said, tmp_path):
    file = tmp_path / "question.json"
    file.write_text(json.dumps({**SMALL, **changed}), encoding="utf-8")
    with pytest.raises(InputError) as refused:
        Question.load(file)
    assert said in str(refused.value)


def test_a_price_is_checked():
    price = {"country": "TR", "treatment": "prp", "per": "month", "low": 1, "high": 2,
             "currency": "EUR"}  # fmt: skip
    for changed, said in (({}, "not paid by the month"), ({"low": 3}, "high .2. is below low")):
        with pytest.raises(ValueError, match=said):
            question(prices=[{**price, **changed}])


def test_the_command_line_tells_it(capfd, tmp_path):
    out = tmp_path / "found.json"
    arguments = ["protocol", str(EXAMPLE), "--draws", "100", "--country", "US"]
    assert command([*arguments, "--json", str(out)]) == 0
    made = json.loads(out.read_text(encoding="utf-8"))
    assert [one["country"] for one in made["countries"]] == ["US"]
    assert len(made["donor_sources"]) > 1
    assert command(arguments) == 0
    said = capfd.readouterr().out
    assert "no winner" in said
    assert "Worth knowing" in said
    assert command([*arguments, "--country", "XX"]) == 2
    assert "XX is not in" in capfd.readouterr().err
    assert command(["protocol", "nowhere.yaml"]) == 3


def test_a_dose_is_shown_and_changes_nothing(found):
    made = protocols_of(
        question(beside=["minoxidil 5%", "exosome 1e10 x3 q14d"], countries=["US"]), 100
    )
    gains = {one.id: one.gain for one in made.protocols}
    assert gains["exosome 1e10 x3 q14d"] == gains["exosome x3 q14d"]
    assert any("changes nothing" in note for note in made.notes)
    assert replace(made, notes=()) != found
