"""Drafts: nothing typed is lost, nothing typed is overwritten, every fault is said at once."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from core import clock
from core.errors import MoveNotAllowed, Refused
from duties.models import DutyArea
from reports import queries, services
from reports.models import Evidence, Report, Section, SectionEvidence, SectionRevision
from reports.queries.writing import starts_from
from tests.factories.duties import DutyAreaFactory, DutyItemFactory
from tests.factories.reports import EvidenceFactory, SectionRevisionFactory

pytestmark = pytest.mark.django_db


def save(desk, section, version=None, tab="", **content):
    return services.save_section(section, content, by=desk.data_officer, version=version, tab=tab)


def test_what_is_typed_is_kept_with_its_revision(desk):
    section = desk.section(desk.report())
    saved = save(
        desk, section, 1, body="第一段。\r\n第二段。  \x00", completion="done", problems=""
    )
    assert (saved.section.body, saved.section.version, saved.is_conflict) == (
        "第一段。\n第二段。", 2, False,
    )  # fmt: skip
    assert save(desk, section, 1, body="第一段。\n第二段。").section.version == 2  # the same again
    assert SectionRevision.objects.get().content["body"] == "第一段。\n第二段。"
    assert save(desk, section, 2, completion="best").section.completion == ""


def test_one_sitting_in_one_window_rewrites_its_newest_revision_unless_text_is_deleted(desk):
    section = desk.section(desk.report())
    save(desk, section, tab="a", body="甲")
    save(desk, section, tab="a", body="甲乙")
    assert SectionRevision.objects.count() == 1
    save(desk, section, tab="a", body="甲")  # deleted: the longer text stays
    save(desk, section, tab="b", body="甲丙")
    kept = SectionRevision.objects.order_by("id").values_list("content__body", flat=True)
    assert list(kept) == ["甲乙", "甲", "甲丙"]


def test_after_ten_minutes_a_new_revision_begins(desk):
    section = desk.section(desk.report())
    before = clock.now() - timedelta(minutes=11)
    SectionRevisionFactory(section=section, content={"body": "甲"}, tab="b", saved_at=before)
    save(desk, section, tab="b", body="甲丙")
    assert SectionRevision.objects.count() == 2


def test_two_windows_and_both_texts_are_kept(desk):
    section = desk.section(desk.report())
    save(desk, section, 1, body="先保存的一段")
    late = save(desk, section, 1, body="后保存的一段")
    assert late.is_conflict
    assert late.kept.content["body"] == "后保存的一段"
    assert late.kept.kind == "conflict"
    assert Section.rows.get(pk=section.pk).body == "先保存的一段"


def test_another_window_in_another_section_is_no_conflict(desk):
    report = desk.report()
    one, two = desk.section(report, 0), desk.section(report, 1)
    assert not save(desk, one, 1, body="一").is_conflict
    assert not save(desk, two, 1, body="二").is_conflict


def test_what_was_handed_in_is_not_written_any_more(desk):
    report = desk.handed_in()
    with pytest.raises(MoveNotAllowed):
        save(desk, desk.section(report), body="再改")
    with pytest.raises(MoveNotAllowed):
        services.carry_over(report, by=desk.data_officer)


# --- faults --------------------------------------------------------------------------------------


def test_every_fault_of_an_empty_report_is_said_at_once(desk):
    report = desk.report()
    with pytest.raises(ValidationError) as caught:
        services.put_up(report, by=desk.data_officer)
    keys = [row.key for row in report.sections.all()]
    assert caught.value.message_dict == {
        **{f"{key}.body": ["填写“本期进展”"] for key in keys},
        **{f"{key}.completion": ["选择“完成情况”"] for key in keys},
    }
    assert Report.rows.get().status == "draft"


def test_six_hundred_characters_are_kept_and_told(desk):
    report = desk.report()
    save(desk, desk.section(report), body="字 \n" * 600, completion="done", next_steps="步" * 301)
    messages = [fault.message for fault in queries.faults_of(report)][:2]
    assert messages == [
        "“本期进展”超出上限100字，压缩到500字以内",
        "“下步打算”超出上限1字，压缩到300字以内",
    ]
    assert queries.length_of(report) == 901


def test_a_summary_needs_its_progress_only(desk):
    report = desk.summary()
    assert [fault.message for fault in queries.faults_of(report)] == ["填写“工作进度”"]
    assert not queries.asked_figures(desk.section(report)).exists()
    save(desk, desk.section(report), body="字" * 5001)
    assert [fault.message for fault in queries.faults_of(report)] == [
        "“工作进度”超出上限1字，压缩到5000字以内"
    ]


@pytest.mark.parametrize(
    ("low", "high", "value", "message"),
    [
        (0, 100, 940, "“挂接率”要在0到100之间，现在是940"),
        (1, None, 0, "“挂接率”不能小于1，现在是0"),
        (None, 5, "5.5", "“挂接率”不能大于5，现在是5.5"),
        (0, 100, None, "填写“挂接率”"),
        (0, 100, 94, None),
        (None, None, -3, None),
    ],
)
def test_figures_lie_between_their_bounds(desk, city, low, high, value, message):
    area = DutyArea.rows.filter(programme=city.programme).order_by("position")[0]
    bounds = [None if each is None else Decimal(each) for each in (low, high)]
    asked = services.FigureAsked(area, "挂接率", "%", *bounds)
    desk.open_period("2022Q2", figures=[asked])
    report = desk.fill(desk.report(code="2022Q2"))
    section = report.sections.get(area=area)
    (figure,) = queries.asked_figures(section)
    assert (figure.label, str(figure)) == ("挂接率（%）", "挂接率")
    if value is not None:
        save(desk, section, figures={str(figure.pk): Decimal(value)})
    assert [fault.message for fault in queries.faults_of(report)] == ([message] if message else [])


# --- carried over --------------------------------------------------------------------------------


@pytest.fixture
def second(desk):
    """The report of the second quarter, after one was handed in for the first."""
    desk.handed_in(body="第一季度编目80项。", problems="人手不足。")
    desk.open_period("2022Q2")
    return desk.report(code="2022Q2")


def test_carrying_over_fills_what_is_empty_and_marks_it(desk, second):
    typed = desk.section(second, 1)
    save(desk, typed, body="自己写的。")
    changed = services.carry_over(second, by=desk.data_officer)
    assert len(changed) == 2
    first, other = desk.section(second, 0), desk.section(second, 1)
    origin = queries.earlier_report(second).number
    assert (first.body, first.origins) == (
        "第一季度编目80项。", {"body": origin, "problems": origin},
    )  # fmt: skip
    assert (other.body, other.origins) == ("自己写的。", {"problems": origin})
    assert services.carry_over(second, by=desk.data_officer) == []
    assert queries.earlier_section(first)["body"] == "第一季度编目80项。"


def test_a_text_that_was_changed_is_no_longer_carried(desk, second):
    services.carry_over(second, by=desk.data_officer, keys=[desk.section(second).key])
    save(desk, desk.section(second), body="第二季度编目120项。")
    assert set(desk.section(second).origins) == {"problems"}
    assert desk.section(second, 1).body == ""


def test_no_change_for_the_whole_period_in_one_act(desk, second):
    save(desk, desk.section(second, 1), body="新做了一件事。")
    marked = services.mark_unchanged(second, by=desk.data_officer)
    assert [row.key for row in marked] == [desk.section(second, 0).key]
    assert desk.section(second, 0).completion == "unchanged"
    assert desk.section(second, 1).completion == ""
    assert services.mark_unchanged(second, by=desk.data_officer) == []


def test_an_unchanged_section_counts_no_progress(desk, second, city):
    from duties.models import ItemProgress

    services.mark_unchanged(second, by=desk.data_officer)
    services.put_up_and_sign(second, by=desk.unit_cdo)
    services.accept(second, by=desk.officer)
    assert ItemProgress.rows.count() == 0


def test_where_nothing_was_reported_before_nothing_is_carried(desk):
    report = desk.report()
    with pytest.raises(Refused, match="以前没有报送过"):
        services.carry_over(report, by=desk.data_officer)
    with pytest.raises(Refused, match="不能选“本期无变化”"):
        services.mark_unchanged(report, by=desk.data_officer)
    assert queries.earlier_sections(report) == {}
    assert queries.earlier_report(desk.summary()) is None


def test_an_empty_section_before_is_not_called_unchanged(desk, city):
    """A section that held nothing last time has nothing that could be the same."""
    desk.handed_in()
    area = DutyAreaFactory(programme=city.programme, position=99)
    DutyItemFactory(area=area)
    desk.open_period("2022Q2")
    report = desk.report(code="2022Q2")
    services.mark_unchanged(report, by=desk.data_officer)
    assert report.sections.get(area=area).completion == ""


def test_a_summary_is_put_together_from_the_years_reports(desk, second):
    services.accept(queries.earlier_report(second), by=desk.officer)
    services.mark_unchanged(second, by=desk.data_officer)
    services.put_up_and_sign(second, by=desk.unit_cdo)
    services.accept(second, by=desk.officer)
    summary = desk.summary()
    services.carry_over(summary, by=desk.data_officer)
    progress, problems, suggestions = summary.sections.order_by("position")
    assert progress.body.count("2022年第一季度：第一季度编目80项。") == 2  # once an area
    assert "第二季度" not in progress.body  # only carried over
    assert problems.body.startswith(
        f"{second.sections.first().heading}（2022年第一季度）：人手不足。"
    )
    assert suggestions.body == ""
    assert "、" in progress.origins["body"]


# --- a plan that changes under the drafts --------------------------------------------------------


def test_an_area_added_or_withdrawn_keeps_every_text(desk, city):
    report = desk.report()
    section = desk.section(report)
    save(desk, section, body="写好的内容")
    added = DutyAreaFactory(programme=city.programme, position=99)
    DutyItemFactory(area=added)
    section.area.withdrawn_on = "2022-04-15"
    section.area.save()
    report = services.start_report(report.assignment, by=None)
    assert [row.area for row in report.sections.standing()][-1] == added
    gone = Section.rows.get(pk=section.pk)
    assert (gone.body, gone.dropped_on is None) == ("写好的内容", False)
    section.area.withdrawn_on = None
    section.area.save()
    services.start_report(report.assignment, by=None)
    assert Section.rows.get(pk=section.pk).dropped_on is None


def test_what_was_handed_in_does_not_change_with_the_plan(desk, city):
    report = desk.handed_in()
    DutyItemFactory(area=DutyAreaFactory(programme=city.programme, position=99))
    assert services.sync_sections(report).sections.count() == 2


# --- evidence ------------------------------------------------------------------------------------


def test_a_file_is_used_again_and_stays_with_its_edition(desk, city, received):
    report = desk.fill(desk.report())
    section = desk.section(report)
    evidence = services.keep_evidence(
        received, unit=city.department, programme=city.programme, by=desk.data_officer
    )
    again = services.keep_evidence(
        received, unit=city.department, programme=city.programme, by=desk.data_officer
    )
    assert again == evidence
    assert services.attach(section, evidence, by=desk.data_officer) == services.attach(
        section, evidence, by=desk.data_officer
    )
    assert Evidence.objects.visible_to(desk.data_officer).count() == 1
    assert Evidence.objects.visible_to(desk.officer).count() == 0
    services.put_up_and_sign(report, by=desk.unit_cdo)
    assert Evidence.objects.visible_to(desk.officer).get() == evidence
    with pytest.raises(MoveNotAllowed):
        services.detach(SectionEvidence.objects.get(), by=desk.data_officer)
    with pytest.raises(MoveNotAllowed):
        services.attach(section, evidence, by=desk.data_officer)
    services.recall(report, by=desk.data_officer)
    services.detach(SectionEvidence.objects.get(), by=desk.data_officer)
    (kept,) = report.submissions.get().files.all()
    assert kept.evidence == evidence
    assert report.submissions.get().content["sections"][0]["evidence"][0]["name"] == evidence.name


def test_another_units_file_is_not_taken(desk, auditor):
    other = EvidenceFactory()
    assert Evidence.objects.visible_to(auditor).count() == 1
    with pytest.raises(Refused, match="不是本单位的材料"):
        services.attach(desk.section(desk.report()), other, by=desk.data_officer)


def test_a_summary_starts_from_no_single_report(city):
    assert starts_from(city.assignment(city.department)) is None
