"""One strict reader for every YAML or JSON file that anagen takes in.

The person file, the evidence and the catalogue all pass through here, so they are refused by the
same rules and in the same words: what is wrong, where, and what is allowed.
"""

from anagen.reading.document import Document, parse_document, read_document
from anagen.reading.problems import InputError, Problem, nearest
from anagen.reading.table import Table, read_table
from anagen.reading.validate import choice, validate

__all__ = [
    "Document",
    "InputError",
    "Problem",
    "Table",
    "choice",
    "nearest",
    "parse_document",
    "read_document",
    "read_table",
    "validate",
]
