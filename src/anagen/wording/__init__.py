"""Language: text that remembers its parts, and how each language says it."""

from anagen.wording.phrase import Day, Money, Phrase, Said, as_said, joined, listed, marked
from anagen.wording.wording import LANGUAGES, Wording, wording_of

__all__ = [
    "LANGUAGES",
    "Day",
    "Money",
    "Phrase",
    "Said",
    "Wording",
    "as_said",
    "joined",
    "listed",
    "marked",
    "wording_of",
]
