"""What counts, what a decided reading moves, and how assignments follow their obligation."""

from datetime import date

import pytest

from core.errors import Refused, StaleVersion
from core.models import AuditEntry, WorkingDay
from duties import services
from duties.choices import Move, Status
from duties.models import Assignment, Fulfilment, ItemProgress, Obligation
from duties.tasks import refresh_workdays
from tests.factories.duties import DutyItemFactory, ObligationFactory
from tests.factories.pilots import EnrolmentFactory, UnitFactory

MARCH, APRIL = date(2022, 3, 31), date(2022, 4, 30)


@pytest.fixture
def training(city):
    return city.assignment(city.department, "training")


def fulfil(row, key, on, by, **more):
    return services.fulfil(row, source_key=key, happened_on=on, by=by, **more)


def test_done_when_the_quantity_is_reached_on_the_day_of_the_last_one_needed(training, officer):
    fulfil(training, "a", date(2022, 4, 10), officer)
    training.refresh_from_db()
    assert training.status == Status.ASSIGNED
    fulfil(training, "b", date(2022, 3, 1), officer)
    training.refresh_from_db()
    assert (training.status, training.done_on) == (Status.DONE, date(2022, 4, 10))
    fulfil(training, "c", date(2022, 3, 5), officer)
    training.refresh_from_db()
    assert training.done_on == date(2022, 3, 5), "two were held by then"


def test_the_same_source_counts_once_even_with_an_old_version(training, officer):
    first = fulfil(training, "a", date(2022, 4, 10), officer, version=1)
    again = fulfil(training, "a", date(2022, 4, 10), officer, version=1)
    assert first == again
    assert training.fulfilments.count() == 1
    with pytest.raises(StaleVersion):
        fulfil(training, "b", date(2022, 4, 10), officer, version=1)


def test_one_source_does_not_count_for_two_tasks(city, training, officer):
    fulfil(training, "a", date(2022, 4, 10), officer)
    with pytest.raises(Refused, match="另一项任务"):
        fulfil(city.assignment(city.district, "training"), "a", date(2022, 4, 10), officer)


def test_tomorrow_is_not_done_yet(training, officer):
    with pytest.raises(Refused, match="还没有到"):
        fulfil(training, "a", date(2022, 4, 16), officer)


def test_what_was_taken_off_is_not_fulfilled(training, officer):
    services.take_off(training, Move.EXEMPT, by=officer, reason="不涉及")
    with pytest.raises(Refused, match="先恢复"):
        fulfil(training, "a", date(2022, 4, 1), officer)


def test_voiding_reopens_and_is_done_once(training, officer):
    marks = [fulfil(training, key, date(2022, 4, 1), officer) for key in "ab"]
    services.void(marks[0], by=officer, reason="重复")
    services.void(marks[0], by=officer, reason="再来一次")
    training.refresh_from_db()
    assert training.status == Status.ACCEPTED
    assert training.accepted_at is not None
    assert Fulfilment.objects.get(pk=marks[0].pk).void_reason == "重复"
    verbs = AuditEntry.objects.of(f"assignment:{training.number}").values_list("verb", flat=True)
    assert list(verbs).count("assignment.void") == 1


def test_restoring_counts_what_was_done_before(training, officer):
    fulfil(training, "a", date(2022, 3, 1), officer)
    training.refresh_from_db()
    Assignment.rows.filter(pk=training.pk).update(
        quantity=1, status="withdrawn", closed_at="2022-04-15T00:00Z"
    )
    row = services.restore(training, by=officer)
    assert (row.status, row.done_on) == (Status.DONE, date(2022, 3, 1))


def test_every_change_raises_the_version(training, officer):
    fulfil(training, "a", date(2022, 3, 1), officer)
    training.refresh_from_db()
    assert training.version == 2


# --- a decided reading ---------------------------------------------------------------------------


def decide(obligation, day, officer, **more):
    given = {"basis": "市政数局电话答复", "by": officer, **more}
    return services.decide_reading(obligation, due_on=day, **given)


def test_a_decided_reading_moves_every_open_assignment(city, officer):
    decide(city.obligations["training"], MARCH, officer)
    rows = Assignment.rows.filter(obligation__nature="training")
    facts = rows.values_list(
        "due_on", "latest_on", "original_due_on", "last_workday_on", "latest_workday_on",
        "deadline_version", "version",
    ).distinct()  # fmt: skip
    assert set(facts) == {(MARCH, MARCH, MARCH, MARCH, MARCH, 2, 2)}
    assert not any(row.was_extended for row in rows)
    entry = AuditEntry.objects.filter(verb="obligation.decide_reading").get()
    assert entry.after["assignments"] == 3
    assert entry.before["latest_on"] == "2022-04-30"


def test_done_and_extended_assignments_stay_as_they_are(city, officer):
    done = city.assignment(city.department, "training")
    for key in "ab":
        fulfil(done, key, date(2022, 4, 1), officer)
    extended = city.assignment(city.district, "training")
    Assignment.rows.filter(pk=extended.pk).update(
        due_on=date(2022, 5, 31), latest_on=date(2022, 5, 31),
        last_workday_on=date(2022, 5, 31), latest_workday_on=date(2022, 5, 31),
    )  # fmt: skip
    assert services.undecided(city.obligations["training"]).count() == 1
    decide(city.obligations["training"], MARCH, officer)
    assert Assignment.rows.get(pk=done.pk).latest_on == APRIL
    assert Assignment.rows.get(pk=extended.pk).due_on == date(2022, 5, 31)


def test_what_comes_back_to_the_table_follows_the_decision(city, officer):
    done = city.assignment(city.department, "training")
    mark, _second = (fulfil(done, key, date(2022, 4, 1), officer) for key in "ab")
    off = services.take_off(
        city.assignment(city.district, "training"), Move.WITHDRAW, by=officer, reason="x"
    )
    decide(city.obligations["training"], APRIL, officer)
    services.void(mark, by=officer, reason="重复")
    services.restore(off, by=officer)
    for pk in (done.pk, off.pk):
        row = Assignment.rows.get(pk=pk)
        assert (row.due_on, row.latest_on, row.deadline_version) == (APRIL, APRIL, 2)


@pytest.mark.parametrize("day", [date(2022, 3, 30), date(2022, 5, 1)])
def test_a_day_outside_the_words_is_refused(city, officer, day):
    with pytest.raises(Refused, match="2022-03-31到2022-04-30"):
        decide(city.obligations["training"], day, officer)


def test_a_reading_is_decided_once_and_with_a_basis(city, officer):
    obligation = city.obligations["training"]
    with pytest.raises(Refused, match="依据"):
        decide(obligation, MARCH, officer, basis=" ")
    with pytest.raises(StaleVersion):
        decide(obligation, MARCH, officer, version=7)
    decide(obligation, MARCH, officer, version=1)
    with pytest.raises(Refused, match="已确认"):
        decide(obligation, APRIL, officer)


# --- from obligations to assignments -------------------------------------------------------------


def test_syncing_again_changes_nothing(city):
    assert services.sync_assignments(city.programme, by=None) == {"created": 0, "updated": 0}


def test_numbers_go_on_and_every_bound_body_gets_its_own(city):
    unit = UnitFactory()
    EnrolmentFactory(programme=city.programme, unit=unit)
    before = set(Assignment.rows.values_list("number", flat=True))
    assert services.sync_assignments(city.programme, by=None)["created"] == 3
    new = sorted(set(Assignment.rows.values_list("number", flat=True)) - before)
    assert new == sorted(f"RW-2022-{len(before) + step:04d}" for step in (1, 2, 3))


def test_an_obligation_that_names_units_binds_those_alone(city):
    row = ObligationFactory(programme=city.programme, kinds=[])
    row.units.add(city.district)
    services.sync_assignments(city.programme, by=None)
    assert [a.unit for a in row.assignments.all()] == [city.district]


def test_changed_dates_are_followed_again_and_again_with_a_new_version(city):
    for turn, day in enumerate((date(2022, 5, 31), date(2022, 6, 30)), start=2):
        Obligation.rows.filter(pk=city.obligations["report"].pk).update(due_on=day, latest_on=day)
        assert services.sync_assignments(city.programme, by=None)["updated"] == 2
        row = city.assignment(city.department)
        assert (row.due_on, row.deadline_version, row.version) == (day, turn, turn)
        assert not row.was_extended


def test_an_extended_or_closed_assignment_keeps_its_dates(city, officer):
    extended, done = city.assignment(city.department), city.assignment(city.district)
    Assignment.rows.filter(pk=extended.pk).update(original_due_on=date(2022, 3, 1))
    fulfil(done, "k", date(2022, 4, 1), officer)
    day = date(2022, 6, 30)
    Obligation.rows.filter(pk=city.obligations["report"].pk).update(due_on=day, latest_on=day)
    assert services.sync_assignments(city.programme, by=None)["updated"] == 0


def test_a_changed_quantity_starts_no_new_reminders(city):
    Obligation.rows.filter(pk=city.obligations["report"].pk).update(quantity=2)
    services.sync_assignments(city.programme, by=None)
    row = city.assignment(city.department)
    assert (row.quantity, row.deadline_version) == (2, 1)


def test_a_mended_calendar_moves_the_last_working_days(city):
    assert services.refresh_workdays() == 0
    WorkingDay.objects.filter(day=date(2022, 4, 29)).update(is_working=False)
    refresh_workdays()
    assert city.assignment(city.department).last_workday_on == date(2022, 4, 28)
    assert AuditEntry.objects.filter(verb="assignment.refresh_workdays").get().after["count"] == 5


def test_without_dated_assignments_there_is_nothing_to_recount(db):
    assert services.refresh_workdays() == 0
    assert services.deadline(None, None, None)["due_on"] is None


# --- progress ------------------------------------------------------------------------------------


def progress(city, officer, **more):
    item = city.programme.areas.get(short_name="特色").items.get()
    given = {"source_key": "p", "happened_on": date(2022, 4, 1), "summary": "已建库", **more}
    body = city.enrolment(more.pop("unit", city.department))
    given.pop("unit", None)
    return services.record_progress(item, body, by=officer, **given)


def test_progress_counts_once_a_source_and_is_voided_once(city, officer):
    row = progress(city, officer)
    assert progress(city, officer) == row
    services.void_progress(row, by=officer)
    services.void_progress(row, by=officer)
    assert not ItemProgress.rows.live().exists()
    verbs = AuditEntry.objects.of(f"itemprogress:{row.pk}").values_list("verb", flat=True)
    assert list(verbs) == ["progress.record", "progress.void"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"summary": " "}, "写明进展"),
        ({"happened_on": date(2022, 4, 16)}, "还没有到"),
        ({"unit": "district"}, "不适用"),
    ],
)
def test_progress_that_makes_no_sense_is_refused(city, officer, more, words):
    if "unit" in more:
        more = {"unit": city.district}
    with pytest.raises(Refused, match=words):
        progress(city, officer, **more)


def test_an_item_that_names_units_applies_to_those_alone(city):
    item = DutyItemFactory(area=city.programme.areas.first(), kinds=[])
    item.units.add(city.district)
    rows = type(item).rows
    assert item in rows.applying_to(city.enrolment(city.district))
    assert item not in rows.applying_to(city.enrolment(city.department))
