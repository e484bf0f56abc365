"""Never two substantive holders: by any sequence of acts, by two clerks at once, by raw SQL.

The races have their negative control: without the mechanism the same run goes wrong.
"""

from datetime import date, timedelta

import pgtrigger
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, OperationalError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import Refused
from officers import services
from officers.choices import Kind
from officers.models import Appointment
from tests.at_once import at_once
from tests.conftest import make_city
from tests.factories.officers import AppointmentFactory, PersonFactory

from .cast import ruled

FIRST = date(2021, 8, 3)
RULE = "appointment_one_substantive_holder"
days = st.integers(0, 600).map(lambda n: FIRST + timedelta(days=n))
acts = st.one_of(
    st.tuples(st.just("report"), days, st.none() | days, st.sampled_from(list(Kind))),
    st.tuples(st.just("replace"), days, days, st.just(Kind.SUBSTANTIVE)),
    st.tuples(st.sampled_from(["end", "mend", "reinstate", "void"]), days, st.integers(0, 9)),
)


def _act(register, unit, people, act):
    """One act on the register, as people would do it; what is refused is refused."""
    name, day, other, *kind = act
    rows = list(Appointment.rows.order_by("id"))
    if name in {"report", "replace"}:
        departure = services.Departure(on=other) if name == "replace" else None
        ends_on = other if name == "report" else None
        term = services.Term(starts_on=day, ends_on=ends_on, kind=kind[0])
        person = people[len(rows) % len(people)]
        services.report_appointment(
            person, unit, register.cdo, term=term, departure=departure, by=None
        )
    elif rows:
        row = rows[other % len(rows)]
        {
            "end": lambda: services.end_appointment(row, on=day, ending="left", by=None),
            "mend": lambda: services.mend_appointment(row, by=None, starts_on=day),
            "reinstate": lambda: services.reinstate(row, by=None, reason="误"),
            "void": lambda: services.void_appointment(row, by=None, reason="误"),
        }[name]()


def _holders(day: date, kinds: set[str]) -> int:
    return Appointment.rows.in_office(day).filter(kind__in=kinds).count()


@pytest.mark.django_db
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=st.lists(acts, min_size=2, max_size=8), asked=st.lists(days, min_size=8, max_size=8))
def test_no_sequence_of_acts_leaves_two_holders_on_a_day(register, story, asked):
    unit = register.city.department
    with transaction.atomic():
        people = [PersonFactory(unit=unit) for _number in range(4)]
        for act in story:
            try:
                _act(register, unit, people, act)
            except (Refused, ValidationError):
                continue
        edges = Appointment.rows.standing().values_list("since", "ends_on")
        for day in {*asked, *(edge for pair in edges for edge in pair if edge)}:
            assert _holders(day, {Kind.SUBSTANTIVE}) <= 1, day
            assert _holders(day, {Kind.ACTING, Kind.PRESIDING}) <= 1, day
        transaction.set_rollback(True)


# --- races ---------------------------------------------------------------------------------------


def _at_once(*works):
    """Run the works in threads that start together; returns what each raised, or None."""
    return [one if isinstance(one, Exception) else None for one in at_once(*works)]


@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_at_once_one_appoints_and_the_other_reads_who_it_was():
    register = ruled(make_city())
    unit = register.city.department
    people = [PersonFactory(unit=unit) for _clerk in range(2)]

    def appoint(person):
        return lambda: services.report_appointment(
            person, unit, register.cdo, term=services.Term(starts_on=FIRST), by=None
        )

    for _round in range(5):
        raised = _at_once(*(appoint(person) for person in people))
        refused = [error for error in raised if error is not None]
        assert [type(error) for error in refused] == [Refused], raised
        winner = Appointment.rows.in_office(FIRST).get()
        assert winner.number in str(refused[0])
        services.void_appointment(winner, by=None, reason="下一轮")


def _two_raw_rows(unit, post):
    """Two connections that write past the services at the same moment."""
    people = [PersonFactory(unit=unit) for _connection in range(2)]

    def write(place, person):
        return lambda: AppointmentFactory(
            number=f"RM-2098-{place:04d}", person=person, unit=unit, post=post
        )

    return _at_once(*(write(place, person) for place, person in enumerate(people)))


@pytest.mark.django_db(transaction=True)
def test_the_database_lets_one_of_two_raw_writers_through():
    register = ruled(make_city())
    raised = _two_raw_rows(register.city.department, register.cdo)
    (refused,) = filter(None, raised)
    # Two that wait for each other's row are a deadlock to PostgreSQL, which ends one of them too.
    assert isinstance(refused, IntegrityError | OperationalError)
    assert RULE in str(refused) or "deadlock detected" in str(refused)
    assert Appointment.rows.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_constraint_both_raw_writers_would_get_through():
    """The negative control: the test above would notice."""
    register = ruled(make_city())
    rule = next(one for one in Appointment._meta.constraints if one.name == RULE)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Appointment, rule)
    try:
        raised = _two_raw_rows(register.city.department, register.cdo)
        assert raised == [None, None]
        assert _holders(FIRST + timedelta(days=90), {Kind.SUBSTANTIVE}) == 2
    finally:
        with pgtrigger.ignore("officers.Appointment:appointment_is_never_deleted"):
            Appointment.rows.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Appointment, rule)
