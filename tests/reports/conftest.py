import pytest

from core.uploads import Received
from tests.factories.core import StoredFileFactory
from tests.reports.cast import Desk


@pytest.fixture
def desk(city, officer, data_officer, unit_cdo) -> Desk:
    """A city with a period open, and those who write, sign and review."""
    made = Desk(city, officer, data_officer, unit_cdo)
    made.open_period()
    return made


@pytest.fixture
def stored(db):
    """A scan in the store."""
    return StoredFileFactory()


@pytest.fixture
def received(stored):
    """A file as it was taken."""
    return Received(stored, "目录清单.xlsx")
