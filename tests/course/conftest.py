"""The packaged care tables."""

import pytest

from anagen.catalogue import load_catalogue
from anagen.catalogue.care import Care


@pytest.fixture(scope="session")
def care() -> Care:
    """The care tables that ship with the package."""
    return load_catalogue().care
