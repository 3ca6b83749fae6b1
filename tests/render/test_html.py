"""The page: self-contained, well formed, escaped, and honest in its structure."""

import re
from dataclasses import replace
from itertools import pairwise

import pytest
from tests.render import sample
from tests.render.page import Page

from anagen.render import view
from anagen.render.html import css_text, html_page, result_context

FORBIDDEN = re.compile(
    r"stop taking|discontinue your|you should stop|\bis safe\b|\bis legal\b|guarantee", re.I
)


@pytest.fixture(scope="module", params=sample.ALL, ids=lambda make: make.__name__)
def html(request):
    return html_page(request.param())


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def test_is_well_formed(page):
    assert page.problems == []


def test_ids_are_unique_and_inner_links_lead_somewhere(page):
    ids = page.ids()
    assert len(ids) == len(set(ids))
    wanted = {
        attrs["href"][1:]
        for tag, attrs in page.elements
        if tag == "a" and (attrs.get("href") or "").startswith("#")
    }
    assert wanted <= set(ids)
    described = {
        name
        for _, attrs in page.elements
        for key in ("aria-labelledby", "aria-describedby")
        for name in (attrs.get(key) or "").split()
    }
    assert described <= set(ids)


def test_loads_and_runs_nothing(html, page):
    tags = {tag for tag, _ in page.elements}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base"}
    assert not re.search(r"url\(\s*['\"]?(?!#)", html)
    assert "@import" not in html
    for tag, attrs in page.elements:
        assert not any(name.startswith("on") or name == "src" for name in attrs)
        assert "style" not in attrs, tag
        assert not (attrs.get("href") or "").lower().startswith("javascript")


def test_every_chart_has_a_name_and_a_text_alternative(html, page):
    charts = [attrs for tag, attrs in page.elements if tag == "svg" and "aria-hidden" not in attrs]
    for attrs in charts:
        assert attrs["role"] == "img"
        assert f'<title id="{attrs["aria-labelledby"]}">' in html
        assert f'<desc id="{attrs["aria-describedby"]}">' in html


def test_tables_have_captions_and_header_cells(html, page):
    tables = html.count("<table")
    assert tables == html.count("<caption")
    assert all("scope" in attrs for tag, attrs in page.elements if tag == "th")


def test_headings_step_down_one_level_at_a_time(page):
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    after_title = levels[levels.index(1) :]
    assert all(b - a <= 1 for a, b in pairwise(after_title))


def test_regulatory_status_is_the_first_thing_and_is_printed_on_each_page(html):
    body = html[html.index("<body>") :]
    assert body.index('class="regulatory"') < body.index("<h1>")
    assert body.index("Not approved") < body.index("<h1>")
    assert body.index("is experimental") < body.index("<h1>")
    assert '@top-center { content: "Exosomes, ' in html


def test_names_are_escaped_everywhere():
    html = html_page(sample.candidate())
    assert "<script" not in html
    assert "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;" in html
    assert "Ayşe" in html


@pytest.mark.parametrize("text", ['"; } </style><script>', "\\", "a\nb", "Approved (as of 1)."])
def test_text_inside_css_can_not_break_out(text):
    assert not set(css_text(text)) & set("\"'<>{}\n")


def test_no_forbidden_words(page):
    for section, sentences in page.sentences.items():
        for sentence in sentences:
            assert not FORBIDDEN.search(sentence), (section, sentence)


def test_stopped_plan_keeps_the_information_and_draws_no_curve():
    html = html_page(sample.not_now())
    assert "There is no forecast." in html
    assert "<desc" not in html
    assert "Options side by side" in html
    assert html.count('class="claim-entry"') == 34


def test_every_option_is_drawn_with_its_certainty_and_the_unstudied_weeks():
    html = html_page(sample.candidate())
    for arm in ("none", "exosome", "prp", "exosome-and-prp", "minoxidil"):
        assert f'id="chart-{arm}-title"' in html
    assert "not studied" in html
    assert "in 100 (assumed, not data)" in html
    assert html.count('<table class="numbers">') == len(sample.LABELS) - 1
    assert html.count('class="numbers stack"') == 3


def test_modes_differ_only_in_detail():
    assert "<code>R-early</code>" in html_page(sample.clinician())
    assert "<code>R-early</code>" not in html_page(sample.candidate())


def test_links_are_only_web_addresses():
    sources = (replace(sample.SOURCES[0], url="javascript:alert(1)"), *sample.SOURCES[1:])
    html = html_page(replace(sample.candidate(), sources=sources))
    assert "javascript:" not in html


def test_same_plan_same_bytes():
    assert html_page(sample.candidate()) == html_page(sample.candidate())


def views(html):
    """The inside of each view of the forecast, by its id."""
    parts = re.split(r'<div class="view view-(\w+)"', html)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_each_view_tells_the_same_people_out_of_a_hundred():
    forecast = sample.forecast()
    shown = views(html_page(sample.candidate()))
    for arm in forecast.arms:
        for row in view.forecast_rows(forecast, arm):
            assert row.gain + row.same + row.loss == 100
            trio = (
                f'<span class="gain">{row.gain} gain</span> '
                f'<span class="same">{row.same} no change</span> '
                f'<span class="loss">{row.loss} loss</span>'
            )
            for name in ("curves", "bars", "icons"):
                assert trio in shown[name], name
            assert (
                f"{row.gain} may see more hair, {row.same} may see no change, and {row.loss} may"
                in shown["words"]
            )
            assert f'<td data-label="Gain">{row.gain}</td>' in shown["table"]


def test_every_option_is_in_every_view_in_one_order_with_nothing_new_among_them():
    labels = [arm.label for arm in result_of_sample().options]
    assert labels[0] == "Nothing new"
    shown = views(html_page(sample.candidate()))
    for name, heading, times in (
        ("words", r'class="option-name">([^<]+)', 1),
        ("table", r'<tr><th scope="row">([^<]+)', 3),
        ("curves", r'class="option-name">([^<]+)', 1),
        ("bars", r'class="bar-name"><p><strong>([^<]+)', 3),
        ("icons", r'class="option-name">([^<]+)', 3),
    ):
        inside = shown[name].split("<details>")[0]
        assert [found.strip() for found in re.findall(heading, inside)] == labels * times, name


def result_of_sample():
    return result_context(sample.candidate())["result"]


def test_each_number_of_the_forecast_has_its_certainty():
    shown = views(html_page(sample.candidate()))
    options = sum(arm.available for arm in sample.forecast().arms)
    for name in ("words", "table", "curves", "bars", "icons"):
        assert shown[name].count('class="sure ') >= options * 3, name


def test_the_day_and_the_view_can_be_chosen_beforehand():
    shown = result_context(sample.candidate(), day=364, shown="bars")["result"]
    assert (shown.chosen, shown.view) == (3, "bars")
    assert result_context(sample.candidate(), shown="patch")["result"].view == "words"


def test_no_element_has_a_style_of_its_own(html):
    assert not re.search(r"<[^>]* style=", html)
