import pytest

from .cast import Register, ruled


@pytest.fixture
def register(city) -> Register:
    return ruled(city)
