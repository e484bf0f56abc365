"""任务 (P7): dates in the document's words, basis, records, course, and what each role may do."""

import re
import uuid
from datetime import date

import pytest

from duties import services
from duties.choices import Move
from duties.models import Assignment
from duties.services import follow_hand_in
from reminders import services as reminders
from tests.factories.duties import FulfilmentFactory
from tests.factories.pilots import EnrolmentFactory, MembershipFactory


@pytest.fixture
def report(city):
    return city.assignment(city.department)


@pytest.fixture
def training(city):
    return city.assignment(city.department, "training")


def page_of(client, row):
    response = client.get(f"/tasks/{row.number}/")
    assert response.status_code == 200
    return response.content.decode()


def form(row, **facts):
    return {"version": row.version, "token": str(uuid.uuid4()), **facts}


def post(client, row, act, **facts):
    return client.post(f"/tasks/{row.number}/{act}/", form(row, **facts))


def test_wording_and_chosen_date_stand_apart(report, training, officer, browse):
    client = browse(officer)
    text = page_of(client, training)
    assert "原文：在2022年4月前。" in text
    assert "系统按2022-03-31提醒，最晚2022-04-30，口径待确认，确认之前不算逾期。" in text
    assert "4月30日是周六且为节假日（劳动节），最后一个工作日是4月29日。" in text
    assert "确认截止口径" in text
    assert "系统按2022-04-30提醒，当天24:00止。" in page_of(client, report)


def test_a_weekend_that_is_no_holiday_is_only_a_weekend(report, officer, browse):
    Assignment.rows.filter(pk=report.pk).update(
        due_on="2022-04-23", latest_on="2022-04-23", original_due_on="2022-03-31",
        last_workday_on="2022-04-22", latest_workday_on="2022-04-22",
    )  # fmt: skip
    text = page_of(browse(officer), report)
    assert "4月23日是周六，最后一个工作日是4月22日。" in text
    assert "原定2022-03-31，经批准延至2022-04-23。" in text


def test_past_both_readings_it_counts_from_the_last(training, officer, browse, settings):
    settings.TODAY = "2022-05-10"
    text = page_of(browse(officer), training)
    assert "口径没有确认，逾期从最晚日期算起。" in text
    assert "为什么是红的" in text
    assert "已过10天" in text


def test_no_date_is_made_up(city, officer, browse):
    text = page_of(browse(officer), city.assignment(city.department, "plan"))
    assert "文件未定时限，不设截止日期，也不会逾期。" in text


def test_the_clause_is_quoted_with_a_link_to_its_place(report, officer, browse):
    text, clause = page_of(browse(officer), report), report.obligation.clause
    assert f"<blockquote>{clause.text}</blockquote>" in text
    assert f'href="/documents/{clause.document.code}/#{clause.code}"' in text


def test_a_clause_told_in_other_words_is_not_shown_as_a_quotation(report, officer, browse):
    type(report.obligation.clause).rows.update(is_quoted=False)
    text = page_of(browse(officer), report)
    assert "转述，不是原文" in text
    assert "<blockquote>" not in text


def test_without_a_clause_the_origin_is_named(report, officer, browse):
    report.obligation.clause, report.obligation.origin = None, "bureau"
    report.obligation.save()
    assert "市政数局职责" in page_of(browse(officer), report)


@pytest.mark.parametrize(("person", "act"), [("stranger", "accept"), ("foreigner", "withdraw")])
def test_another_units_task_is_not_there(request, report, person, act, browse):
    client = browse(request.getfixturevalue(person))
    assert client.get(f"/tasks/{report.number}/").status_code == 404
    assert post(client, report, act).status_code == 404


def test_who_may_do_what(report, cast, browse):
    buttons = {
        name: {
            act
            for act in ("accept", "complete", "withdraw", "exempt")
            if f"/tasks/{report.number}/{act}/" in page_of(browse(cast[name]), report)
        }
        for name in ("officer", "head", "data_officer", "unit_cdo", "provincial_reader", "auditor")
    }
    nothing = set()
    assert buttons == {
        "officer": {"complete", "withdraw", "exempt"},
        "head": nothing,
        "data_officer": {"accept"},
        "unit_cdo": {"accept"},
        "provincial_reader": nothing,
        "auditor": nothing,
    }


@pytest.mark.parametrize("person", ["head", "data_officer", "provincial_reader", "auditor"])
def test_who_may_not_is_refused(request, report, browse, person):
    client = browse(request.getfixturevalue(person))
    for act in ("complete", "withdraw", "exempt", "restore"):
        response = post(client, report, act, happened_on="2022-04-01", **{f"{act}-reason": "x"})
        assert response.status_code == 403, act
    report.refresh_from_db()
    assert (report.status, report.version) == ("assigned", 1)


def test_an_officer_of_the_other_city_who_sees_it_may_not_move_it(city, report, foreigner, browse):
    """Reading a programme as its superior gives no right that the desk at home has."""
    home = foreigner.memberships.get().unit
    EnrolmentFactory(programme=city.programme, unit=home, part="superior")
    MembershipFactory(user=foreigner, unit=home, role="provincial_reader")
    client = browse(foreigner)
    assert page_of(client, report)
    assert post(client, report, "withdraw", **{"withdraw-reason": "x"}).status_code == 403


def test_the_bureau_does_not_accept_for_a_unit(report, officer, browse):
    assert post(browse(officer), report, "accept").status_code == 403


def test_the_unit_accepts(report, data_officer, browse):
    client = browse(data_officer)
    response = post(client, report, "accept")
    assert response.status_code == 302
    text = page_of(client, report)
    assert "已签收" in text
    assert "等测试市公安局完成，还差1次" in text
    assert data_officer.audit_label in text


def test_completion_notes_the_letter_and_a_double_click_counts_once(report, officer, browse):
    client = browse(officer)
    sent = form(
        report,
        happened_on="2022-04-12",
        sender="测试市公安局",
        letter="深公函〔2022〕12号",
        remark="纸质件已存",
    )
    for _click in range(2):
        assert client.post(f"/tasks/{report.number}/complete/", sent).status_code == 302
    mark = report.fulfilments.get()
    assert mark.happened_on == date(2022, 4, 12)
    assert mark.note == "来文：测试市公安局，深公函〔2022〕12号。纸质件已存"
    text = page_of(client, report)
    assert "已完成" in text
    assert "深公函〔2022〕12号" in text


def test_completion_without_a_letter_has_no_note(report, officer, browse):
    post(browse(officer), report, "complete", happened_on="2022-04-12")
    assert report.fulfilments.get().note == ""


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"happened_on": ""}, "填写“完成日期”"),
        ({"happened_on": "2022-04-16"}, "“完成日期”2022-04-16还没有到"),
        ({"happened_on": "四月"}, "“完成日期”写成2022-04-29这样"),
        (
            {"happened_on": "2022-04-01", "remark": "长" * 262},
            "“说明”超出上限62字，压缩到200字以内",
        ),
    ],
)
def test_faults_are_said_in_words_and_nothing_typed_is_lost(report, officer, browse, facts, words):
    response = post(browse(officer), report, "complete", letter="深公函〔2022〕12号", **facts)
    text = response.content.decode()
    assert response.status_code == 422
    assert text.count(words) == 2, "in the summary and at the field"
    assert "深公函〔2022〕12号" in text
    assert re.search(r"<title>\s*错误：", text)
    assert not report.fulfilments.exists()


def test_a_stale_form_says_who_was_quicker_and_keeps_what_was_typed(
    report, officer, data_officer, browse
):
    services.accept(report, by=data_officer)
    response = post(
        browse(officer), report, "complete", happened_on="2022-04-12", letter="深公函〔2022〕12号"
    )
    text = response.content.decode()
    assert response.status_code == 412
    assert data_officer.audit_label in text
    assert "填写的内容还在，核对后再提交。" in text
    assert "深公函〔2022〕12号" in text
    assert f'name="version" value="{report.version + 1}"' in text, (
        "the next try is on what is shown"
    )


def test_a_form_without_a_version_is_stale(report, officer, browse):
    response = browse(officer).post(
        f"/tasks/{report.number}/complete/", {"token": uuid.uuid4(), "happened_on": "2022-04-12"}
    )
    assert response.status_code == 412
    assert "刚被别人改过" in response.content.decode()


def test_voiding_needs_a_reason_and_reopens(report, officer, browse):
    client = browse(officer)
    mark = services.fulfil(report, source_key="k", happened_on=date(2022, 4, 1), by=officer)
    report.refresh_from_db()
    response = post(client, report, f"void/{mark.pk}", **{f"void-{mark.pk}-reason": ""})
    assert response.status_code == 422
    assert "填写“原因”" in response.content.decode()
    response = post(client, report, f"void/{mark.pk}", **{f"void-{mark.pk}-reason": "登记错了"})
    assert response.status_code == 302
    text = page_of(client, report)
    assert "已作废" in text
    assert "登记错了" in text
    report.refresh_from_db()
    assert report.status == "accepted"


def test_a_record_of_another_task_is_not_voided_here(report, officer, browse):
    other = FulfilmentFactory()
    response = post(browse(officer), report, f"void/{other.pk}", **{f"void-{other.pk}-reason": "x"})
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("act", "status"), [("withdraw", "withdrawn"), ("exempt", "not_applicable")]
)
def test_taking_off_and_restoring(report, officer, browse, act, status):
    client = browse(officer)
    assert post(client, report, act, **{f"{act}-reason": " "}).status_code == 422
    assert post(client, report, act, **{f"{act}-reason": "机构已撤并"}).status_code == 302
    report.refresh_from_db()
    assert report.status == status
    text = page_of(client, report)
    assert "机构已撤并" in text
    assert "登记完成</button>" not in text
    assert post(client, report, "restore").status_code == 302
    report.refresh_from_db()
    assert report.status == "assigned"


def test_the_wrong_moment_is_said_on_the_page(report, officer, browse):
    services.take_off(report, Move.WITHDRAW, by=officer, reason="方案调整")
    report.refresh_from_db()
    response = post(browse(officer), report, "exempt", **{"exempt-reason": "x"})
    assert response.status_code == 409
    assert "当前状态不允许这一步" in response.content.decode()


def test_the_course_has_every_step_with_its_second(report, training, officer, data_officer, browse):
    services.accept(training, by=data_officer)
    mark = services.fulfil(
        training, source_key="k", happened_on=date(2022, 4, 1), by=officer, note="第一次"
    )
    services.void(mark, by=officer, reason="登记错了")
    for key in "ab":
        services.fulfil(training, source_key=key, happened_on=date(2022, 4, 2), by=officer)
    services.decide_reading(
        training.obligation, due_on=date(2022, 4, 30), by=officer, basis="来函确认"
    )
    response = browse(officer).get(f"/tasks/{training.number}/")
    steps = response.context["steps"]
    assert [step["what"] for step in steps] == [
        "确认截止口径", "完成", "登记完成", "登记完成", "作废完成记录", "登记完成", "签收", "交办",
    ]  # fmt: skip
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", step["at"]) for step in steps)
    notes = [step["note"] for step in steps]
    assert notes[0] == "定为2022-04-30。来函确认"
    assert notes[1] == "完成日期2022-04-02"
    assert notes[4] == "登记错了"
    assert notes[5] == "2022-04-01　第一次"


def test_who_was_told_what_and_when(
    city, report, officer, data_officer, unit_cdo, browse, mailoutbox
):
    for day in (date(2022, 4, 21), date(2022, 4, 26)):
        reminders.plan(day)
    reminders.hasten()
    reminders.deliver()
    text = page_of(browse(officer), report)
    assert "提前3个工作日" in text
    for person in (data_officer, unit_cdo):
        assert str(person) in text
    assert "已发送" in text
    own = browse(data_officer).get(f"/tasks/{report.number}/")
    assert [row["who"] for row in own.context["told"]] == [data_officer, data_officer]
    early = own.context["told"][1]["mails"][0]
    assert (early["row"].state, early["left_out"]) == ("sent", "已有更新的提醒")
    assert "电子邮件　未发：已有更新的提醒" in text


@pytest.mark.parametrize(
    ("status", "words"),
    [
        ("submitted", "等待审核或备案"),
        ("returned", "已退回，补正后再提交"),
    ],
)
def test_whose_turn_it_is(report, officer, browse, status, words):
    follow_hand_in(report, Move.SUBMIT, by=None)
    if status == "returned":
        follow_hand_in(report, Move.RETURN, by=None, note="补章")
    assert words in page_of(browse(officer), report)


def test_the_addresses_of_moves_lead_back_to_the_page(report, officer, browse):
    response = browse(officer).get(f"/tasks/{report.number}/withdraw/")
    assert response.status_code == 302
    assert response["Location"] == f"/tasks/{report.number}/"


def test_more_records_do_not_cost_more_queries(
    training, officer, browse, django_assert_max_num_queries
):
    client = browse(officer)
    page_of(client, training)
    for number in range(6):
        FulfilmentFactory(assignment=training, created_by=officer, source_key=f"n{number}")
    reminders.plan(date(2022, 4, 15))
    with django_assert_max_num_queries(33):
        page_of(client, training)


def test_an_occurrence_that_was_opened_is_given_once_in_words(city, officer, browse):
    row = services.open_occurrence(
        city.obligations["report"],
        city.enrolment(city.department),
        occurrence="change-2",
        due_on=date(2022, 5, 31),
        by=officer,
    )
    page = page_of(browse(officer), row)
    course = page[page.index('id="course"') :]
    assert "assignment.open" not in page
    assert course.count("<b>交办</b>") == 1
    assert "按方案自动生成" not in course
