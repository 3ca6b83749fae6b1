"""Problems with an input, each one sentence that a person can act on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from anagen.wording import Phrase


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with an input file.

    Attributes:
        file: the file's name as the user gave it, or what stands for it ("request body").
        line: 1-based line of the offending key or value, or None when it has none (a missing key).
        place: the key path, such as ``measurements[0].date``; empty for the whole file.
        text: what is wrong and what is allowed, as one sentence; one that remembers its parts where
            the people who use the program may write the file.
    """

    file: str
    line: int | None
    place: str
    text: str

    @property
    def told(self) -> Phrase:
        """The whole of it in one line."""
        where = self.file if self.line is None else f"{self.file}:{self.line}"
        where = f"{where}: {self.place}" if self.place else where
        return Phrase("{where}: {text}", where=where, text=self.text)

    def __str__(self) -> str:
        return str(self.told)


class InputError(Exception):
    """An input is missing or invalid; carries every problem found, never only the first."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def one_line(text: str) -> str:
    """Text from an input as it may be shown: no line break and no control code for a terminal."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def nearest(word: str, allowed: Sequence[str]) -> str | None:
    """The allowed word closest to `word`, or None when nothing is close enough to suggest."""
    close = get_close_matches(word.lower(), allowed, n=1, cutoff=0.6)
    return close[0] if close else None
