"""A country to measure in: programmes of 64 units, 20 demands each, set-wise."""

from dataclasses import dataclass
from datetime import date, timedelta
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connection, connections, transaction

from accounts import services as accounts
from accounts import tokens
from accounts.models import User
from core import clock, workdays
from duties.models import DutyArea, DutyItem, Obligation
from duties.services import sync_assignments
from pilots import services as pilots
from pilots.models import Enrolment, Programme, Unit, UnitName

SIZE, DEMANDS, AREAS = 64, 20, 6
STARTS_ON = date(2022, 1, 4)
KINDS = ["city_government"] + ["municipal_department"] * 43 + ["district_government"] * 20

LIMIT_ROWS = """
DROP TABLE IF EXISTS bench_limit_row, bench_limit_token;
CREATE TABLE bench_limit_token (digest text PRIMARY KEY);
INSERT INTO bench_limit_token VALUES ('limit');
CREATE TABLE bench_limit_row AS
SELECT assignment.id, assignment.number, obligation.title, name.short_name AS unit,
       unit.code AS unit_code, programme.code AS programme, assignment.status,
       assignment.quantity::int, assignment.due_on, assignment.latest_on, assignment.updated_at
FROM duties_assignment AS assignment
JOIN duties_obligation AS obligation ON obligation.id = assignment.obligation_id
JOIN pilots_enrolment AS enrolment ON enrolment.id = assignment.enrolment_id
JOIN pilots_programme AS programme ON programme.id = enrolment.programme_id
JOIN pilots_unit AS unit ON unit.id = enrolment.unit_id
JOIN pilots_unitname AS name ON name.unit_id = unit.id;
ALTER TABLE bench_limit_row ADD PRIMARY KEY (id);
CREATE INDEX ON bench_limit_row (programme);
CREATE INDEX ON bench_limit_row (number);
GRANT SELECT ON bench_limit_row, bench_limit_token TO PUBLIC;
"""


@dataclass(frozen=True)
class World:
    """Who asks, and about what: a bureau officer of one city among the others."""

    programme: str
    number: str
    token: str
    session: str
    units: int
    assignments: int


@transaction.atomic
def make(units: int) -> World:
    """Fill the database with `units` units (rounded up to whole cities of 64, or one smaller)."""
    workdays.seed([2021, 2022, 2023])
    size = min(units, SIZE)
    programmes = [_city(place, size) for place in range(max(-(-units // SIZE), 1))]
    user = _officer(programmes[0])
    _token, secret = tokens.create_token(user=user, name="bench", scope="read", days=1, by=None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, count(*) OVER () FROM duties_assignment ORDER BY id LIMIT 1")
        number, count = cursor.fetchone()
    return World(programmes[0].code, number, secret, _session(user), size * len(programmes), count)


def settle() -> None:
    """The limit's own tables, and statistics for the planner."""
    with _owner().cursor() as cursor:
        cursor.execute(LIMIT_ROWS)
    analyse()


def analyse() -> None:
    """What autovacuum would do within minutes."""
    with _owner().cursor() as cursor:
        cursor.execute("ANALYZE")


def _owner() -> Any:
    """Only the owner may make tables and analyse them."""
    return connections["owner" if "owner" in connections else "default"]


def _city(place: int, size: int) -> Programme:
    programme = Programme.rows.create(
        code=f"bench-{place}",
        name=f"测算市{place}",
        short_name=f"测算市{place}",
        region_code="440300",
        region_name="测算市",
        phase="running",
        started_on=STARTS_ON,
    )
    bureau = pilots.create_unit(
        code=f"bench-{place}-bureau",
        kind="municipal_department",
        full_name=f"测算市{place}政务服务数据管理局",
        short_name=f"测算{place}政数局",
        by=None,
    )
    Enrolment.rows.create(programme=programme, unit=bureau, part="bureau")
    _units(programme, place, size)
    _demands(programme, place)
    sync_assignments(programme, by=None)
    return programme


def _units(programme: Programme, place: int, size: int) -> None:
    units = Unit.rows.bulk_create(
        Unit(code=f"bench-{place}-{n}", kind=KINDS[n % SIZE], region_code="440300")
        for n in range(size)
    )
    names = [
        UnitName(unit=unit, full_name=f"测算市{place}第{n}数据局", short_name=f"第{n}数据局")
        for n, unit in enumerate(units)
    ]
    for name in names:
        name.spell()
    UnitName.objects.bulk_create(names)
    Enrolment.rows.bulk_create(
        Enrolment(programme=programme, unit=unit, part="pilot", kind=unit.kind, position=n)
        for n, unit in enumerate(units)
    )


def _demands(programme: Programme, place: int) -> None:
    areas = [
        DutyArea.rows.create(
            programme=programme,
            code=f"bench-{place}-area-{n}",
            name=f"第{n}项职责",
            medium_name=f"职责{n}",
            short_name=f"职{n}",
            position=n,
        )
        for n in range(AREAS)
    ]
    DutyItem.rows.bulk_create(
        DutyItem(area=area, code=f"{area.code}-{n}", name=f"事项{n}", position=n)
        for area in areas
        for n in range(5)
    )
    for n in range(DEMANDS):
        due_on = STARTS_ON + timedelta(days=20 * (n + 1)) if n % 5 else None
        Obligation.rows.create(
            programme=programme,
            code=f"bench-{place}.ob-{n}",
            title=f"第{n}项规定任务",
            short_title=f"任务{n}",
            nature="other",
            parts=["pilot"],
            area=areas[n % AREAS],
            due_on=due_on,
            latest_on=due_on,
            position=n,
        )


def _officer(programme: Programme) -> User:
    user = accounts.create_account(
        username="bench", display_name="测算", by=None, must_change_password=False
    )
    bureau = Enrolment.rows.get(programme=programme, part="bureau").unit
    pilots.add_membership(user, bureau, "bureau_officer", by=None)
    return user


def _session(user: User) -> str:
    """The key of a logged-in session, so that pages can be asked without the login form."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = "accounts.backends.AccountBackend"
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    stamp = clock.now().timestamp()
    store["started_at"], store["seen_at"] = stamp, stamp
    store.create()
    return store.session_key
