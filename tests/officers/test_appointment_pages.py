"""The page of one appointment: facts, whose turn it is, its course, and every act on it."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import files
from officers import services
from officers.models import Appointment
from tests.factories.officers import AppointmentFactory, FilingFactory

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\n%%EOF\n"


def scan(name="任命文件.pdf"):
    return SimpleUploadedFile(name, PDF, content_type="application/pdf")


def at(row, act=""):
    return f"/officers/{row.number}/{act}"


@pytest.fixture
def row(register):
    """The department's CDO, not filed yet."""
    return register.appoint(
        register.city.department, date(2021, 9, 28), paper=services.Paper("深公任〔2021〕3号")
    )


@pytest.fixture
def proposed(register, stranger):
    """The district's candidate, whom its own clerk entered."""
    return register.appoint(register.city.district, date(2022, 4, 1), by=stranger)


def page(client, row):
    answer = client.get(at(row))
    assert answer.status_code == 200
    return answer


def whats(answer):
    return [(step["what"], step["state"]) for step in answer.context["steps"]]


# --- what the page shows --------------------------------------------------------------------------


def test_a_department_has_four_steps_and_a_government_two(register, row, officer, browse):
    assert whats(page(browse(officer), row)) == [
        ("拟任", ""), ("已任命", "now"), ("待备案", "wait"), ("已备案", "wait"),
    ]  # fmt: skip
    other = register.appoint(register.city.government, date(2021, 9, 16))
    assert whats(page(browse(officer), other)) == [("拟任", ""), ("已任命", "now")]


def test_the_course_follows_the_filing(register, row, officer, data_officer, browse):
    client = browse(officer)
    filing = services.file_appointment(row, by=data_officer)
    assert whats(page(client, row))[2:] == [("待备案", "now"), ("已备案", "wait")]
    assert "等领导小组办公室办理备案" in page(client, row).content.decode()
    services.return_filing(filing, by=officer, reason="缺扫描件")
    returned = page(client, row)
    assert returned.context["next"]["say"] == "退回补正，补齐后再报"
    assert "缺扫描件" in returned.context["steps"][2]["note"]
    services.resubmit_filing(filing, by=data_officer)
    services.accept_filing(filing, by=officer, receipt_number="备2022-1")
    done = page(client, row)
    assert whats(done)[3] == ("已备案", "now")
    assert done.context["next"]["say"] == "在任，无须再办"
    assert filing.number in done.content.decode()


def test_the_next_step_names_whose_turn_it_is(row, data_officer, head, browse):
    mine = page(browse(data_officer), row).context["next"]
    assert mine["say"] == "报领导小组办公室备案"
    assert mine["url"] == f"/filings/new/?appointment={row.number}"
    theirs = page(browse(head), row).context["next"]
    assert (theirs["say"], theirs["url"]) == ("等测试市公安局报领导小组办公室备案", "")


def test_an_end_is_reported_for_the_record_too(register, row, officer, data_officer, browse):
    services.accept_filing(services.file_appointment(row, by=data_officer), by=officer)
    services.end_appointment(row, on=date(2022, 3, 31), ending="moved", by=officer)
    step = page(browse(officer), row).context["next"]
    assert step["say"] == "免职报领导小组办公室备案"
    assert "kind=removal" in step["url"]
    removal = FilingFactory(
        appointment=row, kind="removal", programme=register.city.programme, desk=register.office
    )
    assert page(browse(officer), row).context["next"]["note"] == removal.number
    services.accept_filing(removal, by=officer, on=date(2022, 4, 1))
    over = page(browse(officer), row)
    assert over.context["next"]["say"] == "已卸任，无须再办"
    assert whats(over)[-1] == ("已卸任", "now")


def test_facts_nobody_knows_are_said_to_be_unknown(register, officer, browse):
    row = AppointmentFactory(
        unit=register.city.government,
        starts_on=None,
        known_on=date(2021, 11, 1),
        signed_on=None,
        job_title="",
        reason="据公开报道",
        source="市政府网站",
        rank_reason="由巡视员兼任",
        confirmed_on=date(2020, 1, 1),
    )
    text = page(browse(officer), row).content.decode()
    for said in ("起始日期未知，2021-11-01已在任", "未登记文号", "文件未写明", "据公开报道",
                 "市政府网站", "由巡视员兼任", "超过12个月未确认", "信息无变化"):  # fmt: skip
        assert said in text


def test_the_history_names_people_and_bodies(row, officer, browse):
    (entry,) = page(browse(officer), row).context["history"]
    assert entry["what"] == "登记任命"
    assert f"人员：{row.person.name}" in entry["note"]
    assert "任命机关：测试市公安局" in entry["note"]
    services.mend_appointment(row, by=officer, job_title="局长")
    latest = page(browse(officer), row).context["history"][0]
    assert latest["note"] == "职务由副局长改为局长"


def test_what_is_not_ones_own_is_not_there(row, stranger, foreigner, system_admin, browse):
    for user in (stranger, foreigner):
        for act in ("", "mend/", "file/"):
            assert browse(user).get(at(row, act)).status_code == 404
        assert browse(user).post(at(row, "void/"), {"void-reason": "x"}).status_code == 404
    assert browse(system_admin).get(at(row)).status_code == 403


def test_readers_get_no_act(row, head, auditor, browse):
    for user in (head, auditor):
        assert "登记免职或卸任" not in page(browse(user), row).content.decode()
        for act in ("end/", "void/", "mend/", "confirm/", "reinstate/"):
            assert browse(user).post(at(row, act), {}).status_code == 403
        assert browse(user).get(at(row, "mend/")).status_code == 403


def test_acts_asked_for_lead_back_to_the_page(row, officer, browse):
    for act in ("end/", "void/", "confirm/", "reinstate/"):
        assert browse(officer).get(at(row, act))["Location"] == at(row)


# --- 确认任命 -------------------------------------------------------------------------------------


def test_the_bureau_confirms_with_the_document(register, proposed, officer, browse):
    step = page(browse(officer), proposed).context["next"]
    assert step["url"] == "#confirm"
    sent = {
        "version": proposed.version,
        "confirm-document_number": "深办任(2022)7号",
        "confirm-signed_on": "2022-04-01",
        "confirm-file": scan(),
    }
    done = browse(officer).post(at(proposed, "confirm/"), sent, follow=True)
    assert "已确认任命" in done.content.decode()
    proposed.refresh_from_db()
    assert (proposed.status, proposed.document_number) == ("appointed", "深办任〔2022〕7号")
    got = browse(officer).get(at(proposed, "file/"))
    assert got.getvalue() == PDF


def test_confirming_lets_the_holder_leave(register, stranger, officer, browse):
    holder = register.appoint(register.city.district, date(2021, 9, 28))
    proposed = register.appoint(
        register.city.district,
        date(2022, 4, 11),
        by=stranger,
        departure=services.Departure(date(2022, 4, 10)),
    )
    assert (
        f"现任{holder.person.name}的最后任职日" in page(browse(officer), proposed).content.decode()
    )
    wrong = browse(officer).post(
        at(proposed, "confirm/"), {"version": proposed.version, "confirm-leaves_on": "2021-01-01"}
    )
    assert wrong.status_code == 422
    assert "leaves_on" in wrong.context["sent_back"].errors
    browse(officer).post(at(proposed, "confirm/"), {"version": proposed.version})
    holder.refresh_from_db()
    proposed.refresh_from_db()
    assert (holder.ends_on, proposed.status) == (date(2022, 4, 10), "appointed")
    assert proposed.predecessor == holder


def test_a_unit_waits_for_the_bureau_and_may_mend_what_it_proposed(proposed, stranger, browse):
    answer = page(browse(stranger), proposed)
    assert answer.context["next"]["say"] == "待市政数局确认"
    assert whats(answer) == [("拟任", "now"), ("已任命", "wait")]
    assert browse(stranger).post(at(proposed, "confirm/"), {}).status_code == 403
    assert browse(stranger).get(at(proposed, "mend/")).status_code == 200


def test_a_wrong_number_is_sent_back_with_the_scan_kept(proposed, officer, browse):
    sent = {"version": proposed.version, "confirm-document_number": "7号", "confirm-file": scan()}
    answer = browse(officer).post(at(proposed, "confirm/"), sent)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "错误：" in text
    assert "“任命文件.pdf”已收到" in text


# --- 离任, 撤销, 作废 ------------------------------------------------------------------------------


def test_a_departure_has_its_own_document(row, data_officer, browse):
    sent = {
        "version": row.version,
        "end-ends_on": "2022-03-31",
        "end-ending": "removed",
        "end-ending_number": "深公免(2022)1号",
        "end-ending_signed_on": "2022-03-30",
        "end-reason": "工作调整",
    }
    done = browse(data_officer).post(at(row, "end/"), sent, follow=True)
    text = done.content.decode()
    assert "深公免〔2022〕1号" in text
    assert "工作调整" in text
    row.refresh_from_db()
    assert (row.status, row.ends_on) == ("ended", date(2022, 3, 31))


def test_faults_of_a_departure_stand_at_their_fields(row, data_officer, browse):
    blank = browse(data_officer).post(at(row, "end/"), {"version": row.version})
    assert set(blank.context["sent_back"].errors) == {"ends_on", "ending"}
    early = {"version": row.version, "end-ends_on": "2020-01-01", "end-ending": "left"}
    answer = browse(data_officer).post(at(row, "end/"), early)
    assert answer.status_code == 422
    assert "ends_on" in answer.context["ending"].errors


def test_what_another_body_removes_a_unit_does_not_end(register, stranger, officer, browse):
    row = register.appoint(register.city.district, date(2021, 9, 28))
    assert browse(stranger).post(at(row, "end/"), {}).status_code == 403
    text = page(browse(stranger), row).content.decode()
    assert "登记免职或卸任" not in text
    assert "登记免职或卸任" in page(browse(officer), row).content.decode()


def test_a_departure_entered_in_error_is_taken_back(row, officer, browse):
    services.end_appointment(row, on=date(2022, 3, 31), ending="left", by=officer)
    row.refresh_from_db()
    sent = {"version": row.version, "reinstate-reason": "登记错了"}
    done = browse(officer).post(at(row, "reinstate/"), sent, follow=True)
    assert "仍在任" in done.content.decode()
    row.refresh_from_db()
    assert (row.status, row.ends_on) == ("appointed", None)


def test_a_seat_taken_meanwhile_is_not_given_back(register, row, officer, browse):
    services.end_appointment(row, on=date(2022, 3, 31), ending="left", by=officer)
    other = register.appoint(register.city.department, date(2022, 4, 1))
    row.refresh_from_db()
    sent = {"version": row.version, "reinstate-reason": "登记错了"}
    answer = browse(officer).post(at(row, "reinstate/"), sent)
    assert answer.status_code == 409
    assert other.number in answer.content.decode()


def test_voiding_needs_a_reason_and_stays_readable(row, data_officer, browse):
    blank = browse(data_officer).post(at(row, "void/"), {"version": row.version})
    assert blank.status_code == 422
    sent = {"version": row.version, "void-reason": "登记重复"}
    done = browse(data_officer).post(at(row, "void/"), sent, follow=True)
    assert "这条任命已作废" in done.content.decode()
    assert whats(done) == [("拟任", ""), ("已任命", ""), ("已作废", "now")]
    again = browse(data_officer).post(at(row, "void/"), sent, follow=True)
    assert "不能这样办" in again.content.decode()
    assert browse(data_officer).get(at(row, "mend/")).status_code == 302


def test_whoever_is_late_is_told_who_was_first(row, officer, data_officer, browse):
    services.mend_appointment(row, by=officer, job_title="局长")
    sent = {"version": row.version, "void-reason": "登记重复"}
    answer = browse(data_officer).post(at(row, "void/"), sent)
    assert answer.status_code == 412
    assert "改过这条记录" in answer.content.decode()


# --- 更正 -----------------------------------------------------------------------------------------


def mended(row, **facts):
    given = {
        "version": row.version,
        "job_title": row.job_title,
        "level": row.level,
        "is_in_charge": "on",
        "document_number": row.document_number,
        "starts_on": "2021-09-28",
    }
    return {**given, **facts}


def test_what_was_typed_wrong_is_mended(row, data_officer, browse):
    client = browse(data_officer)
    shown = client.get(at(row, "mend/")).content.decode()
    assert 'value="2021-09-28"' in shown
    assert "ending_number" not in shown
    sent = mended(row, job_title="局长", document_number="深公任[2021]4号", file=scan())
    assert client.post(at(row, "mend/"), sent)["Location"] == at(row)
    row.refresh_from_db()
    assert (row.job_title, row.document_number) == ("局长", "深公任〔2021〕4号")
    assert row.file_name == "任命文件.pdf"
    assert "已有“任命文件.pdf”" in client.get(at(row, "mend/")).content.decode()


def test_an_end_is_mended_where_there_is_one(row, officer, browse):
    services.end_appointment(row, on=date(2022, 3, 31), ending="left", by=officer)
    row.refresh_from_db()
    sent = mended(row, ends_on="2022-03-15", ending_number="深公免〔2022〕2号")
    assert browse(officer).post(at(row, "mend/"), sent).status_code == 302
    row.refresh_from_db()
    assert row.ends_on == date(2022, 3, 15)


def test_faults_of_a_correction_lose_nothing(row, officer, browse):
    client = browse(officer)
    wrong = client.post(at(row, "mend/"), mended(row, document_number="3号", job_title="局长"))
    assert wrong.status_code == 422
    assert 'value="局长"' in wrong.content.decode()
    stale = client.post(at(row, "mend/"), mended(row, version="77"))
    assert stale.status_code == 412
    day = client.post(at(row, "mend/"), mended(row, starts_on="22-1-1"))
    assert "写成2022-04-29这样" in day.content.decode()


# --- the scan, and 信息无变化 -----------------------------------------------------------------------


def test_there_may_be_no_scan_or_a_lost_one(row, officer, browse):
    assert browse(officer).get(at(row, "file/")).status_code == 404
    stored = files.store([PDF], media_type="application/pdf")
    Appointment.rows.filter(pk=row.pk).update(file=stored, file_name="任命文件.pdf")
    files.path_of(stored.sha256).unlink()
    assert browse(officer).get(at(row, "file/")).status_code == 409


def test_one_click_says_that_nothing_has_changed(
    row, data_officer, officer, head, stranger, browse
):
    code = row.unit.code
    Appointment.rows.filter(pk=row.pk).update(confirmed_on=date(2020, 1, 1))
    address = f"/officers/confirm/{code}/"
    done = browse(data_officer).post(address, {"next": at(row)})
    assert done["Location"] == at(row)
    row.refresh_from_db()
    assert (row.confirmed_on, row.confirmed_by) == (date(2022, 4, 15), data_officer)
    for foreign in ("https://evil.example/", "//evil.example", ""):
        assert browse(officer).post(address, {"next": foreign})["Location"] == "/officers/"
    assert browse(head).post(address).status_code == 403
    assert browse(stranger).post(address).status_code == 404
    assert browse(officer).get(address).status_code == 405
