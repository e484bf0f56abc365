"""Several reviewers at one report at once: one decides, the others read who, when and what."""

import threading
from functools import partial

import pytest
from django.db import connection

from core import clock
from core.errors import Refused
from reports import services
from reports.choices import Decision, Status
from reports.models import Report, Review
from reports.services.reviewing import AlreadyDecided
from tests.at_once import at_once
from tests.conftest import _member, make_city

from .cast import desk_of

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 50
MOST = 10


@pytest.fixture
def desk():
    made = desk_of(make_city())
    made.open_period()
    return made


@pytest.fixture
def reviewers(desk):
    return [_member(desk.city, desk.city.bureau, "bureau_officer") for _place in range(MOST)]


def decide(report, user, *, accepts):
    if accepts:
        return services.accept(report, by=user)
    return services.return_report(report, [services.Remark("", "", "vague", "")], by=user)


def again(report, desk):
    """The same report, waiting for the bureau once more."""
    row = Report.rows.get(pk=report.pk)
    review = Review.rows.standing().filter(submission__report=row).latest("decided_at")
    services.undo(review, by=desk.officer)
    return Report.rows.for_lists().get(pk=report.pk)


def test_of_two_to_ten_reviewers_at_once_exactly_one_decides(desk, reviewers):
    report = desk.handed_in()
    for number in range(ROUNDS):
        people = reviewers[: 2 + number % (MOST - 1)]
        works = [
            partial(decide, report, user, accepts=place % 2 == number % 2)
            for place, user in enumerate(people)
        ]
        found = at_once(*works)
        won = [each for each in found if isinstance(each, Review)]
        assert len(won) == 1, found
        lost = [each for each in found if each is not won[0]]
        assert all(isinstance(each, AlreadyDecided) for each in lost), lost
        assert all(str(won[0].decided_by) in str(each) for each in lost)
        assert all(str(Decision(won[0].decision).label) in str(each) for each in lost)
        assert Review.rows.standing().count() == 1
        status = Report.rows.get(pk=report.pk).status
        assert status == (Status.ACCEPTED if won[0].decision == "accepted" else Status.RETURNED)
        report = again(report, desk)
    connection.close()


def test_without_the_lock_more_than_one_would_believe_to_have_decided(desk, reviewers):
    """The negative control: read, check, write without holding the row."""
    report = desk.handed_in()
    read = threading.Barrier(2)

    def naive(user):
        row = Report.rows.get(pk=report.pk)
        read.wait(30)
        if row.status != Status.SUBMITTED:
            raise Refused
        facts = {"decided_by": user, "decided_at": clock.now(), "decided_on": clock.today()}
        Report.rows.filter(pk=row.pk).update(status=Status.ACCEPTED, **facts)
        return user

    found = at_once(*[partial(naive, user) for user in reviewers[:2]])
    assert found == reviewers[:2]  # both: exactly what must not happen
    connection.close()


def test_two_pages_answered_at_once_give_one_answer_and_one_refusal(desk, reviewers, browse):
    report = desk.handed_in()
    address = f"/review/{report.number}/accept/"

    def post(user):
        client = browse(user)
        return lambda: client.post(address, {"version": report.version})

    found = at_once(*[post(user) for user in reviewers[:2]])
    assert sorted(answer.status_code for answer in found) == [302, 409]
    loser = next(answer for answer in found if answer.status_code == 409)
    assert "无须再处理" in loser.content.decode()
    connection.close()
