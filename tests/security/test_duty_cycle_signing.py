"""Nobody signs by a name what the post alone may sign, and one press of a button signs one step."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from approvals import queries
from approvals import services as approvals
from approvals.models import Approval, ChainStep
from approvals.services import ChainChoice as Choice
from core.errors import PermissionRefused, StaleVersion
from core.handover import Leaving, move_all
from pilots import services as pilots
from pilots.models import Membership
from reports import services
from reports.choices import Status
from tests.conftest import _member
from tests.factories.approvals import ChainStepFactory
from tests.reports.conftest import desk  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db
TODAY = date(2022, 4, 15)


def again(user):
    """The same person on another request."""
    return type(user).objects.get(pk=user.pk)


def test_a_clerk_makes_himself_no_cdo_by_choosing_the_chain(city, data_officer, browse):
    page = f"/approvals/chain/{city.department.code}/"
    form = {"kind-0": "cdo", "signer-0": data_officer.pk}
    assert browse(data_officer).post(page, form).status_code == 422
    assert not ChainStep.rows.exists()
    with pytest.raises(ValidationError, match="不能指定为“首席数据官审签”的签署人"):
        approvals.choose_chain(
            city.department, [Choice("cdo", data_officer)], by=None, is_bureau=False
        )


def test_an_officer_makes_himself_no_head_either(city, officer, head):
    with pytest.raises(ValidationError, match="不能指定为“分管局领导审定”的签署人"):
        approvals.choose_chain(
            city.bureau, [Choice("bureau_head", officer)], by=officer, is_bureau=True
        )
    approvals.choose_chain(city.bureau, [Choice("bureau_head", head)], by=officer, is_bureau=True)


def test_a_deputy_is_named_for_no_post(city, unit_cdo, data_officer):
    approvals.lend_signature(
        data_officer, city.department, by=unit_cdo, starts_on=TODAY, ends_on=TODAY
    )
    with pytest.raises(ValidationError):
        approvals.choose_chain(
            city.department, [Choice("cdo", again(data_officer))], by=unit_cdo, is_bureau=False
        )


def test_who_is_named_for_a_post_and_holds_it_no_more_signs_no_more(city, desk):  # noqa: F811
    other = _member(city, city.department, "unit_cdo")
    ChainStepFactory(unit=city.department, position=1, kind="cdo", signer=other)
    report = services.put_up(desk.fill(desk.report()), by=desk.data_officer)
    waiting = queries.last_round(report.number)
    assert list(queries.waiting_for(other)) == [waiting]
    pilots.add_membership(other, city.department, "data_officer", by=desk.officer)
    post = Membership.rows.get(user=other, role="unit_cdo")
    pilots.revoke_membership(post, by=desk.officer)
    assert list(queries.waiting_for(again(other))) == []
    with pytest.raises(PermissionRefused):
        services.sign(report, by=again(other))
    assert not queries.may_sign(waiting, again(other))


def test_a_post_is_not_handed_over_to_a_clerk(city, desk, unit_cdo):  # noqa: F811
    ChainStepFactory(unit=city.department, position=1, kind="cdo", signer=unit_cdo)
    services.put_up(desk.fill(desk.report()), by=desk.data_officer)
    leaving = Leaving(
        user=unit_cdo, unit=city.department, taker=desk.data_officer, on=None, by=desk.officer
    )
    assert move_all(leaving)["approvals"] == 2
    assert Approval.rows.get().steps.get().signer is None
    assert ChainStep.rows.get().signer is None


def two_steps(city, desk):  # noqa: F811
    """A report at its first signature, both of which the CDO may give."""
    for position, kind in enumerate(("section", "cdo"), start=1):
        ChainStepFactory(unit=city.department, position=position, kind=kind)
    return services.put_up(desk.fill(desk.report()), by=desk.data_officer)


def test_a_double_press_signs_one_step_and_not_the_next_one(city, desk):  # noqa: F811
    """Both have read the page before either has signed."""
    report = two_steps(city, desk)
    version = queries.last_round(report.number).version
    first = services.sign(report, by=desk.unit_cdo, round_version=version)
    with pytest.raises(StaleVersion):
        services.sign(report, by=desk.unit_cdo, round_version=version)
    with pytest.raises(StaleVersion):
        services.turn_back(report, by=desk.unit_cdo, reason="重写。", round_version=version)
    with pytest.raises(StaleVersion):
        services.take_back(report, by=desk.data_officer, round_version=version)
    first.refresh_from_db()
    assert first.status == Status.TO_SIGN
    assert [bool(step.decision) for step in Approval.rows.get().steps.all()] == [True, False]
