"""What a form brings and takes along: every answer so far, as text, in hidden fields.

Nothing is kept on the server, so a form holds the whole state: the person's answers, and beside
them what belongs to the visit alone, such as the mode and what matters to the person.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from anagen.web.questions import Flow, load_flow

MOST_FIELDS: Final = 4000
MOST_SIGNS: Final = 4000
"""Of one field; longer text is cut, and only notes are ever that long."""

VISIT: Final = re.compile(
    r"mode|seen|notes|was|result-view|result-day"
    r"|try\.(sessions|interval_days|route|prp|country|donor_source)"
    r"|values\.[a-z]{1,20}"
    r"|sure\.[a-z]{1,20}"
    r"|override\.R-[a-z0-9-]{1,60}"
)
"""Fields of the visit, which no person file holds."""

_LINES: Final = re.compile(r"\r\n?")


class TooMuch(Exception):
    """A form holds more fields than any of ours."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A form that was sent.

    Attributes:
        at: the screen that it was sent from.
        go: what the pressed button asks for.
        fields: the person's answers, by their keys in the person file.
        visit: what belongs to the visit alone.
    """

    at: str = ""
    go: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    visit: Mapping[str, str] = field(default_factory=dict)

    @property
    def clinician(self) -> bool:
        """Whether a clinician reads."""
        return self.visit.get("mode") == "clinician"

    @property
    def hidden(self) -> dict[str, str]:
        """All that the next form takes along."""
        return {**self.visit, **self.fields}


def read_form(body: bytes) -> Posted:
    """A form's body, as browsers encode it; what is no field of ours is left out.

    Raises:
        TooMuch: it holds too many fields.
    """
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            max_num_fields=MOST_FIELDS,
            encoding="utf-8",
            errors="replace",
        )
    except ValueError:
        raise TooMuch from None
    flow = load_flow()
    at, go = "", ""
    fields: dict[str, str] = {}
    visit: dict[str, str] = {}
    for name, sent in pairs:
        value = clean(sent)
        if name == "at":
            at = value
        elif name == "go":
            go = value
        elif VISIT.fullmatch(name):
            visit[name] = value
        elif (question := flow.question(name)) is not None:
            ticked = fields.get(name)
            both = question.kind == "many" and ticked and value
            fields[name] = f"{ticked}+{value}" if both else value
    return Posted(at, go, fields, visit)


def clean(text: str) -> str:
    """Text without control codes, its line ends as one sign each."""
    lines = _LINES.sub("\n", text[:MOST_SIGNS])
    return "".join(sign for sign in lines if sign.isprintable() or sign == "\n")


def leaving(posted: Posted, shown: set[str]) -> Posted:
    """The same without the fields that the next page shows itself."""
    return Posted(
        posted.at,
        posted.go,
        {name: value for name, value in posted.fields.items() if name not in shown},
        {name: value for name, value in posted.visit.items() if name not in shown},
    )


def known_screen(flow: Flow, name: str) -> bool:
    """Whether there is a screen of that name."""
    return any(screen.id == name for screen in flow.screens)
