"""发现、制止、纠正: every state times every move, and the way of one finding."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from core import clock
from core.errors import MoveNotAllowed, Refused, StaleVersion
from core.handover import Fate, Leaving
from core.models import AuditEntry
from projects import handover, services
from projects.choices import MOVES, FindingMove, FindingStatus
from projects.models import Finding
from projects.queries import findings as queries
from tests.factories.projects import FindingFactory, ProjectFactory

pytestmark = pytest.mark.django_db
FOUND, APRIL, MAY = date(2022, 3, 1), date(2022, 4, 1), date(2022, 5, 16)
ACTS = {
    FindingMove.STOP: lambda row: services.stop_finding(row, on=APRIL, text="停用", by=None),
    FindingMove.ORDER: lambda row: services.order_correction(
        row, on=APRIL, measures="补办", due_on=MAY, by=None
    ),
    FindingMove.REDATE: lambda row: services.redate_finding(
        row, due_on=MAY, text="招标延后", by=None
    ),
    FindingMove.CORRECT: lambda row: services.correct_finding(
        row, on=APRIL, text="已补办", by=None
    ),
    FindingMove.CLOSE: lambda row: services.close_finding(row, reason="不属实", by=None),
    FindingMove.REOPEN: lambda row: services.reopen_finding(
        row, measures="再补办", due_on=MAY, by=None
    ),
}
STATES = {
    FindingStatus.FOUND: {},
    FindingStatus.STOPPED: {"stopped_on": APRIL},
    FindingStatus.CORRECTING: {"measures": "补办", "due_on": date(2022, 4, 29)},
    FindingStatus.CORRECTED: {"corrected_on": APRIL},
    FindingStatus.CLOSED: {"closed_on": APRIL, "close_reason": "不属实"},
}


def said(caught):
    return {name: "".join(texts) for name, texts in caught.value.message_dict.items()}


@pytest.mark.parametrize("move", FindingMove)
@pytest.mark.parametrize("status", FindingStatus)
def test_only_the_moves_of_the_table_pass(status, move):
    row = FindingFactory(status=status, **STATES[status])
    sources, target = MOVES[move]
    if status in sources:
        assert ACTS[move](row).status == target
        return
    with pytest.raises(MoveNotAllowed):
        ACTS[move](row)
    assert Finding.rows.get(pk=row.pk).status == status


def test_a_finding_goes_from_the_day_it_was_found_to_the_day_it_was_put_right(
    finding, data_officer
):
    assert (finding.number, finding.status) == ("FX-2022-0001", "found")
    row = services.stop_finding(finding, on=FOUND, text="当天停用", version=1, by=data_officer)
    row = services.order_correction(
        row, on=date(2022, 3, 2), measures="补办手续", due_on=MAY, by=data_officer
    )
    row = services.redate_finding(row, due_on=date(2022, 5, 20), text="招标延后", by=data_officer)
    row = services.follow_up(row, on=APRIL, text="已启动补办", by=data_officer)
    row = services.correct_finding(row, on=date(2022, 4, 14), text="手续齐全", by=data_officer)
    assert (row.status, row.stopped_on, row.due_on, row.corrected_on, row.due_version) == (
        "corrected",
        FOUND,
        date(2022, 5, 20),
        date(2022, 4, 14),
        2,
    )
    steps = [(step.step, str(step.happened_on), step.due_on) for step in row.steps.all()]
    assert steps == [
        ("report", "2022-03-01", None),
        ("stop", "2022-03-01", None),
        ("order", "2022-03-02", MAY),
        ("redate", "2022-04-15", date(2022, 5, 20)),
        ("follow_up", "2022-04-01", None),
        ("correct", "2022-04-14", None),
    ]
    verbs = AuditEntry.objects.of(f"finding:{row.number}").values_list("verb", flat=True)
    assert list(verbs) == [f"finding.{step}" for step, _day, _due in steps]
    row = services.reopen_finding(row, measures="又发生", due_on=MAY, by=data_officer)
    assert (row.status, row.corrected_on, row.due_version) == ("correcting", None, 3)


@pytest.mark.parametrize(
    ("act", "facts", "field"),
    [
        (services.stop_finding, {"on": None, "text": "x"}, "on"),
        (services.stop_finding, {"on": date(2022, 2, 1), "text": "x"}, "on"),
        (services.stop_finding, {"on": date(2022, 4, 16), "text": "x"}, "on"),
        (services.stop_finding, {"on": APRIL, "text": " "}, "text"),
        (services.order_correction, {"on": APRIL, "measures": "", "due_on": MAY}, "measures"),
        (services.order_correction, {"on": APRIL, "measures": "x", "due_on": None}, "due_on"),
        (services.order_correction, {"on": APRIL, "measures": "x", "due_on": FOUND}, "due_on"),
        (services.correct_finding, {"on": APRIL, "text": ""}, "text"),
        (services.close_finding, {"reason": ""}, "reason"),
        (services.follow_up, {"on": APRIL, "text": ""}, "text"),
    ],
)
def test_each_step_says_what_and_when(finding, act, facts, field):
    with pytest.raises(ValidationError) as caught:
        act(finding, by=None, **facts)
    assert set(said(caught)) == {field}
    assert Finding.rows.get(pk=finding.pk).version == 1


def test_the_same_day_again_is_no_new_time_limit():
    row = FindingFactory(correcting=True)
    with pytest.raises(ValidationError) as caught:
        services.redate_finding(row, due_on=row.due_on, text="x", by=None)
    assert "一样" in said(caught)["due_on"]


def test_two_who_act_at_once_are_told(finding):
    with pytest.raises(StaleVersion):
        services.close_finding(finding, reason="x", version=9, by=None)


def test_what_was_found_is_mended_but_not_how_it_went(finding, project):
    row = services.mend_finding(finding, title=" 新标题 ", project=project, version=1, by=None)
    assert (row.title, row.project, row.version) == ("新标题", project, 2)
    assert row.steps.count() == 1
    with pytest.raises(ValueError, match="status"):
        services.mend_finding(row, status="closed", by=None)
    with pytest.raises(ValidationError) as caught:
        services.mend_finding(row, found_on=None, by=None)
    assert set(said(caught)) == {"found_on"}


def test_a_finding_is_about_a_project_of_its_own_unit(finding, city):
    other = ProjectFactory(enrolment=city.enrolment(city.district))
    with pytest.raises(ValidationError) as caught:
        services.mend_finding(finding, project=other, by=None)
    assert other.number in said(caught)["project"]


def report(place, **facts):
    given = {"nature": "loss", "title": "t", "what": "w", "basis": "b", "found_on": FOUND}
    return services.report_finding(place, **{**given, "by": None, **facts})


def test_findings_are_entered_only_where_a_document_says_so(city, department):
    with pytest.raises(Refused, match="没有写发现、制止及纠正的职权"):
        report(department)
    with pytest.raises(Refused, match="不是这个方案的试点单位"):
        report(city.bureau.enrolments.get())


def test_a_form_sent_twice_enters_one_finding(powers, department, data_officer):
    report(department, once="k", by=data_officer)
    with pytest.raises(Refused, match="没有重复登记"):
        report(department, once="k", by=data_officer)
    assert Finding.rows.count() == 1


# --- lists and hand-over -------------------------------------------------------------------------


def test_the_head_counts_what_the_list_shows(city, department):
    FindingFactory(enrolment=department)
    FindingFactory(enrolment=department, correcting=True)
    FindingFactory(enrolment=department, correcting=True, due_on=APRIL)
    FindingFactory(enrolment=department, status="corrected", corrected_on=APRIL)
    found = queries.totals(Finding.rows.all(), clock.today())
    assert (found.open, found.correcting, found.overdue, found.corrected) == (3, 2, 1, 1)


def test_a_finding_is_found_by_number_words_project_and_unit(finding, city):
    FindingFactory(enrolment=city.enrolment(city.district), title="别的")
    for text in (finding.number, "未经审批", "接口", "公安局"):
        assert list(queries.searched(Finding.rows.all(), text)) == [finding], text


def test_whoever_leaves_hands_over_what_is_open(finding, city, data_officer, stranger):
    row = FindingFactory(enrolment=finding.enrolment, correcting=True, title="二")
    leaving = Leaving(data_officer, city.department, None, clock.today(), data_officer)
    items = handover.open_items(leaving)
    assert [(item.title, item.fate) for item in items] == [
        (f"发现的问题：{row.title}", Fate.STAYS),
        (f"发现的问题：{finding.title}", Fate.STAYS),
    ]
    assert "整改期限2022-04-29" in items[0].detail
    assert "整改期限" not in items[1].detail
    assert handover.move(leaving) == 0
    foreign = Leaving(data_officer, city.department, None, clock.today(), stranger)
    assert handover.open_items(foreign) == []
    system = Leaving(data_officer, city.department, None, clock.today(), None)
    assert len(handover.open_items(system)) == 2
