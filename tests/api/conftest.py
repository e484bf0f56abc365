"""The city with something to read at every endpoint."""

from dataclasses import dataclass

import pytest

from cdo_portal.api import router
from reminders.models import Notice
from tests.factories.reminders import NoticeFactory

ENDPOINTS = [prefix for prefix, _viewset, _name in router.registry]
VIEWSETS = {prefix: viewset for prefix, viewset, _name in router.registry}


def address(endpoint: str, key: object = "") -> str:
    return f"/api/v1/{endpoint}/" + (f"{key}/" if key != "" else "")


@dataclass
class Notices:
    department: Notice
    district: Notice


@pytest.fixture
def notices(city, data_officer, stranger) -> Notices:
    """One notice of the department's clerk and one of the district's."""

    def told(unit, user):
        assignment = city.assignment(unit)
        return NoticeFactory(
            key=f"duties.deadline:assignment:{assignment.number}:1:14:{user.pk}",
            type="duties.deadline",
            subject=f"assignment:{assignment.number}",
            stage="14",
            reading="due",
            recipient=user,
            programme=city.programme,
            unit=unit,
            facts={
                "title": assignment.obligation.short_title,
                "number": assignment.number,
                "due_on": "2022-04-30",
                "latest_on": "2022-04-30",
                "unit": unit.code,
            },
        )

    return Notices(told(city.department, data_officer), told(city.district, stranger))


@pytest.fixture
def world(city, cast, notices):
    """The city, its whole cast and its notices."""
    return city


@pytest.fixture
def read(api):
    """`read(user, endpoint, key, **query)` gives the answer's JSON; it has to be 200."""

    def reading(user, endpoint, key="", **query):
        answer = api(user).get(address(endpoint, key), query)
        assert answer.status_code == 200, answer.content.decode()
        return answer.json()

    return reading


@pytest.fixture
def ids(read):
    """`ids(user, endpoint, **query)` gives the ids of a list, in its order."""

    def listing(user, endpoint, **query):
        return [row["id"] for row in read(user, endpoint, **query)["results"]]

    return listing


@pytest.fixture
def refused(api):
    """`refused(user, endpoint, **query)` gives the `errors` of a list that is refused with 422."""

    def asking(user, endpoint, **query):
        answer = api(user).get(address(endpoint), query)
        assert answer.status_code == 422, answer.content.decode()
        assert set(answer.json()) == {"code", "message", "errors", "request_id"}
        return answer.json()["errors"]

    return asking
