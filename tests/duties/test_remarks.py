"""批示: who may give one, who may transcribe one, and that nothing of it is ever changed."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from core.models import AuditEntry
from duties import services
from duties.models import Remark
from duties.queries.remarks import leads_at, remarks_on, writes_at
from pilots.models import Membership
from tests.factories.duties import RemarkFactory

from .ordering import scan  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
PAPER = {
    "text": "请区政府办牵头办理。",
    "said_by": "张三",
    "said_on": date(2022, 4, 12),
    "document_title": "关于试点工作进展的报告",
}


@pytest.fixture
def task(city):
    return city.assignment(city.department)


@pytest.mark.parametrize(
    ("name", "leads", "writes"),
    [
        ("head", "bureau", "bureau"),
        ("officer", None, "bureau"),
        ("unit_cdo", "department", "department"),
        ("data_officer", None, "department"),
        ("stranger", None, None),
        ("foreigner", None, None),
        ("evaluator", None, None),
        ("auditor", None, None),
    ],
)
def test_leaders_speak_for_their_body_and_clerks_transcribe(city, task, cast, name, leads, writes):
    user = cast[name]
    assert leads_at(user, task) == (getattr(city, leads) if leads else None)
    assert writes_at(user, task) == (getattr(city, writes) if writes else None)


def test_whoever_signs_for_a_cdo_gives_no_remark(task, unit_cdo, data_officer):
    Membership.rows.filter(user=unit_cdo).update(delegated_by=data_officer)
    assert leads_at(unit_cdo, task) is None


def test_a_leader_writes_and_both_sides_read(city, task, head, data_officer, stranger, officer):
    row = services.write_remark(task, text=" 请加快进度。 ", by=head)
    assert (row.number, row.text, row.said_by, row.said_on, row.unit, row.route) == (
        "PS-2022-0001", "请加快进度。", "bureau_head人员", date(2022, 4, 15), city.bureau, "online",
    )  # fmt: skip
    assert str(row) == "PS-2022-0001 bureau_head人员"
    for user in (data_officer, officer):
        assert remarks_on(task, user) == [row]
    assert remarks_on(task, stranger) == []
    entry = AuditEntry.objects.get(verb="remark.online")
    assert (entry.subject, entry.after["text"]) == (f"assignment:{task.number}", "请加快进度。")


def test_a_unit_that_helps_reads_the_task_and_not_what_was_said_to_its_lead(
    city, task, head, officer, stranger
):
    services.add_helper(task, city.district, by=officer)
    services.write_remark(task, text="请加快进度。", by=head)
    assert remarks_on(task, stranger) == []


def test_a_clerk_transcribes_who_said_it_when_and_on_which_paper(city, task, data_officer, scan):  # noqa: F811 - the fixture
    row = services.transcribe_remark(
        task,
        **PAPER,
        document_number="深公[2022]5号",
        scan=scan,
        scan_name="批示件.pdf",
        by=data_officer,
    )
    assert (row.route, row.said_by, row.document_number, row.scan, row.unit) == (
        "transcribed", "张三", "深公〔2022〕5号", scan, city.department,
    )  # fmt: skip
    assert AuditEntry.objects.filter(verb="remark.transcribed").exists()


def test_nobody_else_writes_and_nothing_is_left_out(task, officer, stranger):
    with pytest.raises(PermissionRefused, match="经办人可以转录"):
        services.write_remark(task, text="抓紧。", by=officer)
    with pytest.raises(PermissionRefused, match="不能转录"):
        services.transcribe_remark(task, **PAPER, by=stranger)
    with pytest.raises(ValidationError, match="还没有到"):
        services.transcribe_remark(task, **{**PAPER, "said_on": date(2022, 4, 16)}, by=officer)
    with pytest.raises(ValidationError, match="批示在哪份文件上"):
        services.transcribe_remark(task, **{**PAPER, "document_title": " "}, by=officer)
    with pytest.raises(ValidationError):
        services.transcribe_remark(task, **{**PAPER, "text": "长" * 501}, by=officer)
    assert not Remark.rows.exists()


def test_a_mistaken_one_is_struck_out_with_a_reason_and_stays(task, head, officer, unit_cdo):
    row = services.write_remark(task, text="请加快进度。", by=head)
    with pytest.raises(PermissionRefused, match="测试市市政数局划去"):
        services.strike_remark(row, by=unit_cdo, reason="不对")
    with pytest.raises(Refused, match="写明划去的原因"):
        services.strike_remark(row, by=officer, reason=" ")
    with pytest.raises(StaleVersion):
        services.strike_remark(row, by=officer, reason="写错了任务", version=9)
    row = services.strike_remark(row, by=officer, reason="写错了任务", version=1)
    assert (row.is_struck, row.struck_by, row.text) == (True, officer, "请加快进度。")
    assert remarks_on(task, head) == [row]
    assert not Remark.rows.standing().exists()
    with pytest.raises(MoveNotAllowed, match="已划去"):
        services.strike_remark(row, by=officer, reason="再划")


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE duties_remark SET text = '改过' WHERE id = %s",
        "UPDATE duties_remark SET said_on = '2022-01-01' WHERE id = %s",
        "DELETE FROM duties_remark WHERE id = %s",
    ],
)
def test_the_database_lets_nobody_change_one(sql):
    row = RemarkFactory()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [row.pk])


def test_what_was_struck_out_stays_struck_out(task, head):
    row = services.write_remark(task, text="请加快进度。", by=head)
    services.strike_remark(row, by=head, reason="写错了任务")
    sql = "UPDATE duties_remark SET struck_at = NULL, strike_reason = '' WHERE id = %s"
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [row.pk])


@pytest.mark.parametrize(
    "facts",
    [
        {"text": ""},
        {"said_by": ""},
        {"route": "heard"},
        {"route": "transcribed"},
        {"document_number": "5号"},
        {"strike_reason": "没有时间"},
    ],
)
def test_the_table_keeps_its_own_rules(facts):
    with pytest.raises(IntegrityError), transaction.atomic():
        RemarkFactory(**facts)
