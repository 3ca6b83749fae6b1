"""The terminal plan: regulatory status first, ranges, and nothing that steers the terminal."""

import io
from dataclasses import replace

import pytest
from tests.render import sample

from anagen.evidence import load_evidence
from anagen.evidence.why import why
from anagen.render.terminal import (
    Screen,
    print_check,
    print_course,
    print_forecast,
    print_plan,
    print_quote,
    print_why,
)


def printed(print_, *values, width=80, **options):
    out = io.StringIO()
    print_(*values, Screen(file=out, width=width, highlight=False), **options)
    return out.getvalue()


def flat(text):
    return " ".join(text.split())


@pytest.mark.parametrize("make", sample.ALL)
def test_regulatory_status_comes_first_and_lines_fit(make):
    text = printed(print_plan, make())
    assert text.startswith("Approval in your country")
    assert "experimental" in text.splitlines()[1]
    assert "Exosomes: NOT APPROVED (as of 1 May 2026)" in text.splitlines()[3]
    assert max(map(len, text.splitlines())) <= 80
    assert "\x1b" not in text


def test_candidate_is_no_recommendation():
    text = flat(printed(print_plan, sample.candidate()))
    assert "None of the listed reasons against was found." in text
    assert "This is not a recommendation. Discuss it with a clinician." in text


def test_stopped_plan_says_why_parts_are_missing():
    text = flat(printed(print_plan, sample.not_now()))
    assert "Reasons against it now: - You are under 18." in text
    assert "There is no forecast. The model does not describe people under 18." in text
    assert text.count("A listed reason speaks against it now.") >= 2


def test_forecast_shows_ranges_with_certainty_and_keeps_doing_nothing():
    text = printed(print_forecast, sample.forecast(), wished="exosome")
    assert "Nothing new" in text
    row = next(line for line in text.splitlines() if line.strip().startswith("24 "))
    assert " to " in row
    assert row.rstrip().endswith("low")
    assert "No forecast: You already use it." in text
    assert "Exosomes + PRP: about 48 in 100 (rests on an assumption, not data)." in text


def test_only_clinicians_see_what_a_prior_alone_gives_and_the_rule_ids():
    text = flat(printed(print_plan, sample.clinician()))
    assert "rests on an assumption, not data" in text
    assert "[R-early, C24]" in text
    assert "[R-early" not in printed(print_plan, sample.candidate())


def test_single_verbs_print():
    plan = sample.candidate()
    checked = printed(print_check, plan.regulatory, plan.candidacy)
    assert checked.startswith("Approval in your country")
    assert "1,000 to 3,000 USD" in printed(print_quote, plan.quote)
    assert "Session 4 of 4" in printed(print_course, plan.course)


def test_why_prints_lines_and_sources():
    text = printed(print_why, why(load_evidence(), "C09"))
    assert text.startswith("C09: onset (claim)")
    assert "\nStanding:\n  contradicted\n" in text
    assert "Seen as: full text" in text


def test_names_can_not_steer_the_terminal():
    person = {**sample.candidate().person, "name": "\x1b[31m[bold]Eve[/bold]\x07"}
    text = printed(print_plan, replace(sample.candidate(), person=person))
    assert "\x1b" not in text
    assert "[bold]Eve[/bold]" in text
