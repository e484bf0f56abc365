"""One transaction: a dry run, a failure in the middle, two starts at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from cdo_portal.packs import programmes
from cdo_portal.packs.difference import Kind
from cdo_portal.packs.loader import load, load_all
from core.models import AuditEntry
from duties.models import Obligation
from pilots.models import PolicyDocument, Programme, Unit

pytestmark = pytest.mark.django_db


def test_a_dry_run_shows_everything_and_writes_nothing(small):
    difference = load(small(), dry_run=True)

    assert difference.counts(Kind.ADDED)["参与"] == 6
    assert difference.created == 3
    assert not Unit.rows.exists()
    assert not Programme.rows.exists()
    assert not AuditEntry.objects.exists()


def test_a_dry_run_of_a_change_leaves_the_row(small):
    load(small())

    difference = load(small("title: 组织培训", "title: 组织业务培训"), dry_run=True)

    assert len(difference.of(Kind.CHANGED)) == 1
    assert Obligation.rows.get(code="small-2021.ob-2").title == "组织培训"


def test_a_failure_in_the_middle_leaves_nothing(small, monkeypatch):
    def broken(_load):
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(programmes, "_enrolments", broken)

    with pytest.raises(RuntimeError):
        load(small())

    assert not Unit.rows.exists()
    assert not PolicyDocument.rows.exists()
    assert not AuditEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_starts_at_once_load_once(small):
    path = small()

    def start(_number):
        try:
            return load_all([path], only_changed=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(start, range(2)))

    assert sorted(len(differences) for differences in results) == [0, 1]
    assert AuditEntry.objects.filter(verb="pack.load").count() == 1
    assert Unit.rows.count() == 6
