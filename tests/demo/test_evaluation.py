"""The round that the story tells: twelve CDOs, two reviewers, three objections, published, and recomputed
without a database."""

import io
from datetime import date

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings

from cdo_portal.demo import evaluating, story
from core import workdays
from evaluations.models import BonusProposal, Edition, Objection, Result, Round, Score
from evaluations.queries.results import published_edition, spreads_of

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        workdays.seed([2021, 2022])
        with override_settings(TODAY="2022-06-01"):
            call_command("load_packs", verbosity=0)
            call_command("load_demo", stdout=io.StringIO())
        yield Round.rows.for_lists().get(programme__code=story.PROGRAMME)
        transaction.set_rollback(True)


def test_the_round_of_the_story_is_published_and_marked(told):
    assert told.state == "published"
    assert told.published_on == date(2022, 5, 10)
    assert told.scorecards.count() == 12
    assert not told.scorecards.filter(enrolment__unit__code=story.GOVERNMENT).exists()
    assert "演示" in told.title
    assert told.scheme_version.scheme.note == evaluating.NOTE
    leaves = told.scheme_version.indicators.exclude(source="")
    assert all("演示" in row.name for row in leaves)
    assert Score.rows.filter(hand="settled").get().scorecard.unit.code == story.NANSHAN
    assert BonusProposal.rows.count() == 1


def test_one_objection_was_upheld_one_in_part_and_one_refused(told):
    states = Objection.rows.values_list("scorecard__enrolment__unit__code", "state")
    assert dict(states) == {
        story.SECURITY: "upheld",
        story.FUTIAN: "partly",
        story.INSURANCE: "refused",
    }
    assert told.scorecards.filter(corrections__isnull=False).count() == 2


def test_it_is_recomputed_to_the_last_digit_from_its_package(told, tmp_path, django_db_blocker):
    file, said = tmp_path / "package.json", io.StringIO()
    call_command("recompute_round", told.number, write=file, stdout=said)
    again = io.StringIO()
    with django_db_blocker.block():
        call_command("recompute_round", package=file, stdout=again)
    assert "12个单位，与当时的结果逐位相同。" in again.getvalue()
    assert again.getvalue() == said.getvalue()
    results = Edition.rows.get().package["results"]
    for row in Result.rows.select_related("scorecard__enrolment__unit"):
        assert results[row.scorecard.unit.code]["total"] == str(row.total)


def test_the_units_of_the_story_lie_apart_and_have_a_median(told):
    spread = spreads_of(published_edition(told)).total
    assert spread.low < spread.median < spread.high <= 100
    assert Result.rows.values("grade").distinct().count() > 1
