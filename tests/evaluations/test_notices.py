"""Who is told of an evaluation, and until when; what is open when somebody leaves; the record in words."""

from datetime import date, timedelta

import pytest

from cdo_portal.pages.audit_words import FIELDS, VERBS
from core.handover import Leaving
from core.models import AuditEntry
from evaluations import handover, paths, services
from evaluations.choices import Hand, Move
from reminders import registry
from reminders import services as reminders
from reminders.models import DeliveryLine, Notice
from reminders.services import composing

pytestmark = pytest.mark.django_db
TODAY = date(2022, 4, 15)


def told(kind, on=TODAY):
    reminders.plan(on)
    return list(Notice.rows.filter(type=f"evaluations.{kind}").order_by("id"))


def mailed(row, on=TODAY):
    """The text of the message that carries the notice."""
    line = DeliveryLine.objects.get(notice=row)
    assert line.delivery.manner == "digest"
    (draft,) = composing.drafts([line.delivery])
    return composing.write(draft, on, is_demo=False).text


def people(rows):
    return {row.recipient for row in rows}


def test_clerk_and_cdo_are_told_of_the_self_evaluation_until_it_is_handed_in(panel):
    row = panel.prepared()
    card = panel.card(row)
    cdo, clerk = (panel.person(card.unit, role) for role in ("unit_cdo", "data_officer"))
    assert told("self") == []
    row = panel.self_scoring(row)
    found = told("self")
    assert {cdo, clerk} <= people(found)
    words = registry.render(next(each for each in found if each.recipient == clerk))
    assert words.title == f"测试市公安局“{row.title}”自评，2022-04-20截止"
    assert words.path == f"/evaluations/{row.number}/{card.unit.code}/"
    assert (words.urgency, words.to_do) == (5, True)
    late = [each for each in told("self", on=date(2022, 4, 21)) if each.stage == "late"]
    assert registry.render(late[0]).title.endswith("自评已过2022-04-20，还没有提交")
    panel.score(card, "k22", Hand.SELF, cdo, points=TODAY.day * 0 + row.scheme_version.step)
    services.hand_in(card, Hand.SELF, by=cdo)
    mine = [each for each in found if each.unit == card.unit]
    assert not registry.holding(mine)


def test_the_clerk_is_told_of_the_units_evaluation_and_the_cdo_is_not(panel):
    row = panel.prepared()
    card = panel.card(row)
    cdo, clerk = (panel.person(card.unit, role) for role in ("unit_cdo", "data_officer"))
    panel.go(panel.self_scoring(row), Move.OPEN_UNIT)
    found = told("unit")
    assert clerk in people(found)
    assert cdo not in people(found)
    assert registry.render(found[0]).title.endswith("本单位评价，2022-04-22截止")
    late = [each for each in told("unit", on=date(2022, 4, 23)) if each.stage == "late"]
    assert "本单位评价已过2022-04-22" in registry.render(late[0]).title


def test_reviewers_are_told_of_their_sheets_until_they_are_through(panel):
    row = panel.review()
    found = told("review")
    assert people(found) == {panel.first, panel.second}
    assert len(found) == 4
    assert "等待评分：测试市" in registry.render(found[0]).title
    panel.fill(panel.card(row), panel.first, Hand.FIRST)
    assert len(registry.holding(found)) == 3
    late = [each for each in told("review", on=date(2022, 5, 1)) if each.stage == "late"]
    assert "还没有评完" in registry.render(late[0]).title


def test_the_unit_is_told_that_it_may_object_and_the_desk_that_it_did(panel):
    row = panel.objections()
    card = panel.card(row)
    clerk = panel.person(card.unit, "data_officer")
    mine = next(each for each in told("told") if each.recipient == clerk)
    words = registry.render(mine)
    assert words.title == f"测试市公安局“{row.title}”得分已告知"
    assert words.lines[1] == "对得分有异议的，可以提出复核申请。"
    assert words.title in mailed(mine), "news of a digest, though it asks for nothing"
    objection = services.raise_objection(card, panel.leaf(row, "k12"), "有新材料", by=clerk)
    desk = told("objection")
    assert people(desk) == {panel.officer}
    assert registry.render(desk[0]).title == "测试市公安局对“创新”提出复核申请"
    assert registry.render(desk[0]).path == f"/objections/{objection.number}/"
    services.decide_objection(objection, "refuse", "没有新材料", by=panel.head)
    assert registry.holding(desk) == set()
    answered = told("decided")
    assert clerk in people(answered)
    assert registry.render(answered[0]).title == "测试市公安局对“创新”的复核申请已处理"
    assert "复核申请已处理" in mailed(answered[0])


def test_a_term_is_told_with_its_last_day(panel):
    panel.objections(panel.prepared(panel.scheme(objection_workdays=5)))
    words = registry.render(told("told")[0])
    assert "2022-04-22前提出复核申请" in words.lines[1]
    assert (words.urgency, words.days, words.to_do) == (7, 7, False)


def test_the_result_is_told_once_published_and_again_after_a_correction(panel):
    row = panel.published()
    found = told("published")
    assert len(people(found)) == 4
    assert registry.render(found[0]).path == paths.results_path(row.number)
    assert "评价结果已公布" in mailed(found[0])
    assert told("published", on=TODAY + timedelta(days=3)) == found
    row = panel.go(row, Move.REOPEN, "漏记")
    panel.go(panel.go(row, Move.FINALISE), Move.PUBLISH)
    assert len(told("published")) == 2 * len(found)


def test_who_leaves_hands_over_no_seat_and_knows_of_open_objections(panel):
    row = panel.review()
    leaving = Leaving(panel.first, panel.city.bureau, None, TODAY, panel.officer)
    items = handover.open_items(leaving)
    assert [item.title for item in items] == ["待评分：测试市公安局", "待评分：测试市福田区"]
    assert row.number in items[0].detail
    assert handover.move(leaving) == 0
    told_ = panel.objections()
    card = panel.card(told_)
    clerk = panel.person(card.unit, "data_officer")
    services.raise_objection(card, panel.leaf(told_, "k12"), "有新材料", by=clerk)
    leaving = Leaving(None, card.unit, None, TODAY, panel.officer)
    assert [item.title for item in handover.open_items(leaving)] == ["复核申请：创新"]


def test_every_change_is_recorded_in_words(panel):
    row = panel.published()
    panel.go(row, Move.REOPEN, "漏记")
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    mine = {v for v in verbs if v.split(".")[0] in {"scheme", "indicator", "round", "scorecard"}}
    assert {"round.prepare", "round.publish", "scorecard.hand_in"} <= mine
    assert mine <= VERBS.keys()
    for entry in AuditEntry.objects.filter(verb__in=mine):
        model = entry.subject.partition(":")[0]
        for name, _before, _after in entry.changes:
            assert f"{model}.{name}" in FIELDS or name in FIELDS, (entry.verb, name)
