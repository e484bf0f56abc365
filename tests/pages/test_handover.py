"""离任交接 as a page: all that is open, two steps, and the rights gone at the very next request."""

import io
import re
from datetime import date

import pytest
from docx import Document
from rest_framework.test import APIClient

from core import files
from core.documents import pdf
from officers.choices import Status
from officers.models import Appointment, Handover
from tests.factories.accounts import TokenFactory
from tests.factories.officers import AppointmentFactory, HandoverFactory, PersonFactory
from tests.factories.pilots import MembershipFactory
from tests.officers.cast import ruled

pytestmark = pytest.mark.django_db


@pytest.fixture
def holder(city, unit_cdo):
    """The department's CDO with an account and a stored appointment document."""
    ruled(city)
    person = PersonFactory(unit=city.department, name="周明", user=unit_cdo)
    stored = files.store([b"%PDF-1.4 test"], media_type="application/pdf")
    return AppointmentFactory(
        unit=city.department, person=person, file=stored, file_name="任命.pdf"
    )


def address(person):
    return f"/handover/{person.uuid}/"


def filled(holder, **facts):
    given = {"on": "2022-04-15", "ending": "moved", "ending_number": "深公字〔2022〕3号",
             "ending_signed_on": "2022-04-14", "note": "台账在共享文件夹", "once": "key-1",
             "version": holder.person.version}  # fmt: skip
    return {**given, **facts}


def test_the_page_shows_what_is_open_by_what_becomes_of_it(city, holder, officer, browse):
    TokenFactory(user=holder.person.user)
    answer = browse(officer).get(address(holder.person))
    found = {
        (group["fate"].value, str(part["label"]))
        for group in answer.context["groups"]
        for part in group["parts"]
    }
    assert found == {
        ("ends", "岗位、团队和备案"),
        ("stays", "未完成的任务"),
        ("ends", "身份、授权和对口联系"),
        ("ends", "账号和接口令牌"),
    }
    page = answer.content.decode()
    for words in ("周明离任交接", "即时终止", "留在单位", "岗位：首席数据官", "接口令牌：测试"):
        assert words in page


def test_two_steps_and_a_slip(city, holder, officer, data_officer, browse):
    successor = PersonFactory(unit=city.department, name="李四", user=data_officer)
    client, path = browse(officer), address(holder.person)
    step = client.post(path, filled(holder, taker=successor.uuid))
    page = step.content.decode()
    for words in ("周明离开测试市公安局，最后一天2022-04-15", "李四", holder.number, "办理交接"):
        assert words in page
    assert not Handover.rows.exists()
    back = client.post(path, filled(holder, taker=successor.uuid, back="1"))
    assert "下一步：核对" in back.content.decode()
    done = client.post(path, filled(holder, taker=successor.uuid, confirmed="1"))
    row = Handover.rows.get()
    assert done["Location"] == f"/handovers/{row.number}/"
    slip = client.get(done["Location"]).content.decode()
    for words in ("工作交接单", "周明", "李四", "台账在共享文件夹", "岗位：首席数据官"):
        assert words in slip
    again = client.post(path, filled(holder, taker=successor.uuid, confirmed="1"))
    assert again.status_code == 409
    assert Handover.rows.count() == 1


def test_the_leavers_session_token_and_download_link_are_refused_at_the_next_request(
    city, holder, officer, browse, client
):
    token = TokenFactory(user=holder.person.user)
    leaver, system = browse(holder.person.user), APIClient()
    system.credentials(HTTP_AUTHORIZATION="Bearer cdo_test-secret")
    unit = f"/units/{city.department.code}/"
    link = f"/officers/{holder.number}/file/"
    assert leaver.get(unit).status_code == 200
    assert leaver.get(link).status_code == 200
    assert system.get("/api/v1/units/").status_code == 200
    browse(officer).post(address(holder.person), filled(holder, confirmed="1"))
    for refused in (unit, link, "/"):
        answer = leaver.get(refused)
        assert answer.status_code == 302, refused
        assert answer["Location"].startswith("/login/")
    assert system.get("/api/v1/units/").status_code == 401
    token.refresh_from_db()
    assert token.revoked_at


def test_a_unit_clerk_hands_over_the_own_unit_and_nobody_elses(city, holder, cast, browse):
    path = address(holder.person)
    shown = {name: browse(user).get(path).status_code for name, user in cast.items()}
    assert {name for name, status in shown.items() if status == 200} == {"officer", "data_officer"}
    assert shown["unit_cdo"] == 302  # the own hand-over
    assert shown["stranger"] == shown["foreigner"] == 404
    assert shown["head"] == shown["auditor"] == 403
    for name in ("head", "auditor", "stranger", "unit_cdo"):
        browse(cast[name]).post(path, filled(holder, confirmed="1"))
    assert not Handover.rows.exists()
    browse(cast["data_officer"]).post(path, filled(holder, confirmed="1"))
    assert Appointment.rows.get().status == Status.ENDED


def test_where_another_body_removes_the_clerk_hands_over_the_work_only(city, holder, browse):
    clerk = MembershipFactory(unit=city.district).user
    post = AppointmentFactory(unit=city.district)
    page = browse(clerk).get(address(post.person))
    assert "ending" not in page.context["form"].fields
    given = filled(post, confirmed="1")
    assert browse(clerk).post(address(post.person), given).status_code == 302
    post.refresh_from_db()
    assert post.status == Status.APPOINTED


def test_what_is_wrong_is_said_and_nothing_typed_is_lost(holder, officer, browse):
    client, path = browse(officer), address(holder.person)
    for facts, field in (
        ({"on": "2022-04-16"}, "on"),
        ({"on": "morgen"}, "on"),
        ({"taker": holder.person.uuid}, "taker"),
        ({"ending": ""}, "ending"),
        ({"ending": "later"}, "ending"),
        ({"note": "长" * 501}, "note"),
    ):
        answer = client.post(path, filled(holder, **facts))
        assert answer.status_code == 422
        assert field in answer.context["form"].errors, facts
    early = client.post(path, filled(holder, on="2021-01-01", confirmed="1"))
    assert "周明从2021-09-16起任职" in early.content.decode()
    number = client.post(path, filled(holder, ending_number="深公字3号", confirmed="1"))
    assert "深公字3号" in number.content.decode()
    stale = client.post(path, filled(holder, version=9, confirmed="1"))
    assert stale.status_code == 412
    assert "台账在共享文件夹" in stale.content.decode()
    assert not Handover.rows.exists()


def test_a_post_may_stay_while_the_work_goes(holder, officer, browse):
    given = filled(holder, ending="later", ending_number="", ending_signed_on="", confirmed="1")
    browse(officer).post(address(holder.person), given)
    assert Handover.rows.get().appointment == holder
    assert Appointment.rows.get().status == Status.APPOINTED


def test_who_acts_for_two_bodies_leaves_the_one_that_is_asked_for(city, holder, officer, browse):
    MembershipFactory(unit=city.district, user=holder.person.user)
    client, path = browse(officer), address(holder.person)
    assert f"?unit={city.district.code}" in client.get(path).content.decode()
    assert client.get(f"{path}?unit=nothing").status_code == 404
    client.post(f"{path}?unit={city.district.code}", filled(holder, confirmed="1"))
    assert Handover.rows.get().unit == city.district
    assert holder.person.user.memberships.get(unit=city.department).revoked_at is None


# --- what was made -------------------------------------------------------------------------------


@pytest.fixture
def slip(city):
    items = [{"part": "甲", "title": "工作总结", "detail": "RW", "fate": "stays"}]
    person = PersonFactory(unit=city.department, name="周明")
    return HandoverFactory(leaver=person, items=items)


def test_the_slip_is_a_word_document_and_a_pdf_where_that_can_be_made(slip, officer, browse):
    client = browse(officer)
    answer = client.get(f"/handovers/{slip.number}/slip.docx")
    assert "%E5%B7%A5%E4%BD%9C%E4%BA%A4%E6%8E%A5%E5%8D%95" in answer["Content-Disposition"]
    assert Document(io.BytesIO(answer.content)).tables
    made = client.get(f"/handovers/{slip.number}/slip.pdf")
    assert made.status_code == (200 if pdf.is_available() else 404)


def test_the_list_finds_hand_overs(city, slip, officer, browse):
    client = browse(officer)
    for query, count in (("", 1), ("?q=周明", 1), ("?q=JJ-", 1), ("?q=公安", 1), ("?q=李四", 0),
                         ("?after=2022-04-01", 0), (f"?unit={city.department.code}", 1)):  # fmt: skip
        answer = client.get(f"/handovers/{query}")
        assert answer.context["page_obj"].paginator.count == count, query


def test_the_list_costs_the_same_for_any_number(city, officer, browse, cost):
    client, found = browse(officer), []
    for wanted in (1, 3, 50):
        while Handover.rows.count() < wanted:
            post = AppointmentFactory(unit=city.department, seat=Handover.rows.count() + 1)
            HandoverFactory(leaver=post.person, taker=post.person, appointment=post,
                            created_by=officer)  # fmt: skip
        found.append(cost(client, "/handovers/?page_size=50"))
    assert len({queries for queries, _size in found}) == 1
    assert found[-1][1] < 60_000


def test_a_slip_is_seen_by_whom_it_concerns(slip, cast, browse):
    path = f"/handovers/{slip.number}/"
    seen = {name for name, user in cast.items() if browse(user).get(path).status_code == 200}
    assert seen == {"officer", "head", "data_officer", "unit_cdo", "provincial_reader",
                    "evaluator", "api_client_user", "auditor"}  # fmt: skip


def test_the_record_tells_the_hand_over_in_words(holder, officer, browse):
    browse(officer).post(address(holder.person), filled(holder, confirmed="1"))
    page = browse(officer).get("/audit/").content.decode()
    assert "办理离任交接" in page
    assert re.search(r"移交人：\s*<ins>周明", page)
    assert date(2022, 4, 15).isoformat() in page
