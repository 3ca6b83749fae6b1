"""What an arm gives, as people write it: `exosome 1e10 x4 q14d`, `prp x3 q30d + finasteride`."""

import re
from dataclasses import dataclass
from typing import Final

from anagen.evidence.vocabulary import Component
from anagen.reading import choice, nearest
from anagen.treatment.arms import COMPONENTS, INJECTED
from anagen.treatment.sessions import Sessions
from anagen.treatment.trial_care import Care

CONTROLS: Final[dict[str, Care]] = {
    "saline": "saline",
    "vehicle": "topical_vehicle",
    "placebo": "oral_placebo",
    "needling": "microneedling",
    "nothing": "none",
}
"""Words for what is given in place of a treatment, and the care that it comes with."""

CARE: Final[dict[Component, Care]] = {
    "exosome": "saline",
    "prp": "saline",
    "minoxidil": "topical_vehicle",
    "finasteride": "oral_placebo",
}
"""The care that comes with each treatment: it moves counts, never follicles."""

MOST_SESSIONS, LONGEST_GAP_DAYS = 24, 365.0

_SESSIONS: Final = re.compile(r"x(\d{1,3})")
_EVERY: Final = re.compile(r"q(\d{1,3}(?:\.\d)?)d")
_DOSE: Final = re.compile(r"\d+(?:\.\d+)?(?:[eE]\+?\d{1,2})?")
_PERCENT: Final = re.compile(r"([25])%")


@dataclass(frozen=True, slots=True)
class Regimen:
    """What an arm gives.

    Attributes:
        text: as it was written.
        components: the treatments, in their fixed order; none in a control arm.
        schedules: sessions of what is injected.
        percent: strength of minoxidil.
        care: how the scalp is cared for besides.
        visits: sessions of the arm, at least 0.
        doses: particles of one session where they were written; evidence only, as no human
            dose-response is known.
    """

    text: str
    components: tuple[Component, ...]
    schedules: dict[Component, Sessions]
    percent: int
    care: Care
    visits: int
    doses: dict[str, float]


def parse_regimen(text: str) -> Regimen:
    """Read a regimen: parts joined by `+`, each a name and, after it, how it is given.

    Raises:
        ValueError: a part that is none, a schedule where there can be none, or none where one must
            be; says what is allowed.
    """
    names: list[str] = []
    schedules: dict[Component, Sessions] = {}
    cares: list[Care] = []
    doses: dict[str, float] = {}
    percent, visits = 5, 0
    for part in text.split("+"):
        name, *words = part.split() or [""]
        name = name.lower()
        known = (*COMPONENTS, *CONTROLS)
        if name not in known:
            hint = choice(nearest(name, known), known)
            raise ValueError(f"'{part.strip()}' begins with no treatment; {hint}")
        if name in names:
            raise ValueError(f"'{text}' names {name} twice; name each once")
        names.append(name)
        count, gap, found = _schedule(name, part, words)
        if name in INJECTED:
            schedules[name] = Sessions.every(gap, count)
        visits = max(visits, count)
        if "dose" in found:
            doses[name] = found["dose"]
        percent = int(found.get("percent", percent))
        cares.append(CONTROLS[name] if name in CONTROLS else CARE[name])  # type: ignore[index]
    if "nothing" in names and len(names) > 1:
        raise ValueError(f"'{text}' adds a treatment to nothing; leave `nothing` out")
    most = ("microneedling", "topical_vehicle", "saline", "oral_placebo", "none")
    care = next(care for care in most if care in cares)
    components = tuple(part for part in COMPONENTS if part in names)
    return Regimen(text, components, schedules, percent, care, visits, doses)


def _schedule(name: str, part: str, words: list[str]) -> tuple[int, float, dict[str, float]]:
    """Sessions, days between them, and what else a part says."""
    found = {}
    for word in words:
        key, value = _word(name, part, word)
        found[key] = value
    if name not in INJECTED and name not in ("saline", "needling"):
        if "count" in found or "gap" in found:
            raise ValueError(f"'{part.strip()}': {name} has no sessions; leave x… and q…d out")
        return 0, 0.0, found
    if "count" not in found or (found["count"] > 1 and "gap" not in found):
        raise ValueError(f"'{part.strip()}': {name} needs its sessions, such as x4 q14d")
    count, gap = int(found["count"]), found.get("gap", 0.0)
    if not 1 <= count <= MOST_SESSIONS:
        raise ValueError(f"'{part.strip()}': {count} sessions; 1 to {MOST_SESSIONS} are allowed")
    if count > 1 and not 1 <= gap <= LONGEST_GAP_DAYS:
        raise ValueError(
            f"'{part.strip()}': sessions {gap:g} days apart; 1 to {LONGEST_GAP_DAYS:g} are allowed"
        )
    return count, gap, found


def _word(name: str, part: str, word: str) -> tuple[str, float]:
    if match := _SESSIONS.fullmatch(word):
        return "count", float(match[1])
    if match := _EVERY.fullmatch(word):
        return "gap", float(match[1])
    if name == "minoxidil" and (match := _PERCENT.fullmatch(word)):
        return "percent", float(match[1])
    if name == "exosome" and _DOSE.fullmatch(word):
        return "dose", float(word)
    raise ValueError(
        f"'{part.strip()}': `{word}` is not understood; write sessions as x4, the days between "
        "them as q14d, particles of an exosome session as 1e10, and the strength of minoxidil as "
        "2% or 5%"
    )
