"""What is known and who says so: claims, studies, sources, parameters, rules, certainty."""

from anagen.evidence.load import Evidence, load_evidence

__all__ = ["Evidence", "load_evidence"]
