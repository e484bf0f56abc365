"""What somebody who leaves leaves behind of signing."""

from datetime import date

import pytest

from approvals import services
from approvals.choices import State
from approvals.models import Approval, ChainStep
from core.handover import Fate, Leaving, move_all, open_items
from core.models import AuditEntry
from tests.conftest import _member
from tests.factories.approvals import ChainStepFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.approvals.things")]
TODAY = date(2022, 4, 15)


@pytest.fixture
def named(city):
    return _member(city, city.department, "data_officer")


@pytest.fixture
def reserved(city, put_up, named):
    """Two steps of one open round, and the chain, wait for one person by name."""
    for position, (kind, signer) in enumerate(
        [("section", named), ("countersign", named), ("cdo", None)], start=1
    ):
        ChainStepFactory(unit=city.department, position=position, kind=kind, signer=signer)
    return put_up()


def _leaving(city, user, by, taker=None):
    return Leaving(user=user, unit=city.department, taker=taker, on=TODAY, by=by)


def _items(leaving):
    found = {part.name: items for part, items in open_items(leaving)}
    return [(item.title, item.detail, item.fate) for item in found.get("approvals", [])]


def test_what_waits_by_name_goes_to_the_taker(city, reserved, named, unit_cdo, data_officer):
    leaving = _leaving(city, named, unit_cdo, taker=data_officer)
    title = "待签：2022年第一季度进展报告"
    assert _items(leaving) == [
        # What he drafted himself somebody else looks over.
        (title, "SQ-2022-0001，“处室负责人审核”不再指定人，由担任的人签。", Fate.MOVES),
        (title, "SQ-2022-0001，“会签”改由data_officer人员签。", Fate.MOVES),
    ]
    assert move_all(leaving)["approvals"] == 4
    row = Approval.rows.get()
    assert row.version > reserved.version
    assert [step.signer for step in row.steps.all()] == [None, data_officer, None]
    assert [step.signer for step in ChainStep.rows.order_by("position")][:2] == [data_officer] * 2
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"approval.reserve", "chain.reserve"} <= verbs


def test_without_a_taker_the_role_signs_and_a_countersignature_stays(
    city, reserved, named, unit_cdo
):
    leaving = _leaving(city, named, unit_cdo)
    assert [item[1:] for item in _items(leaving)] == [
        ("SQ-2022-0001，“处室负责人审核”不再指定人，由担任的人签。", Fate.MOVES),
        (
            "SQ-2022-0001，没有接任者可会签：撤回后重新提交，或登记纸质审签。",
            Fate.STAYS,
        ),
    ]
    move_all(leaving)
    assert [step.signer for step in Approval.rows.get().steps.all()] == [None, named, None]
    assert [step.kind for step in ChainStep.rows.order_by("position")] == ["section", "cdo"]


def test_what_was_put_up_stays_with_the_unit(city, put_up, data_officer, unit_cdo):
    put_up()
    assert _items(_leaving(city, data_officer, unit_cdo)) == [
        (
            "已提交审签：2022年第一季度进展报告",
            "SQ-2022-0001，轮到“首席数据官审签”；退回时通知本单位其他经办人。",
            Fate.STAYS,
        )
    ]
    move_all(_leaving(city, data_officer, unit_cdo))
    assert Approval.rows.get().state == State.OPEN


def test_somebody_without_an_account_leaves_nothing(city, unit_cdo):
    assert _items(_leaving(city, None, unit_cdo)) == []
    assert services.reserved_steps(unit_cdo, city.department) == []
    leaving = _leaving(city, None, unit_cdo)
    from approvals.handover import move

    assert move(leaving) == 0
