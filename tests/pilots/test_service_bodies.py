"""The life of bodies: each rule, each refusal, and the record of it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from core.errors import Refused, StaleVersion
from core.models import AuditEntry
from pilots import services
from pilots.models import Enrolment, Succession, Unit
from tests.factories.pilots import EnrolmentFactory, UnitFactory

DAY = date(2022, 4, 15)


def recorded(verb):
    return AuditEntry.objects.get(verb=verb)


@pytest.fixture
def slot(city):
    unit = UnitFactory(name="测试市待补名01", is_slot=True)
    EnrolmentFactory(programme=city.programme, unit=unit, certainty="slot", position=9)
    return unit


# --- entering and renaming -----------------------------------------------------------------------


def test_a_body_is_entered_with_its_first_name(officer):
    unit = services.create_unit(
        code="440300-sjj",
        kind="municipal_department",
        region_code="440300",
        full_name="深圳市数据局",
        short_name="市数据局",
        established_on=DAY,
        by=officer,
    )
    assert unit.full_name == "深圳市数据局"
    assert unit.name_row.starts_on == DAY
    assert unit.name_row.initials == "szssjj ssjj"
    assert recorded("unit.create").unit_code == "440300-sjj"


def test_a_body_without_a_name_or_with_a_taken_code_is_not_entered(officer, city):
    facts = {"kind": "other", "full_name": "某局", "short_name": "某局", "by": officer}
    with pytest.raises(ValidationError):
        services.create_unit(code=city.department.code, **facts)
    with pytest.raises(ValidationError):
        services.create_unit(code="new", **{**facts, "full_name": ""})
    assert not Unit.rows.filter(code="new").exists()


def rename(unit, officer, **changes):
    facts = {"full_name": "测试市公安和数据局", "short_name": "市公数局", "on": DAY, "by": officer}
    return services.rename_unit(unit, **{**facts, **changes})


def test_a_rename_keeps_the_body_and_its_history(city, officer):
    unit = city.department
    old = unit.full_name
    rename(unit, officer, basis="测编〔2022〕1号", version=unit.version)
    unit = Unit.rows.get(pk=unit.pk)
    assert unit.version == 2
    assert unit.full_name == "测试市公安和数据局"
    assert unit.name_on(DAY - timedelta(days=1)).full_name == old
    assert unit.name_on(DAY).full_name == "测试市公安和数据局"
    entry = recorded("unit.rename")
    assert entry.unit_code == unit.code
    assert ("full_name", old, "测试市公安和数据局") in entry.changes


def test_a_rename_after_a_rename(city, officer):
    rename(city.department, officer)
    rename(
        city.department, officer, full_name="第三名", short_name="三", on=DAY + timedelta(days=9)
    )
    names = Unit.rows.get(pk=city.department.pk).names.order_by("starts_on")
    assert [name.ends_on for name in names] == [
        DAY + timedelta(days=8),
        None,
        DAY - timedelta(days=1),  # the first name: nobody knows since when
    ]


@pytest.mark.parametrize("on", [DAY, DAY - timedelta(days=30)])
def test_a_rename_comes_after_the_first_day_of_the_present_name(city, officer, on):
    rename(city.department, officer)
    with pytest.raises(Refused, match="现名从2022-04-15起用，更名日期要晚于这一天"):
        rename(city.department, officer, full_name="第三名", on=on)


def test_the_same_name_again_is_no_rename(city, officer):
    unit = city.department
    with pytest.raises(Refused, match=r"和现名.*一样，不用更名"):
        rename(unit, officer, full_name=unit.full_name, short_name=unit.short_name)


def test_a_slot_is_named_not_renamed(slot, officer):
    with pytest.raises(Refused, match="用“补名”登记名称"):
        rename(slot, officer)


def test_a_body_that_is_gone_keeps_its_name(city, officer):
    Unit.rows.filter(pk=city.department.pk).update(ceased_on=DAY - timedelta(days=1))
    with pytest.raises(Refused, match="已于2022-04-14撤销"):
        rename(city.department, officer)


def test_a_rename_on_an_old_version_is_refused(city, officer):
    with pytest.raises(StaleVersion):
        rename(city.department, officer, version=7)
    assert city.department.names.count() == 1


def test_a_body_without_a_present_name_gets_one(city, officer):
    unit = city.department
    unit.names.update(starts_on=date(2020, 1, 1), ends_on=date(2021, 1, 1))
    rename(unit, officer)
    assert recorded("unit.rename").before is None


def test_a_name_that_is_too_long_is_refused_whole(city, officer):
    with pytest.raises(ValidationError):
        rename(city.department, officer, full_name="长" * 200)
    assert city.department.names.get().ends_on is None


# --- slots ---------------------------------------------------------------------------------------


def test_a_slot_is_named_in_place(slot, officer):
    services.name_slot(
        slot, full_name="测试市教育局", short_name="市教育局", by=officer, basis="名单", version=1
    )
    unit = Unit.rows.get(pk=slot.pk)
    assert (unit.is_slot, unit.full_name, unit.version) == (False, "测试市教育局", 2)
    assert Enrolment.rows.get(unit=unit).certainty == "stated"
    assert recorded("unit.name_slot").before["full_name"] == "测试市测试市待补名01"
    assert unit in Unit.rows.searched("jyj")


def test_what_has_a_name_is_no_slot(city, officer):
    with pytest.raises(Refused, match="已有名称，更名用“更名”办理"):
        services.name_slot(city.department, full_name="某", short_name="某", by=officer)
    with pytest.raises(Refused, match="不是待补名的席位"):
        services.identify_slot(city.department, city.district, on=DAY, by=officer)


def test_a_slot_does_not_take_another_bodys_name(slot, officer):
    UnitFactory(name="市教育局", name__full="测试市教育局")
    with pytest.raises(Refused, match=r"系统里已有“测试市教育局”.*用“对应到已有单位”办理"):
        services.name_slot(slot, full_name="测试市教育局", short_name="市教育局", by=officer)


def test_a_slot_without_any_name_row_can_be_named(slot, officer):
    slot.names.all().delete()
    services.name_slot(slot, full_name="测试市教育局", short_name="市教育局", by=officer)
    assert Unit.rows.get(pk=slot.pk).short_name == "市教育局"


def test_a_slot_is_identified_with_a_body_that_is_there(slot, city, officer):
    body = UnitFactory(name="市教育局")
    services.identify_slot(slot, body, on=DAY, by=officer, version=1)
    slot.refresh_from_db()
    assert slot.ceased_on == DAY
    row = Enrolment.rows.get(programme=city.programme, unit=body)
    assert (row.certainty, row.position, row.version) == ("stated", 9, 2)
    assert Succession.objects.get(from_unit=slot, to_unit=body).kind == "identified"
    assert recorded("unit.identify_slot").after == {"unit": f"unit:{body.code}", "enrolments": 1}


def test_a_slot_is_not_identified_twice_nor_with_another_slot(slot, officer):
    with pytest.raises(Refused, match="自己还没有名称，先给它补名"):
        services.identify_slot(slot, UnitFactory(is_slot=True), on=DAY, by=officer)
    services.identify_slot(slot, UnitFactory(), on=DAY, by=officer)
    with pytest.raises(Refused, match="不是待补名的席位"):
        services.identify_slot(slot, UnitFactory(), on=DAY, by=officer)


def test_a_body_takes_no_second_place_in_a_programme(slot, city, officer):
    with pytest.raises(Refused, match="试点名单中，不能再占一个席位"):
        services.identify_slot(slot, city.department, on=DAY, by=officer)
    slot.refresh_from_db()
    assert slot.ceased_on is None


# --- what became of a body -----------------------------------------------------------------------


def succeed(unit, successor, officer, **changes):
    facts = {"on": DAY, "kind": "merger", "by": officer}
    return services.succeed_unit(unit, successor, **{**facts, **changes})


def test_a_merger_ends_a_body_and_moves_nothing(city, officer):
    successor = UnitFactory(name="市大数据局")
    row = succeed(city.department, successor, officer, note="机构改革", version=1)
    assert (row.on, row.kind, row.note) == (DAY, "merger", "机构改革")
    unit = Unit.rows.get(pk=city.department.pk)
    assert unit.ceased_on == DAY - timedelta(days=1)
    assert not unit.exists_on(DAY)
    assert city.enrolment(unit).ends_on is None
    assert not Enrolment.rows.filter(unit=successor).exists()
    assert recorded("unit.succeed").after["continued"] == 0


def test_the_clerk_may_let_the_successor_take_the_place(city, officer):
    successor = UnitFactory(name="市大数据局")
    old = city.enrolment(city.department)
    succeed(city.department, successor, officer, continues=True)
    old.refresh_from_db()
    assert old.ends_on == DAY - timedelta(days=1)
    new = city.enrolment(successor)
    assert (new.starts_on, new.position, new.kind) == (DAY, old.position, old.kind)
    pilots = Enrolment.rows.filter(programme=city.programme, part="pilot")
    assert pilots.standing(DAY).count() == pilots.standing(DAY - timedelta(days=1)).count() == 3
    assert recorded("unit.succeed").after["continued"] == 1


def test_a_successor_that_takes_part_already_gets_no_second_place(city, officer):
    succeed(city.department, city.district, officer, continues=True)
    assert Enrolment.rows.filter(unit=city.district).count() == 1
    assert city.enrolment(city.department).ends_on == DAY - timedelta(days=1)


def test_a_split_is_recorded_once_for_each_successor(city, officer):
    first, second = UnitFactory(), UnitFactory()
    succeed(city.department, first, officer, kind="split")
    succeed(city.department, second, officer, kind="split")
    assert city.department.successions_out.count() == 2
    with pytest.raises(Refused, match="承接关系已登记。分设的另一家用同一天、同一方式登记"):
        succeed(city.department, UnitFactory(), officer, kind="split", on=DAY + timedelta(days=5))
    with pytest.raises(Refused, match="承接关系已登记"):
        succeed(city.department, UnitFactory(), officer, kind="merger")


def test_the_same_succession_twice_is_refused(city, officer):
    successor = UnitFactory()
    succeed(city.department, successor, officer, kind="split")
    with pytest.raises(ValidationError):
        succeed(city.department, successor, officer, kind="split")


def test_each_impossible_succession_is_refused(city, slot, officer):
    department, other = city.department, UnitFactory()
    with pytest.raises(Refused, match="承接方式只能是合并、分设或职能划转"):
        succeed(department, other, officer, kind="identified")
    with pytest.raises(Refused, match="是待补名的席位，没有承接关系"):
        succeed(slot, other, officer)
    with pytest.raises(Refused, match=r"承接单位.*还没有名称"):
        succeed(department, slot, officer)
    with pytest.raises(Refused, match="在2022-04-15还未成立或已撤销"):
        succeed(department, UnitFactory(established_on=date(2023, 1, 1)), officer)
    with pytest.raises(StaleVersion):
        succeed(department, other, officer, version=9)
    with pytest.raises(ValidationError):
        succeed(department, department, officer)
    department.refresh_from_db()
    assert department.ceased_on is None


def test_a_succession_does_not_run_backwards(city, officer):
    heir = UnitFactory()
    Succession.objects.create(from_unit=heir, to_unit=city.department, kind="split", on=DAY)
    with pytest.raises(Refused, match="不能反过来承接"):
        succeed(city.department, heir, officer)


def test_a_body_cannot_end_before_it_began(city, officer):
    young = UnitFactory(established_on=DAY)
    with pytest.raises(ValidationError, match="撤销日期不能早于成立日期"):
        succeed(young, UnitFactory(), officer)


def test_a_successor_is_founded_on_the_day(city, officer):
    row = services.succeed_by_new_unit(
        city.department,
        full_name="测试市大数据局",
        short_name="市大数据局",
        on=DAY,
        kind="replacement",
        continues=True,
        by=officer,
    )
    new = row.to_unit
    assert (new.code, new.kind, new.established_on) == ("440300-sdsjj", "municipal_department", DAY)
    assert city.enrolment(new).starts_on == DAY
    again = services.succeed_by_new_unit(
        city.district,
        full_name="另一局",
        short_name="市大数据局",
        on=DAY,
        kind="merger",
        by=officer,
    )
    assert again.to_unit.code == "440300-sdsjj-2"


# --- renamed bodies, both ways (domain.md B.10) --------------------------------------------------

RENAMED = [
    ("广东省政务服务数据管理局", "广东省政务服务和数据管理局", date(2024, 5, 10), "gdszwfwh"),
    ("绍兴市大数据发展管理局", "绍兴市数据局", date(2024, 1, 1), "sxssjj"),
    ("坪山区政务服务数据管理局", "坪山区政务服务和数据管理局", date(2025, 1, 1), "psqzwfwh"),
]


@pytest.mark.parametrize(("old", "new", "on", "letters"), RENAMED)
def test_a_renamed_body_answers_to_both_names(officer, old, new, on, letters):
    unit = UnitFactory(name=old, name__full=old)
    rename(unit, officer, full_name=new, short_name=new, on=on)
    before, after = (
        Unit.rows.with_name(day).get(pk=unit.pk) for day in (on - timedelta(days=1), on)
    )
    assert (before.full_name, after.full_name) == (old, new)
    for text in (old, new, old[:4], letters):
        assert unit in Unit.rows.searched(text), text
