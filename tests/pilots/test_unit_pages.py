"""Renaming, naming slots, succession: by pages, in two steps, both ways in time."""

from datetime import date

import pytest

from core.errors import PermissionRefused
from pilots import queries, services
from pilots.models import Enrolment, Succession, Unit
from pilots.views.confirming import ConfirmedFormView
from tests.factories.pilots import EnrolmentFactory, UnitFactory

RENAME = {
    "full_name": "测试市公安和数据局",
    "short_name": "市公数局",
    "on": "2022-04-10",
    "basis": "测编〔2022〕1号",
    "version": "1",
}


@pytest.fixture
def page(browse, officer):
    """`page(address, data)`: the response and its text."""
    client = browse(officer)

    def send(address, data=None, **extra):
        response = client.post(address, data, **extra) if data else client.get(address, **extra)
        return response, response.content.decode()

    return send


@pytest.fixture
def slot(city):
    unit = UnitFactory(name="待补名01", is_slot=True)
    EnrolmentFactory(programme=city.programme, unit=unit, certainty="slot", position=9)
    return unit


def test_a_rename_is_explained_before_it_is_done(city, page):
    address = f"/units/{city.department.code}/rename/"
    _response, form = page(address)
    assert "更名不换单位：代码、任务、账号和记录都不变" in form
    assert "名称沿革" in form
    response, step = page(address, RENAME)
    assert response.status_code == 200
    assert "从2022-04-10起用新名称" in step
    assert 'name="full_name" value="测试市公安和数据局"' in step
    assert city.department.names.count() == 1
    _response, again = page(address, {**RENAME, "back": "1"})
    assert 'value="测试市公安和数据局"' in again
    assert "下一步：核对" in again
    response, done = page(address, {**RENAME, "confirmed": "1"}, follow=True)
    assert response.redirect_chain == [(f"/units/{city.department.code}/", 302)]
    assert "已更名为“测试市公安和数据局”，2022-04-10起用。" in done


def test_after_a_rename_both_names_find_the_body_and_the_day_decides(city, page, officer):
    unit = city.department
    old = unit.full_name
    services.rename_unit(
        unit, full_name="测试市公数局", short_name="公数局", on=date(2022, 4, 10), by=officer
    )
    for text in (old, "公数局", "gsj"):
        _response, found = page(f"/units/?q={text}")
        assert f"/units/{unit.code}/" in found, text
    _response, before = page(f"/units/{unit.code}/?on=2022-04-09")
    assert old in before
    _response, after = page(f"/units/{unit.code}/?on=2022-04-10")
    assert "测试市公数局" in after
    life = queries.life_of(Unit.rows.get(pk=unit.pk))
    assert [step["what"].split("（")[0] for step in life.steps] == ["测试市公数局", old]
    assert life.has_history
    assert life.steps[0]["state"] == "now"
    assert "至2022-04-09" in life.steps[1]["at"]


def test_faults_are_said_and_nothing_is_lost(city, page):
    address = f"/units/{city.department.code}/rename/"
    response, text = page(address, {**RENAME, "full_name": "", "on": "yesterday"})
    assert response.status_code == 422
    assert "有2处需要修改" in text
    assert "填写“新全称”" in text
    assert "“更名日期”写成2022-04-29这样" in text
    assert 'value="市公数局"' in text


@pytest.mark.parametrize(
    ("changes", "status", "said"),
    [
        ({"version": "7"}, 412, "这条记录刚被别人改过"),
        ({"full_name": None}, 409, "和现名"),
        ({"full_name": "长" * 121}, 422, "121"),
    ],
)
def test_refusals_stand_above_the_form(city, page, changes, status, said):
    unit = city.department
    same = {"full_name": unit.full_name, "short_name": unit.short_name}
    data = {**RENAME, **(same if changes.get("full_name", "") is None else changes)}
    response, text = page(f"/units/{unit.code}/rename/", {**data, "confirmed": "1"})
    assert response.status_code == status
    assert said in text
    assert unit.names.count() == 1


def test_a_service_may_find_a_fault_that_the_form_did_not(city, page, officer):
    unit = city.department
    services.rename_unit(unit, full_name="第二名", short_name="二", on=date(2022, 6, 1), by=officer)
    data = {**RENAME, "version": "2", "confirmed": "1"}
    response, text = page(f"/units/{unit.code}/rename/", data)
    assert response.status_code == 409
    assert "现名从2022-06-01起用" in text


def test_each_act_for_its_kind_of_body(city, slot, page):
    for act in ("rename", "succeed"):
        _response, text = page(f"/units/{slot.code}/{act}/", follow=True)
        assert "用“补名”登记名称" in text
    for act in ("name", "identify"):
        _response, text = page(f"/units/{city.department.code}/{act}/", follow=True)
        assert "更名用“更名”办理" in text


def test_a_slot_gets_its_name(slot, page):
    data = {"full_name": "测试市教育局", "short_name": "市教育局", "version": "1"}
    _response, step = page(f"/units/{slot.code}/name/", data)
    assert "之后就可以为它开通账号" in step
    _response, done = page(f"/units/{slot.code}/name/", {**data, "confirmed": "1"}, follow=True)
    assert "已补名为“测试市教育局”。" in done
    assert not Unit.rows.get(pk=slot.pk).is_slot


def test_a_slot_is_identified_by_code_or_name(city, slot, page, officer):
    body = UnitFactory(name="市教育局")
    EnrolmentFactory(programme=city.programme, unit=body, part="third_party")
    address = f"/units/{slot.code}/identify/"
    _response, form = page(address)
    assert f'<option value="{body.full_name}">' in form
    data = {"on": "2022-04-15", "version": "1"}
    for text in (body.code, body.full_name, body.short_name):
        _response, step = page(address, {**data, "unit": text})
        assert f"对应到“{body.full_name}”" in step
    _response, done = page(address, {**data, "unit": body.code, "confirmed": "1"}, follow=True)
    assert "已对应到" in done
    assert Enrolment.rows.get(unit=body, part="pilot", programme=city.programme)


@pytest.mark.parametrize(
    ("text", "said"),
    [("教育", "可选：测试市市教育局"), ("没有这个", "没有这个单位，写单位代码、全称或简称")],
)
def test_an_unknown_body_is_answered_with_near_ones(city, slot, page, text, said):
    body = UnitFactory(name="市教育局")
    EnrolmentFactory(programme=city.programme, unit=body, part="third_party")
    data = {"unit": text, "on": "2022-04-15", "version": "1"}
    response, page_text = page(f"/units/{slot.code}/identify/", data)
    assert response.status_code == 422
    assert said in page_text


def test_a_body_elsewhere_is_not_offered(city, slot, page, foreigner):
    other = Unit.objects.visible_to(foreigner).first()
    data = {"unit": other.code, "on": "2022-04-15", "version": "1"}
    response, text = page(f"/units/{slot.code}/identify/", data)
    assert response.status_code == 422
    assert "没有这个单位" in text


SUCCEED = {"kind": "merger", "on": "2022-04-15", "version": "1", "continues": "on"}


def test_a_body_merges_into_one_that_is_there(city, page):
    address = f"/units/{city.department.code}/succeed/"
    data = {**SUCCEED, "successor": city.district.short_name}
    _response, step = page(address, data)
    assert "合并：" in step
    assert "任务和账号不自动转移" in step
    _response, done = page(address, {**data, "confirmed": "1"}, follow=True)
    assert "已登记：由" in done
    assert Succession.objects.get().to_unit == city.district


def test_a_body_is_succeeded_by_a_new_one(city, page):
    address = f"/units/{city.department.code}/succeed/"
    data = {**SUCCEED, "full_name": "测试市大数据局", "short_name": "市大数据局"}
    _response, step = page(address, data)
    assert "同时登记新设单位“测试市大数据局”" in step
    without = {key: value for key, value in data.items() if key != "continues"}
    assert "承接单位不自动参加试点" in page(address, without)[1]
    page(address, {**data, "confirmed": "1"})
    new = Succession.objects.get().to_unit
    assert city.enrolment(new).starts_on == date(2022, 4, 15)
    life = queries.life_of(Unit.rows.get(pk=city.department.pk))
    assert life.steps[0]["what"] == "合并：由测试市大数据局承接"
    assert queries.life_of(new).steps[-1]["what"].startswith("合并：由")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "填写“承接单位”，或填写新设单位的全称和简称"),
        ({"full_name": "只有全称"}, "填写“承接单位”，或填写新设单位的全称和简称"),
        ({"successor": "{district}", "full_name": "两处都填"}, "承接单位和新设单位只填一处"),
        ({"successor": "没有这个"}, "没有这个单位"),
        ({"kind": "identified", "successor": "{district}"}, "不在可选范围内"),
    ],
)
def test_a_successor_is_one_thing_or_the_other(city, page, changes, said):
    data = {key: value.format(district=city.district.code) for key, value in changes.items()}
    response, text = page(f"/units/{city.department.code}/succeed/", {**SUCCEED, **data})
    assert response.status_code == 422
    assert said in text


def test_a_succession_without_a_day_says_so(db):
    row = Succession.objects.create(from_unit=UnitFactory(), to_unit=UnitFactory(), kind="split")
    assert queries.life_of(row.from_unit).steps[-1]["at"] in {"日期未知", "起用日期未知，现名"}
    assert "日期未知" in {step["at"] for step in queries.life_of(row.to_unit).steps}


def test_a_fault_of_the_rows_is_said_above_the_form(city, page, officer):
    """The same split twice: the form is right, the database's rule is not."""
    services.succeed_unit(
        city.department, city.district, on=date(2022, 4, 15), kind="split", by=officer
    )
    data = {**SUCCEED, "kind": "split", "version": "2", "successor": city.district.code}
    response, text = page(f"/units/{city.department.code}/succeed/", {**data, "confirmed": "1"})
    assert response.status_code == 422
    assert "有1处需要修改" in text
    assert Succession.objects.count() == 1


def test_a_right_lost_between_the_steps_is_a_403(city, page, monkeypatch):
    def refuse(*_args, **_facts):
        raise PermissionRefused

    monkeypatch.setattr(services, "rename_unit", refuse)
    response, _text = page(f"/units/{city.department.code}/rename/", {**RENAME, "confirmed": "1"})
    assert response.status_code == 403


def test_a_page_in_two_steps_says_what_it_needs():
    view = ConfirmedFormView()
    for ask in (
        lambda: view.prepare(None),
        view.heading,
        lambda: view.confirmation({}),
        lambda: view.act({}),
    ):
        with pytest.raises(NotImplementedError):
            ask()
