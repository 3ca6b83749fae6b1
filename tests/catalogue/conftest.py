"""The packaged catalogue, read once."""

import pytest

from anagen.catalogue import Catalogue, load_catalogue


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    """The catalogue that ships with the package."""
    return load_catalogue()
