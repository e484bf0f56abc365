"""Shenzhen's register from 3 August 2021 to 9 July 2024, on the real packs, compared day by day with
a model of thirty lines: 13 appointments of both kinds, a removal, an acting period, a re-filing, a
body that is renamed and one whose work goes to a successor."""

import random
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from officers import services
from officers.choices import Ending, Kind
from officers.models import Appointment, Filing, Post
from pilots import services as pilots
from pilots.models import Programme, Unit
from tests.factories.accounts import UserFactory
from tests.factories.officers import PersonFactory
from tests.factories.pilots import MembershipFactory

pytestmark = pytest.mark.django_db
PROGRAMME, FIRST, LAST = "shenzhen-2021", date(2021, 8, 3), date(2024, 7, 9)
LEADING_GROUPS = ("440300-szf", "440304-zf", "440305-zf", "440306-zf", "440310-zf")
OWN = (
    "440300-gaj",
    "440300-rsj",
    "440300-gzj",
    "440300-sthjj",
    "440300-scjgj",
    "440300-ybj",
    "440300-jrj",
    "440300-qxj",
)
POLICE, FINANCE, BAOAN = "440300-gaj", "440300-jrj", "440306-zf"
DAY = timedelta(days=1)


class Model:
    """Who should hold which post when, kept as plainly as can be: one list of tenures."""

    def __init__(self):
        self.tenures = []  # [unit, name, kind, first day, last day or None]

    def begins(self, unit, name, kind, on):
        self.tenures.append([unit, name, kind, on, None])

    def ends(self, unit, name, on):
        for tenure in self.tenures:
            if tenure[0] == unit and tenure[1] == name and tenure[4] is None:
                tenure[4] = on

    def holders(self, day):
        return {
            (unit, name, kind)
            for unit, name, kind, first, last in self.tenures
            if first <= day and (last is None or day <= last)
        }


class Teller:
    """Tells each event to the portal, through its services, and to the model."""

    def __init__(self, clerk):
        self.model, self.clerk, self.rows = Model(), clerk, {}
        self.cdo = Post.objects.get(code="cdo")

    def appoint(self, code, on, *, kind=Kind.SUBSTANTIVE, files=False):
        unit = Unit.rows.get(code=code)
        person = PersonFactory(unit=unit)
        paper = services.Paper(number=f"演示任〔{on.year}〕{len(self.rows) + 1}号", signed_on=on)
        row = services.report_appointment(
            person,
            unit,
            self.cdo,
            term=services.Term(starts_on=on, kind=kind),
            paper=paper,
            by=self.clerk,
        )
        self.rows[code] = row
        self.model.begins(code, person.name, kind, on)
        if files:
            letter = services.Letter(reported_on=on + 7 * DAY)
            filing = services.file_appointment(row, letter=letter, by=None)
            services.accept_filing(filing, on=on + 14 * DAY, by=self.clerk)
        return row

    def end(self, code, on, ending):
        row = services.end_appointment(self.rows[code], on=on, ending=ending, by=self.clerk)
        self.model.ends(code, row.person.name, on)


@pytest.fixture
def told(settings):
    settings.TODAY = str(LAST)
    call_command("load_packs", verbosity=0)
    clerk = UserFactory()
    MembershipFactory(user=clerk, unit=Unit.rows.get(code="440300-zsj"), role="bureau_officer")
    pilots.start_programme(Programme.rows.get(code=PROGRAMME), on=FIRST, by=clerk)
    teller = Teller(clerk)
    for code in LEADING_GROUPS:
        teller.appoint(code, date(2021, 9, 14))
    for place, code in enumerate(OWN):
        teller.appoint(code, date(2021, 9, 16) + place * DAY, files=True)
    # The police's CDO is removed; somebody acts for three months; a new one comes and is filed again.
    teller.end(POLICE, date(2022, 6, 30), Ending.REMOVED)
    teller.appoint(POLICE, date(2022, 7, 1), kind=Kind.ACTING)
    teller.end(POLICE, date(2022, 10, 15), Ending.REPLACED)
    teller.appoint(POLICE, date(2022, 10, 16), files=True)
    # In Bao'an somebody presides beside the holder for a while, and both go on.
    teller.end(BAOAN, date(2023, 2, 28), Ending.RETIRED)
    teller.appoint(BAOAN, date(2023, 3, 1), kind=Kind.PRESIDING)
    teller.end(BAOAN, date(2023, 5, 31), Ending.REPLACED)
    teller.appoint(BAOAN, date(2023, 6, 1))
    # The weather bureau is renamed: the same body, the same holder.
    weather = Unit.rows.get(code="440300-qxj")
    pilots.rename_unit(
        weather, full_name="深圳市气象台", short_name="市气象台", on=date(2023, 9, 1), by=clerk
    )
    # The finance bureau's work goes to a new body, whose CDO is another appointment.
    teller.end(FINANCE, date(2024, 3, 31), Ending.REORGANISED)
    pilots.succeed_by_new_unit(
        Unit.rows.get(code=FINANCE),
        full_name="深圳市地方金融管理局",
        short_name="市地方金融管理局",
        on=date(2024, 4, 1),
        kind="replacement",
        by=clerk,
        continues=True,
    )
    successor = Unit.rows.get(successions_in__from_unit__code=FINANCE)
    teller.appoint(successor.code, date(2024, 4, 15), files=True)
    return teller


def _shown(rows):
    return {(row.unit.code, row.person.name, row.kind) for row in rows}


def test_each_of_200_days_has_the_holders_of_the_model(told):
    dice = random.Random(20210803)
    span = (LAST - FIRST).days + 60
    days = [FIRST - 30 * DAY + dice.randrange(span) * DAY for _day in range(200)]
    for day in days:
        rows = Appointment.rows.of_programme(PROGRAMME, day).in_office(day)
        assert _shown(rows.select_related("unit", "person")) == told.model.holders(day), day
    _has_thirteen_from_the_autumn_on()
    _filed_the_change_as_the_next_occurrence()
    _kept_the_holder_of_the_renamed_body()
    _left_the_old_body_without_a_holder()


def _shown(rows):
    return {(row.unit.code, row.person.name, row.kind) for row in rows}


def _has_thirteen_from_the_autumn_on():
    assert not Appointment.rows.in_office(FIRST).exists()
    autumn = date(2021, 10, 1)
    held = Appointment.rows.of_programme(PROGRAMME, autumn).in_office(autumn)
    assert held.substantive().count() == 13


def _filed_the_change_as_the_next_occurrence():
    accepted = Filing.rows.filter(status="accepted")
    changes = accepted.filter(unit__code=POLICE).order_by("assignment__occurrence")
    assert [row.assignment.occurrence for row in changes] == ["", "change-2"]
    assert accepted.filter(unit__successions_in__from_unit__code=FINANCE).count() == 1


def _kept_the_holder_of_the_renamed_body():
    row = Appointment.rows.get(unit__code="440300-qxj")
    assert row.unit.name_on(date(2023, 8, 31)).short_name != "市气象台"
    assert row.unit.name_on(date(2023, 9, 1)).short_name == "市气象台"
    assert row.in_office_on(date(2023, 9, 1))


def _left_the_old_body_without_a_holder():
    day = date(2024, 4, 1)
    assert not Appointment.rows.in_office(day).filter(unit__code=FINANCE).exists()
    assert Appointment.rows.in_office(day - DAY).filter(unit__code=FINANCE).exists()


def test_the_api_gives_the_same_holders_for_any_day(told, api):
    client = api(told.clerk)
    edges = {day for row in told.model.tenures for day in row[3:] if day}
    for day in sorted({edge + step * DAY for edge in edges for step in (-1, 0, 1)}):
        if day > LAST:
            continue
        answer = client.get(
            "/api/v1/appointments/",
            {"programme": PROGRAMME, "post": "cdo", "on": str(day), "page_size": 100},
        ).json()
        found = {(row["unit"], row["person_name"], row["kind"]) for row in answer["results"]}
        assert found == told.model.holders(day), day
        assert answer["count"] == len(found)
