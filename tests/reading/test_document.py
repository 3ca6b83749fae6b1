"""What the reader takes as a value, and what it refuses, each in one sentence with its line."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from anagen.reading import InputError, document as reader, parse_document, read_document


def value_of(text: str | bytes) -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    return parse_document(data, "a.yaml").value


def refusal(data: str | bytes) -> str:
    with pytest.raises(InputError) as caught:
        value_of(data)
    return str(caught.value)


@pytest.mark.parametrize(
    "word", ["no", "No", "NO", "yes", "Yes", "on", "off", "y", "n", "1_000", "1:30", "0b1", "."]
)
def test_words_that_older_yaml_converts_stay_text(word: str) -> None:
    assert value_of(f"answer: {word}") == {"answer": word}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("FALSE", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("12", 12),
        ("-3", -3),
        ("+3", 3),
        ("0o17", 15),
        ("0x1F", 31),
        ("007", 7),
        ("1.5", 1.5),
        (".5", 0.5),
        ("1.", 1.0),
        ("1e3", 1000.0),
        (".inf", math.inf),
        ("-.INF", -math.inf),
        ("2026-11-01", "2026-11-01"),
        ("'12'", "12"),
        ('"true"', "true"),
    ],
)
def test_scalars_follow_the_core_schema(text: str, value: Any) -> None:
    found = value_of(f"it: {text}")["it"]
    assert found == value
    assert type(found) is type(value)


def test_not_a_number_is_read_as_such_and_left_to_the_schema() -> None:
    assert math.isnan(value_of("it: .NaN")["it"])
    assert math.isnan(value_of('{"it": NaN}')["it"])


def test_keys_are_always_text() -> None:
    assert value_of("NO: 1\n1: 2\nnull: 3") == {"NO": 1, "1": 2, "null": 3}


def test_a_yaml_version_directive_changes_nothing() -> None:
    assert value_of("%YAML 1.1\n---\npregnant: no") == {"pregnant": "no"}


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_are_known_whatever_the_line_ending(ending: str) -> None:
    text = ending.join(["age: 34", "list:", "  - a: 1", "  - a: 2", "    b: 3"])
    document = parse_document(text.encode(), "a.yaml")
    assert document.line(("list",)) == 2
    assert document.line(("list", 1, "b")) == 5
    assert document.line(("list", 1, "absent")) == 4
    assert document.line(("absent",)) == 1


def test_a_byte_order_mark_is_allowed_in_both_languages() -> None:
    assert value_of(b"\xef\xbb\xbfage: 34") == {"age": 34}
    assert value_of(b'\xef\xbb\xbf{"age": 34}') == {"age": 34}


def test_letters_of_any_language_are_kept() -> None:
    assert value_of("name: Ayşe Ğ 😀") == {"name": "Ayşe Ğ 😀"}


def test_json_is_read_as_json() -> None:
    data = {"name": "a\tb / \\ 😀 \u2028", "list": [1, 2.5, None, True, {"a": []}], "a\\ud83d": 1}
    for indent, ascii_only in ((None, True), ("\t", True), (2, False)):
        assert value_of(json.dumps(data, indent=indent, ensure_ascii=ascii_only)) == data


def test_json_surrogate_pairs_are_one_character_in_values_and_keys() -> None:
    document = parse_document(b'{"a": 1,\n"\\ud83d\\ude00": "\\uD83D\\uDE00"}', "a.json")
    assert document.value == {"a": 1, "😀": "😀"}
    assert document.line(("😀",)) == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "a.yaml: is empty"),
        (b" \n\n", "a.yaml: is empty"),
        (b"\xef\xbb\xbf", "a.yaml: is empty"),
        ("age: 34".encode("utf-16"), "a.yaml: is not UTF-8 text; save it as UTF-8"),
        ("age: 34".encode("utf-16-le"), "zero bytes: it is not UTF-8 text; save it as UTF-8"),
        ("age: 34".encode("utf-32"), "a.yaml: is not UTF-8 text; save it as UTF-8"),
        (b"name: Ay\xfee", "a.yaml: is not UTF-8 text; save it as UTF-8"),
        (b"a: 1\nb: \x07", "holds a character that is not allowed"),
        (b"a: 1\nb: &x 2", "a.yaml:2: uses an anchor (&); write the value out"),
        (b"a: 1\nb: *x", "a.yaml:2: uses an alias (*); write the value out"),
        (b"a: 1\n<<: {b: 1}", "a.yaml:2: a key must be plain text"),
        (b"a: 1\n? [b]\n: 2", "a.yaml:2: a key must be plain text"),
        (b"a: !!python/object:os.system x", "a.yaml:1: uses a tag (!); plain values only"),
        (b"a: 1\nb: !mine x", "a.yaml:2: uses a tag (!); plain values only"),
        (b"a: 1\n---\nb: 2", "a.yaml:2: holds a second document; one is allowed"),
        (b'{"a": 1}\n{"b": 2}', "a.yaml:2: is not valid YAML or JSON: "),
        (b'{"a": 1,', "is not valid YAML or JSON: "),
        (b"a: 1\nb: c: d", "a.yaml:2: is not valid YAML or JSON: "),
        (b"\ta: 1", "a.yaml:1: is not valid YAML or JSON: "),
        (b'{"name": "\\ud83d"}', "a.yaml:1: is not valid YAML or JSON: "),
        (b"a: 1\nb: " + b"9" * 5000, "a.yaml:2: the number 99999999999999999999… is too long"),
        (b"a: 0x" + b"f" * 5000, "a.yaml:1: the number 0xffffffffffffffffff… is too long"),
        (b"a: -0." + b"0" * 5000, "a.yaml:1: the number -0.00000000000000000… is too long"),
        (b"[" * 5000, "a.yaml:1: is nested deeper than 24 levels"),
        (b"{a: " * 5000, "a.yaml:1: is nested deeper than 24 levels"),
        (b"- " * 5000, "a.yaml:1: is nested deeper than 24 levels"),
        (b"[" + b"a, " * 100_001, "holds more than 100,000 values"),
        (b"#" * 1_000_001, "a.yaml: is larger than 1,000,000 bytes, the most that is read"),
    ],
    ids=lambda value: value[:24] if isinstance(value, bytes) else "",
)
def test_refusals_say_what_and_where(data: bytes, sentence: str) -> None:
    said = refusal(data)
    assert sentence in said
    assert "\n" not in said


def test_every_duplicate_key_is_told_with_both_lines() -> None:
    said = refusal("age: 1\nname: a\nage: 2\nhealth: {fever: no,\n fever: yes}\n").splitlines()
    assert said == [
        "a.yaml:3: age: is given twice, first on line 1; keep one",
        "a.yaml:5: health.fever: is given twice, first on line 4; keep one",
    ]
    assert "given twice" in refusal('{"a": 1, "a": 1}')
    assert "given twice" in refusal('{"\\u0061": 1, "a": 1}')


def test_an_alias_bomb_is_refused_at_its_first_anchor() -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 40)]
    assert "a.yaml:1: uses an anchor" in refusal("\n".join(lines))


def test_missing_folder_and_unreadable_files_are_told(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "file").write_text("age: 1")
    cases = {
        tmp_path / "absent.yaml": "no such file",
        tmp_path: "is a folder; a YAML or JSON file is expected",
        tmp_path / "loop": "cannot be read: ",
        tmp_path / "file" / "below": "cannot be read: Not a directory",
        tmp_path / ("n" * 5000): "cannot be read: File name too long",
        Path("zero\0byte"): "cannot be read: ",
    }
    for path, sentence in cases.items():
        with pytest.raises(InputError) as caught:
            read_document(path)
        assert len(caught.value.problems) == 1
        assert str(caught.value).startswith(f"{path}: {sentence}")


def test_a_file_without_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(*_: Any, **__: Any) -> None:
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "person.yaml"
    path.write_text("age: 1")
    monkeypatch.setattr(Path, "open", denied)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        read_document(path)


def test_a_file_is_read_with_its_name(tmp_path: Path) -> None:
    path = tmp_path / "person.yaml"
    path.write_text("age: 34\n")
    document = read_document(path)
    assert (document.name, document.value) == (str(path), {"age": 34})


# Pieces that steer a YAML parser into its corners more often than random letters do.
PIECES = [*"{}[]:,-?&*!|>'\"%@`#\n\r\t ab019.~\\/<=+x\x85\u2028\ufeff\x07\x00"]
PIECES += ["---", "...", "- ", ": ", "!!int ", "\\ud83d", "\\ude00", "\n  ", '{"a": ', "<<", "0x"]
PIECES += ["%YAML 9.9\n", "%TAG ! !\n", ".inf", "e9"]
ANY_BYTES = st.one_of(
    st.binary(max_size=80),
    st.text(max_size=80).map(str.encode),
    st.lists(st.sampled_from(PIECES), max_size=25).map(lambda parts: "".join(parts).encode()),
)


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
@settings(max_examples=400)
@given(data=ANY_BYTES)
def test_any_bytes_are_read_or_refused_in_single_lines(loader: str, data: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reader, "_Loader", getattr(yaml, loader))
        try:
            parse_document(data, "a.yaml")
            said = ["read"]
        except InputError as error:
            said = [str(problem) for problem in error.problems]
    assert said
    assert all(sentence.isprintable() for sentence in said)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False)
    | st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text("abcö😀 :#-", min_size=1), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(max_examples=200)
@given(
    data=st.dictionaries(st.text("abcö😀", min_size=1), PLAIN, max_size=5), ascii_only=st.booleans()
)
def test_any_json_comes_back_as_it_went(data: dict[str, Any], ascii_only: bool) -> None:
    assert value_of(json.dumps(data, ensure_ascii=ascii_only)) == data
