"""A simulated trial told as a simulation study: aims, data, estimand, methods, performance.

The order is that of Morris, White & Crowther 2019 (doi 10.1002/sim.8086).
"""

from anagen.trial.model import Power
from anagen.trial.schema import Trial

METHODS = {
    "ancova": "ANCOVA: change at the endpoint by arm, with the start as covariate",
    "change": "Student's t on changes at the endpoint, with a common variance",
    "responder": "difference of the shares of responders, by their pooled variance",
    "repeated": "the mixed model for repeated measures with an unstructured covariance",
}
STRATA = {"baseline": "the count at the start", "sex": "sex", "site": "site"}
Told = tuple[tuple[str, tuple[str, ...]], ...]


def ademp(trial: Trial, power: Power) -> Told:
    """Headings with their sentences."""
    arm, against = power.compared
    outcome = trial.endpoint.outcome
    return (
        (
            "Aims",
            (
                f"To learn whether a trial of {trial.people:,} people can answer: {trial.title}.",
                "And what it is likely to report, if the effect is as uncertain as it is today.",
            ),
        ),
        ("Data-generating mechanism", _mechanism(trial, power)),
        (
            "Estimand",
            (
                f"The mean difference of {outcome} in week {trial.endpoint.week} between {arm} and "
                f"{against}, in the people of the trial: what the treatment changes against their "
                "own other course. Care that both arms share cancels out.",
            ),
        ),
        ("Methods", _methods(trial)),
        (
            "Performance measures",
            (
                f"Power, assurance, error of type I, bias, coverage and wrong decisions over "
                f"{power.runs:,} simulated trials, each with the Monte Carlo error of so many.",
            ),
        ),
    )


def _mechanism(trial: Trial, power: Power) -> tuple[str, ...]:
    found = [
        f"Each simulated trial draws its parameters from {power.posterior_release}: follicle "
        "cycle, treatments, how trials differ, visits and readers.",
        "Each person has a density, androgen drive, pace of loss and responses of their own.",
        "Hairs in a field are counted as chance has it, given the expected course of the person's "
        "follicles."
        if trial.is_count
        else "The follicles of each field are followed one by one.",
        f"{trial.drop_out:.0%} are lost before the endpoint"
        + (
            f"; {trial.drop_out_risk_per_10_fewer:g} times as likely for each change of 10 less."
            if trial.drop_out_risk_per_10_fewer != 1
            else ", by chance."
        ),
        f"{trial.adherence:.0%} take what is given.",
    ]
    if trial.sites.count > 1:
        sd = trial.sites.effect_sd_per_cm2
        found.append(
            f"{trial.sites.count} sites; between them "
            + (f"effects differ by an SD of {sd:g} hairs per cm²." if sd else "nothing differs.")
        )
    return tuple(found)


def _methods(trial: Trial) -> tuple[str, ...]:
    found = [f"{METHODS[trial.analysis.method]}; two-sided error {trial.analysis.alpha:g}."]
    if trial.design == "split_scalp":
        found = ["The mean difference of the two sides of each scalp, paired."]
    if trial.stratify:
        names = ", ".join(STRATA[name] for name in trial.stratify)
        found.append(f"Arms are filled in step within strata of {names}, and the analysis knows.")
    if trial.looks is not None:
        shares = ", ".join(f"{share:.0%}" for share in trial.looks.at)
        spent = {"obrien_fleming": "O'Brien and Fleming", "pocock": "Pocock"}
        found.append(
            f"Interim looks at {shares} of the people; error spent like "
            f"{spent[trial.looks.spending]} (Lan & DeMets 1983)."
        )
    rule = trial.decision
    least = rule.least_estimate_per_cm2
    found.append(
        f"The arm is adopted if its interval lies above {rule.margin_per_cm2:g} hairs per cm²"
        + ("." if least is None else f" and its estimate is at least {least:g}.")
    )
    return tuple(found)
