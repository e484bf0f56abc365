"""A round of signing: who may decide which step, and what is written down."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from approvals import queries, services
from approvals.choices import BUREAU_STEPS, MOVES, Move, Purpose, State, StepKind
from approvals.models import Approval, ApprovalStep, ChainStep
from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from core.models import AuditEntry
from core.moves import target
from tests.conftest import _member
from tests.factories.approvals import ApprovalFactory, ApprovalStepFactory, ChainStepFactory

pytestmark = pytest.mark.django_db
Choice = services.ChainChoice


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("move", Move)
def test_only_an_open_round_moves(state, move):
    sources, destination = MOVES[move]
    if state in sources:
        assert target(MOVES, state, move) == destination
    else:
        with pytest.raises(MoveNotAllowed):
            target(MOVES, state, move)


def test_the_usual_chain_is_the_cdo_and_in_a_bureau_the_head(city):
    assert [s.kind for s in queries.chain_of(city.department, Purpose.REPORT)] == [StepKind.CDO]
    (step,) = queries.chain_of(city.bureau, Purpose.ORDER)
    assert (step.kind, step.label) == (StepKind.BUREAU_HEAD, "分管局领导审定")


def test_the_cdo_agrees_and_the_round_is_signed(put_up, unit_cdo, data_officer):
    row = put_up(length=801, due_on=date(2022, 4, 30))
    assert (row.number[:3], row.round, row.state, row.minutes) == ("SQ-", 1, State.OPEN, 3)
    assert list(queries.waiting_for(unit_cdo)) == [row]
    assert list(queries.waiting_for(data_officer)) == []
    signed = services.agree(row, by=unit_cdo, remark="同意。", version=row.version)
    (step,) = signed.steps.all()
    assert (signed.state, signed.current) == (State.SIGNED, None)
    assert (step.signed_name, step.signed_on, step.remark, step.route, step.on_behalf_of) == (
        unit_cdo.display_name, date(2022, 4, 15), "同意。", "online", "",
    )  # fmt: skip
    assert str(step) == f"首席数据官审签 {unit_cdo.display_name}"
    assert list(queries.waiting_for(unit_cdo)) == []
    verbs = AuditEntry.objects.filter(subject=f"approval:{row.number}").values_list(
        "verb", flat=True
    )
    assert list(verbs.order_by("id")) == ["approval.open", "approval.sign"]


def test_nobody_else_signs_and_nobody_signs_twice_or_on_an_old_page(
    put_up, unit_cdo, data_officer, officer
):
    row = put_up()
    for stranger in (data_officer, officer):
        with pytest.raises(PermissionRefused, match="首席数据官审签"):
            services.agree(row, by=stranger)
    with pytest.raises(StaleVersion):
        services.agree(row, by=unit_cdo, version=row.version + 1)
    services.agree(row, by=unit_cdo)
    with pytest.raises(MoveNotAllowed):
        services.agree(row, by=unit_cdo)
    assert queries.may_sign(Approval.rows.get(), unit_cdo) is False


def test_sent_back_keeps_its_reason_when_the_next_round_comes(put_up, unit_cdo, data_officer):
    row = put_up()
    with pytest.raises(Refused, match="写明要改什么"):
        services.send_back(row, by=unit_cdo, reason=" ")
    back = services.send_back(row, by=unit_cdo, reason="第二部分没有数字。")
    assert (back.state, back.steps.get().remark) == (State.SENT_BACK, "第二部分没有数字。")
    again = put_up()
    assert again.round == 2
    services.agree(again, by=unit_cdo)
    assert [each.state for each in queries.rounds_of("BG-2022-0001")] == ["sent_back", "signed"]
    assert queries.last_round("BG-2022-0001") == again
    assert queries.last_round("BG-2022-0009") is None


def test_a_round_is_open_once_and_may_be_recalled(put_up, data_officer):
    row = put_up()
    with pytest.raises(ValidationError, match="已在审签中"), transaction.atomic():
        put_up()
    assert services.recall(row, by=data_officer).state == State.RECALLED
    with pytest.raises(MoveNotAllowed):
        services.recall(row, by=data_officer)
    assert put_up().round == 2


def test_a_round_ends_with_the_thing_that_was_withdrawn(put_up, officer):
    row = put_up()
    assert services.drop(row, by=officer).state == State.RECALLED
    with pytest.raises(MoveNotAllowed):
        services.drop(row, by=officer)


def test_three_steps_go_in_their_order_and_the_drafter_checks_not_himself(
    city, put_up, data_officer, unit_cdo
):
    colleague = _member(city, city.department, "data_officer")
    named = _member(city, city.department, "data_officer")
    services.choose_chain(
        city.department,
        [Choice("section"), Choice("countersign", named), Choice("cdo")],
        by=unit_cdo,
        is_bureau=False,
    )
    row = put_up()
    assert row.steps.count() == 3
    with pytest.raises(PermissionRefused, match="处室负责人审核"):
        services.agree(row, by=data_officer)
    assert list(queries.waiting_for(data_officer)) == []
    assert list(queries.waiting_for(colleague)) == [row]
    row = services.agree(row, by=colleague)
    with pytest.raises(PermissionRefused, match=named.display_name):
        services.agree(row, by=unit_cdo)
    assert list(queries.waiting_for(named)) == [row]
    row = services.agree(row, by=named)
    assert row.current.kind == StepKind.CDO
    assert services.agree(row, by=unit_cdo).state == State.SIGNED


def test_a_bureau_signs_what_it_issues_and_sees_its_own_rounds_only(
    city, put_up, officer, head, data_officer
):
    theirs = put_up()
    ours = put_up("TZ-2022-0001", purpose=Purpose.ORDER, unit=city.bureau, by=officer)
    assert list(queries.waiting_for(head)) == [ours]
    assert list(Approval.objects.visible_to(officer)) == [ours]
    assert list(Approval.objects.visible_to(data_officer)) == [theirs]
    services.agree(ours, by=head)
    assert list(Approval.objects.visible_to(data_officer)) == [theirs]


def test_what_was_signed_is_seen_by_the_bureau_and_by_the_auditor_everything(
    put_up, officer, unit_cdo, auditor
):
    row = put_up()
    assert list(Approval.objects.visible_to(auditor)) == [row]
    assert list(Approval.objects.visible_to(officer)) == []
    services.agree(row, by=unit_cdo)
    assert list(Approval.objects.visible_to(officer)) == [row]


# --- on paper ------------------------------------------------------------------------------------


def test_on_paper_each_step_has_its_name_its_day_and_the_scan(city, put_up, scan, data_officer):
    ChainStepFactory(unit=city.department, position=1, kind="section")
    ChainStepFactory(unit=city.department, position=2, kind="cdo")
    row = put_up()
    paper = services.PaperSignature
    signed = services.record_paper(
        row,
        [
            paper("演示人员05", date(2022, 4, 15)),
            paper("演示人员01", date(2022, 4, 15), "同意报送"),
        ],
        scan=scan,
        scan_name="审签单.pdf",
        by=data_officer,
    )
    assert signed.state == State.SIGNED
    facts = [(s.signed_name, s.route, s.scan, s.decided_by, s.remark) for s in signed.steps.all()]
    assert facts == [
        ("演示人员05", "paper", scan, data_officer, ""),
        ("演示人员01", "paper", scan, data_officer, "同意报送"),
    ]


@pytest.mark.parametrize(
    ("signatures", "fault"),
    [
        ([], "还有1步待签"),
        ([("甲", date(2022, 4, 15)), ("乙", date(2022, 4, 15))], "还有1步待签"),
        ([(" ", date(2022, 4, 15))], "填写签署人姓名"),
        ([("甲", date(2022, 4, 16))], "签署日期不能晚于今天"),
        ([("甲", date(2022, 4, 14))], "签署日期不能早于提交审签的2022-04-15"),
    ],
)
def test_what_is_wrong_on_paper_is_said(put_up, scan, data_officer, signatures, fault):
    row = put_up()
    given = [services.PaperSignature(name, on) for name, on in signatures]
    with pytest.raises(ValidationError, match=fault):
        services.record_paper(row, given, scan=scan, scan_name="a.pdf", by=data_officer)
    assert Approval.rows.get().state == State.OPEN


# --- chains --------------------------------------------------------------------------------------


def test_a_chain_is_chosen_changed_and_given_up(city, unit_cdo, data_officer, officer):
    steps = [Choice("section", data_officer), Choice("cdo")]
    rows = services.choose_chain(city.department, steps, by=unit_cdo, is_bureau=False)
    assert [str(row) for row in rows] == ["处室负责人审核", "首席数据官审签"]
    entries = AuditEntry.objects.filter(verb="chain.choose")
    assert entries.count() == 1
    services.choose_chain(city.department, steps, by=unit_cdo, is_bureau=False)
    assert entries.count() == 1  # nothing changed
    assert ChainStep.objects.visible_to(data_officer).count() == 2
    assert ChainStep.objects.visible_to(officer).count() == 2
    assert services.choose_chain(city.department, [], by=unit_cdo, is_bureau=False) == []


def test_the_auditor_reads_every_chain(city, auditor):
    ChainStepFactory(unit=city.district)
    assert ChainStep.objects.visible_to(auditor).count() == 1


@pytest.mark.parametrize(
    ("kinds", "is_bureau", "fault"),
    [
        (["section", "section", "section", "cdo"], False, "最多3步，现在是4步"),
        (["section", "section", "cdo"], False, "同一步只能出现一次"),
        (
            ["bureau_section", "cdo"],
            False,
            "这里能选的步骤是：处室负责人审核、会签、首席数据官审签",
        ),
        (["cdo", "section"], False, "最后一步要是“首席数据官审签”"),
        (["bureau_section"], True, "最后一步要是“分管局领导审定”"),
        (["countersign", "cdo"], False, "“会签”要指定一名本单位人员"),
    ],
)
def test_a_chain_that_cannot_work_is_refused(city, kinds, is_bureau, fault):
    steps = [Choice(kind) for kind in kinds]
    with pytest.raises(ValidationError, match=fault):
        services.choose_chain(city.department, steps, by=None, is_bureau=is_bureau)


def test_only_people_of_the_unit_are_named(city, officer):
    with pytest.raises(ValidationError, match="不能指定为“处室负责人审核”的签署人"):
        services.choose_chain(
            city.department, [Choice("section", officer), Choice("cdo")], by=None, is_bureau=False
        )
    with pytest.raises(ValidationError, match="会签要指定签署人"):
        ChainStep(unit=city.department, position=1, kind="countersign").full_clean()
    assert StepKind.COUNTERSIGN in BUREAU_STEPS


# --- lent signatures -----------------------------------------------------------------------------

FROM, TO = date(2022, 4, 15), date(2022, 4, 30)


def test_a_lent_signature_says_on_whose_behalf_and_ends_in_a_second(
    city, put_up, unit_cdo, data_officer
):
    lent = services.lend_signature(
        data_officer, city.department, by=unit_cdo, starts_on=FROM, ends_on=TO
    )
    assert list(queries.deputies_of(city.department.pk)) == [lent]
    deputy = type(data_officer).objects.get(pk=data_officer.pk)
    row = services.agree(put_up(), by=deputy)
    assert row.steps.get().on_behalf_of == str(unit_cdo)
    entry = AuditEntry.objects.filter(verb="approval.sign").get()
    assert entry.after["on_behalf_of"] == str(unit_cdo)
    services.end_delegation(lent, by=unit_cdo)
    deputy = type(data_officer).objects.get(pk=data_officer.pk)
    with pytest.raises(PermissionRefused):
        services.agree(put_up("BG-2022-0002"), by=deputy)
    assert list(queries.deputies_of(city.department.pk)) == []


def test_what_is_wrong_with_lending_is_said(city, unit_cdo, data_officer, officer):
    colleague = _member(city, city.department, "data_officer")
    lend = lambda to=colleague, by=unit_cdo, starts_on=FROM, ends_on=TO: services.lend_signature(  # noqa: E731
        to, city.department, by=by, starts_on=starts_on, ends_on=ends_on
    )
    with pytest.raises(Refused, match="首席数据官本人可以授权"):
        lend(by=data_officer)
    with pytest.raises(Refused, match=r"不是.*经办人"):
        lend(to=officer)
    with pytest.raises(Refused, match="本来就可以审签"):
        lend(to=unit_cdo)
    with pytest.raises(ValidationError, match="起始日期不能早于今天"):
        lend(starts_on=date(2022, 4, 14))
    with pytest.raises(ValidationError, match="终止日期不能早于起始日期2022-04-15"):
        lend(ends_on=date(2022, 4, 14))
    lend()
    with pytest.raises(Refused, match="从2022-04-15到2022-04-30已有授权"):
        lend(starts_on=date(2022, 4, 30), ends_on=date(2022, 5, 2))
    with pytest.raises(Refused, match="受托人不能再授权"):
        lend(by=colleague, to=data_officer)
    own = unit_cdo.memberships.get()
    with pytest.raises(Refused, match="不是授权得来的"):
        services.end_delegation(own, by=unit_cdo)


# --- the database holds it -----------------------------------------------------------------------


def test_raw_rows_are_held_to_the_same():
    row = ApprovalFactory()
    step = ApprovalStepFactory(approval=row)
    for wrong in ({"decision": "agreed"}, {"route": "paper"}, {"decision": "sent_back"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ApprovalStep.objects.filter(pk=step.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.rows.filter(pk=row.pk).update(state="signed")
    with pytest.raises(IntegrityError), transaction.atomic():
        ApprovalFactory(subject=row.subject, round=2)
