"""问题建议与支持事项: raised, promised, answered, opened again, closed; both sides read everything."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.errors import MoveNotAllowed, Refused, StaleVersion
from core.moves import target
from reports import services
from reports.choices import SUPPORT_MOVES, SupportMove, SupportStatus
from reports.models import SupportRequest
from tests.conftest import _member
from tests.factories.reports import SupportReplyFactory, SupportRequestFactory

pytestmark = pytest.mark.django_db
PROBLEM = services.Asked("problem", "编码规则不一", "各处室的编码规则不同。", kind="funds")
MONEY = services.Asked("support", "申请经费", "目录编制缺经费。", kind="funds")


@pytest.fixture
def raised(city, data_officer):
    return services.raise_support(city.enrolment(city.department), PROBLEM, by=data_officer)


@pytest.mark.parametrize("state", SupportStatus)
@pytest.mark.parametrize("move", SupportMove)
def test_only_the_moves_of_the_table_pass(state, move):
    sources, destination = SUPPORT_MOVES[move]
    if state in sources:
        assert target(SUPPORT_MOVES, state, move) == destination
    else:
        with pytest.raises(MoveNotAllowed):
            target(SUPPORT_MOVES, state, move)


def test_it_is_raised_answered_opened_again_and_closed(raised, officer, data_officer, stored):
    assert (raised.number[:3], raised.kind, raised.status) == ("ZC-", "", "raised")
    assert str(raised) == f"{raised.number} 编码规则不一"
    row = services.promise_support(raised, answer_by=date(2022, 4, 22), by=officer, version=1)
    assert row.is_overdue(date(2022, 4, 23))
    assert list(SupportRequest.rows.overdue(date(2022, 4, 23))) == [row]
    with pytest.raises(StaleVersion):
        services.answer_support(row, "五月培训。", by=officer, version=1)
    enclosure = services.Enclosure(stored, "编码规则.pdf")
    row = services.answer_support(row, "五月培训。", by=officer, enclosure=enclosure)
    assert (row.status, row.answered_on, row.is_open()) == ("answered", date(2022, 4, 15), False)
    row = services.reopen_support(row, "五月太晚。", by=data_officer)
    assert (row.status, row.answer_by) == ("reopened", None)
    row = services.answer_support(row, "改到四月。", by=officer)
    row = services.close_support(row, by=data_officer)
    assert (row.status, row.closed_on) == ("closed", date(2022, 4, 15))
    said = [(reply.move, str(reply), reply.file_name) for reply in row.replies.all()]
    assert said == [
        ("answer", "五月培训。", "编码规则.pdf"), ("reopen", "五月太晚。", ""), ("answer", "改到四月。", ""),
    ]  # fmt: skip


def test_it_comes_out_of_a_report_of_the_unit(desk, city):
    report = desk.handed_in()
    key = report.sections.first().key
    row = services.raise_support(
        city.enrolment(city.department), MONEY, by=desk.data_officer, report=report, section_key=key
    )
    assert (row.report, row.section_key, row.kind) == (report, key, "funds")
    assert (row.unit, row.programme) == (city.department, city.programme)
    with pytest.raises(Refused, match="不是本单位的报告"):
        services.raise_support(
            city.enrolment(city.district), MONEY, by=desk.data_officer, report=report
        )


def test_what_is_wrong_is_said(raised, officer, data_officer):
    with pytest.raises(ValidationError, match="选择支持事项"):
        services.mend_support(raised, services.Asked("support", "甲", "乙"), by=data_officer)
    with pytest.raises(ValidationError) as caught:
        services.mend_support(raised, services.Asked("problem", " ", ""), by=data_officer)
    assert set(caught.value.message_dict) == {"title", "text"}
    with pytest.raises(ValidationError, match="不能早于今天"):
        services.promise_support(raised, answer_by=date(2022, 4, 14), by=officer)
    with pytest.raises(Refused, match="填写内容"):
        services.answer_support(raised, " ", by=officer)
    with pytest.raises(Refused, match="写明撤回的原因"):
        services.withdraw_support(raised, "", by=data_officer)


def test_it_is_mended_until_the_bureau_took_it_up_and_may_be_withdrawn(
    raised, officer, data_officer
):
    row = services.mend_support(raised, MONEY, by=data_officer)
    assert (row.title, row.kind) == ("申请经费", "funds")
    row = services.promise_support(row, answer_by=date(2022, 4, 22), by=officer)
    with pytest.raises(MoveNotAllowed):
        services.mend_support(row, PROBLEM, by=data_officer)
    row = services.withdraw_support(row, "已自行解决。", by=data_officer)
    assert (row.status, row.replies.get().text) == ("withdrawn", "已自行解决。")


def test_the_unit_and_the_bureau_see_it_and_nobody_else(raised, city, officer, data_officer):
    neighbour = _member(city, city.district, "data_officer")
    seen = [
        SupportRequest.objects.visible_to(user).count()
        for user in (officer, data_officer, neighbour)
    ]
    assert seen == [1, 1, 0]
    assert SupportRequest.objects.visible_to(officer).open().for_lists().get() == raised


def test_raw_rows_are_held_to_the_same(db):
    row = SupportReplyFactory().request
    wrong = ({"nature": "support"}, {"status": "answered"}, {"status": "closed"},
             {"status": "promised"}, {"closed_on": "2022-04-15"})  # fmt: skip
    for facts in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            SupportRequest.rows.filter(pk=row.pk).update(**facts)
    assert SupportRequestFactory(answer_by=None).is_overdue(date(2022, 5, 1)) is False
