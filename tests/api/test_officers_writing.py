"""Every change to the register by the API: the same services, the same sentences as the pages."""

from datetime import date

import pytest

from accounts.models import User
from core.models import AuditEntry
from officers.models import Appointment, Filing, Person
from tests.factories.officers import PersonFactory, PostFactory

pytestmark = pytest.mark.django_db
NEW = {"name": "演示人员02", "job_title": "副局长", "level": "deputy", "mobile": "138-1234 5678"}


@pytest.fixture
def content(register):
    """A new CDO of the department."""
    return {
        "unit": register.city.department.code,
        "post": "cdo",
        "new_person": NEW,
        "starts_on": "2022-04-01",
        "is_in_charge": True,
        "document_number": "测公[2022]7号",
        "signed_on": "2022-03-31",
    }


@pytest.fixture
def appointed(content, data_officer, done):
    return done(data_officer, "appointments", content)


# --- people ---------------------------------------------------------------------------------------


def test_a_person_is_entered_with_masks_and_opens_at_its_location(
    register, data_officer, send, read
):
    content = {**NEW, "unit": register.city.department.code, "email": "Lin.Yi@Example.gov.cn"}
    answer = send(data_officer, "persons", content)
    row = answer.json()
    assert (answer.status_code, answer["ETag"], answer["Location"]) == (201, '"1"', row["url"])
    assert (row["mobile_masked"], row["email_masked"]) == ("138****5678", "l***@example.gov.cn")
    assert read(data_officer, "persons", row["id"]) == row
    entry = AuditEntry.objects.get(verb="person.register")
    assert entry.actor_id == data_officer.pk


def test_a_person_is_mended_field_by_field(register, data_officer, done):
    row = PersonFactory(unit=register.city.department, mobile="13812345678")
    after = done(
        data_officer,
        f"persons/{row.uuid}",
        {"job_title": "局长", "level": "head", "office_phone": "（0755）12345678"},
        method="patch",
    )
    assert (after["job_title"], after["level"], after["office_phone"], after["version"]) == (
        "局长",
        "head",
        "0755-12345678",
        2,
    )
    assert after["mobile_masked"] == "138****5678"
    row.refresh_from_db()
    assert (
        done(data_officer, f"persons/{row.uuid}", {"mobile": ""}, method="patch")["mobile_masked"]
        == ""
    )


def test_a_mobile_that_somebody_has_is_refused_by_his_or_her_name(register, data_officer, send):
    other = PersonFactory(unit=register.city.department, mobile="13812345678")
    answer = send(data_officer, "persons", {**NEW, "unit": register.city.department.code})
    assert answer.status_code == 422
    assert other.name in answer.json()["errors"]["mobile"][0]
    assert "13812345678" not in answer.content.decode()


def test_a_person_does_not_move_to_a_unit_that_the_clerk_does_not_act_for(
    register, officer, data_officer, send, done
):
    row, code = PersonFactory(unit=register.city.department), register.city.district.code
    answer = send(data_officer, f"persons/{row.uuid}", {"unit": code}, etag='"1"', method="patch")
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["unit"])
    assert done(officer, f"persons/{row.uuid}", {"unit": code}, method="patch")["unit"] == code


# --- appointments ---------------------------------------------------------------------------------


def test_a_department_appoints_its_own_with_a_new_person(appointed, register):
    department = register.city.department.code
    person = Person.rows.get(uuid=appointed["person"])
    assert (person.name, person.unit.code, str(person.mobile)) == (
        "演示人员02",
        department,
        "138****5678",
    )
    facts = ("unit", "post", "status", "document_number", "authority", "is_in_office", "since")
    assert {name: appointed[name] for name in facts} == {
        "unit": department,
        "post": "cdo",
        "status": "appointed",
        "document_number": "测公〔2022〕7号",
        "authority": department,
        "is_in_office": True,
        "since": "2022-04-01",
    }
    assert appointed["filing"] == {
        "state": "not_reported",
        "number": None,
        "receipt_number": None,
        "accepted_on": None,
    }


def test_a_person_known_already_is_named_by_id(content, register, data_officer, done):
    row = PersonFactory(unit=register.city.department)
    content = {**content, "person": str(row.uuid)}
    del content["new_person"]
    assert done(data_officer, "appointments", content)["person_name"] == row.name


@pytest.mark.parametrize("who", [{}, {"person": "x", "new_person": NEW}])
def test_who_it_is_is_said_once(who, content, data_officer, register, send):
    if "person" in who:
        who = {**who, "person": str(PersonFactory(unit=register.city.department).uuid)}
    answer = send(data_officer, "appointments", {**content, "new_person": None, **who})
    assert answer.status_code == 422
    del content["new_person"]
    answer = send(data_officer, "appointments", {**content, **who})
    assert "填写一个" in answer.json()["errors"]["person"][0]


def test_a_second_holder_is_refused_by_the_number_of_the_first(
    appointed, content, data_officer, send
):
    content = {**content, "new_person": {**NEW, "mobile": "13912345678"}, "starts_on": "2022-04-10"}
    answer = send(data_officer, "appointments", content)
    assert (answer.status_code, answer.json()["code"]) == (409, "refused")
    assert appointed["id"] in answer.json()["message"]
    assert not Person.rows.filter(name="演示人员02").exclude(uuid=appointed["person"]).exists()


def test_with_a_departure_the_holder_before_leaves(appointed, content, data_officer, done, read):
    new = {**NEW, "mobile": "13912345678"}
    leaving = {"ends_on": "2022-04-09", "ending": "removed", "ending_number": "测公〔2022〕8号"}
    content = {**content, "new_person": new, "starts_on": "2022-04-10", "departure": leaving}
    row = done(data_officer, "appointments", content)
    before = read(data_officer, "appointments", appointed["id"])
    assert row["predecessor"] == appointed["id"]
    assert (before["status"], before["ends_on"], before["ending_number"]) == (
        "ended",
        "2022-04-09",
        "测公〔2022〕8号",
    )


def test_whom_another_body_appoints_a_unit_proposes_and_the_bureau_confirms(
    content, register, stranger, officer, send, done
):
    content = {**content, "unit": register.city.district.code}
    row = done(stranger, "appointments", content)
    assert (row["status"], row["is_in_office"]) == ("proposed", False)
    path = f"appointments/{row['id']}/confirm"
    assert send(stranger, path, etag='"1"').status_code == 403
    row = done(officer, path, {"document_title": "关于任命的通知"})
    assert (row["status"], row["document_title"], row["authority"]) == (
        "appointed",
        "关于任命的通知",
        register.leading_group.code,
    )
    answer = send(officer, path, etag='"2"')
    assert (answer.status_code, answer.json()["code"]) == (409, "move_not_allowed")


def test_a_removal_its_revocation_and_a_void_entry(appointed, data_officer, done, send):
    path = f"appointments/{appointed['id']}"
    ended = done(
        data_officer,
        f"{path}/end",
        {"ends_on": "2022-04-14", "ending": "moved", "ending_reason": "调任"},
    )
    assert (ended["status"], ended["ending"], ended["is_in_office"]) == ("ended", "moved", False)
    assert done(data_officer, f"{path}/reinstate", {"reason": "误登记"})["status"] == "appointed"
    voided = done(data_officer, f"{path}/void", {"reason": "重复登记"})
    assert (voided["status"], voided["void_reason"]) == ("voided", "重复登记")
    answer = send(data_officer, f"{path}/void", {"reason": "再来"}, etag="read")
    assert answer.status_code == 409


def test_an_appointment_is_mended_but_for_who_where_and_which_post(
    appointed, data_officer, done, send
):
    path = f"appointments/{appointed['id']}"
    row = done(data_officer, path, {"signed_on": "2022-03-30", "job_title": "局长"}, method="patch")
    assert (row["signed_on"], row["job_title"], row["version"]) == ("2022-03-30", "局长", 2)
    for name in ("unit", "person", "post", "status", "number", "version", "confirmed_on", "file"):
        answer = send(data_officer, path, {name: "x"}, etag='"2"', method="patch")
        assert (answer.status_code, list(answer.json()["errors"])) == (422, [name])
    answer = send(data_officer, path, {}, etag='"2"', method="patch")
    assert answer.json()["errors"] == {"": ["没有要修改的内容。"]}


def test_what_is_wrong_is_said_by_field(content, data_officer, send):
    faults = {
        "post": "nothing",
        "starts_on": "2022/4/1",
        "kind": "king",
        "seat": "1",
        "is_in_charge": "yes",
        "document_title": 7,
    }
    errors = send(data_officer, "appointments", {**content, **faults}).json()["errors"]
    assert set(errors) == set(faults)
    assert "substantive、presiding、acting" in errors["kind"][0]
    assert errors["post"] == ["没有“nothing”这样的岗位，或当前账号看不到。"]
    answer = send(data_officer, "appointments", {**content, "starts": "2022-04-01"})
    assert answer.json()["errors"] == {"starts": ["没有starts这个字段，是不是starts_on？"]}
    nested = {**content, "new_person": {"name": " ", "title": "x"}}
    errors = send(data_officer, "appointments", nested).json()["errors"]["new_person"]
    assert errors == ["title：没有title这个字段，是不是job_title？"] or "title" in errors[0]


def test_a_rule_of_rank_asks_for_a_reason(content, data_officer, send, done):
    content = {**content, "new_person": {**NEW, "level": "other"}}
    answer = send(data_officer, "appointments", content)
    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["rank_reason"])
    row = done(data_officer, "appointments", {**content, "rank_reason": "主要领导指定"})
    assert row["rank_reason"] == "主要领导指定"


# --- filings --------------------------------------------------------------------------------------


def test_from_the_appointment_to_the_receipt(
    appointed, register, data_officer, officer, done, read
):
    filing = done(data_officer, f"appointments/{appointed['id']}/file", {"note": "随函"})
    assert (filing["status"], filing["desk"], filing["document_number"]) == (
        "submitted",
        register.office.code,
        "测公〔2022〕7号",
    )
    accepted = done(officer, f"filings/{filing['id']}/accept", {"receipt_number": "测数备1号"})
    assert (accepted["status"], accepted["receipt_number"], accepted["accepted_on"]) == (
        "accepted",
        "测数备1号",
        "2022-04-15",
    )
    assert read(officer, "assignments", accepted["assignment"])["status"] == "done"
    assert read(officer, "appointments", appointed["id"])["filing"] == {
        "state": "accepted",
        "number": filing["id"],
        "receipt_number": "测数备1号",
        "accepted_on": "2022-04-15",
    }


def test_a_filing_is_returned_mended_withdrawn_and_reopened(
    appointed, data_officer, officer, done, send
):
    filing = done(data_officer, f"appointments/{appointed['id']}/file")["id"]
    assert send(officer, f"filings/{filing}/return", {}, etag="read").status_code == 422
    returned = done(officer, f"filings/{filing}/return", {"reason": "缺扫描件"})
    assert (returned["status"], returned["return_reason"]) == ("returned", "缺扫描件")
    again = done(data_officer, f"filings/{filing}/resubmit", {"document_number": "测公〔2022〕9号"})
    assert (again["status"], again["document_number"]) == ("submitted", "测公〔2022〕9号")
    done(officer, f"filings/{filing}/accept", {"accepted_on": "2022-04-15"})
    assert done(officer, f"filings/{filing}/reopen", {"reason": "误办"})["status"] == "returned"
    gone = done(data_officer, f"filings/{filing}/withdraw", {"reason": "重报"})
    assert gone["status"] == "withdrawn"
    answer = send(officer, f"filings/{filing}/accept", {}, etag="read")
    assert (answer.status_code, answer.json()["code"]) == (409, "move_not_allowed")


def test_a_unit_chooses_no_day_of_its_own_and_enters_no_letter(appointed, data_officer, send):
    path = f"appointments/{appointed['id']}/file"
    answer = send(data_officer, path, {"reported_on": "2022-04-02"})
    assert "今天" in answer.json()["errors"]["reported_on"][0]
    answer = send(data_officer, path, {"route": "paper", "reported_on": "2022-04-02"})
    assert answer.status_code == 403
    assert not Filing.rows.exists()


def test_the_desk_enters_what_came_on_paper_and_decides_it(appointed, officer, done):
    letter = {"route": "paper", "reported_on": "2022-04-02", "document_number": "测公〔2022〕11号"}
    filing = done(officer, f"appointments/{appointed['id']}/file", letter)
    assert (filing["route"], filing["reported_on"]) == ("paper", "2022-04-02")
    assert done(officer, f"filings/{filing['id']}/accept")["receipt_number"] == filing["id"]


def test_what_a_clerk_reported_for_a_unit_another_decides(appointed, officer, done, send):
    filing = done(officer, f"appointments/{appointed['id']}/file")["id"]
    answer = send(officer, f"filings/{filing}/accept", etag="read")
    assert (answer.status_code, answer.json()["code"]) == (409, "refused")
    assert "另一位经办人" in answer.json()["message"]


def test_a_plan_is_filed_at_the_bureau(register, data_officer, officer, done, send, read):
    content = {"programme": register.city.programme.code, "unit": register.city.department.code}
    filing = done(data_officer, "filings", {**content, "title": "实施方案"})
    assert (filing["kind"], filing["desk"], filing["title"]) == (
        "plan",
        register.city.bureau.code,
        "实施方案",
    )
    answer = send(data_officer, "filings", content)
    assert answer.status_code == 409
    done(officer, f"filings/{filing['id']}/accept")
    assert read(officer, "assignments", filing["assignment"])["status"] == "done"
    answer = send(officer, "filings", {**content, "unit": register.city.bureau.code})
    assert "没有参与" in answer.json()["errors"]["unit"][0]


# --- 信息无变化 -----------------------------------------------------------------------------------


def test_a_unit_says_that_nothing_changed(appointed, register, data_officer, officer, send):
    Appointment.rows.update(confirmed_on=date(2021, 1, 1))
    path = f"units/{register.city.department.code}/confirm-officers"
    answer = send(data_officer, path)
    assert (answer.status_code, answer.json()) == (
        200,
        {"unit": register.city.department.code, "confirmed_on": "2022-04-15", "count": 1},
    )
    assert Appointment.rows.get().confirmed_on == date(2022, 4, 15)
    assert send(data_officer, path, {"x": 1}).status_code == 422
    assert (
        send(data_officer, f"units/{register.city.district.code}/confirm-officers").status_code
        == 404
    )


def test_who_ends_his_or_her_own_rights_is_told_no_more(register, unit_cdo, send, done):
    person = PersonFactory(unit=register.city.department, user=unit_cdo)
    row = register.appoint(register.city.department, date(2022, 1, 1), person=person)
    content = {"ends_on": "2022-04-14", "ending": "left"}
    answer = send(unit_cdo, f"appointments/{row.number}/end", content, etag="read")
    assert (answer.status_code, answer.content) == (204, b"")
    later = User.objects.get(pk=unit_cdo.pk)  # each request reads its own rights
    assert send(later, f"appointments/{row.number}/reinstate", {"reason": "x"}).status_code == 403


def test_a_post_of_several_seats_and_a_post_that_no_rule_knows(content, officer, done):
    PostFactory(code="cio", name="首席信息官", is_single=False)
    row = done(officer, "appointments", {**content, "post": "cio", "seat": 2})
    assert (row["seat"], row["status"], row["filing"]["state"]) == (2, "appointed", "not_asked")
