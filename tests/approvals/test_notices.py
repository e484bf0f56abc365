"""Who is told of signing, and that a notice ends when its step is decided."""

from datetime import date, timedelta

import pytest

from approvals import services
from approvals.choices import Purpose
from approvals.models import Approval
from pilots.models import Membership
from reminders import services as reminders
from reminders.models import Notice
from reminders.registry import holding, render
from tests.conftest import _member
from tests.factories.approvals import ChainStepFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.approvals.things")]
ON = date(2022, 4, 15)


@pytest.fixture
def told():
    """`told("waiting")`: plan for today; who was told."""

    def asked(name, on=ON):
        reminders.plan(on)
        return {row.recipient for row in Notice.rows.filter(type=f"approvals.{name}")}

    return asked


def _held(name):
    rows = list(Notice.rows.filter(type=f"approvals.{name}"))
    kept = holding(rows)
    return {row.recipient for row in rows if row.pk in kept}


def test_whoever_may_sign_is_told_until_the_step_is_decided(
    put_up, told, unit_cdo, data_officer, stranger
):
    row = put_up(length=801, due_on=date(2022, 4, 18))
    assert told("waiting") == {unit_cdo}
    notice = Notice.rows.get(type="approvals.waiting")
    said = render(notice)
    assert said.title == "待审签：2022年第一季度进展报告"
    assert said.lines == ["编号：BG-2022-0001", "截止日期：2022-04-18", "阅读：约3分钟"]
    assert (said.urgency, said.to_do) == (3, True)
    assert _held("waiting") == {unit_cdo}
    services.agree(row, by=unit_cdo)
    assert _held("waiting") == set()
    assert told("waiting") == {unit_cdo}


def test_each_step_is_told_to_its_own_people(city, put_up, told, unit_cdo, data_officer):
    colleague = _member(city, city.department, "data_officer")
    named = _member(city, city.department, "data_officer")
    for position, (kind, signer) in enumerate(
        [("section", None), ("countersign", named), ("cdo", None)], start=1
    ):
        ChainStepFactory(unit=city.department, position=position, kind=kind, signer=signer)
    row = put_up()
    assert told("waiting") == {colleague, named, unit_cdo}
    services.agree(row, by=colleague)
    told("waiting")
    assert _held("waiting") == {named}
    services.agree(row, by=named)
    told("waiting")
    assert _held("waiting") == {unit_cdo}
    assert render(Notice.rows.get(stage="step 3")).urgency > 100


def test_a_deputy_is_told_also_for_a_named_cdo(city, put_up, told, unit_cdo, data_officer):
    ChainStepFactory(unit=city.department, position=1, kind="cdo", signer=unit_cdo)
    lent = services.lend_signature(
        data_officer, city.department, by=unit_cdo, starts_on=ON, ends_on=ON + timedelta(days=9)
    )
    put_up()
    assert told("waiting") == {unit_cdo, data_officer}
    services.end_delegation(lent, by=unit_cdo)
    assert _held("waiting") == {unit_cdo}


def test_a_bureau_is_told_of_its_own(city, put_up, told, officer, head, unit_cdo):
    colleague = _member(city, city.bureau, "bureau_officer")
    ChainStepFactory(unit=city.bureau, position=1, kind="bureau_section")
    ChainStepFactory(unit=city.bureau, position=2, kind="bureau_head")
    row = put_up("TZ-2022-0001", purpose=Purpose.ORDER, unit=city.bureau, by=officer)
    assert told("waiting") == {colleague, head}
    services.agree(row, by=colleague)
    assert _held("waiting") == set()
    reminders.plan(ON)
    assert _held("waiting") == {head}


def test_the_drafter_is_told_what_was_sent_back_until_it_is_put_up_again(
    put_up, told, unit_cdo, data_officer
):
    services.send_back(put_up(), by=unit_cdo, reason="第二部分没有数字。")
    assert told("sent_back") == {data_officer}
    said = render(Notice.rows.get(type="approvals.sent_back"))
    assert said.title == "审签退回：2022年第一季度进展报告"
    assert said.lines[0] == "要改什么：第二部分没有数字。"
    assert said.to_do
    put_up()
    assert _held("sent_back") == set()


def test_the_drafter_is_told_what_was_signed_for_a_month(
    put_up, told, unit_cdo, data_officer, settings
):
    services.agree(put_up(), by=unit_cdo)
    assert told("signed") == {data_officer}
    said = render(Notice.rows.get(type="approvals.signed"))
    assert (said.title, said.to_do) == ("已审签：2022年第一季度进展报告", False)
    assert said.path == "/approvals/SQ-2022-0001/slip/" or said.path.startswith("/reports/")
    settings.TODAY = f"{ON + timedelta(days=32)}"
    assert _held("signed") == set()


def test_where_the_drafter_is_gone_the_other_clerks_are_told(
    city, put_up, told, unit_cdo, data_officer
):
    colleague = _member(city, city.department, "data_officer")
    services.send_back(put_up(), by=unit_cdo, reason="缺数字")
    Membership.rows.filter(user=data_officer).update(ends_on=ON - timedelta(days=1))
    assert told("sent_back") == {colleague}


def test_whoever_signs_the_own_draft_is_told_nothing(put_up, told, unit_cdo):
    services.agree(put_up(by=unit_cdo), by=unit_cdo)
    assert told("signed") == set()


def test_nothing_is_told_of_a_programme_that_is_not_followed(city, put_up, told):
    row = put_up()
    Approval.rows.filter(pk=row.pk).update(opened_on=city.programme.started_on - timedelta(days=1))
    assert told("waiting") == set()
