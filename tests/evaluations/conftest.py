import pytest

from tests.evaluations.cast import panel_of


@pytest.fixture
def panel(city):
    return panel_of(city)
