import pytest

from core.warehouse import Warehouse
from tests.core.figures.hand import hospital


@pytest.fixture(scope="package")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> Warehouse:
    """The hospital worked out by hand, all 24 months computed."""
    return hospital(tmp_path_factory.mktemp("hand"))
