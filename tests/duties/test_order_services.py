"""通知: drafted, signed by the bureau's chain, issued to many units, withdrawn."""

from contextlib import nullcontext
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from approvals import queries as approvals
from approvals.choices import State
from approvals.services import PaperSignature
from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from core.handover import Fate, Leaving
from core.models import AuditEntry
from duties import services
from duties.choices import ORDER_MOVES, OrderMove, OrderState, Status
from duties.handover import open_items
from duties.models import Assignment, Helper, Obligation, Order, OrderHelper
from duties.queries import orders as queries
from tests.conftest import _member
from tests.factories.approvals import ChainStepFactory
from tests.factories.duties import DutyAreaFactory, OrderFactory, OrderLeadFactory
from tests.factories.pilots import EnrolmentFactory, ProgrammeFactory, UnitFactory

from .ordering import FACTS, issued, put_up, scan  # noqa: F401 - scan is a fixture

pytestmark = pytest.mark.django_db


def test_a_draft_is_the_bureaus_and_has_a_number(city, officer):
    units = [city.district, city.department]
    row = services.draft_order(
        city.programme, by=officer, leads=[city.enrolment(unit) for unit in units], **FACTS
    )
    assert (row.number, row.state, row.issuer, row.version) == (
        "TZ-2022-0001", OrderState.DRAFT, city.bureau, 1,
    )  # fmt: skip
    assert [lead.enrolment.unit for lead in queries.leads_of(row)] == [
        city.department,
        city.district,
    ]
    entry = AuditEntry.objects.get(verb="order.draft")
    assert entry.after["units"] == [city.department.code, city.district.code]
    assert str(row) == "TZ-2022-0001 报送公共数据共享需求清单"


def test_nobody_of_a_unit_drafts_and_no_head(city, unit_cdo, head):
    for user in (unit_cdo, head):
        with pytest.raises(PermissionRefused, match="经办人拟稿"):
            services.draft_order(city.programme, by=user, **FACTS)


def test_what_is_not_written_by_hand_and_strange_areas_and_units_are_refused(city, officer):
    with pytest.raises(ValueError, match="state"):
        services.draft_order(city.programme, by=officer, state="issued")
    with pytest.raises(ValidationError, match="不是这个方案的职责"):
        services.draft_order(city.programme, by=officer, area=DutyAreaFactory(), **FACTS)
    stranger = EnrolmentFactory()
    with pytest.raises(ValidationError, match="的试点单位"):
        services.draft_order(city.programme, by=officer, leads=[stranger], **FACTS)
    with pytest.raises(ValidationError, match="六角括号"):
        services.draft_order(city.programme, by=officer, source_number="粤府[2021]1号", **FACTS)
    assert not Order.rows.exists()


def test_a_draft_is_changed_and_keeps_the_helpers_of_leads_that_stay(city, officer, scan):  # noqa: F811 - the fixture
    row = services.draft_order(
        city.programme,
        by=officer,
        leads=[city.enrolment(city.department), city.enrolment(city.district)],
        template=scan,
        template_name="模板.xlsx",
        **FACTS,
    )
    first, second = queries.leads_of(row)
    chosen = {first.pk: [(city.district, "提供数据")], second.pk: [(city.bureau, "")]}
    row = services.choose_helpers(row, chosen, by=officer, version=1)
    row = services.edit_order(
        row,
        by=officer,
        leads=[city.enrolment(city.department), city.enrolment(city.government)],
        title=" 改过的标题 ",
        drop_template=True,
        version=2,
    )
    assert (row.title, row.template, row.template_name, row.version) == ("改过的标题", None, "", 3)
    leads = queries.leads_of(row)
    assert [lead.enrolment.unit for lead in leads] == [city.government, city.department]
    (helper,) = OrderHelper.objects.all()
    assert (str(helper.lead), helper.unit, helper.note) == (
        str(city.department), city.district, "提供数据",
    )  # fmt: skip
    assert str(helper) == f"{city.department} {city.district}"
    entry = AuditEntry.objects.get(verb="order.edit")
    assert entry.before["units"] == [city.department.code, city.district.code]
    with pytest.raises(StaleVersion):
        services.edit_order(row, by=officer, title="又改", version=2)
    assert services.edit_order(row, by=officer, title="又改").title == "又改"


def test_helpers_are_other_bodies_of_the_programme(city, officer):
    row = services.draft_order(
        city.programme, by=officer, leads=[city.enrolment(city.department)], **FACTS
    )
    (lead,) = queries.leads_of(row)
    with pytest.raises(ValidationError, match="不能协办自己的任务"):
        services.choose_helpers(row, {lead.pk: [(city.department, "")]}, by=officer)
    for unit in (city.superior, UnitFactory()):
        with pytest.raises(ValidationError, match="没有参与这个方案"):
            services.choose_helpers(row, {lead.pk: [(unit, "")]}, by=officer)


def test_everything_that_is_missing_is_said_at_once(city, officer):
    row = services.draft_order(city.programme, by=officer, title="只有标题")
    with pytest.raises(ValidationError) as refusal:
        services.submit_order(row, by=officer, version=1)
    assert set(refusal.value.message_dict) == {"wanted", "acceptance", "due_on", "leads"}
    row = services.edit_order(row, by=officer, due_on=date(2022, 4, 14))
    with pytest.raises(ValidationError, match="2022-04-14已过"):
        services.submit_order(row, by=officer)
    row.refresh_from_db()
    assert (row.state, approvals.last_round(row.number)) == (OrderState.DRAFT, None)


def test_nothing_is_put_up_in_a_programme_that_is_not_followed(city, officer):
    row = OrderFactory(programme=ProgrammeFactory(), issuer=city.bureau)
    EnrolmentFactory(programme=row.programme, unit=city.bureau, part="bureau")
    with pytest.raises(Refused, match="还没有开始跟踪"):
        services.submit_order(row, by=officer)


def test_the_last_signature_issues_it_to_every_unit(city, officer, head):
    area = DutyAreaFactory(programme=city.programme)
    row = put_up(
        city, officer, units=[city.department, city.district], area=area, source_title="工作要点"
    )
    (lead, _other) = queries.leads_of(row)
    found = approvals.last_round(row.number)
    assert (found.purpose, found.unit, found.due_on) == ("order", city.bureau, date(2022, 4, 29))
    row = services.sign_order(row, by=head, remark="同意。", version=row.version)
    assert (row.state, row.issued_on) == (OrderState.ISSUED, date(2022, 4, 15))
    demand = row.obligation
    assert (demand.code, demand.origin, demand.nature, demand.area, demand.received_by) == (
        f"{city.programme.code}.{row.number.lower()}", "order", "other", area, city.bureau,
    )  # fmt: skip
    assert (demand.short_title, demand.source) == ("报送公共数据共享需求清单", "工作要点")
    tasks = Assignment.rows.filter(obligation=demand).order_by("enrolment__position")
    assert [(task.unit, task.status, task.due_on) for task in tasks] == [
        (city.department, Status.ASSIGNED, date(2022, 4, 29)),
        (city.district, Status.ASSIGNED, date(2022, 4, 29)),
    ]
    assert lead.enrolment.unit == city.department
    assert AuditEntry.objects.filter(verb="order.issue", subject=f"order:{row.number}").exists()


def test_issuing_gives_each_task_its_helpers(city, officer, head):
    row = issued(city, officer, head, units=[city.department], helpers=[city.district])
    task = queries.tasks_of(row).get()
    (helper,) = queries.helpers_of(task)
    assert (helper.unit, helper.note, helper.added_by) == (city.district, "协助核对", head)
    assert str(helper) == f"{task} {city.district}"


def test_a_long_title_is_shortened_unless_the_drafter_gives_one(city, officer, head):
    long = "关于报送二〇二二年度公共数据共享开放需求清单和责任清单的通知"
    row = issued(city, officer, head, title=long)
    assert row.obligation.short_title == f"{long[:19]}…"
    other = issued(city, officer, head, title=long, short_title="需求清单")
    assert other.obligation.short_title == "需求清单"


def test_two_steps_issue_at_the_second_only(city, officer, head):
    ChainStepFactory(unit=city.bureau, position=1, kind="bureau_section")
    ChainStepFactory(unit=city.bureau, position=2, kind="bureau_head")
    colleague = _member(city, city.bureau, "bureau_officer")
    row = put_up(city, officer)
    row = services.sign_order(row, by=colleague, version=2)
    assert (row.state, row.version, row.obligation) == (OrderState.TO_SIGN, 3, None)
    with pytest.raises(StaleVersion):
        services.sign_order(row, by=head, version=2)
    assert services.sign_order(row, by=head, version=3).state == OrderState.ISSUED


def test_only_who_signs_may_sign(city, officer, unit_cdo):
    row = put_up(city, officer)
    for user in (officer, unit_cdo):
        with pytest.raises(PermissionRefused):
            services.sign_order(row, by=user)
    row.refresh_from_db()
    assert row.state == OrderState.TO_SIGN


def test_sent_back_and_recalled_it_is_a_draft_again_and_goes_another_round(city, officer, head):
    row = put_up(city, officer)
    with pytest.raises(Refused, match="写明要改什么"):
        services.send_back_order(row, by=head, reason=" ")
    row = services.send_back_order(row, by=head, reason="期限太紧。", version=row.version)
    assert row.is_draft
    assert AuditEntry.objects.get(verb="order.send_back").after["reason"] == "期限太紧。"
    row = services.submit_order(row, by=officer)
    row = services.recall_order(row, by=officer, version=row.version)
    assert row.is_draft
    assert [found.state for found in approvals.rounds_of(row.number)] == [
        State.SENT_BACK,
        State.RECALLED,
    ]


def test_it_may_be_signed_on_paper(city, officer, scan):  # noqa: F811 - the fixture
    row = put_up(city, officer)
    row = services.sign_order_on_paper(
        row,
        [PaperSignature("王局长", date(2022, 4, 15), "同意")],
        scan=scan,
        scan_name="审签单.pdf",
        by=officer,
        version=row.version,
    )
    assert row.state == OrderState.ISSUED
    assert approvals.last_round(row.number).steps.get().route == "paper"


def test_a_unit_that_left_meanwhile_stops_it(city, officer, head):
    row = put_up(city, officer, units=[city.department])
    left = city.enrolment(city.department)
    left.ends_on = date(2022, 4, 14)
    left.save()
    with pytest.raises(Refused, match="公安局已不在试点单位中"):
        services.sign_order(row, by=head)
    row.refresh_from_db()
    assert (row.state, Obligation.rows.filter(origin="order").count()) == (OrderState.TO_SIGN, 0)


def test_withdrawing_takes_the_open_tasks_off_and_leaves_done_ones(city, officer, head, unit_cdo):
    row = issued(city, officer, head, units=[city.department, city.district])
    done = queries.tasks_of(row).get(enrolment__unit=city.district)
    services.fulfil(done, source_key="x", happened_on=date(2022, 4, 15), by=officer)
    with pytest.raises(Refused, match="写明撤销原因"):
        services.withdraw_order(row, by=officer, reason=" ")
    with pytest.raises(PermissionRefused):
        services.withdraw_order(row, by=unit_cdo, reason="不要了")
    row = services.withdraw_order(row, by=head, reason="并入年度工作。", version=row.version)
    assert (row.state, row.withdraw_reason) == (OrderState.WITHDRAWN, "并入年度工作。")
    off = queries.tasks_of(row).get(enrolment__unit=city.department)
    done.refresh_from_db()
    assert (off.status, off.status_note, done.status) == (
        Status.WITHDRAWN, "并入年度工作。", Status.DONE,
    )  # fmt: skip
    services.sync_assignments(city.programme, by=None)
    assert queries.tasks_of(row).count() == 2
    with pytest.raises(Refused, match="通知已在2022-04-15撤销"):
        services.restore(off, by=officer)


def test_a_draft_and_one_that_waits_are_withdrawn_too(city, officer, head):
    draft = services.draft_order(city.programme, by=officer, **FACTS)
    with pytest.raises(PermissionRefused):
        services.withdraw_order(draft, by=head, reason="不发了")
    draft = services.withdraw_order(draft, by=officer, reason="不发了")
    waits = put_up(city, officer)
    waits = services.withdraw_order(waits, by=officer, reason="不发了")
    assert {draft.state, waits.state} == {OrderState.WITHDRAWN}
    assert approvals.last_round(waits.number).state == State.RECALLED
    assert queries.tasks_of(waits).count() == 0


def test_one_without_a_round_is_not_signed(city, head):
    row = OrderFactory(programme=city.programme, issuer=city.bureau, state="to_sign")
    with pytest.raises(Refused, match="没有审签记录"):
        services.sign_order(row, by=head)


# --- n × n --------------------------------------------------------------------------------------


def _in_state(city, officer, head, state):
    if state == OrderState.DRAFT:
        return services.draft_order(
            city.programme, by=officer, leads=[city.enrolment(city.department)], **FACTS
        )
    if state == OrderState.TO_SIGN:
        return put_up(city, officer)
    row = issued(city, officer, head)
    return (
        row if state == OrderState.ISSUED else services.withdraw_order(row, by=officer, reason="撤")
    )


@pytest.mark.parametrize("state", OrderState)
@pytest.mark.parametrize("move", OrderMove)
def test_services_move_by_the_table_only(city, officer, head, state, move):
    row = _in_state(city, officer, head, state)
    acts = {
        OrderMove.SUBMIT: lambda: services.submit_order(row, by=officer),
        OrderMove.SEND_BACK: lambda: services.send_back_order(row, by=head, reason="改"),
        OrderMove.RECALL: lambda: services.recall_order(row, by=officer),
        OrderMove.ISSUE: lambda: services.sign_order(row, by=head),
        OrderMove.WITHDRAW: lambda: services.withdraw_order(row, by=officer, reason="撤"),
    }
    sources, target = ORDER_MOVES[move]
    if state in sources:
        assert acts[move]().state == target
        return
    with pytest.raises(MoveNotAllowed, match=row.number):
        acts[move]()
    row.refresh_from_db()
    assert row.state == state


@pytest.mark.parametrize("state", [state for state in OrderState if state != OrderState.DRAFT])
def test_only_a_draft_is_edited(city, officer, head, state):
    row = _in_state(city, officer, head, state)
    with pytest.raises(MoveNotAllowed, match="只有草稿可以修改"):
        services.edit_order(row, by=officer, title="改")


@pytest.mark.parametrize("state", OrderState)
@pytest.mark.parametrize("target", OrderState)
def test_raw_sql_moves_by_the_table_only(city, officer, head, state, target):
    row = _in_state(city, officer, head, state)
    known = {(s, to) for sources, to in ORDER_MOVES.values() for s in sources}
    facts = {OrderState.ISSUED: ISSUE_SQL, OrderState.WITHDRAWN: WITHDRAW_SQL}.get(target, "")
    demand = city.obligations["report"].pk
    sql = f"UPDATE duties_order SET state = %s {facts.format(demand=demand)} WHERE id = %s"
    refused = () if state == target or (state, target) in known else (DatabaseError,)
    with pytest.raises(refused) if refused else nullcontext():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [target, row.pk])


ISSUE_SQL = (
    ", obligation_id = coalesce(obligation_id, {demand}), issued_at = now(), issued_on = now()"
)
WITHDRAW_SQL = ", withdrawn_at = now(), withdraw_reason = '撤'"


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "lost"},
        {"level": "top"},
        {"state": "issued"},
        {"state": "to_sign", "due_on": None},
        {"state": "to_sign", "wanted": ""},
        {"state": "withdrawn"},
        {"document_number": "1号"},
        {"source_number": "1号"},
    ],
)
def test_the_table_keeps_its_own_rules(facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderFactory(**facts)


# --- helpers --------------------------------------------------------------------------------------


def test_helpers_are_added_and_removed_while_the_task_is_open(city, officer):
    task = city.assignment(city.department)
    helper = services.add_helper(task, city.district, note=" 提供数据 ", by=officer, version=1)
    assert helper.note == "提供数据"
    assert services.add_helper(task, city.district, by=officer) == helper
    removed = services.remove_helper(helper, by=officer)
    assert services.remove_helper(helper, by=officer).removed_at == removed.removed_at
    assert queries.helpers_of(task) == []
    assert services.add_helper(task, city.district, by=officer) != helper
    assert Helper.objects.count() == 2
    assert list(
        AuditEntry.objects.filter(verb__contains="helper").values_list("verb", flat=True)
    ) == ["assignment.add_helper", "assignment.remove_helper", "assignment.add_helper"]


def test_neither_the_lead_nor_a_stranger_helps_and_nobody_after_the_end(city, officer):
    task = city.assignment(city.department)
    with pytest.raises(Refused, match="不能协办自己的任务"):
        services.add_helper(task, city.department, by=officer)
    with pytest.raises(Refused, match="没有参与这个方案"):
        services.add_helper(task, UnitFactory(), by=officer)
    services.take_off(task, "withdraw", by=officer, reason="撤")
    with pytest.raises(MoveNotAllowed, match="不在办理中"):
        services.add_helper(task, city.district, by=officer)


# --- what is offered ------------------------------------------------------------------------------


def test_units_are_grouped_as_government_departments_districts(city):
    EnrolmentFactory(programme=city.programme, unit=UnitFactory(is_slot=True), position=9)
    found = queries.targets(city.programme, date(2022, 4, 15))
    assert [(row.label, queries.group_of(row)) for row in found] == [
        ("测试市人民政府", "government"),
        ("测试市公安局", "department"),
        ("测试市福田区", "district"),
    ]


@pytest.mark.parametrize(
    ("due_on", "last", "days", "is_short"),
    [
        (date(2022, 4, 22), date(2022, 4, 22), 5, False),
        (date(2022, 4, 21), date(2022, 4, 21), 4, True),
        (date(2022, 4, 30), date(2022, 4, 29), 11, False),
        (date(2022, 4, 15), date(2022, 4, 15), 0, True),
    ],
)
def test_notice_is_counted_in_working_days(due_on, last, days, is_short):
    found = queries.notice_days(due_on, date(2022, 4, 15))
    assert (found.last_workday_on, found.days, found.is_short) == (last, days, is_short)
    assert found.is_on_holiday == (last != due_on)


def test_a_lead_of_an_order_is_named_once(city):
    lead = OrderLeadFactory(order__programme=city.programme)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderLeadFactory(order=lead.order, enrolment=lead.enrolment)


def test_only_its_own_desk_changes_a_draft(city, officer, head, foreigner):
    row = services.draft_order(city.programme, by=officer, **FACTS)
    for user in (head, foreigner):
        with pytest.raises(PermissionRefused, match="经办人办理"):
            services.edit_order(row, by=user, title="改")


def test_drafts_stay_with_the_desk_when_their_drafter_leaves(city, officer, head):
    draft = services.draft_order(city.programme, by=officer, **FACTS)
    waits = put_up(city, officer)
    issued(city, officer, head)
    leaving = Leaving(user=officer, unit=city.bureau, taker=None, on=date(2022, 4, 15), by=officer)
    found = [item for item in open_items(leaving) if item.title.startswith("专项通知")]
    assert [item.path for item in found] == [f"/orders/{row.number}/" for row in (draft, waits)]
    assert found[0].detail == f"{draft.number}，草稿，bureau_officer人员拟稿"
    assert found[0].fate == Fate.STAYS
