"""Pictures of scalp: every follicle is there, to scale, in its place, and told in words."""

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from tests.figures.follicles import follicles, mixed, model

from anagen.figures import Look, patch_counts, png, scalp_panels, scalp_patch
from anagen.figures.scalp import PX_PER_MM

SVG = "{http://www.w3.org/2000/svg}"
FINE = 10
"""Places in a picture are whole tenths of a pixel."""
HAIR = re.compile(r"M-?\d+[ -]\d+q" + r" ?(-?\d+)" * 4)


def hairs(svg):
    """(style, width in px, length in px) of every hair drawn; a bent one by its chord."""
    found = []
    for group in ET.fromstring(svg).iter(f"{SVG}g"):
        for path in group.findall(f"{SVG}path"):
            for *_, x, y in HAIR.findall(path.get("d")):
                style = "dashed" if group.get("stroke-dasharray") else "plain"
                width = float(path.get("stroke-width")) / FINE
                found.append((style, width, float(np.hypot(float(x), float(y))) / FINE))
    return found


def rings(svg):
    return svg.count("a19 19 0 1 0 0-.1z")


def alone(phase, group=4, count=60, **how):
    state = follicles([phase] * count, [group] * count, how.pop("age_days", 100.0))
    return scalp_panels(state, {}, model(), **how)["Today"]


def test_counts_hold_every_follicle_once():
    seen = patch_counts(mixed(), model())
    assert (seen.under_skin, seen.empty, seen.lost) == (10, 20, 10)
    assert seen.growing + seen.resting + seen.thin == 20
    assert seen.counted == seen.growing + seen.resting


def test_thin_hairs_are_drawn_but_not_counted():
    state = follicles(["anagen"] * 3 + ["telogen"] * 2, [0, 1, 5, 0, 3])
    seen = patch_counts(state, model())
    assert (seen.growing, seen.resting, seen.thin) == (2, 1, 2)


@pytest.mark.parametrize(("phase", "style"), [("anagen", "plain"), ("telogen", "dashed")])
def test_one_hair_for_each_follicle_that_carries_one(phase, style):
    drawn = hairs(alone(phase).svg)
    assert len(drawn) == 60
    assert {kind for kind, _, _ in drawn} == {style}


@pytest.mark.parametrize("phase", ["early_anagen", "latency", "dormant"])
def test_nothing_above_the_skin_where_there_is_no_hair(phase):
    figure = alone(phase)
    assert hairs(figure.svg) == []
    assert rings(figure.svg) == 60


def test_thickness_is_to_scale():
    for group, diameter in enumerate(model().grid.midpoints_um):
        widths = {width for _, width, _ in hairs(alone("anagen", group).svg)}
        assert sorted(widths) == pytest.approx([diameter / 1000 * PX_PER_MM], abs=0.005)


def test_young_hairs_are_short_and_old_ones_reach_the_cut():
    look = Look(cut_mm=1.5)
    young = np.array([length for *_, length in hairs(alone("anagen", age_days=2.0, look=look).svg)])
    old = np.array([length for *_, length in hairs(alone("anagen", look=look).svg)])
    # The chord of a bent hair is a little shorter than the hair.
    assert young == pytest.approx(0.6 * PX_PER_MM, rel=0.08)
    assert old == pytest.approx(1.5 * PX_PER_MM, rel=0.08)
    resting = [length for *_, length in hairs(alone("telogen", age_days=2.0, look=look).svg)]
    assert resting == pytest.approx([1.5 * PX_PER_MM] * 60, rel=0.08)


def test_growth_of_the_model_is_used_where_it_has_one():
    fast = model(growth_um_per_day=np.full(6, 600.0))
    state = follicles(["anagen"] * 60, [4] * 60, age_days=1.0)
    drawn = hairs(scalp_panels(state, {}, fast)["Today"].svg)
    assert [length for *_, length in drawn] == pytest.approx([0.6 * PX_PER_MM] * 60, rel=0.08)


def test_a_follicle_keeps_its_place():
    before, after = mixed(), mixed(shift=1)
    panels = scalp_panels(before, {"Later": after, "Same": before}, model())
    drawn = [re.sub(r"chart-scalp-\d", "", figure.svg) for figure in panels.values()]
    bodies = [text[text.index("<clipPath") :] for text in drawn]
    assert bodies[0] == bodies[2] != bodies[1]
    roots = set(re.findall(r"M(\d+) (\d+)q", panels["Today"].svg))
    rings = re.findall(r"M(-?\d+) (\d+)a19", panels["Later"].svg)
    assert roots & {(str(int(x) + 19), y) for x, y in rings}


def test_words_say_what_is_seen_and_that_it_is_one_of_many():
    figure = alone("telogen")
    assert "Today, on 10 by 10 mm of simulated scalp" in figure.text
    assert "0 growing and 60 resting hairs that a count would find" in figure.text
    assert "one field out of many" in figure.text
    assert "lost" not in figure.text
    assert "Follicles that are lost: 60." in alone("lost").text


def test_one_figure_with_its_titles_key_and_bar():
    figure = scalp_patch(mixed(), {"A & B": mixed(shift=1)}, model(), titles={"Today": "Now"})
    root = ET.fromstring(figure.svg)
    words = [element.text for element in root.iter(f"{SVG}text")]
    assert words[:4] == ["Now", "1 mm", "A & B", "1 mm"]
    assert words[4:] == ["growing", "resting", "empty opening", "new hair under the skin"]
    assert {element.get("fill") for element in root.iter(f"{SVG}text")} == {"currentColor"}
    assert root.get("role") == "img"
    ids = {element.get("id") for element in root.iter() if element.get("id")}
    assert set(re.findall(r"url\(#([^)]*)\)", figure.svg)) <= ids


def test_one_small_patch_leaves_room_for_the_key():
    assert 'width="520"' in scalp_patch(mixed(), {}, model(), Look(side_mm=3.0)).svg


def test_a_smaller_patch_holds_a_share_of_the_follicles():
    panel = scalp_panels(mixed(), {}, model(), Look(side_mm=5.0))["Today"]
    assert "on 5 by 5 mm" in panel.text
    lost = int(re.search(r"lost: (\d+)", panel.text)[1])
    assert lost + sum(map(int, re.findall(r"(\d+) [a-z]", panel.text.split(":")[1]))) == 15


def test_any_draw_can_be_shown():
    both = model(per_cm2=np.array([60.0, 30.0]))
    state = mixed()
    twice = type(state)(
        **{
            name: np.concatenate([getattr(state, name)] * 2)
            for name in ("phase", "group", "lifts", "cycle", "age_days", "left_clock_days")
        }
    )
    twice.phase[1] = 1
    panel = scalp_panels(twice, {}, both, Look(draw=1))["Today"]
    assert len(hairs(panel.svg)) == 30


def test_a_png_has_its_own_ground():
    figure = alone("anagen")
    light, dark = png(figure, scale=1.0), png(figure, scale=1.0, dark=True)
    assert light.startswith(b"\x89PNG")
    assert light != dark
    assert light == png(figure, scale=1.0)
    assert figure.svg.count("<rect") == alone("anagen").svg.count("<rect")
