"""The person file's keys and answers in words."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from anagen.render.words import arm_label, named
from anagen.wording import Phrase, Said, marked

KEYS: Final[Mapping[str, str]] = {
    "name": marked("Name"),
    "age": marked("Age"),
    "sex": marked("Sex"),
    "country": marked("Country"),
    "hair_type": marked("Hair type"),
    "diagnosis": marked("Diagnosis"),
    "stage": marked("Stage"),
    "scale": marked("Scale"),
    "grade": marked("Grade"),
    "years_since_onset": marked("Years since it began"),
    "measurements": marked("Counts of hair"),
    "date": marked("Date"),
    "site": marked("Place on the head"),
    "total_density_per_cm2": marked("All hairs per cm²"),
    "terminal_density_per_cm2": marked("Thick (terminal) hairs per cm²"),
    "mean_diameter_um": marked("Mean hair width in µm"),
    "anagen_percent": marked("Growing hairs in %"),
    "method": marked("Method"),
    "treatments_received": marked("Treatments so far"),
    "arm": marked("Option"),
    "health": marked("Health"),
    "pregnant": marked("Pregnant"),
    "breastfeeding": marked("Breastfeeding"),
    "scalp_infection": marked("Infection of the scalp"),
    "exosome_allergy": marked("Allergy to exosomes"),
    "chemotherapy": marked("Chemotherapy"),
    "radiotherapy": marked("Radiotherapy"),
    "active_cancer": marked("Cancer now"),
    "fever_or_sepsis": marked("Fever or blood infection"),
    "local_anaesthetic_allergy": marked("Allergy to local anaesthetics"),
    "bleeding_disorder": marked("Bleeding disorder"),
    "platelet_disorder": marked("Platelet disorder"),
    "autoimmune_disease": marked("Autoimmune disease"),
    "immunosuppressed": marked("Weakened defences"),
    "keloid_tendency": marked("Tendency to keloids"),
    "cancer_history": marked("Cancer in the past"),
    "scalp_skin_disease": marked("Skin disease of the scalp"),
    "heart_disease": marked("Heart disease"),
    "depression": marked("Depression"),
    "prostate_disease": marked("Disease of the prostate"),
    "medicines": marked("Medicines"),
    "wishes": marked("Wishes"),
    "route": marked("How it is given"),
    "donor_source": marked("Source of the exosomes"),
    "sessions": marked("Sessions"),
    "interval_days": marked("Days apart"),
    "first_session": marked("First session"),
    "minoxidil_percent": marked("Strength of minoxidil in %"),
    "budget": marked("Budget"),
    "amount": marked("Amount"),
    "currency": marked("Currency"),
    "schedule": marked("PRP sessions"),
}
"""Every key of the person file, and those of the assumptions beside them."""

VALUES: Final[Mapping[str, str]] = {
    "yes": marked("yes"),
    "no": marked("no"),
    "unknown": marked("unknown"),
    "other": marked("another one"),
    "male": marked("Male"),
    "female": marked("Female"),
    "african": marked("African"),
    "asian": marked("Asian"),
    "european": marked("European"),
    "androgenetic_alopecia": marked("Androgenetic alopecia"),
    "alopecia_areata": marked("Alopecia areata"),
    "telogen_effluvium": marked("Telogen effluvium"),
    "scarring_alopecia": marked("Scarring hair loss"),
    "norwood_hamilton": marked("Norwood–Hamilton"),
    "ludwig": marked("Ludwig"),
    "injection": marked("Injection"),
    "microneedling": marked("Microneedling"),
    "adipose": marked("Human fat (adipose)"),
    "dermal_papilla": marked("Dermal papilla cells"),
    "mesenchymal_stem_cell": marked("Mesenchymal stem cells, tissue not named"),
    "platelet_rich_plasma": marked("Platelets of blood"),
    "umbilical_cord": marked("Umbilical cord"),
    "placenta": marked("Placenta"),
    "foreskin": marked("Foreskin"),
    "bone_marrow": marked("Bone marrow"),
    "plant": marked("Plants"),
}
"""Every answer that is one of a closed list."""

TYPED: Final = ("name", "site", "method", "country", "grade", "currency", "date", "first_session")
"""Keys whose answers stay as they were written."""


def key_label(key: str) -> str:
    """A key of the person file in words, by its last part."""
    return named(KEYS, key.rpartition(".")[2])


def value_label(key: str, value: Any) -> str:
    """An answer in words; what a person wrote stays as written."""
    name = key.rpartition(".")[2]
    if value is None:
        return Phrase("not answered")
    if isinstance(value, Said):
        return value
    if name == "arm":
        return arm_label(value)
    if value in VALUES and name not in TYPED:
        return Phrase(VALUES[value])
    return Phrase("{answer}", answer=value)


def told(person: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """The answers as pairs of words, unknown ones included, nothing hidden."""
    return tuple(_pairs(person))


def _pairs(part: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in part.items():
        label = Phrase(key_label(key))
        if isinstance(value, Mapping):
            yield from _pairs(value)
        elif isinstance(value, (list, tuple)):
            yield from _rows(label, value)
        else:
            yield label, value_label(key, value)


def _rows(label: str, rows: Iterable[Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    number = 0
    for number, row in enumerate(rows, start=1):
        for what, answer in _pairs(row):
            yield Phrase("{label} {number}: {what}", label=label, number=number, what=what), answer
    if not number:
        yield label, Phrase("none")
