"""Writes the page that tries the article's claims in the model, and its figures.

Run from the root of the repository: `python -m docs.model.claims_in_silico`.
"""

import sys
from pathlib import Path

from anagen import load_evidence
from anagen.figures.draw import Figure
from anagen.posterior import Keyed, current_release
from docs.model import silico_sessions, silico_time
from docs.model.silico import Silico
from docs.model.silico_charts import FOLDER, file_name, standalone
from docs.model.silico_texts import CHANGES, LIMITS
from docs.model.silico_words import Trial

DRAWS = 400

TRIALS = {
    "C09": silico_time.onset,
    "C08": silico_time.permanence,
    "C10": silico_time.persistence,
    "C04, C06": silico_sessions.schedules,
    "C30": silico_sessions.better_than_prp,
    "C31": silico_sessions.together,
    "C15": silico_sessions.lost_follicles,
}
"""What tries each claim, in the order of the page."""

HEAD = """# The article's claims in the model

Made by `python -m docs.model.claims_in_silico` from release `{release}`, with {draws:,} draws.

A model is no trial. It can say what would follow *if* hair grows as published and *if* exosomes act
as assumed. So it can show that a claim does not fit with how fast hair grows, or name what would
have to be true for it. It can't show that exosomes work.

Everything below happens on the reference scalp: men of a typical trial before treatment. Unless a
part says otherwise, exosomes are given in 4 sessions 14 days apart, PRP in 3 sessions 30 days
apart. An effect is the density of hairs of 20 µm and more with the treatment, less that without
any, as a mean over men who respond differently. A number in front of brackets is the median, and
the brackets are the 90 % interval over draws: what the evidence and the stated priors leave open.
Sizes marked *for show* are chosen by us, so that only shapes are compared.

The claims are those of a clinic's patient guide, in our words. The [list of all
claims](../reference/claims.md) has their sources; [what this model cannot
know](../explanation/what-this-model-cannot-know.md) says where it stops.
"""


def trials(draws: int) -> dict[str, Trial]:
    """Every claim's trial by the claims' ids; says on stderr how far it is."""
    silico = Silico(current_release(load_evidence().parameters), Keyed(1), draws)
    found = {}
    for number, (claims, make) in enumerate(TRIALS.items(), 1):
        print(f"{number} of {len(TRIALS)}: {claims}", file=sys.stderr, flush=True)
        found[claims] = make(silico)
    return found


def page(found: dict[str, Trial], draws: int) -> str:
    """The whole page; it names the release, so that a stale page can be told."""
    release = current_release(load_evidence().parameters).id
    parts = [HEAD.format(release=release, draws=draws)]
    parts += [_section(claims, trial) for claims, trial in found.items()]
    return "\n".join(parts)


def _section(claims: str, trial: Trial) -> str:
    ledger = load_evidence().claims
    said = [
        f"> **{name}** {ledger[name].says} *Standing: {ledger[name].standing}.*"
        for name in claims.split(", ")
    ]
    picture = f"![{trial.figure.text}]({file_name(trial.key)})"
    lines = [
        f"## {trial.title}\n",
        "\n>\n".join(said),
        f"\n**In the model.** {trial.answer}\n",
        picture,
        "",
        *trial.table,
        f"\n**What the model can and can't say.** {LIMITS[trial.key]}\n",
        f"**Certainty.** {trial.certainty}\n",
        f"**What would change this.** {CHANGES[trial.key]}\n",
    ]
    return "\n".join(lines)


def write(figure: Figure, key: str) -> None:
    """Write one chart as a file."""
    FOLDER.mkdir(exist_ok=True)
    path = Path(__file__).parent / file_name(key)
    path.write_text(standalone(figure), encoding="utf-8")


def main() -> None:
    """Write the page and its figures."""
    found = trials(DRAWS)
    for trial in found.values():
        write(trial.figure, trial.key)
    path = Path(__file__).with_name("claims-in-silico.md")
    path.write_text(page(found, DRAWS), encoding="utf-8")


if __name__ == "__main__":
    main()
