"""Pages for researchers: one trial, and which protocol is worth testing. In English only."""

from typing import TYPE_CHECKING, Any, Final

from anagen.evidence import load_evidence
from anagen.figures.research import (
    acceptability_figure,
    enrolment_figure,
    front_figure,
    paths_figure,
    power_curve_figure,
    worth_figure,
)
from anagen.plan.citations import cited, views
from anagen.protocol.model import Country, Protocols
from anagen.protocol.report import Report
from anagen.render.html import STYLE, Footnotes, environment
from anagen.trial.model import Estimate, Range
from anagen.wording import wording_of

if TYPE_CHECKING:
    from anagen.trial.model import Power

TARGET_POWER: Final = 0.8
EXPERIMENTAL: Final = (
    "Exosome therapy for hair is experimental and, as far as we found, approved for it by no "
    "regulator."
)
LIMITS: Final = (
    "The people are virtual. They have hair loss, and no illness besides it.",
    "What the model knows of exosomes rests on one randomised trial of 20 people, of exosomes mixed"
    " with plant extracts, on series without a control group, and on assumptions.",
    "No dose, donor source or route of exosomes changes a curve: no data tell them apart.",
    "How sessions add up and how long they act is assumed for exosomes, mostly assumed for PRP.",
    "Harms are not simulated.",
    "Women share men's parameters of the hair cycle; their response to minoxidil is their own.",
)
BASIS: Final = {
    "direct": "data: compared in controlled studies",
    "indirect": "data: each against its own control",
    "prior_only": "the prior: no usable trial",
    "same": "no difference that moves a count",
}


def trial_page(report: Report) -> str:
    """One trial on one page, with everything that it needs inside.

    The order is that of ADEMP (Morris, White & Crowther 2019); regulatory status comes first.
    """
    power = report.power
    figures = {
        "power": power_curve_figure(report.curve, power.people, TARGET_POWER),
        "paths": paths_figure(report.paths, power.endpoint_unit),
        "enrolment": report.enrolment and enrolment_figure(report.enrolment, power.people),
    }
    return _page(
        "trial_report.html",
        report=report,
        power=power,
        measures=_measures(power),
        figures=figures,
        made=report.protocols,
        countries=_countries(report.protocols),
        limits=(*power.notes, *LIMITS),
    )


def protocol_page(made: Protocols) -> str:
    """Which protocol is worth testing, on one page."""
    limits = (*made.notes, *LIMITS)
    return _page("protocol_page.html", made=made, countries=_countries(made), limits=limits)


def _page(template: str, **context: Any) -> str:
    found = environment(wording_of("en")).get_template(template)
    return found.render(
        style=STYLE.read_text(encoding="utf-8"),
        experimental=EXPERIMENTAL,
        basis=BASIS,
        number=number,
        span=span,
        estimate=estimate,
        percent=percent,
        signed=signed,
        p_value=p_value,
        family=family,
        footnotes=Footnotes(views(load_evidence(), cited([context["made"]]))),
        **context,
    )


def _countries(made: Protocols | None) -> list[dict[str, Any]]:
    return [] if made is None else [_country(made, one) for one in made.countries]


def _country(made: Protocols, country: Country) -> dict[str, Any]:
    offers = {offer.id: offer for offer in country.offers}
    gains = {one.id: one for one in made.protocols}
    priced = any(offer.cost and offer.cost.mean > 0 for offer in country.offers)
    return {
        "told": country,
        "front": [(gains[name], offers[name]) for name in country.front],
        "missing": sorted({part for offer in country.offers for part in offer.missing}),
        "front_figure": front_figure(made, country) if priced else None,
        "acceptability": acceptability_figure(country) if priced else None,
        "worth": worth_figure(country) if priced and country.unknowns else None,
    }


def _measures(power: "Power") -> list[tuple[str, Estimate, str]]:
    """Rows of the table: what, how much, and what it says."""
    design = f"{power.design_effect:+.1f} {power.endpoint_unit}"
    who = "as the file asks" if power.design_effect_from == "file" else "as the model expects"
    return [
        (f"Power at {design}", power.power,
         f"Chance to find {power.compared[0]} better if that is the true effect, {who}."),
        ("Assurance", power.assurance,
         "The same with the effect as uncertain as it is: the honest chance of success."),
        ("Error of type I", power.type_i_error,
         f"How often it finds what is not there; nominal is {power.alpha:g}."),
        ("Wrong direction", power.wrong, "Finds the opposite of the truth."),
        ("Coverage", power.coverage, "How often the interval holds the truth."),
        (f"Bias, {power.unit}", power.bias, "Mean of estimate less truth."),
        ("Adopts the arm", power.decision.adopted, "By the file's rule."),
        ("Adopts it wrongly", power.decision.wrongly_adopted, "Though the truth is not so."),
        ("Leaves it wrongly", power.decision.wrongly_left, "Though the truth is so."),
    ]  # fmt: skip


def number(value: float | None, digits: int = 0) -> str:
    """A number with thousands apart and a real minus sign; a dash for none."""
    return "–" if value is None else f"{value:,.{digits}f}".replace("-", "−")


def span(value: Range | None, digits: int = 1, sign: bool = True) -> str:
    """Mean with the range of 90 %."""
    if value is None:
        return "–"
    plus = "+" if sign else ""
    mean, low, high = (f"{one:{plus},.{digits}f}" for one in (value.mean, value.q05, value.q95))
    return f"{mean} ({low} to {high})".replace("-", "−")


def estimate(value: Estimate) -> str:
    """A number from simulation with its Monte Carlo error."""
    return f"{value.estimate:.3f}\u00a0±\u00a0{value.mc_se:.3f}".replace("-", "−")


def signed(value: float) -> str:
    """A change with its sign."""
    return f"{value:+.1f}".replace("-", "−")


def p_value(value: float) -> str:
    """A p-value that never reads as 0."""
    return "p < 0.001" if value < 0.001 else f"p = {value:.3f}"


def percent(share: float) -> str:
    """A share in percent that never reads as certain where it is not."""
    if 0.995 <= share < 1:
        return "over 99 %"
    return "below 1 %" if 0 < share < 0.005 else f"{share:.0%}".replace("%", " %")


def family(name: str) -> str:
    """Treatments of a protocol, in words."""
    return "nothing" if name == "none" else name.replace("+", " + ")
