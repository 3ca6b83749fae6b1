"""The flow as a browser without scripts walks it: forms, buttons, hidden fields."""

import re
from datetime import date, timedelta
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
import yaml
from tests.web.conftest import EXAMPLES

from anagen.catalogue import load_catalogue
from anagen.evidence import load_evidence
from anagen.person.schema import Person
from anagen.web.known import load_values
from anagen.web.questions import load_flow
from anagen.web.whatif import load_basis

FORBIDDEN = ("stop taking", "discontinue your", "you should stop")
SCREENS = [screen.id for screen in load_flow().screens]


class Form(HTMLParser):
    """The fields of `#flow` as a browser would send them, and the texts of the page."""

    def __init__(self, page):
        super().__init__()
        self.fields, self.names, self.ids, self.styles = [], set(), [], []
        self._select, self._area = None, None
        self.feed(page.text)

    def handle_starttag(self, tag, attrs):
        told = dict(attrs)
        if "id" in told:
            self.ids.append(told["id"])
        if "style" in told or tag == "style" or any(name.startswith("on") for name in told):
            self.styles.append(tag)
        name = told.get("name")
        if tag in ("input", "select", "textarea") and name:
            self.names.add(name)
            self._take(tag, name, told)
        elif tag == "option" and "selected" in told and self._select:
            self.fields.append((self._select, told["value"]))

    def _take(self, tag, name, told):
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area = name
        elif told.get("type") not in ("radio", "checkbox", "file") or "checked" in told:
            self.fields.append((name, told.get("value") or ""))

    def handle_data(self, data):
        if self._area:
            self.fields.append((self._area, data))

    def handle_endtag(self, tag):
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None

    def with_(self, **changed):
        """The fields with some changed, as sent with a button."""
        kept = [(name, value) for name, value in self.fields if name not in changed]
        sent = {}
        for name, value in [*kept, *((k, v) for k, v in changed.items() if v is not None)]:
            sent.setdefault(name, []).append(value)
        return sent


def press(web, page, go, path="/questions", **typed):
    typed = {name.replace("__", "."): value for name, value in typed.items()}
    return web.post(path, params={"lang": "en"}, data=Form(page).with_(**typed, go=go))


def title(page):
    return re.search(r"<h1>(.*?)</h1>", page.text)[1]


def problems(page):
    return re.findall(r'<li><a href="#(f-[^"]+)"', page.text)


def test_the_first_page_says_what_it_is_before_anything_is_asked(web):
    page = web.get("/")
    words = unescape(re.sub(r"<[^>]+>", " ", page.text))
    for said in ("experimental", "no country that has approved", "It makes no diagnosis",
                 "What it can't do", "Pattern hair loss", "not a medical device"):  # fmt: skip
        assert said in words, said


def test_no_country_in_the_catalogue_has_approved_exosomes():
    """The first page says so; the day a regulator does, the sentence goes by itself."""
    for place in load_catalogue().regulators.values():
        entry = place.treatments.get("exosome")
        if entry is not None:
            assert "approved" not in {entry.status, *(r.status for r in entry.by_route.values())}


def test_a_chosen_country_shows_its_own_status_and_is_kept(web):
    page = web.post("/", data={"country": "US"})
    assert "Not approved" in page.text
    assert ("country", "US") in Form(page).fields
    first = press(web, page, "start")
    assert ("country", "US") in Form(first).fields
    assert "United States" in first.text


def walked(web):
    """From the first page to the check, with the least that is asked."""
    page = press(web, web.get("/"), "start")
    yield page
    page = press(web, page, "next", age="34", sex="male", country="TR")
    yield page
    page = press(web, page, "next", diagnosis="androgenetic_alopecia")
    yield page
    for _ in SCREENS[2:]:
        page = press(web, page, "next")
        yield page


def test_the_whole_way_without_a_script(web):
    pages = list(walked(web))
    titles = [load_flow().screen(name).title for name in SCREENS]
    assert [title(page) for page in pages] == [*titles, "Check your answers"]
    for number, page in enumerate(pages[:-1], start=1):
        assert f"Step {number} of {len(SCREENS)}" in page.text
    result = press(web, pages[-1], "result", "/result")
    assert title(result) == "Your plan"
    assert "Nothing new" in result.text


def test_back_loses_nothing_not_even_what_is_wrong(web):
    page = press(web, web.get("/"), "start")
    page = press(web, page, "next", age="34", sex="male", country="TR")
    page = press(web, page, "back", years_since_onset="never")
    assert title(page) == load_flow().screen("you").title
    assert ("age", "34") in Form(page).fields
    page = press(web, page, "next")
    assert ("years_since_onset", "never") in Form(page).fields
    page = press(web, press(web, page, "back"), "back")
    assert ("age", "34") in Form(page).fields
    assert ("age", "34") in Form(press(web, page, "start")).fields


def test_an_error_stands_at_its_field_and_in_the_summary(web):
    page = press(web, web.get("/"), "start")
    page = press(web, page, "next", age="old", sex="male", country="")
    assert page.status_code == 422
    assert problems(page) == ["f-age", "f-country"]
    assert ("age", "old") in Form(page).fields
    assert page.text.count('aria-invalid="true"') == 2
    assert 'aria-describedby="f-age-error"' in page.text.replace(" f-age-error", "f-age-error")
    assert "<title>Error: " in page.text


def test_links_of_the_summary_lead_to_a_control(web):
    page = press(web, web.get("/"), "start")
    page = press(web, page, "next")
    assert set(problems(page)) <= set(Form(page).ids)


def test_dont_know_is_an_answer_that_stays(web, form):
    page = web.post("/questions", data=form | {"go": "loss"})
    page = press(web, page, "next", stage="", diagnosis="unknown")
    page = press(web, page, "back")
    assert re.search(r'name="stage" id="[^"]+" value="" checked', page.text)
    assert re.search(r'value="unknown" checked', page.text)


def test_more_entries_are_added_and_empty_ones_forgotten(web, form):
    page = web.post("/questions", data=form | {"go": "medicines"})
    before = len([name for name in Form(page).names if name.startswith("medicines.")])
    page = press(web, page, "more", medicines="some", **{"medicines__0__name": "warfarin"})
    after = [name for name in Form(page).names if name.startswith("medicines.")]
    assert len(after) > before
    page = press(web, page, "next")
    fields = [name for name, _ in Form(page).fields if name.startswith("medicines.")]
    saved = yaml.safe_load(press(web, page, "save", "/save").text)
    assert saved["medicines"] == [{"name": "warfarin"}]
    assert "medicines.0.name" in fields


def test_the_check_leads_back_to_each_screen_and_returns(web, form):
    check = web.post("/questions", data=form | {"go": "check", "at": "check"})
    assert re.findall(r'name="go" value="([a-z]+)">Change', check.text) == SCREENS
    page = press(web, check, "wishes")
    assert title(page) == load_flow().screen("wishes").title
    again = press(web, page, "check", **{"wishes__sessions": "6"})
    assert title(again) == "Check your answers"
    assert "<dd>6</dd>" in again.text
    wrong = press(web, page, "check", **{"wishes__sessions": "60"})
    assert problems(wrong) == ["f-wishes-sessions"]


def test_the_check_counts_open_safety_answers_and_never_fills_them(web, form):
    page = web.post("/questions", data=form | {"go": "check", "at": "check"})
    asked = [q for q in load_flow().questions.values() if q.kind == "answer"]
    concerning = [q for q in asked if q.shown_if is None or q.shown_if.holds(form)]
    assert f"{len(concerning) + 1} safety answers are open" in page.text  # with the medicines
    result = press(web, page, "result", "/result")
    assert "Not clear yet: some answers are missing" in result.text


def test_what_is_required_is_asked_for_plainly(web):
    page = web.post("/result", data={"age": "34"})
    assert page.status_code == 422
    assert title(page) == "Check your answers"
    for field in ("sex", "country", "diagnosis"):
        assert load_flow().questions[field].error.split(".")[0] in page.text


def test_saved_answers_are_the_document_and_load_again(web):
    data = (EXAMPLES / "early-loss-tr.yaml").read_bytes()
    check = web.post("/load", files={"file": ("person.yaml", data)})
    assert title(check) == "Check your answers"
    saved = press(web, check, "save", "/save")
    assert saved.headers["content-disposition"] == 'attachment; filename="person.yaml"'
    assert Person.parse(saved.content, "saved") == Person.parse(data, "example")
    again = web.post("/load", files={"file": ("person.yaml", saved.content)})
    assert Form(again).fields == Form(check).fields


def test_a_half_filled_file_is_saved_and_goes_on_where_it_lacks(web):
    page = press(web, web.get("/"), "start")
    saved = press(web, page, "save", "/save", age="34", sex="male", country="TR")
    assert yaml.safe_load(saved.content) == {"age": 34, "sex": "male", "country": "TR"}
    page = web.post("/load", files={"file": ("person.yaml", saved.content)})
    assert title(page) == load_flow().screen("loss").title


def test_a_wrong_answer_is_not_saved_but_shown(web, form):
    page = web.post("/save", data=form | {"wishes.sessions": "99"})
    assert page.status_code == 422
    assert load_flow().questions["wishes.sessions"].error in page.text


@pytest.mark.parametrize(
    "content", [b"", b"age: 300\nsex: m", b"\xff\xfe", b"[1, 2]", b"a: &b 1", b"<script>: 1"]
)
def test_a_file_that_is_none_is_refused_in_words(web, content):
    page = web.post("/load", files={"file": ("<b>.yaml", content)})
    assert page.status_code == 422
    assert 'class="error-summary"' in page.text
    assert "<b>" not in page.text
    assert "<script>:" not in page.text


def test_a_form_without_a_file_is_refused_in_words(web):
    page = web.post("/load", data={"x": "y"})
    assert page.status_code == 422
    assert "Choose the file" in page.text


def test_what_a_person_types_is_escaped_everywhere(web, form):
    evil = '"><script>alert(1)</script>'
    typed = form | {"name": evil, "medicines": "some", "medicines.0.name": evil}
    for go, path in (("check", "/questions"), ("you", "/questions"), ("x", "/result"),
                     ("x", "/ask")):  # fmt: skip
        page = web.post(path, data=typed | {"notes": evil, "go": go})
        assert page.status_code == 200
        assert "<script>alert" not in page.text


def test_nothing_about_the_person_stands_in_an_address(web, form):
    for path in ("/questions", "/result", "/values", "/sure", "/ask"):
        page = web.post(path, data=form | {"name": "Grace", "go": "loss"})
        found = re.findall(r'(?:href|action|formaction)="(/[^"]*)"', page.text)
        assert found
        # A mark made of a file's bytes says nothing of anybody, whatever digits it has.
        told = [re.sub(r"\?v=[0-9a-f]{12}$", "", address) for address in found]
        assert not [address for address in told if re.search(r"Grace|34|TR\b|male", address)]


@pytest.mark.parametrize("path", ["/", "/questions", "/result", "/values", "/sure", "/ask"])
@pytest.mark.parametrize("mode", ["person", "clinician"])
def test_every_page_says_what_it_is_for_and_holds_no_style_or_script(web, form, path, mode):
    if path == "/":
        page = web.get(path)
    else:
        page = web.post(path, data=form | {"go": "health", "mode": mode})
    purpose = "health professional" if mode == "clinician" and path != "/" else "gives adults"
    assert purpose in page.text
    assert "experimental" in page.text.lower()
    found = Form(page)
    assert not found.styles
    assert len(found.ids) == len(set(found.ids))
    assert re.findall(r"<script(?! src=)", page.text) == []
    assert not [word for word in FORBIDDEN if word in page.text.lower()]
    assert not re.search(r"[’'“]?\bwinner is\b", page.text)


@pytest.mark.parametrize("lang", ["tr", "es"])
def test_another_language_goes_with_the_answers_and_says_it_was_not_reviewed(web, form, lang):
    page = web.post("/questions", params={"lang": lang}, data=form | {"go": "stay", "at": "health"})
    assert f'<html lang="{lang}">' in page.text
    assert f'action="/questions?lang={lang}"' in page.text
    assert ("age", "34") in Form(page).fields
    assert web.get("/", headers={"accept-language": f"{lang};q=0.9,de"}).text.count(
        f'<html lang="{lang}">'
    )


def test_what_if_changes_the_plan_and_not_the_answers(web, form):
    own = web.post("/result", data=form)
    tried = press(web, own, "try", "/result", **{"try__sessions": "8", "try__prp": "yes"})
    assert "Exosomes, 4 visits" in tried.text
    assert "Exosomes + PRP, 8 visits" in tried.text
    assert ("wishes.arm", "exosome") in Form(tried).fields
    saved = yaml.safe_load(press(web, tried, "save", "/save").text)
    assert saved["wishes"] == {"arm": "exosome"}
    back = press(web, tried, "own", "/result")
    assert 'class="difference"' not in back.text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"try__sessions": "8"}, "an assumption, not data"),
        ({"try__interval_days": "30"}, "an assumption, not data"),
        ({"try__prp": "yes"}, "an assumption, not data"),
        ({"try__route": "microneedling"}, "no change of the curve"),
        ({"try__country": "US"}, "no change of the curve"),
        ({"try__donor_source": "plant"}, "no change of the curve"),
    ],
)
def test_a_difference_says_what_it_rests_on(web, form, changed, said):
    tried = press(web, web.post("/result", data=form), "try", "/result", **changed)
    difference = tried.text.split('class="difference"')[1].split("</form>")[0]
    assert said in difference
    rows = re.findall(r"<td[^>]*>([^<]*hairs per cm²[^<]*)</td>", difference)
    assert len(rows) == 2
    if said == "no change of the curve":
        assert rows[0] == rows[1]


def test_the_donor_source_changes_the_evidence_shown(web, form):
    tried = press(web, web.post("/result", data=form), "try", "/result",
                  **{"try__donor_source": "plant"})  # fmt: skip
    difference = tried.text.split('class="difference"')[1].split("</form>")[0]
    assert load_catalogue().products["plant"].evidence in difference


def test_the_country_tried_changes_the_approval_shown(web, form):
    tried = press(web, web.post("/result", data=form), "try", "/result", **{"try__country": "US"})
    strip = tried.text.split('class="regulatory"')[1].split("</section>")[0]
    assert "Not approved" in strip


def test_what_cannot_be_tried_is_said_and_the_own_plan_shown(web, form):
    own = web.post("/result", data=form)
    tried = press(web, own, "try", "/result", **{"try__sessions": "500"})
    assert "can't be tried as it stands" in unescape(tried.text)
    assert 'class="difference"' not in tried.text
    assert ("try.sessions", "500") in Form(tried).fields


@pytest.mark.parametrize("carried", ["", "[]", "{", '["a"]', "[[[[", '"x"', "null"])
def test_a_carried_figure_that_is_none_is_left_out(web, form, carried):
    page = web.post("/result", data=form | {"try.sessions": "8", "was": carried})
    assert page.status_code == 200
    assert "Tried:" in page.text


@pytest.mark.parametrize(("lang", "visits"), [("tr", "4 ziyaret"), ("es", "4 visitas")])
def test_carried_figures_follow_the_language(web, form, lang, visits):
    own = web.post("/result", data=form)
    tried = Form(own).with_(**{"try.sessions": "8"}, go="try")
    english, other = (web.post("/result", params={"lang": to}, data=tried) for to in ("en", lang))
    for page, told in ((english, "4 visits"), (other, visits)):
        assert told in page.text.split('class="difference"')[1].split("</table>")[0]


def test_no_parameter_behind_an_assumption_was_learned_from_data():
    parameters = load_evidence().parameters
    for basis in load_basis():
        assert bool(basis.parameters) == (basis.curve == "assumption")
        for name in basis.parameters:
            assert parameters[name].learned != "data_led"
        assert set(basis.sources) <= set(load_evidence().sources)


def test_a_clinician_sees_rules_and_a_person_does_not(web, form):
    person = web.post("/result", data=form | {"health.pregnant": "unknown"})
    assert "R-scalp-infection" not in person.text
    clinician = press(web, person, "clinician", "/result")
    shown = clinician.text
    assert "R-scalp-infection" in shown
    assert load_evidence().rules["R-scalp-infection"].because.split(".")[0] in shown
    assert "Missing data" in shown
    assert "Alternatives" in shown
    assert ("mode", "clinician") in Form(clinician).fields
    back = press(web, clinician, "person", "/result")
    assert "R-scalp-infection" not in back.text


def test_an_override_is_shown_and_decides_nothing(web, form):
    typed = form | {"mode": "clinician", "health.scalp_infection": "yes"}
    before = web.post("/result", data=typed)
    reason = "healed < last week"
    after = press(web, before, "override", "/result", **{"override__R-scalp-infection": reason})
    assert after.text.count("Overridden by the clinician: healed &lt; last week") >= 1
    verdict = re.compile(r'<div class="verdict verdict-([a-z_]+)">')
    assert verdict.findall(after.text) == verdict.findall(before.text) == ["not_now"]
    assert load_evidence().rules["R-scalp-infection"].text in after.text
    pdf = press(web, after, "pdf", "/result.pdf")
    assert "Overridden by the clinician: healed" in pdf_text(pdf.content)
    saved = press(web, after, "save", "/save")
    assert b"override" not in saved.content


def test_an_override_counts_for_a_clinician_only(web, form):
    page = web.post("/result", data=form | {"override.R-scalp-infection": "because"})
    assert "Overridden" not in page.text


def pdf_text(content):
    from io import BytesIO

    from pypdf import PdfReader

    pages = PdfReader(BytesIO(content)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_what_matters_is_shown_beside_what_is_known_and_adds_up_to_nothing(web, form):
    page = web.post("/values", data=form)
    for value in load_values():
        assert value.label in page.text
    told = press(web, page, "values", "/values", values__cost="much", values__gain="some")
    matters = told.text.split('role="status"')[1].split("</div>")[0]
    labels = {value.id: value.label for value in load_values()}
    assert labels["cost"] in matters
    assert labels["gain"] not in matters
    assert "Your course may cost 1,000 to 3,000 USD." in told.text
    assert not re.search(r"\bscore\b|\bbest\b|%", matters)
    known = told.text.split('class="known"')[1].split("</div></div>")[0]
    assert re.search(r"may see a gain, \d+ no change and \d+ a loss. How sure:", known)
    along = press(web, told, "ask", "/ask")
    assert labels["cost"] in along.text.split("<ol")[0]


@pytest.mark.parametrize(
    ("noes", "said"),
    [(0, "You said yes to all four."), (1, "1 point is open."), (3, "3 points are open.")],
)
def test_the_four_questions_give_their_result(web, form, noes, said):
    keys = ("sure", "know", "clear", "support")
    page = web.post("/sure", data=form)
    answers = {f"sure__{key}": "no" if i < noes else "yes" for i, key in enumerate(keys)}
    told = press(web, page, "sure", "/sure", **answers)
    assert said in told.text
    assert "pubmed.ncbi.nlm.nih.gov/20705870" in told.text


def test_four_questions_half_answered_give_no_result(web, form):
    told = press(web, web.post("/sure", data=form), "sure", "/sure", sure__sure="no")
    assert 'role="status"' not in told.text


def test_questions_to_take_along_hold_own_notes_and_open_answers(web, form):
    page = press(web, web.post("/ask", data=form), "ask", "/ask", notes="Who pays\nfor touch-ups?")
    for question in load_catalogue().questions.values():
        assert question.text in page.text
    assert ("notes", "Who pays\nfor touch-ups?") in Form(page).fields
    rule = load_evidence().rules["R-scalp-infection"]
    assert rule.question in page.text
    result = press(web, page, "back", "/result")
    assert ("notes", "Who pays\nfor touch-ups?") in Form(result).fields


def test_the_pdf_is_one(web, form):
    answer = web.post("/result.pdf", params={"lang": "tr"}, data=form)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize("path", ["/questions", "/result", "/values", "/load", "/save"])
def test_an_address_without_its_form_leads_to_the_beginning(web, path):
    answer = web.get(path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


@pytest.mark.parametrize("name", ["anagen.css", "flow.css", "anagen.js", "mark.svg"])
def test_static_files_are_served_as_what_they_are(web, name):
    answer = web.get(f"/static/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].split(";")[0] in (
        "text/css", "text/javascript", "image/svg+xml")  # fmt: skip
    assert web.get("/static/../pages.py").status_code == 404
    assert not re.search(r"https?://(?!www\.w3\.org)", answer.text)


def test_a_date_after_today_is_refused_by_the_clock(web, form):
    page = web.post("/questions", data=form | {"go": "measured"})
    tomorrow = str(date.today() + timedelta(days=2))
    page = press(web, page, "next", **{"measurements__0__date": tomorrow,
                                       "measurements__0__anagen_percent": "80"})  # fmt: skip
    assert problems(page) == ["f-measurements-0-date"]


def test_a_form_of_too_many_fields_is_refused(web):
    page = web.post("/questions", content="&".join(f"a{i}=" for i in range(5000)),
                    headers={"content-type": "application/x-www-form-urlencoded"})  # fmt: skip
    assert page.status_code == 413


def test_scripts_say_nothing_that_a_person_reads():
    """So that a page has one place for its words, in every language."""
    script = Path(__file__).parents[2] / "src/anagen/web/static/anagen.js"
    code = re.sub(r"//.*", "", script.read_text(encoding="utf-8"))
    assert not re.findall(r"[\"'`][A-Z][a-z]+ [a-z ]+[\"'`]", code)
