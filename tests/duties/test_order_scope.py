"""Who sees orders and tasks with which a unit only helps; who has seen what."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry
from duties import services
from duties.models import Assignment, Opening, Order
from duties.queries import orders as queries
from duties.queries import own_assignments
from tests.conftest import _member
from tests.factories.duties import HelperFactory, OpeningFactory

from .ordering import FACTS, issued, put_up

pytestmark = pytest.mark.django_db


def seen(user):
    return set(Order.objects.visible_to(user).values_list("number", flat=True))


def test_drafts_are_the_bureaus_and_issued_ones_everybodys_concerned(city, cast):
    officer, head = cast["officer"], cast["head"]
    draft = services.draft_order(city.programme, by=officer, **FACTS)
    waits = put_up(city, officer)
    sent = issued(city, officer, head, units=[city.department])
    dropped = services.withdraw_order(put_up(city, officer), by=officer, reason="不发了")
    taken = services.withdraw_order(issued(city, officer, head), by=officer, reason="并入")
    all_of_them = {row.number for row in (draft, waits, sent, dropped, taken)}
    public = {sent.number, taken.number}
    expected = {
        "officer": all_of_them,
        "head": all_of_them,
        "auditor": all_of_them,
        "evaluator": public,
        "provincial_reader": public,
        "api_client_user": public,
        "data_officer": public,
        "unit_cdo": public,
    }
    for name, user in cast.items():
        assert seen(user) == expected.get(name, set()), name


def test_who_helps_reads_the_task_and_the_order_and_no_number_counts_it(
    city, officer, head, stranger
):
    before = own_assignments(stranger).count()
    row = issued(city, officer, head, units=[city.department], helpers=[city.district])
    task = queries.tasks_of(row).get()
    assert task in Assignment.objects.readable_by(stranger)
    assert list(Assignment.objects.helped_by(stranger)) == [task]
    assert seen(stranger) == {row.number}
    assert task not in Assignment.objects.visible_to(stranger)
    assert own_assignments(stranger).count() == before
    (helper,) = queries.helpers_of(task)
    services.remove_helper(helper, by=officer)
    assert task not in Assignment.objects.readable_by(stranger)
    assert seen(stranger) == set()


def test_what_is_readable_is_one_query_and_nothing_for_nobody(city, cast):
    HelperFactory(assignment=city.assignment(city.department), unit=city.district)
    assert cast["stranger"].site_role_kind == ""  # read once a request, not once a list
    with CaptureQueriesContext(connection) as asked:
        assert len(Assignment.objects.readable_by(cast["stranger"])) == 4
    assert len(asked) == 1
    for name, count in (("auditor", 16), ("officer", 8), ("system_admin", 0)):
        assert Assignment.objects.readable_by(cast[name]).count() == count, name
    cast["stranger"].is_active = False
    assert not Assignment.objects.readable_by(cast["stranger"]).exists()


def test_the_first_opening_of_each_unit_is_noted_once(city, officer, head, data_officer, stranger):
    row = issued(city, officer, head, units=[city.department], helpers=[city.district])
    task = queries.tasks_of(row).get()
    assert services.note_opening([task], by=officer) == 0
    assert services.note_opening([task], by=data_officer) == 1
    colleague = _member(city, city.department, "unit_cdo")
    assert services.note_opening([Assignment.rows.get(pk=task.pk)], by=colleague) == 0
    assert services.note_opening([Assignment.rows.get(pk=task.pk)], by=stranger) == 1
    first, second = Opening.objects.order_by("id")
    assert (first.opened_by, first.unit, second.unit) == (
        data_officer, city.department, city.district,
    )  # fmt: skip
    assert str(first) == f"{task} {city.department}"
    assert AuditEntry.objects.filter(verb="assignment.first_open").count() == 2


def test_two_who_open_it_at_once_make_one_row(city, data_officer):
    """The second read the task before the first had written."""
    task = city.assignment(city.department)
    task = Assignment.rows.prefetch_related("openings", "helpers").get(pk=task.pk)
    OpeningFactory(assignment=task)
    assert services.note_opening([task], by=data_officer) == 0
    assert Opening.objects.count() == 1


def test_receipts_tell_accepted_opened_and_nothing(city, officer, head, data_officer, stranger):
    units = [city.government, city.department, city.district]
    row = issued(city, officer, head, units=units, helpers=[city.bureau])
    by_unit = {task.unit: task for task in queries.tasks_of(row)}
    services.note_opening([by_unit[city.department]], by=data_officer)
    services.accept(by_unit[city.district], by=stranger)
    found = queries.receipts(row)
    assert [(each.row.unit, each.state) for each in found] == [
        (city.government, "unopened"),
        (city.department, "opened"),
        (city.district, "accepted"),
    ]
    assert (found[1].opened_by, found[0].opened_at) == (data_officer, None)
    assert [helper.unit for helper in found[0].helpers] == [city.bureau]
    assert queries.counts_of(found) == {"accepted": 1, "opened": 1, "unopened": 1, "off": 0}
    services.take_off(by_unit[city.government], "exempt", by=officer, reason="不涉及")
    assert queries.counts_of(queries.receipts(row))["off"] == 1


def test_insiders_are_the_issuing_bureaus_people(city, cast):
    row = put_up(city, cast["officer"])
    inside = {name for name, user in cast.items() if queries.is_insider(user, row)}
    assert inside == {"officer", "head"}
    assert {name for name, user in cast.items() if queries.may_draft(user, row)} == {"officer"}


def test_a_read_only_database_notes_nothing(city, data_officer):
    task = city.assignment(city.department)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION READ ONLY")
        with pytest.raises(Exception, match="read-only"), transaction.atomic():
            services.note_opening([task], by=data_officer)
        transaction.set_rollback(True)
