"""Loading: once, again, changed, withdrawn, in conflict with what people did meanwhile."""

from datetime import date

import pytest

from cdo_portal.packs.difference import Kind
from cdo_portal.packs.loader import load
from core.models import AuditEntry
from duties import services as duties
from duties.choices import Move, Status
from duties.models import Assignment, DutyItem, Obligation
from pilots import services as pilots
from pilots.choices import Phase
from pilots.models import Clause, Enrolment, PolicyDocument, Programme, Unit, UnitName

pytestmark = pytest.mark.django_db


def obligation(code="small-2021.ob-2"):
    return Obligation.rows.get(code=code)


# --- the first load ------------------------------------------------------------------------------


def test_the_first_load_writes_everything(small):
    difference = load(small())

    programme = Programme.rows.get(code="small-2021")
    assert programme.phase == Phase.DRAFT
    assert programme.provisions["powers"][0]["clause"] == "small-2021-plan-1"
    assert PolicyDocument.rows.get(code="small-2021-plan").number == "小府办〔2021〕7号"
    assert Clause.rows.get(code="small-2021-plan-2").text == "在2022年4月前组织2次培训。"
    assert difference.counts(Kind.ADDED)["单位"] == 6
    assert difference.writes
    assert not difference.conflicts


def test_bodies_have_their_parents_names_and_search_columns(small):
    load(small())

    bureau = Unit.rows.get(code="990100-zsj")
    old, new = bureau.names.order_by("ends_on")
    assert (old.full_name, new.full_name) == ("小城政务服务数据管理局", "小城数据局")
    assert (str(old.ends_on), str(new.starts_on)) == ("2024-05-09", "2024-05-10")
    assert "xcsjj" in new.initials
    assert Unit.rows.get(code="990100-gaj").parent.code == "990100-szf"
    assert Unit.rows.searched("公安").get().code == "990100-gaj"


def test_enrolments_stand_in_the_order_of_the_document(small):
    load(small())

    rows = Enrolment.rows.filter(part="pilot").in_document_order()
    assert [row.unit.code for row in rows] == [
        "990100-szf",
        "990100-gaj",
        "990100-slot-01",
        "990100-slot-02",
        "990100-slot-03",
    ]
    assert [row.certainty for row in rows] == ["stated", "stated", "slot", "slot", "slot"]


def test_an_item_that_names_units_binds_those_alone(small):
    load(small())

    named = DutyItem.rows.get(code="small-2021-item-1-2")
    general = DutyItem.rows.get(code="small-2021-item-1-1")
    assert [unit.code for unit in named.units.all()] == ["990100-gaj"]
    assert named.kinds == []
    assert general.kinds == ["city_government", "municipal_department"]


def test_assignments_exist_from_the_load_on_while_the_programme_is_a_draft(small):
    difference = load(small())

    assert difference.created == 3
    training = Assignment.rows.get(obligation__code="small-2021.ob-2")
    assert training.quantity == 2
    assert (str(training.due_on), str(training.latest_on)) == ("2022-03-31", "2022-04-30")
    assert str(training.latest_workday_on) == "2022-04-29"


def test_a_load_is_recorded(small):
    difference = load(small())

    entry = AuditEntry.objects.get(verb="pack.load")
    assert entry.subject == "pack:small-2021"
    assert entry.programme_code == "small-2021"
    assert entry.after["digest"] == difference.digest
    assert entry.after["added"]["规定任务"] == 2


# --- the second load -----------------------------------------------------------------------------


def test_the_same_file_again_writes_nothing(small, writes):
    load(small())

    statements, difference = writes(small())

    assert statements == []
    assert difference.changes == []
    assert not difference.writes
    assert difference.lines() == ["small-2021：没有变化。"]


def test_a_changed_field_follows_the_pack(small):
    load(small())
    before = obligation().version

    difference = load(small("title: 组织培训", "title: 组织业务培训"))

    row = obligation()
    assert row.title == "组织业务培训"
    assert row.version == before + 1
    (change,) = difference.of(Kind.CHANGED)
    assert str(change) == "规定任务 small-2021.ob-2：规定任务 组织培训 → 组织业务培训"
    assert difference.touched == 1


def test_a_changed_deadline_moves_its_assignments(small):
    load(small())

    both = "due_on: {0}\n    latest_on: {0}"

    difference = load(small(both.format("2022-04-30"), both.format("2022-04-29")))

    rows = Assignment.rows.filter(obligation__code="small-2021.ob-1")
    assert {str(row.due_on) for row in rows} == {"2022-04-29"}
    assert (difference.touched, difference.updated) == (2, 2)


def test_a_field_that_people_changed_is_kept_and_listed(small, writes):
    load(small())
    row = obligation()
    row.short_title = "业务培训"
    row.save()

    statements, difference = writes(small("short_title: 培训", "short_title: 业务会"))

    assert obligation().short_title == "业务培训"
    (conflict,) = difference.conflicts
    assert conflict.details == (("short_title", "业务培训", "业务会"),)
    assert statements == []
    assert "冲突" in "\n".join(difference.lines())


def test_other_fields_of_a_row_in_conflict_still_follow(small):
    load(small())
    Obligation.rows.filter(code="small-2021.ob-2").update(short_title="业务培训")

    load(small("title: 组织培训", "title: 组织业务培训"))

    row = obligation()
    assert (row.title, row.short_title) == ("组织业务培训", "业务培训")


def test_a_conflict_ends_when_both_say_the_same(small):
    load(small())
    Obligation.rows.filter(code="small-2021.ob-2").update(short_title="业务培训")

    agreed = load(small("short_title: 培训", "short_title: 业务培训"))
    later = load(small("short_title: 培训", "short_title: 培训会"))

    assert not agreed.conflicts
    assert agreed.adopted == 1
    assert not later.conflicts
    assert obligation().short_title == "培训会"


def test_a_confirmed_reading_survives_the_next_load(small):
    load(small())
    duties.decide_reading(obligation(), due_on=obligation().latest_on, by=None, basis="来函确认")

    difference = load(small())

    assert str(obligation().due_on) == "2022-04-30"
    assert {name for name, _now, _wanted in difference.conflicts[0].details} == {"due_on", "basis"}
    assert str(Assignment.rows.get(obligation=obligation()).due_on) == "2022-04-30"


def test_what_left_the_pack_is_withdrawn_with_its_assignments(small, writes):
    load(small())
    second = small().read_text(encoding="utf-8")
    begin, end = second.index("  - code: ob-2"), second.index("powers:")

    difference = load(small(second[begin:end], ""))

    row = obligation()
    assert row.withdrawn_on is not None
    assert Assignment.rows.get(obligation=row).status == Status.WITHDRAWN
    assert [change.code for change in difference.of(Kind.WITHDRAWN)] == ["small-2021.ob-2"]
    statements, _again = writes(small(second[begin:end], ""))
    assert statements == []


def test_what_comes_back_is_restored_with_its_assignments(small, writes):
    load(small())
    text = small().read_text(encoding="utf-8")
    load(small(text[text.index("  - code: ob-2") : text.index("powers:")], ""))

    difference = load(small())

    row = obligation()
    assert row.withdrawn_on is None
    assert Assignment.rows.get(obligation=row).status == Status.ASSIGNED
    assert [change.code for change in difference.of(Kind.RESTORED)] == ["small-2021.ob-2"]
    assert writes(small())[0] == []


def test_a_row_that_people_withdrew_stays_withdrawn(small):
    load(small())
    Obligation.rows.filter(code="small-2021.ob-2").update(withdrawn_on=date(2022, 4, 1))

    difference = load(small())

    assert obligation().withdrawn_on == date(2022, 4, 1)
    assert difference.conflicts[0].details == (("withdrawn_on", "2022-04-01", None),)
    assert not difference.of(Kind.RESTORED)


def test_an_assignment_that_people_withdrew_stays_withdrawn(small):
    load(small())
    row = Assignment.rows.get(obligation=obligation())
    duties.take_off(row, Move.WITHDRAW, by=None, reason="市里另有安排。")

    load(small())

    row.refresh_from_db()
    assert row.status == Status.WITHDRAWN


def test_a_body_that_leaves_the_programme_stays_a_body(small):
    load(small())
    line = "  - {unit: 990100-gaj, part: pilot, cohort: pilot, starts_on: 2021-08-03, source: S2}\n"

    load(small(line, ""))

    left = Enrolment.rows.get(unit__code="990100-gaj")
    assert left.withdrawn_on is not None
    assert Unit.rows.filter(code="990100-gaj").exists()
    assert {row.status for row in Assignment.rows.filter(enrolment=left)} == {Status.WITHDRAWN}


def test_rows_of_the_bureau_are_none_of_the_packs_business(small):
    load(small())
    programme = Programme.rows.get()
    Obligation.rows.create(
        programme=programme,
        code="small-2021.order-1",
        title="专项通知",
        short_title="专项",
        nature="other",
        origin="order",
        parts=["pilot"],
    )

    difference = load(small())

    assert not difference.changes
    assert Obligation.rows.get(code="small-2021.order-1").withdrawn_on is None


def test_a_unit_that_the_bureau_entered_first_is_taken_over(small):
    unit = pilots.create_unit(
        code="990100-gaj",
        kind="municipal_department",
        region_code="990100",
        full_name="小城公安局",
        short_name="公安局",
        by=None,
    )

    difference = load(small())

    unit.refresh_from_db()
    assert unit.loaded["kind"] == "municipal_department"
    assert unit.parent.code == "990100-szf"
    assert UnitName.objects.filter(unit=unit).count() == 1
    assert [change.code for change in difference.of(Kind.CHANGED)] == ["990100-gaj"]
