"""A release's name belongs to its numbers."""

from dataclasses import replace

import pytest

from anagen.evidence import load_evidence
from anagen.posterior import Keyed, Release, prior_release, verify
from anagen.posterior.release import BrokenReleaseError, fingerprint


@pytest.fixture(scope="module")
def release() -> Release:
    return prior_release(load_evidence().parameters)


def test_the_packaged_release_is_whole(release: Release) -> None:
    verify(release)
    assert release.id.startswith("prior-2026.11+")
    assert release == prior_release(load_evidence().parameters)


def test_a_changed_number_changes_the_name(release: Release) -> None:
    name = "latency-days"
    one = release.parameters[name]
    moved = one.model_copy(
        update={"distribution": one.distribution.model_copy(update={"median": 96.0})}
    )
    changed = dict(release.parameters) | {name: moved}
    assert fingerprint(changed, {}) != fingerprint(release.parameters, {})
    with pytest.raises(BrokenReleaseError, match=r"prior-2026\.11"):
        verify(replace(release, parameters=changed))


def test_words_and_order_do_not_change_the_name(release: Release) -> None:
    turned = dict(reversed(release.parameters.items()))
    name = "latency-days"
    turned[name] = turned[name].model_copy(update={"because": "Other words for the same."})
    assert fingerprint(turned, {}) == fingerprint(release.parameters, {})


def test_one_number_and_draws(release: Release) -> None:
    assert release.fixed("latency-share") == 0.8
    with pytest.raises(ValueError, match="uncertain"):
        release.fixed("latency-days")
    draws = release.numbers("latency-days", Keyed(1), 10)
    assert (draws == release.numbers("latency-days", Keyed(1), 20)[:10]).all()
    with pytest.raises(KeyError):
        release.numbers("no-such", Keyed(1), 10)
