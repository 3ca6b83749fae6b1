"""Numbers as people read them: whole, signed, and with a real minus sign."""

from anagen.wording import Phrase


def signed(number: float) -> str:
    """A change as whole text with its sign, such as "+4", "−3" or "0"."""
    whole = round(number)
    return f"+{whole}" if whole > 0 else f"−{-whole}" if whole < 0 else "0"


def span(low: str, high: str) -> str:
    """Two ends in words, so that a minus sign is never taken for a dash."""
    return low if low == high else Phrase("{low} to {high}", low=low, high=high)


def change_span(low: float, high: float) -> str:
    """Two changes as one range in whole units with their signs, such as "−4 to +19"."""
    return span(signed(low), signed(high))


def whole_span(low: float, high: float) -> str:
    """Two levels as one range in whole units, such as "148 to 171"."""
    return span(str(round(low)), str(round(high)))
