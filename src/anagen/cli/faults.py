"""Faults in words: which exit code an exception means, and what is printed for it."""

import os
import sys

from anagen.posterior.store import ReleaseFileError
from anagen.reading import InputError
from anagen.render.files import OutputError
from anagen.wording import wording_of

BUG, INPUT, OUTPUT = 1, 3, 5


def told(error: Exception, language: str = "en") -> int:
    """Print what went wrong on stderr, an input's problems in the language; return the exit code.

    Raises:
        Exception: the error itself, when ANAGEN_DEBUG is set and it is a bug of ours.
    """
    if isinstance(error, InputError):
        say = wording_of(language).say
        for problem in error.problems:
            print(say(problem.told), file=sys.stderr)
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
