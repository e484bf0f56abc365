"""The cast of every test: a small city (made once, tests/kept.py), and one person of each role in it.

Nobody reaches the network: sockets to anything but this machine are refused.
"""

import gc
import socket
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from rest_framework.test import APIClient

from accounts.models import User
from core import clock, workdays
from core.models import WorkingDay
from duties.models import Assignment, Obligation
from duties.services import sync_assignments
from pilots.models import Enrolment, Programme, Unit
from tests import sweeping
from tests.factories.accounts import SiteRoleFactory, UserFactory
from tests.factories.duties import DutyAreaFactory, DutyItemFactory, ObligationFactory
from tests.factories.pilots import (
    ClauseFactory,
    EnrolmentFactory,
    MembershipFactory,
    PolicyDocumentFactory,
    ProgrammeFactory,
    UnitFactory,
)
from tests.kept import Kept
from tests.spreading import pytest_xdist_make_scheduler  # noqa: F401 - pytest finds its hooks here
from tests.sweeping import pytest_runtest_teardown  # noqa: F401 - and here

LOCAL = ("127.", "::1", "localhost", "0.0.0.0")


def pytest_collection_finish():
    """Thousands of tests and two hundred models stay to the end: looking through them again and again
    for garbage took a seventh of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


@pytest.fixture(autouse=True)
def _no_outside_world(monkeypatch):
    """Anything that tries to leave this machine fails the test that tried."""
    connect = socket.socket.connect

    def guarded(self, address):
        host = address[0] if isinstance(address, tuple) else ""
        if isinstance(host, str) and host and not host.startswith(LOCAL):
            raise AssertionError(f"A test tried to reach {host}.")
        return connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session", autouse=True)
def _own_data_directory(tmp_path_factory):
    """One a process, so that those of `pytest -n 2` find none of each other's files."""
    settings.DATA_DIR = tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_keepdb, django_db_createdb, django_db_blocker):
    """The test database with the working days of 2021 and 2022, entered once.

    pytest-django makes one only where a test asks for `db` itself. The browser tests keep a city for
    a whole file instead: run alone they would write into, and empty, the database of the developer.
    """
    made = []
    with django_db_blocker.unblock():
        if connection.settings_dict["NAME"] != connection.creation._get_test_db_name():
            keep = django_db_keepdb and not django_db_createdb
            made = setup_databases(0, interactive=False, keepdb=keep)
        workdays.seed([2021, 2022])
        sweeping.begin(django_db_blocker)
    yield
    if made and not django_db_keepdb:
        with django_db_blocker.unblock():
            teardown_databases(made, 0)


@pytest.fixture(scope="session")
def kept_city(django_db_setup, django_db_blocker) -> Kept:
    """The rows of the city, none of which is in the database."""
    with django_db_blocker.unblock():
        return Kept(make_city)


@pytest.fixture(autouse=True)
def _calendar(request):
    """The same days again after a test that flushed the tables."""
    names = {"db", "transactional_db", "live_server", "django_db_serialized_rollback"}
    if request.node.get_closest_marker("django_db") or names & set(request.fixturenames):
        request.getfixturevalue("transactional_db" if _is_transactional(request) else "db")
        if not WorkingDay.objects.exists():
            workdays.seed([2021, 2022])


def _is_transactional(request):
    marker = request.node.get_closest_marker("django_db")
    asked = bool(marker and marker.kwargs.get("transaction"))
    return asked or {"transactional_db", "live_server"} & set(request.fixturenames)


@pytest.fixture
def later(db):
    """`later(timedelta(minutes=11))`: so much time has gone by since then, for the portal and for the
    database; the day stays."""
    yield clock.shift
    clock.shift(timedelta())


@dataclass
class City:
    """測試市: a bureau, a superior, and three pilots of three kinds with two areas and four demands.

    Today is 2022-04-15 in every test (settings.TODAY).
    """

    programme: Programme
    bureau: Unit
    superior: Unit
    government: Unit
    department: Unit
    district: Unit
    obligations: dict[str, Obligation] = field(default_factory=dict)

    def enrolment(self, unit: Unit) -> Enrolment:
        return Enrolment.rows.get(programme=self.programme, unit=unit, part="pilot")

    def assignment(self, unit: Unit, nature: str = "report") -> Assignment:
        return Assignment.rows.for_lists().get(
            enrolment__programme=self.programme, enrolment__unit=unit, obligation__nature=nature
        )

    def assignment_of(self, unit: Unit, occurrence: str) -> Assignment:
        """The unit's task of a period («2022Q1»)."""
        return Assignment.rows.for_lists().get(
            enrolment__programme=self.programme, enrolment__unit=unit, occurrence=occurrence
        )


@pytest.fixture
def city(db, kept_city) -> City:
    # A city that is there already may have taken the numbers of its tasks.
    return make_city() if Programme.rows.exists() else kept_city.lay()


def make_city(region: str = "440300", name: str = "测试市") -> City:
    programme = ProgrammeFactory(running=True, region_code=region, region_name=name)
    units = {
        "bureau": UnitFactory(name=f"{name}市政数局"),
        "superior": UnitFactory(kind="provincial_department", name=f"{name}省政数局"),
        "government": UnitFactory(kind="city_government", name=f"{name}人民政府"),
        "department": UnitFactory(name=f"{name}公安局"),
        "district": UnitFactory(kind="district_government", name=f"{name}福田区"),
    }
    EnrolmentFactory(programme=programme, unit=units["bureau"], part="bureau")
    EnrolmentFactory(programme=programme, unit=units["superior"], part="superior")
    for place, key in enumerate(("government", "department", "district")):
        EnrolmentFactory(programme=programme, unit=units[key], position=place)
    made = City(programme, **units)
    _demands(made)
    sync_assignments(programme, by=None)
    return made


def _demands(city: City) -> None:
    clause = ClauseFactory(document=PolicyDocumentFactory(programme=city.programme))
    talent, special = (
        DutyAreaFactory(programme=city.programme, medium_name="人才队伍", short_name="人才"),
        DutyAreaFactory(programme=city.programme, medium_name="特色应用", short_name="特色"),
    )
    DutyItemFactory(
        area=talent, name="数据运营机构建设", kinds=["city_government", "district_government"]
    )
    DutyItemFactory(area=talent, name="全员数据技能与安全培训", kinds=["municipal_department"])
    DutyItemFactory(area=special, name="行业特色数据应用", kinds=["municipal_department"])
    same = {"programme": city.programme, "clause": clause}
    departments = ["municipal_department", "district_government"]
    city.obligations = {
        "report": ObligationFactory(**same, kinds=departments),
        "training": ObligationFactory(
            **same,
            nature="training",
            title="组织面对部门业务人员的培训",
            short_title="培训",
            quantity=2,
            area=talent,
            due_on="2022-03-31",
            latest_on="2022-04-30",
            wording="在2022年4月前",
        ),
        "plan": ObligationFactory(
            **same,
            nature="plan",
            title="制订实施方案并备案",
            short_title="实施方案",
            kinds=departments,
            due_on=None,
            wording="",
        ),
        "overall_report": ObligationFactory(
            **same,
            nature="overall_report",
            title="试点工作总体情况报告",
            short_title="总体报告",
            parts=["bureau"],
            due_on=None,
            wording="",
        ),
    }
    for row in city.obligations.values():
        row.refresh_from_db()


def _member(city: City, unit: Unit, role: str) -> User:
    user = UserFactory(display_name=f"{role}人员")
    MembershipFactory(user=user, unit=unit, role=role)
    return user


@pytest.fixture
def officer(city) -> User:
    """The bureau's clerk: owns the programme's day-to-day work."""
    return _member(city, city.bureau, "bureau_officer")


@pytest.fixture
def head(city) -> User:
    return _member(city, city.bureau, "bureau_head")


@pytest.fixture
def data_officer(city) -> User:
    """The department's clerk."""
    return _member(city, city.department, "data_officer")


@pytest.fixture
def unit_cdo(city) -> User:
    """The department's CDO."""
    return _member(city, city.department, "unit_cdo")


@pytest.fixture
def stranger(city) -> User:
    """The district's clerk, who must see nothing of the department."""
    return _member(city, city.district, "data_officer")


@pytest.fixture
def foreigner(db) -> User:
    """A bureau officer of another city."""
    other = make_city("210100", "别市")
    return _member(other, other.bureau, "bureau_officer")


@pytest.fixture
def provincial_reader(city) -> User:
    return _member(city, city.superior, "provincial_reader")


@pytest.fixture
def evaluator(city) -> User:
    return _member(city, city.bureau, "evaluator")


@pytest.fixture
def api_client_user(city) -> User:
    return _member(city, city.bureau, "api_client")


@pytest.fixture
def auditor(db) -> User:
    return SiteRoleFactory(kind="auditor").user


@pytest.fixture
def system_admin(db) -> User:
    return SiteRoleFactory(kind="system_admin").user


@pytest.fixture
def security_admin(db) -> User:
    return SiteRoleFactory(kind="security_admin").user


@pytest.fixture
def cast(
    officer,
    head,
    data_officer,
    unit_cdo,
    stranger,
    foreigner,
    provincial_reader,
    evaluator,
    api_client_user,
    auditor,
    system_admin,
    security_admin,
) -> dict[str, User]:
    """Everybody by role name."""
    people = locals()
    return {name: people[name] for name in people}


@pytest.fixture
def browse():
    """`browse(user)` gives a logged-in test client."""

    def logged_in(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.backends.AccountBackend")
        return client

    return logged_in


@pytest.fixture
def api():
    """`api(user)` gives an API client that acts as the user."""

    def acting(user: User) -> APIClient:
        client = APIClient()
        client.force_authenticate(user)
        return client

    return acting
