"""Slips: one a task, merged, cooled down, signed at the strongest level, answered."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction

from approvals import services as approvals
from approvals.models import Approval
from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from core.models import AuditEntry
from duties import services
from duties.choices import SLIP_MOVES, SlipLevel, SlipMove, SlipState
from duties.documents import slips as papers
from duties.models import Slip, SlipLabel
from duties.queries import merging
from duties.queries import slips as queries
from tests.factories.duties import SlipFactory

from .chasing import a_scan, draft, finish, fresh, slip_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(city, officer, head, data_officer):
    return lambda state: slip_in(state, city, officer, head, data_officer)


def act(move, row, people):
    acts = {
        SlipMove.SEND: lambda: services.agree_slip(row, by=people["head"]),
        SlipMove.SEND_BACK: lambda: services.send_back_slip(
            row, by=people["head"], reason="写明要求。"
        ),
        SlipMove.RECALL: lambda: services.recall_slip(row, by=people["officer"]),
        SlipMove.RESUBMIT: lambda: services.resubmit_slip(
            row, template="请办理。", reply_by=None, by=people["officer"]
        ),
        SlipMove.CANCEL: lambda: services.cancel_slip(
            row, by=people["officer"], reason="已电话提醒。"
        ),
        SlipMove.REPLY: lambda: services.reply_slip(row, by=people["clerk"], text="明天完成。"),
    }
    return acts[move]


@pytest.mark.parametrize("state", SlipState)
def test_every_move_from_every_state(state, make, officer, head, data_officer):
    people = {"officer": officer, "head": head, "clerk": data_officer}
    for move, (sources, target) in SLIP_MOVES.items():
        with transaction.atomic():
            row = make(state)
            step = act(move, row, people)
            if state in sources:
                step()
                assert fresh(row).state == target, (state, move)
            else:
                with pytest.raises(MoveNotAllowed):
                    step()
                assert fresh(row).state == state, (state, move)
            transaction.set_rollback(True)


@pytest.mark.parametrize("state", SlipState)
def test_the_database_knows_the_table_of_moves_too(state, make):
    targets = {target for sources, target in SLIP_MOVES.values() if state in sources}
    for wanted in SlipState:
        if wanted == state or wanted in targets:
            continue
        with transaction.atomic():
            row = make(state)
            with (
                pytest.raises((InternalError, IntegrityError)),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute("UPDATE duties_slip SET state = %s WHERE id = %s", [wanted, row.pk])
            transaction.set_rollback(True)


BROKEN = [
    ("sent", "sent_at = NULL"),
    ("sent", "sent_on = NULL"),
    ("sent", "replied_on = '2022-04-15'"),
    ("replied", "replied_on = NULL"),
    ("to_approve", "sent_at = now()"),
    ("to_approve", "level = 'hint'"),
    ("sent", "is_at_once = true, level = 'chase'"),
    ("sent", "text = ''"),
    ("sent", "label = ''"),
]


def test_the_database_refuses_a_state_without_its_facts(make):
    for state, change in BROKEN:
        with transaction.atomic():
            row = make(SlipState(state))
            with (
                pytest.raises(IntegrityError),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute(f"UPDATE duties_slip SET {change} WHERE id = %s", [row.pk])
            transaction.set_rollback(True)


# --- sending -------------------------------------------------------------------------------------


def test_each_task_gets_a_slip_of_its_own_with_its_own_words(city, officer):
    tasks = [city.assignment(city.district), city.assignment(city.department)]
    words = "{{单位}}：{{任务}}（{{编号}}）{{截止日期}}，{{逾期天数}}，{{ 联系人 }}"
    issued = services.issue_slips(tasks, draft("hint", words), by=officer)
    assert (len(issued.sent), issued.to_approve, issued.left_out) == (2, [], [])
    row = Slip.rows.get(assignment=city.assignment(city.department))
    number = row.assignment.number
    said = f"测试市公安局：报送试点工作总结（{number}）2022年4月30日，还剩15天，bureau_officer人员"
    assert row.text == said
    assert (row.label, row.issuer, row.sent_on) == ("提示", city.bureau, date(2022, 4, 15))
    assert (row.due_on, row.drafted_by) == (date(2022, 4, 30), officer)
    assert sorted(slip.number for slip in issued.sent) == ["TX-2022-0001", "TX-2022-0002"]
    undated = city.assignment(city.department, "plan")
    assert "文件未定时限" in services.issue_slip(undated, draft("hint", words), by=officer).text


def test_a_liaison_is_who_is_asked(city, officer, head):
    enrolment = city.enrolment(city.department)
    enrolment.liaison = head
    enrolment.save()
    row = services.issue_slip(
        city.assignment(city.department), draft(template="{{联系人}}"), by=officer
    )
    assert row.text == "bureau_head人员"


def test_within_two_working_days_only_a_stronger_one(city, officer, head):
    task = city.assignment(city.department)
    first = services.issue_slip(task, draft("chase"), by=officer)
    for level in ("hint", "chase"):
        with pytest.raises(Refused) as refused:
            services.issue_slip(task, draft(level), by=officer)
        assert str(refused.value) == (
            f"2022-04-15已发催办{first.number}，2022-04-19起可以再发；要现在发，选更高一级"
        )
    strongest = services.issue_slip(task, draft("supervise"), by=officer)
    with pytest.raises(Refused, match=f"{strongest.number}（督导）正在审定，不再另发"):
        services.issue_slip(task, draft("supervise"), by=officer)
    services.agree_slip(strongest, by=head)
    with pytest.raises(Refused, match=r"2022-04-19起可以再发$"):
        services.issue_slip(task, draft("supervise"), by=officer)


def test_two_working_days_later_it_may_be_sent_again(city, officer):
    task = city.assignment(city.department)
    SlipFactory(assignment=task, issuer=city.bureau, drafted_on=date(2022, 4, 14))
    with pytest.raises(Refused, match="2022-04-18起可以再发"):
        services.issue_slip(task, draft("hint"), by=officer)
    Slip.rows.update(sent_on=date(2022, 4, 13))  # Wednesday: two working days ago
    assert services.issue_slip(task, draft("hint"), by=officer).is_sent


def test_what_was_cancelled_cools_nothing(make, city, officer):
    make(SlipState.CANCELLED)
    task = city.assignment(city.department)
    assert services.issue_slip(task, draft("hint"), by=officer).is_sent


def test_a_batch_leaves_out_what_it_may_not_send_and_says_why(city, officer):
    tasks = [
        city.assignment(city.department),
        city.assignment(city.district),
        city.assignment(city.department, "training"),
    ]
    services.issue_slip(tasks[1], draft(), by=officer)
    finish(tasks[0], officer)
    issued = services.issue_slips(tasks, draft(), by=officer)
    assert [slip.assignment for slip in issued.sent] == [tasks[2]]
    said = dict(issued.left_out)
    assert said[tasks[0]] == f"{tasks[0].number}已完成，不用再提醒"
    assert "已发催办TX-2022-0001" in said[tasks[1]]


def test_the_bureau_does_not_remind_itself(city, officer):
    own = city.assignment(city.department)
    task = type(own).rows.get(enrolment__unit=city.bureau)
    with pytest.raises(Refused, match="牵头单位自己的任务"):
        services.issue_slip(task, draft(), by=officer)


@pytest.mark.parametrize(
    ("facts", "field", "said"),
    [
        ({"level": "loud"}, "level", "选择“级别”"),
        ({"template": " "}, "template", "填写“正文”"),
        ({"template": "长" * 1001}, "template", "“正文”超出上限1字，压缩到1000字以内"),
        (
            {"template": "{{姓名}}"},
            "template",
            "没有“{{姓名}}”这一项。能用的是：{{单位}}、{{任务}}、{{截止日期}}、{{逾期天数}}、{{编号}}、{{联系人}}",
        ),
        (
            {"template": "{{任务}"},
            "template",
            "大括号没有配对。能用的是：{{单位}}、{{任务}}、{{截止日期}}、{{逾期天数}}、{{编号}}、{{联系人}}",
        ),
        ({"reply_by": date(2022, 4, 14)}, "reply_by", "“回复期限”2022-04-14已经过了"),
        ({"is_at_once": True}, "is_at_once", "“即时发送”只用于最高一级，改选最高一级或取消勾选"),
    ],
)
def test_what_is_wrong_with_a_draft_is_said_by_field(city, officer, facts, field, said):
    with pytest.raises(ValidationError) as refused:
        services.issue_slips([city.assignment(city.department)], draft(**facts), by=officer)
    assert refused.value.message_dict == {field: [said]}


def test_a_stale_page_sends_nothing(city, officer):
    task = city.assignment(city.department)
    with pytest.raises(StaleVersion):
        services.issue_slip(task, draft(), by=officer, version=task.version + 1)


# --- the strongest -------------------------------------------------------------------------------


def test_the_strongest_goes_through_the_chain_of_the_bureau(city, make, officer, head):
    row = make(SlipState.TO_APPROVE)
    approval = Approval.rows.get()
    assert (approval.unit, approval.title) == (city.bureau, "督导：测试市公安局，工作总结")
    with pytest.raises(PermissionRefused):
        services.agree_slip(row, by=officer)
    row = services.agree_slip(row, by=head)
    assert (row.state, row.sent_on) == (SlipState.SENT, date(2022, 4, 15))


def test_the_strongest_to_a_district_is_a_letter(city, officer):
    row = services.issue_slip(city.assignment(city.district), draft("supervise"), by=officer)
    assert row.label == "提醒函"
    assert papers.shown(row)["title"] == "关于工作总结的提醒函"
    assert papers.file_name(row, "docx") == "提醒函TX-2022-0001.docx"


def test_signed_on_paper_it_is_sent(make, officer):
    row = make(SlipState.TO_APPROVE)
    signed = [approvals.PaperSignature("演示领导", date(2022, 4, 15))]
    row = services.sign_slip_on_paper(
        row, signed, scan=a_scan(), scan_name="审签单.pdf", by=officer
    )
    assert row.state == SlipState.SENT


def test_a_chain_of_two_waits_for_both(city, officer, head):
    from tests.conftest import _member
    from tests.factories.approvals import ChainStepFactory

    ChainStepFactory(unit=city.bureau, position=1, kind="bureau_section")
    ChainStepFactory(unit=city.bureau, position=2, kind="bureau_head")
    row = services.issue_slip(city.assignment(city.department), draft("supervise"), by=officer)
    row = services.agree_slip(row, by=_member(city, city.bureau, "bureau_officer"))
    assert row.state == SlipState.TO_APPROVE
    assert services.agree_slip(row, by=head).state == SlipState.SENT


def test_a_task_that_was_done_meanwhile_gets_no_slip(city, make, officer, head):
    row = make(SlipState.TO_APPROVE)
    finish(city.assignment(city.department), officer)
    row = services.agree_slip(row, by=head)
    number = row.assignment.number
    assert (row.state, row.state_note) == (SlipState.CANCELLED, f"{number}已完成，没有发出。")
    assert row.sent_at is None


def test_what_came_back_is_mended_unless_its_task_is_done(city, make, officer):
    row = make(SlipState.RETURNED)
    assert row.state_note == "写明要求。"
    row = services.resubmit_slip(
        row, template="{{任务}}请于5月5日前完成。", reply_by=None, by=officer
    )
    assert (row.state, row.text) == (SlipState.TO_APPROVE, "报送试点工作总结请于5月5日前完成。")
    row = services.recall_slip(row, by=officer)
    finish(city.assignment(city.department), officer)
    with pytest.raises(Refused, match="已完成，不用再提醒"):
        services.resubmit_slip(row, template="请办理。", reply_by=None, by=officer)


def test_cancelling_asks_for_a_reason_and_ends_the_round(make, officer):
    row = make(SlipState.TO_APPROVE)
    with pytest.raises(Refused, match="写明不再发出的原因"):
        services.cancel_slip(row, by=officer, reason=" ")
    services.cancel_slip(row, by=officer, reason="已电话提醒。")
    assert Approval.rows.get().state == "recalled"
    other = make(SlipState.RETURNED)
    assert services.cancel_slip(other, by=officer, reason="不用了。").state == SlipState.CANCELLED


# --- answering -----------------------------------------------------------------------------------


def test_the_first_answer_counts_and_later_ones_add(make, data_officer, unit_cdo):
    row = make(SlipState.SENT)
    with pytest.raises(ValidationError) as refused:
        services.reply_slip(row, by=data_officer, text=" ")
    assert refused.value.message_dict == {"text": ["填写“回复”"]}
    reply = services.reply_slip(
        row, by=data_officer, text="4月20日前完成。", file=a_scan(), file_name="说明.pdf"
    )
    assert str(reply).endswith("2022-04-15")
    services.reply_slip(row, by=unit_cdo, text="已完成八成。")
    row = fresh(row)
    assert (row.state, row.replied_on) == (SlipState.REPLIED, date(2022, 4, 15))
    assert [each.text for each in row.replies.all()] == ["4月20日前完成。", "已完成八成。"]
    entry = AuditEntry.objects.filter(verb="slip.reply").order_by("id").first()
    assert entry.after["reply"] == "4月20日前完成。"


def test_an_answer_that_is_late_is_asked_never_stored(make, city, data_officer):
    row = make(SlipState.SENT)
    assert not row.is_overdue(date(2022, 4, 22))
    assert row.is_overdue(date(2022, 4, 23))
    assert list(Slip.rows.overdue(date(2022, 4, 23))) == [row]
    assert list(Slip.rows.overdue(date(2022, 4, 22))) == []
    assert queries.waiting_for_reply(data_officer) == [row]
    services.reply_slip(row, by=data_officer, text="明天完成。")
    assert queries.waiting_for_reply(data_officer) == []


# --- names, scope, words -------------------------------------------------------------------------


def test_a_programme_may_call_its_levels_otherwise(city, officer):
    names = {"hint": "提醒", "chase": "催办", "supervise": "重点提醒"}
    services.name_levels(city.programme, names, by=officer)
    assert queries.labels_of(city.programme) == names
    services.name_levels(city.programme, names, by=officer)  # the same again changes nothing
    assert AuditEntry.objects.filter(verb="slip.name_levels").count() == 1
    row = services.issue_slip(city.assignment(city.department), draft("hint"), by=officer)
    services.name_levels(city.programme, {**names, "hint": "提示"}, by=officer)
    assert (row.label, str(SlipLabel.rows.get(level="hint"))) == ("提醒", "提示")
    assert queries.labels_of(None)["chase"] == "催办"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ({"hint": ""}, {"hint": ["填写“提示”这一级的名称"]}),
        (
            {"supervise": "督办"},
            {"supervise": ["“督办”不能用：政府督查一类的名称只由有职权的机构使用，换一个名称"]},
        ),
        (
            {"hint": "催办"},
            {
                "hint": ["“催办”用了两次，三级各起一个名称"],
                "chase": ["“催办”用了两次，三级各起一个名称"],
            },
        ),
    ],
)
def test_names_of_supervision_are_not_taken(city, officer, names, said):
    wanted = {"hint": "提示", "chase": "催办", "supervise": "督导", **names}
    with pytest.raises(ValidationError) as refused:
        services.name_levels(city.programme, wanted, by=officer)
    assert refused.value.message_dict == said
    with pytest.raises(IntegrityError), transaction.atomic():
        SlipLabel.rows.create(programme=city.programme, level="hint", label="督查通知")


def test_no_word_of_ours_is_one_of_government_supervision():
    words = [*merging.TEMPLATES.values(), *map(str, SlipLevel.labels), *map(str, SlipState.labels)]
    assert not any("督办" in word or "督查" in word for word in words)
    assert [merging.faults_of(text) for text in merging.TEMPLATES.values()] == [[], [], []]


def test_the_unit_sees_it_once_it_is_sent(make, data_officer, officer, head, evaluator, stranger):
    row = make(SlipState.TO_APPROVE)

    def seen():
        people = (officer, head, evaluator, data_officer, stranger)
        return [Slip.objects.visible_to(user).count() for user in people]

    assert seen() == [1, 1, 0, 0, 0]
    services.agree_slip(row, by=head)
    assert seen() == [1, 1, 1, 1, 0]


def test_the_auditor_sees_every_slip(make, auditor):
    make(SlipState.TO_APPROVE)
    assert Slip.objects.visible_to(auditor).count() == 1


def test_the_preview_says_what_would_go_out(city, officer, data_officer, unit_cdo):
    tasks = [city.assignment(city.department), city.assignment(city.district)]
    services.issue_slip(tasks[0], draft("hint"), by=officer)
    on = date(2022, 4, 15)
    lines = queries.previewed(tasks, "supervise", "{{任务}}", by=officer, on=on)
    assert [(line.label, line.text, line.refusal) for line in lines] == [
        ("督导", "报送试点工作总结", ""),
        ("提醒函", "报送试点工作总结", ""),
    ]
    assert lines[0].last.number == "TX-2022-0001"
    assert queries.people_told(tasks) == 2
    again = queries.previewed(tasks[:1], "hint", "{{任务}}", by=officer, on=on)
    assert "2022-04-19起可以再发" in again[0].refusal


def test_a_row_says_what_it_is(make, city, officer, data_officer, head):
    row = make(SlipState.SENT)
    assert str(row) == "TX-2022-0001 督导"
    assert (row.unit, row.programme, row.is_strongest) == (city.department, city.programme, True)
    assert list(Slip.rows.unanswered()) == [row]
    task = row.assignment
    assert queries.slips_of(task, user=data_officer) == [row]
    assert queries.may_reply(row, data_officer)
    assert not queries.may_reply(row, officer)
    assert queries.may_issue(city.programme, officer)
    assert queries.may_issue(None, officer)
    assert not queries.may_issue(city.programme, head)
    assert dict(merging.listed_fields())["{{编号}}"] == "任务编号"
