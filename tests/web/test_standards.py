"""The items of the standard for decision aids, each proven on the pages as people get them."""

import ast
import re
from html import unescape
from pathlib import Path

import pytest
import textstat
from tests.web.conftest import FORM

from anagen.web.standards import NEEDS_PEOPLE, Item, load_items

OPTIONS = ("Nothing new", "Exosomes", "PRP", "Exosomes + PRP", "Minoxidil on the scalp",
           "Finasteride 1 mg")  # fmt: skip


@pytest.fixture(scope="module")
def pages(server):
    import httpx

    with httpx.Client(base_url=server, timeout=60) as web:
        found = {path: web.get(path).text for path in ("/", "/about", "/standards")}
        for path in ("/result", "/values", "/sure", "/ask"):
            found[path] = web.post(path, data=FORM).text
    return found


@pytest.fixture(scope="module")
def result(pages):
    return pages["/result"]


def words(html):
    """The text that a reader sees."""
    bare = re.sub(r"<(script|style|svg|title)\b.*?</\1>", " ", html, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", bare))


def section(html, name):
    found = re.search(rf'<section id="{name}".*?</section>', html, re.S)
    assert found, name
    return found[0]


def views(html):
    """The views of the forecast by id."""
    parts = re.split(r'<div class="view view-(\w+)"', html)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_item_names_a_test_of_this_file():
    tree = ast.parse(Path(__file__).read_text(encoding="utf-8"))
    tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert {item.test for item in load_items() if item.test} <= tests


def test_every_place_is_on_its_page(pages):
    for item in load_items():
        if item.met:
            path, _, anchor = item.where.partition("#")
            assert path in pages, item.where
            assert not anchor or f'id="{anchor}"' in pages[path], item.where


def test_what_needs_people_is_not_met():
    items = {item.id: item for item in load_items()}
    assert len(items) == 35
    assert {name for name, item in items.items() if not item.met} == set(NEEDS_PEOPLE)


@pytest.mark.parametrize("change", [{"test": None}, {"id": "B12"}, {"met": False}])
def test_an_item_without_proof_is_refused(change):
    good = {"id": "Q1", "group": "qualifying", "text": "x", "met": True, "where": "/", "test": "t"}
    Item(**good)
    with pytest.raises(ValueError, match=r"proves|people"):
        Item(**good | change)


def test_the_condition_is_described(pages):
    assert "get finer with each growth" in words(pages["/"])


def test_the_decision_is_stated(pages):
    assert re.search(r"<h1[^>]*>Exosomes for hair loss: should you\?</h1>", pages["/"])


def test_every_option_is_there(result):
    told = words(section(result, "standing"))
    assert all(option in told for option in OPTIONS)


def test_each_option_says_what_it_may_give(result):
    for name, text in views(result).items():
        if name != "patch":
            assert all(option in words(text) for option in OPTIONS), name


def test_each_option_says_what_it_may_cost(result):
    told = words(section(result, "harms"))
    assert all(option in told for option in OPTIONS)
    asked = words(result.split('class="asks"')[1].split("</table>")[0])
    assert all(word in asked for word in ("Harms", "Cost", "Visits", "Effort"))


def test_what_each_option_is_like(result):
    told = words(result)
    assert all(word in told for word in ("Needles", "shedding", "visits", "Soreness"))
    assert "Question" in words(section(result, "compare"))


def test_good_and_bad_stand_in_equal_type(result):
    """Gain and loss have the same cells in the same table, harms the same as what is asked."""
    table = views(result)["table"]
    gains = re.findall(r'<td data-label="Gain">(\d+)</td>', table)
    losses = re.findall(r'<td data-label="Loss">(\d+)</td>', table)
    assert len(gains) == len(losses) >= 15
    harms = re.findall(r'<td data-label="(Harms|Cost|Visits|Effort)">', result)
    assert harms.count("Harms") == harms.count("Cost") == harms.count("Visits") == 6


def test_every_number_has_a_source(result):
    sources = re.findall(r'<li id="s(\d+)"', result)
    assert len(sources) > 30
    cited = set(re.findall(r'href="#s(\d+)"', result))
    assert cited <= set(sources)
    assert len(cited) > 30
    rows = re.findall(
        r'<th scope="row">(.*?)</th>', views(result)["table"].split("<details>")[0], re.S
    )
    assert rows
    assert all('href="#s' in row for row in rows if "Exosomes + PRP" not in row)


def test_dates_are_given(pages, result):
    assert "Published: 23 November 2026." in words(pages["/about"])
    assert "Made on" in words(result)


def test_updates_are_promised_with_a_day(pages):
    assert "Next review: 23 November 2027." in words(section(pages["/about"], "updates"))
    assert "twelve months" in words(section(pages["/about"], "updates"))


def test_no_outcome_without_a_range(result):
    shown = views(result)
    for moment in re.findall(r'<td data-label="Change in hairs">(.*?)</td>', shown["table"]):
        assert " to " in words(moment)
    assert re.search(r'id="result-ranges" checked', result)


def test_funding_is_told(pages):
    assert "Nobody." in words(section(pages["/about"], "funding"))


def test_doing_nothing_has_a_forecast(result):
    assert "Nothing new" in words(views(result)["curves"])
    assert "goes on" in words(result)


def test_options_stand_side_by_side(result):
    heads = re.findall(r'<th scope="col">(.*?)</th>', section(result, "compare"))
    assert {"Exosomes", "PRP", "Minoxidil on the scalp", "Finasteride 1 mg"} <= set(heads)


def test_the_people_behind_the_numbers_are_named(result):
    told = words(views(result)["words"])
    assert "20 men, 16 weeks" in told
    assert "out of 100 people like you" in told


def test_people_out_of_a_hundred(result):
    table = views(result)["table"]
    cells = [re.findall(rf'<td data-label="{name}">(\d+)</td>', table)
             for name in ("Gain", "No change seen", "Loss")]  # fmt: skip
    assert all(sum(map(int, three)) == 100 for three in zip(*cells, strict=True))
    assert not re.search(r"(?<![.\d])1 in \d+\b", words(result))


def test_one_time_for_all_options(result):
    assert len(re.findall(r'name="result-day"', result)) == 3
    moments = re.findall(r'<div class="at at-(\d)">', views(result)["table"])
    assert moments == ["1", "2", "3"]


def test_several_views_of_one_model(result):
    assert list(views(result)) == ["words", "table", "curves", "bars", "icons", "patch"]


def test_values_are_asked(pages):
    assert len(set(re.findall(r'name="values\.(\w+)"', pages["/values"]))) == 6
    assert "no winner" in words(pages["/values"])


def test_the_way_has_steps(pages):
    assert re.search(r"\d short steps", words(pages["/"]))


def test_there_are_questions_to_take_along(pages, result):
    assert len(re.findall(r"<li><p>", pages["/ask"])) >= 10
    assert 'id="ask"' in result


def test_how_evidence_was_gathered(pages):
    told = words(section(pages["/about"], "evidence"))
    assert "34 claims" in told
    assert "judged on trials kept aside" in told


def test_certainty_stands_beside_every_forecast(result):
    table = views(result)["table"].split("<details>")[0]
    cells = re.findall(r'<td data-label="How sure">(.*?)</td>', table, re.S)
    assert cells
    assert all('class="sure sure-' in cell for cell in cells)


def test_authors_are_told(pages):
    assert "No clinician is among the authors" in words(section(pages["/about"], "authors"))


def own_sentences(html):
    """What a page of the flow says in sentences; each short line of its own counts as one."""
    main = re.search(r"<main.*?</main>", html, re.S)[0]
    lines = re.findall(
        r"<(?:p|li|h1|h2|legend|dd)[^>]*>(.*?)</(?:p|li|h1|h2|legend|dd)>", main, re.S
    )
    told = (unescape(words(one)).strip().rstrip(".") for one in lines)
    return " ".join(f"{one}." for one in told if one)


def atesman(text):
    """Ateşman 1997 for Turkish: every syllable has just one vowel."""
    said = re.findall(r"[^\W\d_]+", text.replace("I", "ı").replace("İ", "i").lower())
    syllables = sum(max(1, len(re.findall("[aeıioöuüâîû]", word))) for word in said)
    sentences = len(re.findall(r"[.!?]+(?:\s|$)", text))
    return 198.825 - 40.175 * syllables / len(said) - 2.610 * len(said) / sentences


def test_the_reading_grade_is_told_and_true(pages, web):
    assert "grade of 8 or below" in words(section(pages["/about"], "reading"))
    for path in ("/", "/values", "/sure", "/ask"):
        assert textstat.flesch_kincaid_grade(own_sentences(pages[path])) <= 8, path
    assert atesman("Okula gitti. Ev aldı bize.") == pytest.approx(198.825 - 40.175 * 10 / 5 - 6.525)
    for path in ("/", "/result", "/values", "/sure", "/ask"):
        turkish, spanish = (own_sentences(_page(web, path, language)) for language in ("tr", "es"))
        assert atesman(turkish) >= 70, path
        textstat.set_lang("es")
        assert textstat.fernandez_huerta(spanish) >= 70, path
        textstat.set_lang("en_US")


def _page(web, path, language):
    asked = {"params": {"lang": language}}
    return (web.get(path, **asked) if path == "/" else web.post(path, data=FORM, **asked)).text
