"""Faults in words: which exit code an exception means, and what is printed for it."""

import os
import sys

from anagen.posterior.store import ReleaseFileError
from anagen.reading import InputError
from anagen.render.files import OutputError

BUG, INPUT, OUTPUT = 1, 3, 5


def told(error: Exception) -> int:
    """Print what went wrong on stderr and return the exit code.

    Raises:
        Exception: the error itself, when ANAGEN_DEBUG is set and it is a bug of ours.
    """
    if isinstance(error, InputError):
        for problem in error.problems:
            print(problem, file=sys.stderr)
        return INPUT
    if isinstance(error, ReleaseFileError):
        print(error, file=sys.stderr)
        return INPUT
    if isinstance(error, OutputError):
        print(error, file=sys.stderr)
        return OUTPUT
    if os.environ.get("ANAGEN_DEBUG"):
        raise error
    print(
        f"anagen has a fault of its own ({type(error).__name__}: {error}). "
        "Please report it; set ANAGEN_DEBUG=1 to see where.",
        file=sys.stderr,
    )
    return BUG
