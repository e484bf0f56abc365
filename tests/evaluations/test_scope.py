"""No unit reads another unit's score or place, by any queryset or sentence; a reviewer reads what is his
or hers, and not the other reviewer before both are through."""

from decimal import Decimal

import pytest

from accounts.roles import Role
from core.models import AuditEntry
from evaluations import services
from evaluations.choices import Hand, Move
from evaluations.models import (
    BonusProposal,
    Correction,
    Edition,
    Objection,
    Result,
    Round,
    Score,
    Scorecard,
)
from tests.conftest import _member
from tests.factories.evaluations import ResultFactory, ScorecardFactory

pytestmark = pytest.mark.django_db
SCOPED = (Round, Scorecard, Score, Correction, Objection, Edition, Result, BonusProposal)


def cards(user):
    return set(Scorecard.objects.visible_to(user))


def seen(model, user):
    return model.objects.visible_to(user).count()


@pytest.fixture
def objected(panel):
    """A told round, in which both units objected, the district's upheld."""
    row = panel.objections()
    for unit in (panel.city.department, panel.city.district):
        card = panel.card(row, unit)
        clerk = panel.person(unit, "data_officer")
        services.raise_objection(
            card, panel.leaf(row, "k12"), "有新材料", by=clerk, points=Decimal(12)
        )
    other = panel.card(row, panel.city.district).objections.get()
    services.decide_objection(other, "uphold", "属实", by=panel.head)
    return row


def test_a_unit_sees_its_own_sheet_from_the_day_the_round_begins(panel, data_officer):
    row = panel.prepared()
    assert cards(data_officer) == set()
    assert seen(Round, data_officer) == 0
    row = panel.self_scoring(row)
    assert cards(data_officer) == {panel.card(row)}
    assert seen(Round, data_officer) == 1
    panel.go(row, Move.WITHDRAW, "开错了")
    assert cards(data_officer) == set()


def test_a_unit_sees_nothing_of_another(panel, objected, data_officer, unit_cdo):
    for user in (data_officer, unit_cdo):
        assert cards(user) == {panel.card(objected)}
        assert {row.unit for row in Objection.objects.visible_to(user).for_lists()} == {
            panel.city.department
        }
        assert seen(Correction, user) == 0
        assert {row.hand for row in Score.objects.visible_to(user)} == {"self", "unit"}
        assert {row.scorecard_id for row in Score.objects.visible_to(user)} == {
            panel.card(objected).pk
        }


def test_a_result_is_read_by_its_unit_once_published_and_no_place_of_others(
    panel, data_officer, stranger, api_client_user, provincial_reader
):
    row = panel.final()
    own = Result.rows.get(scorecard=panel.card(row))
    for user in (data_officer, api_client_user, provincial_reader):
        assert seen(Result, user) == 0
    assert seen(Result, panel.head) == 2
    panel.go(row, Move.PUBLISH)
    assert list(Result.objects.visible_to(data_officer)) == [own]
    assert own not in Result.objects.visible_to(stranger)
    assert seen(Result, api_client_user) == 2
    assert seen(Result, provincial_reader) == 0
    for user in (data_officer, api_client_user, provincial_reader, panel.first):
        assert seen(Edition, user) == 0


def test_a_body_that_was_added_later_sees_nothing_of_the_others(panel, stranger):
    row = panel.published()
    ResultFactory(edition=row.results.get(), scorecard=ScorecardFactory(round=row))
    assert {r.scorecard.unit for r in Result.objects.visible_to(stranger).for_lists()} == {
        panel.city.district
    }


def test_the_bureau_sees_its_programme_and_the_auditor_all(panel, objected, foreigner, auditor):
    for model in SCOPED:
        rows = model.rows.count()
        assert seen(model, panel.officer) == seen(model, panel.head) == rows, model
        assert seen(model, auditor) == rows, model
        assert seen(model, foreigner) == 0, model
    services.propose_bonus(
        Result.rows.filter(edition__published_on__isnull=False).first()
        or Result.rows.get(scorecard=panel.card(panel.published())),
        assessment="绩效评估",
        proposal="加分",
        reason="突出",
        by=panel.officer,
    )
    assert seen(BonusProposal, panel.officer) == seen(BonusProposal, auditor) == 1
    assert seen(BonusProposal, panel.person(panel.city.department, "unit_cdo")) == 0


def test_administrators_see_nothing(panel, objected, system_admin, security_admin):
    for model in SCOPED:
        assert seen(model, system_admin) == seen(model, security_admin) == 0, model


def test_a_reviewer_sees_what_was_given_and_no_longer_than_it_is(panel):
    row = panel.prepared()
    outsider = _member(panel.city, panel.city.bureau, "evaluator")
    services.give_seats(row, panel.first, panel.second, by=panel.officer)
    assert cards(panel.first) == set(Scorecard.rows.filter(round=row))
    assert cards(outsider) == set()
    card = panel.card(row)
    services.give_seat(card, Hand.FIRST, outsider, by=panel.officer)
    assert cards(outsider) == {card}
    assert card not in cards(panel.first)
    outsider.memberships.update(revoked_at=card.updated_at, revoked_by=panel.officer)
    assert cards(outsider) == set()


def test_two_reviewers_do_not_read_each_other_before_both_are_through(panel):
    row = panel.review()
    card = panel.card(row)
    panel.fill(card, panel.first, Hand.FIRST)
    panel.score(card, "k12", Hand.SECOND, panel.second, points=Decimal(9))

    def hands(user):
        rows = Score.objects.visible_to(user).filter(scorecard=card)
        return set(rows.values_list("hand", flat=True))

    own = {"self", "unit"}
    assert hands(panel.first) == own | {"first"}
    assert hands(panel.second) == own | {"second"}
    assert hands(panel.officer) == own | {"first", "second"}
    panel.fill(card, panel.second, Hand.SECOND)
    assert hands(panel.first) == hands(panel.second) == own | {"first", "second"}


def test_no_notice_and_no_refusal_gives_a_score(panel, objected):
    from reminders import registry
    from reminders import services as reminders
    from reminders.models import Notice

    reminders.plan(panel.city.programme.started_on.replace(2022, 4, 15))
    found = Notice.rows.filter(type__startswith="evaluations.")
    assert found
    for notice in found:
        words = registry.render(notice)
        text = " ".join([words.title, *words.lines])
        assert "分，" not in text.replace("评分，", "")
        assert "12" not in text.replace("2022", "").replace("2021", "")


def test_the_record_of_a_score_is_the_units_and_the_bureaus(panel, objected):
    for entry in AuditEntry.objects.filter(verb="scorecard.correct"):
        assert entry.unit_code == panel.city.district.code
    assert Role.EVALUATOR
