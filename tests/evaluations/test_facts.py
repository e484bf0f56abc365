"""What the portal knows of a unit for a round: counted from records, never from activity."""

from datetime import date
from decimal import Decimal

import pytest

from duties import services as duties
from evaluations.choices import COUNTS, DAYS, RATES, Fact
from evaluations.models import FactValue
from evaluations.queries import fact_sql
from evaluations.queries.checking import Sketch
from evaluations.queries.facts import (
    ROWS,
    _params,
    _split,
    behind,
    list_path,
    read_facts,
    value_for,
)
from evaluations.queries.results import still_to_earn
from officers.models import Post
from pilots.models import Enrolment
from tests.factories.duties import AssignmentFactory, FulfilmentFactory, ObligationFactory
from tests.factories.evaluations import ScorecardFactory
from tests.factories.officers import AppointmentFactory, FilingFactory, PostFactory
from tests.factories.projects import OpinionFactory, ProjectFactory
from tests.factories.reports import EvidenceFactory, ReportFactory, SubmissionFactory
from tests.plans import IN_LOOPS, nodes, rows

pytestmark = pytest.mark.django_db
ON = date(2022, 5, 10)
D = Decimal


@pytest.fixture
def round_(panel):
    return panel.prepared()


@pytest.fixture
def card(panel, round_):
    return panel.card(round_)


def known(card, fact, on=ON):
    read_facts(card.round, on)
    return FactValue.objects.get(scorecard=card, fact=fact)


def value(card, fact, on=ON):
    row = known(card, fact, on)
    return row.value, row.part, row.whole


def task(card, **facts):
    """A task of the unit beside those of the city; `latest_on` is its last day."""
    latest = facts.pop("latest_on", date(2022, 3, 31))
    dates = {
        "due_on": facts.pop("due_on", latest),
        "latest_on": latest,
        "last_workday_on": date(2022, 3, 1),
        "latest_workday_on": date(2022, 3, 1),
    }
    facts.setdefault("original_due_on", dates["due_on"])
    done = facts.pop("done_on", None)
    if done:
        facts |= {"status": "done", "done_on": done, "closed_at": card.updated_at}
    obligation = facts.pop("obligation", None) or ObligationFactory(
        programme=card.programme, nature=facts.pop("nature", "other"), latest_on=None, due_on=None,
        wording="",
    )  # fmt: skip
    return AssignmentFactory(enrolment=card.enrolment, obligation=obligation, **dates, **facts)


def test_every_fact_has_its_sql_and_none_asks_for_activity():
    assert ROWS.keys() == set(Fact) == RATES | COUNTS | DAYS
    source = " ".join(rows for rows, _value in ROWS.values()) + fact_sql.PLACE + fact_sql.STORE
    for word in ("login", "session", "axes", "audit", "accounts_user", "saved_at", "read_at"):
        assert word not in source


def test_on_time_is_what_was_done_by_the_last_day_that_the_words_allow(card):
    read_facts(card.round, date(2022, 3, 1))
    before = known(card, Fact.ON_TIME, on=date(2022, 3, 1))
    assert (before.value, before.whole) == (None, 0)
    task(card, done_on=date(2022, 3, 31))
    task(card, done_on=date(2022, 4, 1))
    task(card)
    task(card, status="submitted", latest_on=date(2022, 4, 1))
    task(card, latest_on=date(2023, 1, 1))
    task(card, status="withdrawn", closed_at=card.updated_at)
    row = known(card, Fact.ON_TIME, on=date(2022, 4, 15))
    assert (row.part, row.whole) == (2, 4)
    assert row.value == D("0.5")


def test_a_date_in_doubt_is_never_late(card):
    task(card, due_on=date(2022, 3, 31), latest_on=date(2022, 4, 30), done_on=date(2022, 4, 20))
    task(card, due_on=date(2022, 3, 31), latest_on=date(2022, 4, 30))
    assert value(card, Fact.ON_TIME, on=date(2022, 4, 20))[1:] == (1, 1)
    assert [row.part for row in behind(card, Fact.ON_TIME, date(2022, 4, 20))] == [1]


def test_more_time_counts_by_the_day_in_force_and_not_by_the_original_one(card):
    task(card, original_due_on=date(2022, 3, 1), done_on=date(2022, 3, 20))
    assert value(card, Fact.ON_TIME)[0] != value(card, Fact.ON_TIME_ORIGINAL)[0]
    rows = [row for row in behind(card, Fact.ON_TIME_ORIGINAL, ON) if row.part == 0]
    assert len(rows) >= 1


def test_a_handed_in_report_is_judged_by_its_day(card):
    row = task(card, status="submitted")
    ReportFactory(assignment=row, status="submitted", handed_in_on=date(2022, 4, 2),
                  handed_in_at=card.updated_at, editions=1)  # fmt: skip
    found = [each for each in behind(card, Fact.ON_TIME, ON) if each.subject == row.number]
    assert [(each.part, each.whole) for each in found] == [(0, 1)]


def test_reports_that_passed_at_once_and_those_with_evidence(card):
    for returns, with_file in ((0, True), (1, False)):
        report = ReportFactory(
            assignment=task(card), status="accepted", returns=returns, editions=1,
            handed_in_on=date(2022, 4, 2), handed_in_at=card.updated_at,
            decided_on=date(2022, 4, 3), decided_at=card.updated_at,
        )  # fmt: skip
        edition = SubmissionFactory(report=report)
        if with_file:
            file = EvidenceFactory(unit=card.unit, programme=card.programme)
            edition.files.create(evidence=file, section_key="progress")
    assert value(card, Fact.FIRST_ROUND) == (D("0.5"), 1, 2)
    assert value(card, Fact.EVIDENCE) == (D("0.5"), 1, 2)


def test_trainings_and_meetings_are_counted_from_what_fulfils_the_tasks(panel, card):
    row = panel.city.assignment(panel.city.department, "training")
    for day in (date(2022, 3, 1), date(2022, 4, 10)):
        duties.fulfil(row, source_key=f"t:{day}", happened_on=day, by=None)
    assert value(card, Fact.TRAININGS) == (2, 2, 2)
    assert value(card, Fact.MEETINGS) == (None, 0, 0)
    meeting = task(card, nature="exchange", quantity=2)
    FulfilmentFactory(assignment=meeting, happened_on=date(2022, 3, 5))
    FulfilmentFactory(assignment=meeting, happened_on=date(2021, 1, 1))
    assert value(card, Fact.MEETINGS) == (1, 1, 2)
    assert [row.happened_on for row in behind(card, Fact.MEETINGS, ON)] == [date(2022, 3, 5), None]


def test_the_plan_is_filed_or_not(panel, card):
    assert value(card, Fact.PLAN_FILED) == (0, 0, 1)
    assert str(known(card, Fact.PLAN_FILED)) == "实施方案已备案 0.000000"
    row = panel.city.assignment(panel.city.department, "plan")
    duties.fulfil(row, source_key="p", happened_on=date(2022, 3, 1), by=None)
    assert value(card, Fact.PLAN_FILED) == (1, 1, 1)


def appointed(card, starts_on, ends_on=None, **facts):
    post = Post.objects.filter(code="cdo").first() or PostFactory(code="cdo")
    more = {"status": "ended", "ended_at": card.updated_at, "ending": "left"} if ends_on else {}
    return AppointmentFactory(
        unit=card.unit, post=post, starts_on=starts_on, ends_on=ends_on, **more | facts
    )


def test_days_without_a_holder_are_counted_within_the_period(card):
    whole = (date(2022, 4, 30) - date(2021, 8, 3)).days + 1
    Enrolment.rows.filter(pk=card.enrolment_id).update(starts_on=None)
    assert value(card, Fact.VACANCY_DAYS) == (whole, whole, whole)
    appointed(card, date(2021, 9, 1), date(2021, 12, 31))
    appointed(card, date(2022, 1, 11))
    assert value(card, Fact.VACANCY_DAYS)[0] == 29 + 10
    rows = [(row.subject, row.part) for row in behind(card, Fact.VACANCY_DAYS, ON) if row.part]
    assert rows == [("2021-08-03", 29), ("2022-01-01", 10)]


def test_a_term_whose_first_day_is_unknown_leaves_nothing_vacant_before_it(card):
    appointed(card, None, known_on=date(2022, 3, 1))
    assert value(card, Fact.VACANCY_DAYS)[0] == 0


def test_a_stand_in_ends_no_vacancy(card):
    appointed(card, date(2021, 8, 3), kind="acting")
    assert value(card, Fact.VACANCY_DAYS)[0] > 0


def test_filing_takes_the_days_from_the_appointment_to_its_report(card):
    assert value(card, Fact.FILING_DAYS)[0] is None
    filed = appointed(
        card, date(2021, 9, 1), date(2022, 2, 28), filing_task=task(card, nature="filing")
    )
    FilingFactory(appointment=filed, unit=card.unit, programme=card.programme,
                  reported_on=date(2021, 9, 11))  # fmt: skip
    assert (
        value(card, Fact.FILING_DAYS)[0]
        == (date(2021, 9, 11) - (filed.signed_on or filed.starts_on)).days
    )
    open_ = appointed(
        card, date(2022, 3, 1), filing_task=task(card, nature="filing"), signed_on=date(2022, 3, 1)
    )
    assert value(card, Fact.FILING_DAYS)[0] == (date(2022, 4, 30) - open_.signed_on).days


def test_projects_with_an_opinion_at_approval(card):
    for with_opinion in (True, False):
        row = ProjectFactory(enrolment=card.enrolment, started_on=date(2022, 2, 1))
        if with_opinion:
            OpinionFactory(project=row, gate="approval", given_on=date(2022, 1, 20))
    assert value(card, Fact.PROJECTS_GATED) == (D("0.5"), 1, 2)


def test_each_fact_leads_to_the_rows_behind_it(card, browse, officer):
    read_facts(card.round, ON)
    client = browse(officer)
    for fact in Fact:
        path = list_path(card, fact)
        assert card.unit.code in path
        assert client.get(path).status_code == 200, path
        row = FactValue.objects.get(scorecard=card, fact=fact)
        rows = behind(card, fact, ON)
        assert sum(each.whole for each in rows) == row.whole, fact
        if fact != Fact.FILING_DAYS:
            assert sum(each.part for each in rows) == row.part, fact


def test_reading_facts_costs_the_same_for_any_number_of_units(
    panel, round_, django_assert_num_queries
):
    with django_assert_num_queries(len(Fact)):
        assert read_facts(round_, ON) == 2 * len(Fact)
    with django_assert_num_queries(len(Fact)):
        read_facts(round_, ON)


def rows_handled(round_, store):
    """Of all nodes of the plans that read the facts, all the rows."""
    found = 0
    for fact, (counted, how) in ROWS.items():
        more, select = _split(counted)
        query = fact_sql.PLACE + more + store.format(value=how, rows=select)
        params = _params(round_, ON) | {"fact": str(fact)}
        found += sum(map(rows, nodes(query, params, IN_LOOPS)))
    return found


def test_a_round_whose_sheets_are_new_is_read_in_one_go(round_):
    """Until the tables are analysed again the planner believes that there are next to none."""
    for _unit in range(60):
        card = ScorecardFactory(round=round_, enrolment__part="pilot")
        task(card, nature="plan")
    joined = """SELECT place.card_id, {value}, %(fact)s, %(on)s
        FROM place LEFT JOIN ({rows}) AS found ON found.card_id = place.card_id GROUP BY 1"""
    assert rows_handled(round_, fact_sql.STORE) < 60 * len(Fact) * 30
    assert rows_handled(round_, joined) > 60 * 60 * len(Fact) * 3, "the control"


def test_a_count_by_share_is_done_of_asked():
    row = FactValue(fact="trainings", value=D(1), part=D(1), whole=D(3))
    assert value_for(row, "trainings", "share") == D("0.333333")
    assert value_for(row, "trainings", "bands") == 1
    assert value_for(FactValue(value=D(1), part=D(1), whole=D(0)), "trainings", "share") is None
    assert value_for(FactValue(value=None, part=D(0), whole=D(0)), "trainings", "bands") is None
    assert value_for(None, "trainings", "bands") is None


def test_a_unit_sees_what_is_still_to_earn(panel, card):
    read_facts(card.round, ON)
    found = [(row.indicator, row.fact, row.nth, row.points) for row in still_to_earn(card)]
    assert found == [("实施方案", "plan_filed", 1, D(20)), ("培训", "trainings", 1, D(12))]
    row = panel.city.assignment(panel.city.department, "training")
    duties.fulfil(row, source_key="t", happened_on=date(2022, 3, 1), by=None)
    read_facts(card.round, ON)
    assert [(row.nth, row.points) for row in still_to_earn(card)][1] == (2, D(8))


def test_what_no_single_act_earns_is_not_promised(panel):
    tree = [Sketch("a", "按时", "", D(100), "normal", "auto", "share", fact="on_time")]
    card = panel.card(panel.prepared(panel.scheme(tree)))
    task(card)
    read_facts(card.round, ON)
    assert still_to_earn(card) == []
