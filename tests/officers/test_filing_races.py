"""Two clerks at one filing, in real transactions: one wins, the other reads who, when and what."""

import threading
from datetime import date

import pytest
from django.db import connection

from core import clock
from duties.models import Fulfilment
from officers import services
from officers.choices import FilingStatus
from officers.models import Filing
from tests.conftest import _member, make_city

from .cast import ruled
from .test_one_holder import _at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def desk():
    """A filing that waits, and two clerks of the bureau that acts for the office."""
    register = ruled(make_city())
    city = register.city
    holder = register.appoint(city.department, date(2021, 9, 16))
    filing = services.file_appointment(
        holder, by=None, letter=services.Letter(reported_on=date(2021, 9, 28))
    )
    clerks = [_member(city, city.bureau, "bureau_officer") for _place in range(2)]
    return filing, clerks


def test_of_two_who_accept_at_once_one_wins_and_the_other_reads_who_it_was(desk, browse):
    filing, clerks = desk
    answers = {}

    def accept(clerk, number):
        client = browse(clerk)
        data = {"version": 1, "receipt_number": number, "accepted_on": "2022-04-15"}
        return lambda: answers.update(
            {clerk: client.post(f"/filings/{filing.number}/accept/", data)}
        )

    raised = _at_once(*(accept(clerk, f"备{n}") for n, clerk in enumerate(clerks)))
    assert raised == [None, None]
    assert sorted(answer.status_code for answer in answers.values()) == [302, 412]
    winner = next(clerk for clerk, answer in answers.items() if answer.status_code == 302)
    loser = next(answer for answer in answers.values() if answer.status_code == 412)
    row = Filing.rows.get()
    assert (row.status, row.decided_by, row.version) == (FilingStatus.ACCEPTED, winner, 2)
    page = loser.content.decode()
    assert str(winner.audit_label) in page
    assert "已办理：准予备案" in page
    counted = Fulfilment.objects.filter(source_key__startswith="filing:")
    natures = counted.values_list("assignment__obligation__nature", flat=True)
    assert sorted(natures) == ["filing", "post"]  # each task once


def test_without_the_lock_both_would_believe_they_had_decided(desk):
    """The negative control: read, check, write without holding the row."""
    filing, clerks = desk
    read = threading.Barrier(2)
    decided = []

    def naive(clerk):
        def act():
            row = Filing.rows.get(pk=filing.pk)
            read.wait(10)
            if row.status != FilingStatus.SUBMITTED or row.version != 1:
                return
            facts = {"accepted_on": clock.today(), "receipt_number": f"备{clerk.pk}"}
            Filing.rows.filter(pk=row.pk).update(
                status=FilingStatus.ACCEPTED, decided_by=clerk, decided_at=clock.now(), **facts
            )
            decided.append(clerk)

        return act

    assert _at_once(*(naive(clerk) for clerk in clerks)) == [None, None]
    assert len(decided) == 2
    connection.close()


def test_of_two_filings_given_one_number_at_once_one_gets_it(desk):
    filing, clerks = desk
    holder = filing.appointment
    services.end_appointment(holder, on=date(2022, 4, 1), ending="removed", by=None)
    second = services.file_appointment(holder, kind="removal", by=None)

    def give(row, clerk):
        return lambda: services.accept_filing(row, by=clerk, receipt_number="备001")

    raised = _at_once(give(filing, clerks[0]), give(second, clerks[1]))
    refused = [error for error in raised if error is not None]
    assert len(refused) == 1
    winner = Filing.rows.get(receipt_number="备001")
    assert winner.number in str(refused[0])
