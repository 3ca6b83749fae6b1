"""Says who, and for a parameter also what the data did to it."""

from dataclasses import replace

from anagen.evidence.load import Evidence
from anagen.evidence.why import Explanation, why
from anagen.posterior.store import current_edition, read_manifest, release_folder, what_data_did


def explained(evidence: Evidence, record: str) -> Explanation:
    """One record explained; a parameter that was learned says how far the trials moved it.

    Raises:
        UnknownId: no record has that id.
    """
    explanation = why(evidence, record)
    if explanation.kind != "parameter":
        return explanation
    manifest = read_manifest(release_folder(current_edition()))
    lines = what_data_did(manifest, explanation.id)
    if not lines:
        return explanation
    after = (f"After the fit ({manifest.edition})", "\n".join(lines))
    return replace(explanation, lines=(*explanation.lines, after))
