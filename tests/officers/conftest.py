import pytest

from officers import services
from officers.models import Appointment, Filing
from tests.conftest import _member

from .cast import Register, ruled
from .desk import REPORTED, SEPTEMBER


@pytest.fixture
def register(city) -> Register:
    return ruled(city)


@pytest.fixture
def holder(register) -> Appointment:
    """The department's CDO, appointed by itself and not yet on record."""
    paper = services.Paper(number="深公〔2021〕12号", signed_on=SEPTEMBER)
    return register.appoint(register.city.department, SEPTEMBER, paper=paper)


@pytest.fixture
def filing(holder, data_officer) -> Filing:
    """That appointment, reported by the department's clerk."""
    letter = services.Letter("深公〔2021〕13号", note="请予备案", reported_on=REPORTED)
    return services.file_appointment(holder, letter=letter, by=data_officer)


@pytest.fixture
def clerk(register):
    """An officer at the desk itself."""
    return _member(register.city, register.office, "bureau_officer")
