"""YAML 1.2 (core schema) and JSON to plain values, with the line of every key.

Deliberately narrower than YAML: no tags, anchors, aliases, merge keys, duplicate keys, non-text
keys or second documents. What is left cannot expand, construct objects or surprise: under the core
schema ``no``, ``yes`` and ``NO`` are text, and dates stay text until a schema asks for a date.
"""

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import yaml

from anagen.reading.problems import InputError, Problem, one_line
from anagen.wording import Phrase

Key = tuple[str | int, ...]

MAX_BYTES = 1_000_000
MAX_DEPTH = 24
MAX_NODES = 100_000

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?[0-9]+")
_OCT_HEX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INF = re.compile(r"[-+]?\.(inf|Inf|INF)")
_NAN = re.compile(r"\.(nan|NaN|NAN)")
_MAX_DIGITS = 300
_ESCAPE = re.compile(
    r"\\u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})|\\."
)


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed file: its plain value, and the line on which each key or item stands."""

    name: str
    value: Any
    lines: Mapping[Key, int] = field(default_factory=dict)

    def line(self, key: Key) -> int | None:
        """Line of `key`, or of the nearest enclosing key that has one."""
        for end in range(len(key), -1, -1):
            if (found := self.lines.get(key[:end])) is not None:
                return found
        return None


def read_document(path: Path) -> Document:
    """Read and parse one file.

    Raises:
        InputError: missing, unreadable, too large, not UTF-8, or not allowed YAML/JSON.
    """
    name = str(path)
    try:
        if path.is_dir():
            raise _refused(name, None, Phrase("is a folder; a YAML or JSON file is expected"))
        with path.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise _refused(name, None, Phrase("no such file")) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(name, None, Phrase("cannot be read: {reason}", reason=reason)) from None
    return parse_document(data, name)


def parse_document(data: bytes, name: str) -> Document:
    """Parse bytes as read from a file called `name`; see `read_document`."""
    if len(data) > MAX_BYTES:
        most = Decimal(MAX_BYTES)
        large = Phrase("is larger than {most} bytes, the most that is read", most=most)
        raise _refused(name, None, large)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(name, None, Phrase("is not UTF-8 text; save it as UTF-8")) from None
    if "\x00" in text:
        zeros = Phrase("holds zero bytes: it is not UTF-8 text; save it as UTF-8")
        raise _refused(name, None, zeros)
    if not text.strip():
        raise _refused(name, None, Phrase("is empty"))
    if not text.lstrip().startswith("{"):
        return _Builder(name).build(text)
    # A JSON string may spell a character beyond the first 65,536 as a surrogate pair, which YAML
    # refuses. Where the text is JSON, JSON's values count; the YAML pass gives lines and limits.
    document = _Builder(name).build(_ESCAPE.sub(_joined, text))
    try:
        return Document(name, json.loads(text, parse_constant=float), document.lines)
    except (ValueError, RecursionError):
        return document


def _joined(escape: re.Match[str]) -> str:
    """A surrogate pair as the one character it stands for; any other escape as it is."""
    if escape["high"] is None:
        return escape[0]
    point = 0x10000 + ((int(escape["high"], 16) & 0x3FF) << 10) + (int(escape["low"], 16) & 0x3FF)
    return f"\\U{point:08x}"


def _refused(name: str, line: int | None, text: str, place: str = "") -> InputError:
    return InputError([Problem(name, line, place, text)])


class _Builder:
    """Builds the value from the parser's events, iteratively: depth cannot exhaust the stack."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Key, int] = {}
        self.problems: list[Problem] = []
        self.nodes = 0
        self.documents = 0
        self.root: Any = None
        self.stack: list[_Open] = []

    def build(self, text: str) -> Document:
        try:
            for event in yaml.parse(text, Loader=_Loader):
                self._take(event)
        except yaml.reader.ReaderError as error:
            text = Phrase("holds a character that is not allowed: {reason}", reason=error.reason)
            raise _refused(self.name, None, text) from None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = None if mark is None else mark.line + 1
            detail = (error.problem or error.context or "syntax").strip()
            text = Phrase("is not valid YAML or JSON: {detail}", detail=detail)
            raise _refused(self.name, line, text) from None
        if self.problems:
            raise InputError(self.problems)
        return Document(self.name, self.root, self.lines)

    def _take(self, event: Any) -> None:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _refused(self.name, line, Phrase("holds a second document; one is allowed"))
        elif isinstance(event, yaml.AliasEvent):
            raise _refused(self.name, line, Phrase("uses an alias (*); write the value out"))
        elif isinstance(event, yaml.NodeEvent):
            self._count(event, line)
            if isinstance(event, yaml.ScalarEvent):
                self._put(self._scalar(event, line), line)
            else:
                container: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
                key = self._put(container, line)
                self.stack.append(_Open(key, container))
        elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            self.stack.pop()

    def _count(self, event: Any, line: int) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            text = Phrase("holds more than {most} values", most=Decimal(MAX_NODES))
            raise _refused(self.name, line, text)
        if len(self.stack) >= MAX_DEPTH:
            text = Phrase("is nested deeper than {most} levels", most=MAX_DEPTH)
            raise _refused(self.name, line, text)
        if event.anchor is not None:
            raise _refused(self.name, line, Phrase("uses an anchor (&); write the value out"))
        if event.tag is not None and event.tag != "!":
            raise _refused(self.name, line, Phrase("uses a tag (!); plain values only"))

    def _put(self, value: Any, line: int) -> Key:
        if not self.stack:
            self.root = value
            self.lines[()] = line
            return ()
        top = self.stack[-1]
        if isinstance(top.container, list):
            key = (*top.key, len(top.container))
            top.container.append(value)
        elif top.pending is None:
            self._open_pair(top, value, line)
            return top.key
        else:
            key = (*top.key, top.pending)
            if top.pending not in top.container:
                top.container[top.pending] = value
            top.pending = None
            self.lines.setdefault(key, line)
            return key
        self.lines[key] = line
        return key

    def _open_pair(self, top: "_Open", value: Any, line: int) -> None:
        if not isinstance(value, str) or value == "<<":
            raise _refused(self.name, line, Phrase("a key must be plain text"))
        key = (*top.key, value)
        if value in top.container:
            self.problems.append(
                Problem(
                    self.name,
                    line,
                    one_line(".".join(str(part) for part in key)),
                    Phrase("is given twice, first on line {line}; keep one", line=self.lines[key]),
                )
            )
        self.lines.setdefault(key, line)
        top.pending = value

    def _scalar(self, event: Any, line: int) -> Any:
        text: str = event.value
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.container, dict) and top.pending is None:
            return text  # a key is always text
        if not event.implicit[0]:  # quoted, or a block of text
            return text
        try:
            return _core_scalar(text)
        except (ValueError, OverflowError):
            told = Phrase("the number {number}… is too long", number=text[:20])
            raise _refused(self.name, line, told) from None


@dataclass(slots=True)
class _Open:
    """A mapping or sequence that is still being filled."""

    key: Key
    container: Any
    pending: str | None = None


def _core_scalar(text: str) -> Any:
    """A plain scalar under YAML 1.2's core schema."""
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE"):
        return True
    if text in ("false", "False", "FALSE"):
        return False
    if len(text) > _MAX_DIGITS and (_FLOAT.fullmatch(text) or _OCT_HEX.fullmatch(text)):
        raise ValueError(text)
    if _INT.fullmatch(text):
        return int(text)
    if _OCT_HEX.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INF.fullmatch(text):
        return -math.inf if text.startswith("-") else math.inf
    if _NAN.fullmatch(text):
        return math.nan
    return text
