"""Pages for researchers: whole, self-contained, and saying what the numbers are."""

import json
import re

import pytest
from tests.protocol.test_protocol import question
from tests.render.page import Page
from tests.trial.trials import SMALL, small

from anagen.cli.main import run as command
from anagen.protocol.build import protocols_of
from anagen.protocol.report import report_of
from anagen.render.json import document_of, dump
from anagen.render.research import p_value, percent, protocol_page, trial_page
from anagen.trial.curve import power_curve
from anagen.trial.enrolment import enrolment_course
from anagen.trial.pool import Engine

TRIAL = {
    "visits": [12, 24], "drop_out": 0.2, "enrolment": {"per_month": 8}, "looks": {"at": [0.5]},
    "stratify": ["baseline"], "costs": {"currency": "EUR", "per_person": 100, "fixed": 1000},
    "analysis": {"method": "repeated", "effect_per_cm2": 10},
}  # fmt: skip


@pytest.fixture(scope="module")
def report():
    return report_of(small(**TRIAL), 20, engine=Engine(2), countries=("US",), told=lambda *_: None)


@pytest.fixture(scope="module")
def pages(report):
    return {"trial": trial_page(report), "protocol": protocol_page(protocols_of(question(), 100))}


@pytest.mark.parametrize("name", ["trial", "protocol"])
def test_pages_are_whole_and_load_nothing(pages, name):
    page = Page(pages[name])
    assert page.problems == []
    ids = page.ids()
    assert len(ids) == len(set(ids))
    links = [a.get("href") or "" for tag, a in page.elements if tag == "a"]
    assert {link[1:] for link in links if link.startswith("#")} <= set(ids)
    assert not {tag for tag, _ in page.elements} & {"script", "link", "img", "iframe"}
    assert "approved for it by no regulator" in pages[name]
    assert not re.search(r"\bnan\b|\binf\b|None", re.sub(r"<svg.*?</svg>", "", pages[name]))


def test_the_trials_page_follows_the_guidance(pages, report):
    headings = [heading for heading, _ in report.ademp]
    assert headings == [
        "Aims", "Data-generating mechanism", "Estimand", "Methods", "Performance measures",
    ]  # fmt: skip
    for text in (*headings, "10.1002/sim.8086", "Interim looks at 50%", "strata of the count",
                 report.power.posterior_release, "seed 1", "Monte Carlo"):  # fmt: skip
        assert text in pages["trial"]
    figures = re.findall(r'<title id="chart-([^"]+)-title">', pages["trial"])
    assert {"power-curve", "sample-paths", "enrolment", "front-US", "acceptability-US"} <= {
        *figures
    }


@pytest.mark.parametrize("name", ["trial", "protocol"])
def test_prices_and_bases_are_cited(pages, name):
    for text in ("doi:10.", 'href="#s1"', 'id="s1"', "data: compared in controlled studies"):
        assert text in pages[name]


def test_the_page_is_the_same_each_time(report, pages):
    assert trial_page(report) == pages["trial"]


def test_the_json_holds_all_of_it(report):
    made = json.loads(dump(document_of(report)))
    assert made["power"]["runs"] == 20
    assert len(made["curve"]) == 7
    assert set(made["paths"]) == {"exosome", "saline"}
    assert made["protocols"]["countries"][0]["country"] == "US"


def test_a_trial_without_enrolment_or_density_says_less():
    trial = small(endpoint={"outcome": "mean_diameter_um", "week": 24})
    found = report_of(trial, 5, engine=Engine(), told=lambda *_: None)
    assert found.protocols is None
    assert found.enrolment is None
    assert "How people come" not in trial_page(found)


def test_power_rises_along_its_curve():
    points = power_curve(small(analysis={"effect_per_cm2": 12.0}), engine=Engine(2))
    powers = [point.power.estimate for point in points]
    assert powers == sorted(powers)
    assert points[3].people == SMALL["people"]
    assert all(0 <= point.assurance.estimate <= 1 for point in points)


def test_enrolment_ends_when_the_last_one_is_counted():
    course = enrolment_course(small(people=100, enrolment={"per_month": 10}, drop_out=0.1))
    months = 100 / 10
    assert course.duration_weeks.mean == pytest.approx(months * 365.25 / 12 / 7 + 24)
    assert course.duration_weeks.q05 < course.duration_weeks.q50 < course.duration_weeks.q95
    assert course.begun[1][-1] == 100
    assert course.counted[0][-1] == pytest.approx(90, abs=1)
    assert all(low <= high for low, high in zip(course.begun[0], course.begun[2], strict=True))


def test_no_number_reads_as_certain():
    assert (percent(0.999), percent(1.0), percent(0.001), percent(0.42)) == (
        "over 99 %", "100 %", "below 1 %", "42 %",
    )  # fmt: skip
    assert (p_value(0.0), p_value(0.0316)) == ("p < 0.001", "p = 0.032")


def test_the_command_line_writes_page_and_json(tmp_path, capfd):
    file = tmp_path / "trial.json"
    file.write_text(json.dumps(SMALL), encoding="utf-8")
    html, out = tmp_path / "page.html", tmp_path / "page.json"
    arguments = ["trial", "report", str(file), "--runs", "10", "--country", "US"]
    assert command([*arguments, "--html", str(html), "--json", str(out)]) == 0
    assert html.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")
    assert json.loads(out.read_text(encoding="utf-8"))["title"] == SMALL["title"]
    assert command(arguments) == 2
    assert "say where to write it" in capfd.readouterr().err
