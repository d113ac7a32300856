"""A site with a real database, for programs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.webapp import signed_in
from tests.webapp.signed_in import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site, shared by the tests of a module."""
    with signed_in.site(Path(tmp_path_factory.mktemp("site"))) as made:
        yield made
