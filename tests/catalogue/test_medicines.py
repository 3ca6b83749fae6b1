"""A medicine is recognised by any of its names, and never by guessing."""

import pytest

from anagen.catalogue import Catalogue
from anagen.catalogue.medicines import recognise, spellings


@pytest.mark.parametrize(
    ("written", "substance"),
    [
        ("Coumadin", "warfarin"),
        ("coumadin 5 mg", "warfarin"),
        (" WARFARIN ", "warfarin"),
        ("Varfarin", "warfarin"),
        ("X-arelto", "rivaroxaban"),
        ("Ecopirin 100 mg", "aspirin"),
        ("aspirin protect", "aspirin"),
        ("Brilique", "ticagrelor"),
        ("Plavix 75mg", "clopidogrel"),
        ("Propecia", "finasteride"),
        ("Proscar", "finasteride"),
        ("finasteride 1 mg", "finasteride"),
        ("minoxidil", "minoxidil_topical"),
        ("minoxidil_topical", "minoxidil_topical"),
        ("Minoxidil 5 %", "minoxidil_topical"),
        ("Rogaine", "minoxidil_topical"),
        ("Loniten", "minoxidil_oral"),
        ("ROACCUTANE", "isotretinoin"),
        ("Saw Palmetto", "saw_palmetto"),
    ],
)
def test_a_brand_counts_as_its_substance(
    catalogue: Catalogue, written: str, substance: str
) -> None:
    found = recognise(catalogue, written)
    assert found is not None
    assert found.id == substance


@pytest.mark.parametrize("written", ["asprin", "something herbal", "5 mg", "", "warfarin aspirin"])
def test_a_near_miss_stays_unrecognised(catalogue: Catalogue, written: str) -> None:
    assert recognise(catalogue, written) is None


def test_every_name_leads_to_its_medicine(catalogue: Catalogue) -> None:
    for medicine in catalogue.medicines.values():
        for name in spellings(medicine):
            assert recognise(catalogue, name) is medicine


def test_what_thins_the_blood_has_its_class(catalogue: Catalogue) -> None:
    def of(kind: str) -> set[str]:
        return {m.id for m in catalogue.medicines.values() if m.medicine_class == kind}

    assert {"warfarin", "apixaban", "rivaroxaban", "dabigatran", "heparin"} <= of("anticoagulant")
    assert {"aspirin", "clopidogrel", "prasugrel", "ticagrelor"} <= of("antiplatelet")


def test_only_hair_medicines_act_as_a_modelled_treatment(catalogue: Catalogue) -> None:
    acting = {m.id: m.acts_as for m in catalogue.medicines.values() if m.acts_as != "none"}
    assert acting == {
        "minoxidil_topical": "minoxidil",
        "minoxidil_oral": "minoxidil",
        "finasteride": "finasteride",
        "finasteride_topical": "finasteride",
        "dutasteride": "finasteride",
    }


@pytest.mark.parametrize(
    ("kind", "groups"),
    [
        ("anticoagulant", ("B01AA", "B01AB", "B01AE", "B01AF", "B01AX")),
        ("antiplatelet", ("B01AC",)),
        ("nsaid", ("M01A",)),
        ("corticosteroid", ("H02AB",)),
    ],
)
def test_classes_follow_the_groups_of_the_atc(
    catalogue: Catalogue, kind: str, groups: tuple[str, ...]
) -> None:
    for medicine in catalogue.medicines.values():
        if medicine.atc is not None:
            in_group = medicine.atc.startswith(groups)
            assert in_group == (medicine.medicine_class == kind), medicine.id
