"""Forest and funnel plots: what is drawn is also told."""

from xml.etree import ElementTree

import pytest

from anagen import load_evidence
from anagen.evidence.meta import pool, select
from anagen.figures.forest import forest, funnel

POOLED = {one.id: pool(one) for one in select(load_evidence()).groups}


@pytest.mark.parametrize("name", sorted(POOLED))
def test_a_forest_names_every_study_and_its_numbers(name):
    figure = forest(POOLED[name])
    ElementTree.fromstring(figure.svg)
    for one in POOLED[name].group.contrasts:
        assert one.study in figure.text
        assert f"{one.estimate_per_cm2:.1f}" in figure.text
        assert one.study in figure.svg.split("</desc>")[1]
    assert ("pooled:" in figure.text) == (len(POOLED[name].group.contrasts) > 1)


def test_a_funnel_has_a_point_for_each_study():
    pooled = POOLED["minoxidil-5-vs-minoxidil-2-terminal"]
    figure = funnel(pooled)
    ElementTree.fromstring(figure.svg)
    assert all(one.study in figure.text for one in pooled.group.contrasts)


def test_one_study_has_no_funnel():
    single = next(one for one in POOLED.values() if len(one.group.contrasts) == 1)
    with pytest.raises(KeyError):
        funnel(single)
