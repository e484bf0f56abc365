"""The pages: an event from its form to its papers, lists by three ways, declarations, the reading."""

import io
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from duties import doors
from tests.trainings.conftest import MARCH
from tests.trainings.test_lists import HEAD, book
from trainings import services
from trainings.models import Attendance, CountingRule, Declaration, Event, EventFile

TODAY = date(2022, 4, 15)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def pdf(name="签到表.pdf"):
    content = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    return SimpleUploadedFile(name, content, "application/pdf")


def form(city, unit, **more):
    return {
        "once": "key-1", "kind": "training", "title": "数据目录业务培训",
        "organisers": [str(city.enrolment(unit).pk)], "starts_on": "2022-03-02",
        "form": "offline", **more,
    }  # fmt: skip


def test_a_clerk_enters_a_training_that_was_held_with_its_sheet_and_it_counts(
    city, data_officer, browse, count
):
    page = browse(data_officer)
    assert "登记培训或会议" in page.get("/trainings/new/").content.decode()
    given = form(city, city.department, is_held="on", file=pdf(), hours="2.5")
    answer = page.post("/trainings/new/", given, follow=True)
    assert "已登记，编号PX-2022-0001" in answer.content.decode()
    assert count(city.department) == 1
    again = page.post("/trainings/new/", form(city, city.department))
    assert again.status_code == 409
    assert "没有重复登记" in again.content.decode()


def test_faults_stand_at_their_fields_and_nothing_is_lost(city, data_officer, browse):
    given = form(city, city.department, ends_on="2022-03-01", hours="x", begins_at="25:99")
    answer = browse(data_officer).post("/trainings/new/", given)
    said = answer.content.decode()
    assert answer.status_code == 422
    assert "“学时”写成4或2.5这样的数" in said
    assert "写成09:30这样" in said
    assert "数据目录业务培训" in said
    answer = browse(data_officer).post(
        "/trainings/new/", form(city, city.department, ends_on="2022-03-01")
    )
    assert "结束日期不能早于开始日期2022-03-02" in answer.content.decode()


def test_an_event_is_mended_held_reopened_cancelled_and_restored_by_its_pages(
    city, plan, officer, browse
):
    row = plan(city.department)
    page, one = browse(officer), f"/trainings/{row.number}/"
    given = form(city, city.department, title="改名培训", version=row.version)
    assert "已更正" in page.post(f"{one}mend/", given, follow=True).content.decode()
    assert "改过这条记录" in page.post(f"{one}mend/", given).content.decode()
    for act, reason, status in (
        ("hold", "", "held"), ("reopen", "没办", "planned"), ("cancel", "合并", "cancelled"),
        ("restore", "", "planned"),
    ):  # fmt: skip
        assert page.get(f"{one}{act}/").status_code == 200
        row.refresh_from_db()
        page.post(f"{one}{act}/", {"version": row.version, "reason": reason})
        row.refresh_from_db()
        assert row.status == status
    assert page.get(f"{one}reopen/").status_code == 302
    assert page.get(f"{one}dance/").status_code == 404
    services.hold_event(row, by=officer)
    assert "重新计算" in page.get(f"{one}mend/").content.decode()
    services.reopen_event(row, by=officer, reason="x")
    services.cancel_event(row, by=officer, reason="x")
    assert page.get(f"{one}files/new/").status_code == 302


def test_a_file_is_put_there_read_and_removed(city, hold, officer, stranger, browse):
    row = hold(city.department, proof=False)
    page, one = browse(officer), f"/trainings/{row.number}/"
    row.refresh_from_db()
    assert "暂不计入任务" in page.get(one).content.decode()
    given = {"kind": "sign_in", "file": pdf(), "version": row.version}
    assert (
        "已上传“签到表.pdf”" in page.post(f"{one}files/new/", given, follow=True).content.decode()
    )
    file = EventFile.rows.get()
    assert page.get(f"{one}files/{file.pk}/")["Content-Type"] == "application/pdf"
    assert browse(stranger).get(f"{one}files/{file.pk}/").status_code == 404
    row.refresh_from_db()
    assert "不再计入任务" in page.get(f"{one}files/{file.pk}/remove/").content.decode()
    page.post(f"{one}files/{file.pk}/remove/", {"version": row.version, "reason": "传错"})
    assert page.get(f"{one}files/{file.pk}/").status_code == 404
    stale = {"kind": "sign_in", "version": row.version}
    assert page.post(f"{one}files/new/", stale).status_code == 422


def test_the_list_is_ticked_pasted_and_imported(register, city, hold, officer, browse):
    holder = register.appoint(city.department, date(2021, 9, 1)).person
    row = hold(city.department)
    page, address = browse(officer), f"/trainings/{row.number}/attendance/"
    assert holder.name in page.get(address).content.decode()
    assert page.post(address, {"act": "dance"}).status_code == 422
    page.post(address, {"act": "tick", "version": row.version, "people": [str(holder.uuid)]})
    assert Attendance.rows.get().person == holder
    row.refresh_from_db()
    answer = page.post(address, {"act": "tick", "version": row.version})
    assert "勾选或填写参加人员" in answer.content.decode()
    pasted = f"{holder.name} 公安局\n演示人员88，科技处，科员\n\n"
    answer = page.post(address, {"act": "paste", "version": row.version, "names": pasted})
    said = answer.content.decode()
    assert "对上1人，1人需要选择" in said
    given = {
        "act": "pick", "route": "pasted", "version": row.version,
        "name": [holder.name, "演示人员88"], "unit": ["公安局", "科技处"], "duty": ["", "科员"],
        "pick-0": "skip", "unit-0": "", "pick-1": "other", "unit-1": "",
    }  # fmt: skip
    answer = page.post(address, given)
    assert "“演示人员88”没有写单位" in answer.content.decode()
    given["unit-1"] = city.department.display_name
    assert page.post(address, {**given, "version": 1}).status_code == 412
    assert "已登记1人" in page.post(address, given, follow=True).content.decode()
    entry = Attendance.rows.get(person=None)
    assert (entry.unit, entry.duty) == (city.department, "科员")
    sheet = SimpleUploadedFile("名单.xlsx", book([*HEAD, ["演示人员89", "合作单位"]]).read(), XLSX)
    row.refresh_from_db()
    answer = page.post(address, {"act": "sheet", "version": row.version, "file": sheet})
    assert "演示人员89" in answer.content.decode()
    bad = SimpleUploadedFile("名单.xlsx", book([*HEAD, [None, "合作单位"]]).read(), XLSX)
    answer = page.post(address, {"act": "sheet", "version": row.version, "file": bad})
    assert "第3行A列“姓名”是空的" in answer.content.decode()
    blank = load_workbook(io.BytesIO(page.get(f"{address}template.xlsx").content))
    assert blank.active["A2"].value == "姓名"


def test_a_pasted_list_that_cannot_be_read_says_where(city, hold, officer, browse):
    row = hold(city.department)
    address = f"/trainings/{row.number}/attendance/"
    for names, words in (("甲" * 41, "第1行"), ("甲 乙\n" * 2001, "一次最多2000人")):
        given = {"act": "paste", "version": row.version, "names": names}
        assert words in browse(officer).post(address, given).content.decode()


def test_names_are_struck_out_and_strangers_kept_away(city, hold, officer, stranger, browse):
    row = hold(city.department)
    seats = [services.Seat("演示人员90", unit=city.department)]
    services.add_people(row, seats, route="pasted", by=officer)
    row.refresh_from_db()
    entry = Attendance.rows.get()
    address = f"/trainings/{row.number}/attendance/"
    given = {"people": [entry.pk], "version": row.version, "reason": ""}
    assert "勾选要划去的人" in (
        browse(officer).post(f"{address}strike/", given, follow=True).content.decode()
    )
    given["reason"] = "没有来"
    assert "已划去1人" in (
        browse(officer).post(f"{address}strike/", given, follow=True).content.decode()
    )
    assert browse(stranger).get(address).status_code == 404
    guest = hold(city.department, participants=[city.enrolment(city.district)])
    assert browse(stranger).get(f"/trainings/{guest.number}/attendance/").status_code == 403


def test_a_unit_declares_the_bureau_returns_and_confirms(
    register, city, hold, data_officer, officer, stranger, browse, count
):
    holder = register.appoint(city.department, date(2021, 9, 1)).person
    row = hold(city.department, proof=False)
    one = f"/trainings/{row.number}/"
    clerk, desk = browse(data_officer), browse(officer)
    given = {
        "version": row.version, "headcount": 12, "people": [str(holder.uuid)],
        "others": "演示人员91 科员\n", "note": "",
    }  # fmt: skip
    assert "如实申报" in clerk.get(f"{one}declare/").content.decode()
    assert desk.get(f"{one}declare/").status_code == 403
    assert "等待牵头单位确认" in clerk.post(f"{one}declare/", given, follow=True).content.decode()
    said = Declaration.rows.get()
    act = f"{one}declarations/{said.pk}/"
    assert "参加情况申报" in desk.get("/").content.decode()
    assert clerk.get(f"{act}confirm/").status_code == 403
    assert desk.get(f"{act}dance/").status_code == 404
    desk.post(f"{act}return/", {"version": said.version, "reason": "核对人数"})
    said.refresh_from_db()
    assert "退回原因：核对人数" in clerk.get(f"{act}resubmit/").content.decode()
    assert desk.get(f"{act}resubmit/").status_code == 403
    given |= {"version": said.version, "headcount": 11}
    clerk.post(f"{act}resubmit/", given)
    said.refresh_from_db()
    assert (said.state, said.headcount, said.people.filter(removed_at=None).count()) == (
        "waiting", 11, 2,
    )  # fmt: skip
    assert clerk.get(f"{act}resubmit/").status_code == 302
    assert "列名2人" in desk.get(f"{act}confirm/").content.decode()
    desk.post(f"{act}confirm/", {"version": said.version})
    assert count(city.department) == 1
    said.refresh_from_db()
    desk.post(f"{act}undo/", {"version": said.version})
    said.refresh_from_db()
    clerk.post(f"{act}withdraw/", {"version": said.version})
    said.refresh_from_db()
    assert said.state == "withdrawn"


def test_a_meeting_is_answered_minuted_and_its_resolutions_become_tasks(
    city, plan, officer, data_officer, stranger, browse
):
    row = plan(
        city.government, kind="meeting", starts_on=TODAY + timedelta(days=3),
        participants=[city.enrolment(city.department)],
    )  # fmt: skip
    one, desk, clerk = f"/trainings/{row.number}/", browse(officer), browse(data_officer)
    assert "送参会回执" in clerk.get(one).content.decode()
    given = {"version": row.version, "answer": "coming", "headcount": 2, "people": "甲、乙"}
    assert "回执已送出" in clerk.post(f"{one}answer/", given, follow=True).content.decode()
    assert clerk.get(f"{one}answer/").status_code == 200
    assert desk.get(f"{one}answer/").status_code == 403
    row.refresh_from_db()
    assert "纪要已保存" in (
        desk.post(f"{one}minutes/", {"version": row.version, "text": "通报了进展。"}, follow=True)
        .content.decode()
    )  # fmt: skip
    assert desk.get(f"{one}minutes/").status_code == 200
    row.refresh_from_db()
    part = city.enrolment(city.department)
    given = {"version": row.version, "text": "报送清单", "leads": [part.pk], "due_on": "2022-05-20"}
    assert desk.get(f"{one}resolutions/new/").status_code == 200
    desk.post(f"{one}resolutions/new/", given)
    found = row.resolutions.get()
    act = f"{one}resolutions/{found.pk}/"
    assert clerk.post(f"{act}order/").status_code == 403
    assert "已转为TZ-" in desk.post(f"{act}order/", follow=True).content.decode()
    assert "先撤销通知" in desk.post(f"{act}drop/", follow=True).content.decode()
    bare = services.add_resolution(row, text="再议", by=officer)
    answer = desk.post(f"{one}resolutions/{bare.pk}/drop/", follow=True)
    assert "已删去这一项" in answer.content.decode()
    services.cancel_event(Event.rows.get(pk=row.pk), by=officer, reason="改期")
    assert clerk.get(f"{one}answer/").status_code == 302


def test_papers_open_as_page_and_word(city, hold, officer, browse):
    row = hold(city.department)
    for kind in ("notice", "receipt", "sign-in", "minutes", "certificate"):
        address = f"/trainings/{row.number}/documents/{kind}"
        assert browse(officer).get(f"{address}/").status_code == 200
        assert browse(officer).get(f"{address}.docx").content[:2] == b"PK"
    assert browse(officer).get(f"/trainings/{row.number}/documents/poem/").status_code == 404


def test_the_list_its_filters_its_export_and_every_way_to_it(
    city, hold, officer, data_officer, browse
):
    row = hold(city.department)
    bare = hold(city.district, proof=False)
    page = browse(officer)
    for query, there, gone in (
        ("unproven=true", bare, row),
        ("counts=true", row, bare),
        (f"unit={city.department.code}", row, bare),
        (f"task={city.assignment(city.department, 'training').number}&programme=", row, bare),
    ):
        said = page.get(f"/trainings/?{query}").content.decode()
        assert f"/trainings/{there.number}/" in said
        assert f"/trainings/{gone.number}/" not in said
    assert "没有符合条件" in page.get("/trainings/?q=查无此会").content.decode()
    book_ = load_workbook(io.BytesIO(page.get("/trainings/export.xlsx?counts=true").content))
    assert book_.active["A3"].value == row.number
    assert book_.active["A4"].value is None
    task = city.assignment(city.department, "training")
    answer = page.get(f"/overview/t{task.pk}")
    assert answer["Location"].endswith(f"task={task.number}")
    assert row.number in page.get(f"/search/?q={row.number}", follow=True).content.decode()
    assert row.title in page.get(f"/units/{city.department.code}/").content.decode()
    assert "应办2次，已办1次，还差1次" in browse(data_officer).get("/").content.decode()


def test_the_quota_page_and_the_reading(city, exchange, hold, officer, data_officer, browse):
    hold(city.government, kind="exchange")
    hold(city.department, kind="skills", expected=10)
    page = browse(officer)
    said = page.get("/trainings/quota/?on=2022-03-20").content.decode()
    assert "按2022-03-20列出" in said
    assert "全员技能培训" in said
    given = {"version": 1, "exchange_reading": "together", "note": "复函"}
    assert "重新计数" in page.post("/trainings/counting/", given, follow=True).content.decode()
    assert CountingRule.rows.get().exchange_reading == "together"
    assert "改过这条记录" in page.post(
        "/trainings/counting/", given | {"version": 9}
    ).content.decode()  # fmt: skip
    assert browse(data_officer).get("/trainings/counting/").status_code == 403
    assert "合计2次" in browse(data_officer).get("/trainings/quota/").content.decode()


@pytest.mark.parametrize("unit", ["department", "district"])
def test_a_unit_sees_its_own_events_and_those_it_is_invited_to(
    city, plan, data_officer, stranger, browse, api, unit
):
    own = plan(getattr(city, unit))
    asked = plan(city.government, participants=[city.enrolment(getattr(city, unit))])
    plan(city.government)
    reader, other = (data_officer, stranger) if unit == "department" else (stranger, data_officer)
    found = api(reader).get("/api/v1/events/").json()["results"]
    assert {row["id"] for row in found} == {own.number, asked.number}
    assert browse(reader).get(f"/trainings/{asked.number}/").status_code == 200
    assert browse(other).get(f"/trainings/{own.number}/").status_code == 404
    assert own.starts_on == MARCH


def test_what_an_event_counts_is_put_right_at_the_event_and_not_on_the_task(
    city, hold, officer, data_officer, browse
):
    row, client = hold(city.department), browse(officer)
    task = city.assignment(city.department, "training")
    mark, url = task.fulfilments.get(), f"/tasks/{task.number}/"
    page = client.get(url).content.decode()
    assert f'<a href="/trainings/{row.number}/">到培训和会议更正' in page
    assert f"{url}void/" not in page
    sent = {"version": task.version, f"void-{mark.pk}-reason": "登记错了"}
    answer = client.post(f"{url}void/{mark.pk}/", sent)
    assert answer.status_code == 409
    assert "这条记录不能在这里作废，到培训和会议更正。" in answer.content.decode()
    assert task.fulfilments.get().voided_at is None
    assert "到培训和会议更正" not in browse(data_officer).get(url).content.decode()
    with pytest.raises(ValueError, match="elsewhere already"):
        doors.register_source("event", None)
