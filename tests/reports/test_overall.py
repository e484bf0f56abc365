"""The overall report: chosen, drafted, signed by the bureau, closed by its 报送登记, written as an
official document."""

import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from docx import Document
from docx.shared import Pt

from core.errors import MoveNotAllowed, Refused, StaleVersion
from duties import services as duties
from duties.models import Assignment
from reports import queries, services
from reports.choices import Chapter
from reports.documents import overall as document
from reports.models import Dispatch, Report
from reports.queries import overall as reading
from tests.conftest import _member, make_city
from tests.factories.reports import DispatchFactory, PassageFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def summary(desk):
    """The department's summary, handed in."""
    report = desk.summary()
    texts = ["印发实施方案，编目120项。", "人手不足。", "建议增加培训。"]
    for section, body in zip(report.sections.all(), texts, strict=True):
        services.save_section(section, {"body": body}, by=desk.data_officer, version=None)
    services.put_up_and_sign(report, by=desk.unit_cdo)
    return Report.rows.for_lists().get(pk=report.pk)


@pytest.fixture
def overall(desk, city):
    task = city.assignment(city.bureau, "overall_report")
    return services.start_report(task, by=desk.officer)


def picks(report, *keys):
    edition = report.submissions.latest("edition")
    return [services.Pick(edition, key) for key in keys]


def signed(desk, overall, head):
    services.put_up(overall, by=desk.officer)
    return services.sign(overall, by=head)


def sending(city, **facts):
    return services.Sending(
        **{
            "signed_by_name": "演示人员90",
            "document_number": "测政数函(2022)9号",
            "sent_on": date(2022, 4, 15),
            "receiver": city.superior,
        }
        | facts
    )


def test_what_may_be_chosen_is_what_was_handed_in(desk, city, summary):
    (source,) = reading.sources_of(city.programme)
    assert source.report == summary
    assert source.passages[("progress", "body")] == ("工作进度", "印发实施方案，编目120项。")
    assert len(source.passages) == 3


def test_it_is_drafted_by_part_with_figures_and_the_chosen_words(desk, city, summary, overall):
    area = city.programme.areas.order_by("position")[0]
    item = area.items.get(kinds=["municipal_department"])
    duties.record_progress(
        item, city.enrolment(city.department), source_key="x", happened_on=date(2022, 4, 1),
        summary="开了两次培训。", by=None,
    )  # fmt: skip
    chosen = services.choose_passages(
        overall, picks(summary, "progress", "suggestions"), by=desk.officer
    )
    assert [str(each) for each in chosen] == [
        f"{summary.number}-1 progress", f"{summary.number}-1 suggestions",
    ]  # fmt: skip
    services.draft_overall(overall, by=desk.officer)
    parts = {row.key: row.body for row in overall.sections.all()}
    unit = city.department.short_name
    assert "共有3个单位参加试点。截至2022年4月15日：" in parts["intro"]
    assert "3个单位，应完成6，已完成0" in parts["intro"]  # two trainings each
    assert parts[area.code] == f"{unit}：开了两次培训。"
    assert parts["units"] == f"{unit}：印发实施方案，编目120项。"
    assert (parts["problems"], parts["suggestions"]) == ("", f"{unit}：建议增加培训。")
    assert queries.faults_of(overall) == []


def test_drafted_anew_it_follows_the_choice_and_keeps_what_was_typed(desk, summary, overall):
    services.choose_passages(overall, picks(summary, "progress"), by=desk.officer)
    services.draft_overall(overall, by=desk.officer)
    typed = overall.sections.get(key="units")
    services.save_section(typed, {"body": "各单位进展良好。"}, by=desk.officer, version=None)
    chosen = picks(summary, "progress", "problems")
    services.choose_passages(overall, chosen, by=desk.officer)
    services.choose_passages(overall, chosen, by=desk.officer)  # the same again
    services.draft_overall(overall, by=desk.officer)
    parts = {row.key: row.body for row in overall.sections.all()}
    assert parts["units"] == "各单位进展良好。"
    assert parts["problems"].endswith("人手不足。")
    services.choose_passages(overall, [], by=desk.officer)
    services.draft_overall(overall, by=desk.officer)
    assert overall.sections.get(key="problems").body == ""
    assert overall.sections.get(key="problems").revisions.count() == 3


def test_an_area_that_is_gone_steps_aside_with_its_text(desk, city, overall):
    services.draft_overall(overall, by=desk.officer)
    area = city.programme.areas.first()
    area.withdrawn_on = "2022-04-15"
    area.save()
    services.draft_overall(overall, by=desk.officer)
    assert overall.sections.get(key=area.code).dropped_on == date(2022, 4, 15)


def test_what_does_not_belong_is_not_chosen(desk, city, summary, overall):
    with pytest.raises(Refused, match="没有内容"):
        services.choose_passages(overall, picks(summary, "nowhere"), by=desk.officer)
    other = make_city("440100", "别市")
    foreign = services.start_report(other.assignment(other.bureau, "overall_report"), by=None)
    with pytest.raises(Refused, match="不是本方案的报告"):
        services.choose_passages(foreign, picks(summary, "progress"), by=desk.officer)
    with pytest.raises(MoveNotAllowed):
        services.draft_overall(summary, by=desk.officer)


def test_an_empty_one_is_not_put_up(desk, overall):
    with pytest.raises(ValidationError, match="先选材料并起草"):
        services.put_up(overall, by=desk.officer)
    services.draft_overall(overall, by=desk.officer)
    intro = overall.sections.get(key="intro")
    services.save_section(intro, {"body": ""}, by=desk.officer, version=None)
    with pytest.raises(ValidationError, match="填写“基本情况”"):
        services.put_up(overall, by=desk.officer)
    services.save_section(intro, {"body": "字" * 20001}, by=desk.officer, version=None)
    with pytest.raises(ValidationError, match="压缩到20000字以内"):
        services.put_up(overall, by=desk.officer)


def test_it_closes_only_by_its_entry(desk, city, summary, overall, head):
    services.draft_overall(overall, by=desk.officer)
    with pytest.raises(MoveNotAllowed):
        services.dispatch(overall, sending(city), by=desk.officer)
    report = signed(desk, overall, head)
    assert (report.status, report.assignment.status) == ("submitted", "assigned")
    with pytest.raises(StaleVersion):
        services.dispatch(overall, sending(city), by=desk.officer, version=1)
    entry = services.dispatch(overall, sending(city), by=desk.officer, version=report.version)
    assert (str(entry), entry.receiver) == ("测政数函〔2022〕9号", city.superior)
    report.refresh_from_db()
    task = Assignment.rows.get(pk=report.assignment_id)
    assert (report.status, task.status, task.done_on) == ("accepted", "done", date(2022, 4, 15))
    assert list(Dispatch.objects.visible_to(desk.officer)) == [entry]
    assert document.standing_dispatch(report) == entry


def test_only_an_overall_report_goes_out_this_way(desk, city, summary):
    with pytest.raises(MoveNotAllowed):
        services.dispatch(summary, sending(city), by=desk.officer)


@pytest.mark.parametrize(
    ("facts", "field", "fault"),
    [
        ({"signed_by_name": " "}, "signed_by_name", "填写签发人"),
        ({"document_number": ""}, "document_number", "填写发文字号"),
        ({"document_number": "9号"}, "document_number", "发文字号要写成"),
        ({"sent_on": date(2022, 4, 16)}, "sent_on", "不能晚于今天"),
    ],
)
def test_what_is_wrong_with_the_entry_is_said(desk, city, overall, head, facts, field, fault):
    services.draft_overall(overall, by=desk.officer)
    signed(desk, overall, head)
    with pytest.raises(ValidationError) as caught:
        services.dispatch(overall, sending(city, **facts), by=desk.officer)
    assert fault in caught.value.message_dict[field][0]


def test_a_wrong_entry_is_taken_back_and_made_again(desk, city, overall, head):
    services.draft_overall(overall, by=desk.officer)
    signed(desk, overall, head)
    entry = services.dispatch(overall, sending(city), by=desk.officer)
    with pytest.raises(Refused, match="写明作废原因"):
        services.void_dispatch(entry, by=desk.officer, reason="")
    report = services.void_dispatch(entry, by=desk.officer, reason="文号登错")
    assert report.status == "submitted"
    assert Assignment.rows.get(pk=report.assignment_id).status == "accepted"
    with pytest.raises(Refused, match="已作废"):
        services.void_dispatch(entry, by=desk.officer, reason="再来")
    services.dispatch(overall, sending(city), by=desk.officer)  # the number is free again
    assert Dispatch.rows.count() == 2


def test_before_it_goes_out_it_may_be_taken_back_to_the_desk(desk, overall, head):
    services.draft_overall(overall, by=desk.officer)
    report = signed(desk, overall, head)
    assert services.recall(report, by=desk.officer).status == "draft"


def test_the_province_reads_it_when_it_went_out(desk, city, overall, head):
    reader = _member(city, city.superior, "provincial_reader")
    services.draft_overall(overall, by=desk.officer)
    report = signed(desk, overall, head)
    assert list(Report.objects.visible_to(reader)) == []
    services.dispatch(overall, sending(city), by=desk.officer)
    assert list(Report.objects.visible_to(reader)) == [report]


# --- the document --------------------------------------------------------------------------------


def opened(content):
    return Document(io.BytesIO(content))


def texts(doc):
    return [paragraph.text for paragraph in doc.paragraphs]


def test_the_document_has_every_unit_and_figure_in_the_format_of_the_standard(
    desk, city, summary, overall, head
):
    services.choose_passages(
        overall, picks(summary, "progress", "problems", "suggestions"), by=desk.officer
    )
    services.draft_overall(overall, by=desk.officer)
    signed(desk, overall, head)
    report = Report.rows.for_lists().get(pk=overall.pk)
    services.dispatch(report, sending(city), by=desk.officer)
    doc = opened(document.write(report))
    page = doc.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(each.mm) for each in margins] == [37, 35, 28, 26]
    lines = texts(doc)
    assert "测政数函〔2022〕9号" in lines
    assert f"{city.superior.full_name}：" in lines
    assert "一、基本情况" in lines
    assert "二、各项职责推进情况" in lines
    assert f"{city.department.short_name}：印发实施方案，编目120项。" in lines
    assert "2022年4月15日" in lines
    assert "附件：" + summary.title in lines
    heads, *rows = [[cell.text for cell in row.cells] for row in doc.tables[0].rows]
    assert heads == ["任务", "单位数", "应完成", "已完成", "完成单位", "按时完成"]
    assert ["培训", "3", "6", "0", "0", "0"] in rows
    body = next(row for row in doc.paragraphs if row.text.startswith(city.department.short_name))
    assert body.style.name == "Body Text"
    assert doc.styles["Title"].font.size == Pt(22)
    assert document.file_name(report, "docx") == f"{report.title}.docx"


def test_a_draft_is_written_as_it_stands_and_without_a_superior_to_nobody(desk, city, overall):
    city.programme.enrolments.filter(part="superior").update(withdrawn_on="2022-04-01")
    services.draft_overall(overall, by=desk.officer)
    lines = texts(opened(document.write(Report.rows.for_lists().get(pk=overall.pk))))
    assert document.receiver_of(overall) is None
    assert any("年　　月" in line for line in lines)  # no date until it is sent


def test_the_annexes_are_the_units_that_were_chosen_once_each(desk, summary, overall):
    services.choose_passages(overall, picks(summary, "progress", "problems"), by=desk.officer)
    (annex,) = reading.annexes_of(overall)
    assert annex["number"] == summary.number
    assert [row["heading"] for row in annex["sections"]] == ["工作进度", "存在问题", "意见建议"]


def test_of_progress_reports_their_fields_are_chosen(desk, city, overall):
    report = desk.handed_in(body="编目80项。", problems="人手不足。")
    key = report.sections.first().key
    edition = report.submissions.get()
    services.choose_passages(
        overall, [services.Pick(edition, key), services.Pick(edition, key, "problems")],
        by=desk.officer,
    )  # fmt: skip
    unit = city.department.short_name
    assert reading.chosen_texts(overall, Chapter.PROGRESS) == [(unit, "编目80项。")]
    assert reading.chosen_texts(overall, Chapter.PROBLEMS) == [(unit, "人手不足。")]
    assert reading.chosen_texts(overall, Chapter.SUGGESTIONS) == []
    assert reading.annexes_of(overall) == []


def test_raw_rows_are_held_to_the_same(desk, overall, summary):
    edition = summary.submissions.get()
    PassageFactory(report=overall, submission=edition)
    with pytest.raises(IntegrityError), transaction.atomic():
        PassageFactory(report=overall, submission=edition)
    DispatchFactory(report=overall, submission=edition)
    with pytest.raises(IntegrityError), transaction.atomic():
        DispatchFactory(report=overall, submission=edition, document_number="测函〔2022〕2号")
