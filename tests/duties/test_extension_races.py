"""Two officers at one request, in real transactions: one decides, the other reads who, when, what."""

import threading
from datetime import date

import pgtrigger
import pytest
from django.db import connection

from core import clock
from core.errors import Refused
from duties import services
from duties.choices import ExtensionState, Verdict
from duties.models import Assignment, Extension, Slip
from tests.at_once import at_once
from tests.conftest import _member, make_city
from tests.security.test_races import behind

from .chasing import ask, draft

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 5


@pytest.fixture
def desk():
    """A request that waits, and officers of the bureau."""
    city = make_city()
    row = ask(city, _member(city, city.department, "unit_cdo"))
    officers = [_member(city, city.bureau, "bureau_officer") for _place in range(4)]
    return city, row, officers


def test_of_two_who_decide_at_once_one_wins_and_the_other_reads_who_it_was(desk, browse):
    _city, row, officers = desk
    data = {"version": row.version, "verdict": "grant"}
    clients = [browse(officer) for officer in officers[:2]]
    works = [
        lambda client=client: client.post(f"/extensions/{row.number}/answer/", data)
        for client in clients
    ]
    answers = at_once(*works)
    assert sorted(answer.status_code for answer in answers) == [302, 412]
    loser = next(answer for answer in answers if answer.status_code == 412)
    row = Extension.rows.get()
    assert row.state == ExtensionState.GRANTED
    words = f"这件延期申请已由{row.decided_by.display_name}在"
    assert words in loser.content.decode()
    assert "同意，无须再处理" in loser.content.decode()
    assert Assignment.rows.get(pk=row.assignment_id).deadline_version == 2


def test_whoever_comes_second_is_refused_whatever_the_answer(desk):
    _city, row, officers = desk
    found = behind(
        lambda: services.decide_extension(row, Verdict.GRANT, by=officers[0]),
        lambda: services.decide_extension(row, Verdict.REFUSE, answer="迟了。", by=officers[1]),
    )
    assert isinstance(found, Refused)
    assert Extension.rows.get().decided_by == officers[0]


def test_many_rounds_of_many_officers_give_one_decision_each(desk):
    _city, row, officers = desk
    for number in range(ROUNDS):
        verdicts = [Verdict.GRANT, Verdict.REFUSE, Verdict.PARTLY, Verdict.GRANT]
        found = at_once(
            *(
                lambda officer=officer, verdict=verdict: services.decide_extension(
                    row, verdict, granted_on=date(2022, 5, 16), answer="已研究。", by=officer
                )
                for officer, verdict in zip(officers, verdicts, strict=True)
            )
        )
        refused = [each for each in found if isinstance(each, Refused)]
        assert len(refused) == len(officers) - 1, found
        services.undo_decision(Extension.rows.get(), by=officers[0])
        assert Extension.rows.get().state == ExtensionState.ASKED, number


def test_without_the_lock_both_would_believe_they_had_decided(desk):
    """The negative control: read, check, write without holding the row."""
    _city, row, officers = desk
    read, decided = threading.Barrier(2), []

    def naive(officer):
        def act():
            known = Extension.rows.get(pk=row.pk)
            read.wait(10)
            if known.state != ExtensionState.ASKED:
                return
            facts = {"decided_at": clock.now(), "closed_at": clock.now(), "decided_by": officer}
            Extension.rows.filter(pk=row.pk).update(
                state="refused", verdict="refuse", answer="略", closed_on=clock.today(), **facts
            )
            decided.append(officer)

        return act

    assert at_once(*(naive(officer) for officer in officers[:2])) == [None, None]
    assert len(decided) == 2
    connection.close()


def test_two_who_ask_at_once_make_one_request(desk):
    city, _row, _officers = desk
    people = [_member(city, city.district, "data_officer") for _place in range(2)]
    found = at_once(*(lambda user=user: ask(city, user, city.district) for user in people))
    assert sum(isinstance(each, Refused) for each in found) == 1, found


def test_two_who_remind_at_once_send_one_slip(desk):
    _city, row, officers = desk
    task = row.assignment
    for _round in range(ROUNDS):
        with pgtrigger.ignore("duties.Slip:slip_is_never_deleted"):  # one slip a day
            Slip.rows.all().delete()
        found = at_once(
            *(
                lambda officer=officer: services.issue_slips([task], draft(), by=officer)
                for officer in officers
            )
        )
        assert sorted(len(issued.sent) for issued in found) == [0, 0, 0, 1], found
        assert Slip.rows.count() == 1
