"""「复制未报名单」: who is on it, with which numbers, and what revealing mobiles leaves behind."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.models import AuditEntry
from duties import services
from duties.choices import Move
from pilots.models import Enrolment
from tests.factories.officers import AppointmentFactory, PersonFactory, PostFactory
from tests.factories.pilots import MembershipFactory

pytestmark = pytest.mark.django_db
MOBILE = "13800138021"


@pytest.fixture
def address(city):
    return f"/obligations/{city.obligations['report'].code}/missing/"


@pytest.fixture
def clerk(city, data_officer):
    return PersonFactory(
        unit=city.department,
        name="甲某",
        user=data_officer,
        office_phone="0755-88001234",
        mobile=MOBILE,
    )


def text(answer):
    page = answer.content.decode()
    return page[page.index("<textarea") :].split(">", 1)[1].split("</textarea>")[0].split("\n")


def test_the_text_has_title_deadline_and_units_in_the_documents_order(
    city, address, officer, clerk, browse
):
    lines = text(browse(officer).get(address))
    report = city.obligations["report"]
    assert lines[0] == f"【{report.title}】未报名单"
    assert lines[1] == "截止2022-04-30，还剩15天"
    assert lines[2] == "截至2022-04-15，共2家："
    assert lines[3] == "1. 测试市公安局：甲某 0755-88001234（未报）"
    assert lines[4] == "2. 测试市福田区：联系人未登记（未报）"
    assert MOBILE not in "".join(lines)


def test_a_deadline_in_doubt_says_both_days_and_what_is_done_is_said(city, officer, clerk, browse):
    task = city.assignment(city.department, "training")
    services.fulfil(task, source_key="event:1", happened_on=task.due_on, by=None)
    training = city.obligations["training"]
    lines = text(browse(officer).get(f"/obligations/{training.code}/missing/"))
    assert lines[0].endswith("未完成名单")
    assert lines[1] == "截止2022-03-31，最晚2022-04-30，还剩15天"
    assert any("（已办1次，应办2次）" in line for line in lines)


def test_who_waits_for_review_or_is_done_is_not_missing_and_who_got_it_back_is(
    city, address, officer, clerk, browse
):
    task = city.assignment(city.department)
    task.occurrence = "2022Q1"
    task.save()
    services.follow_hand_in(task, Move.SUBMIT, by=None)
    task = services.follow_hand_in(task, Move.RETURN, by=None, note="补章")
    assert "（2022Q1 已退回修改）" in text(browse(officer).get(address))[3]
    services.follow_hand_in(task, Move.SUBMIT, by=None)
    assert "公安局" not in "".join(text(browse(officer).get(address)))
    services.fulfil(
        city.assignment(city.district),
        source_key="letter:1",
        happened_on=date(2022, 4, 14),
        by=None,
    )
    page = browse(officer).get(address).content.decode()
    assert "没有未报的单位" in page
    assert "<textarea" not in page


def test_where_no_clerk_has_a_telephone_the_liaison_or_else_the_cdo_is_named(
    city, address, officer, data_officer, browse
):
    holder = PersonFactory(unit=city.department, name="乙某", office_phone="0755-88005678")
    AppointmentFactory(unit=city.department, person=holder)
    line = text(browse(officer).get(address))[3]
    assert f"{data_officer} 电话未登记、乙某 0755-88005678" in line
    liaison = PersonFactory(unit=city.department, name="丙某", office_phone="0755-88009999")
    AppointmentFactory(unit=city.department, person=liaison, post=PostFactory(code="liaison"))
    line = text(browse(officer).get(address))[3]
    assert "丙某 0755-88009999" in line
    assert "乙某" not in line


def test_units_without_anybody_are_linked_below(city, address, officer, clerk, browse):
    page = browse(officer).get(address).content.decode()
    below = page.split("没有登记联系人")[1]
    assert f"/units/{city.district.code}/" in below
    assert f"/units/{city.department.code}/" not in below


def test_mobiles_come_by_one_post_with_one_entry_and_are_kept_nowhere(
    city, address, officer, clerk, browse
):
    client = browse(officer)
    answer = client.post(address, {"purpose": "催报工作总结"})
    assert f"甲某 0755-88001234，{MOBILE}" in "".join(text(answer))
    assert answer["Cache-Control"] == "no-store"
    entry = AuditEntry.objects.get(verb="person.reveal")
    assert (entry.after["count"], entry.after["purpose"]) == (1, "催报工作总结")
    assert MOBILE not in client.get(address).content.decode()


def test_mobiles_need_a_purpose(city, address, officer, clerk, browse):
    answer = browse(officer).post(address, {"purpose": ""})
    assert answer.status_code == 422
    assert MOBILE not in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="person.reveal").exists()


def test_a_unit_with_another_liaison_keeps_its_mobiles(city, address, officer, head, clerk, browse):
    Enrolment.rows.filter(unit=city.department).update(liaison=head)
    answer = browse(officer).post(address, {"purpose": "催报"})
    assert answer.status_code == 422
    assert MOBILE not in answer.content.decode()
    assert not AuditEntry.objects.filter(verb="person.reveal").exists()


def test_it_is_the_bureaus_page(city, address, cast, browse):
    got = {name: browse(user).get(address).status_code for name, user in cast.items()}
    assert {name for name, status in got.items() if status == 200} == {"officer"}
    assert got["foreigner"] == 404
    assert set(got.values()) == {200, 403, 404}


def test_it_is_reached_from_the_demand_and_from_its_list(
    city, address, officer, head, browse, rows_behind
):
    report = city.obligations["report"]
    assert address in browse(officer).get(f"/obligations/{report.code}/").content.decode()
    assert address not in browse(head).get(f"/obligations/{report.code}/").content.decode()
    page = browse(officer).get(f"/tasks/?obligation={report.code}").content.decode()
    assert address in page
    assert browse(officer).get("/tasks/?obligation=a/b").status_code == 200


def test_it_costs_the_same_for_two_units_and_for_fifty(city, address, officer, clerk, grow, browse):
    client = browse(officer)

    def cost():
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    cost()
    before = cost()
    grow(50)
    MembershipFactory(unit=city.department)
    assert cost() == before
