"""The demonstration story, told through the services on the real packs: once for this whole file."""

import io
import re
from collections import Counter, defaultdict
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings
from docx import Document

from cdo_portal.demo import evaluating, gatherings, reporting, story, telling
from cdo_portal.pages.audit_words import VERBS
from core import workdays
from core.models import AuditEntry, SiteState
from duties.models import Assignment, Fulfilment, ItemProgress, LightRule, Order, Slip
from evaluations.models import BonusProposal, Edition, Objection, Result, Round, Score
from evaluations.queries.results import published_edition, spreads_of
from officers.models import Appointment, Filing, Team
from pilots.models import Enrolment, Membership
from projects.models import Finding, Project
from projects.queries.standing import standing
from reminders.models import Notice
from reports.documents.overall import write
from reports.models import Period, Report, SupportRequest
from tests.factories.pilots import MembershipFactory
from trainings.models import Attendance, Declaration, Event
from trainings.queries.quota import quotas

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """What the command says that it told, three weeks after the story's last day; each test then
    changes what it likes, for it runs inside the telling's transaction."""
    said = io.StringIO()
    with django_db_blocker.unblock(), transaction.atomic():
        workdays.seed([2021, 2022])
        with override_settings(TODAY="2022-06-01"):
            call_command("load_packs", verbosity=0)
            call_command("load_demo", stdout=said)
        yield said.getvalue()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def _last_day(settings):
    settings.TODAY = str(story.ENDS_ON)


def test_nobody_is_told_on_a_day_off_in_april_what_was_signed_that_day(told):
    calendar = workdays.Calendar.around(date(2022, 4, 1), date(2022, 4, 30))
    april = [scene for scene in reporting.scenes() if scene.on.month == 4]
    assert april
    assert all(calendar.is_working(scene.on) for scene in april)


def test_the_story_leaves_on_its_last_day_what_its_introduction_says(told):
    rule = LightRule.for_day(story.ENDS_ON)
    rows = Assignment.rows.filter(enrolment__programme__code=story.PROGRAMME)
    overdue = rows.overdue(rule.on).values_list("enrolment__unit__code", "obligation__code")
    assert set(overdue) == {(story.WEATHER, "shenzhen-2021.ob-3")}
    late = [row for row in rows.for_lists() if row.was_late()]
    assert {row.enrolment.unit.code for row in late} == {story.NANSHAN}
    assert {row.occurrence for row in late} == {"", reporting.LAST}
    assert (
        Fulfilment.objects.filter(assignment__obligation__code="shenzhen-2021.ob-3").count() == 25
    )
    assert (
        Fulfilment.objects.filter(assignment__obligation__code="shenzhen-2021.ob-4").count() == 10
    )


def test_twenty_six_trainings_and_ten_meetings_are_events_and_count_by_themselves(told, api):
    bureau = Enrolment.rows.get(programme__code=story.PROGRAMME, part="bureau").unit
    officer = MembershipFactory(unit=bureau, role="bureau_officer").user
    for kind, count, counted in (("training", 26, 25), ("exchange", 10, 10)):
        query = {"programme": story.PROGRAMME, "kind": kind}
        assert api(officer).get("/api/v1/events/", query).json()["count"] == count
        query["counts"] = "true"
        assert api(officer).get("/api/v1/events/", query).json()["count"] == counted
    kinds = {"training", "exchange"}
    assert Event.rows.filter(kind__in=kinds).values("pk").distinct().count() == 36
    assert all("演示" in row.title for row in Event.rows.all())
    routes = Attendance.rows.values_list("route", flat=True).distinct()
    assert set(routes) == {"ticked", "pasted", "sheet"}
    waiting = Declaration.rows.waiting().get()
    assert (waiting.unit.code, waiting.event.is_held) == (story.WEATHER, True)
    assert Declaration.rows.filter(state="confirmed").count() >= 5
    asked = {"obligation__nature__in": kinds, "enrolment__programme__code": story.PROGRAMME}
    marks = Fulfilment.objects.filter(
        **{f"assignment__{name}": value for name, value in asked.items()}
    )
    assert marks.exclude(source_key__startswith="event:").count() == 0


def light_in(days: list[date], on: date) -> str:
    """What a unit that held its events on those days is to show: two are asked for, 「在2022年4月前」."""
    if len([day for day in days if day <= on]) >= 2:
        return "done"
    if on > date(2022, 4, 30):
        return "overdue"
    if on > date(2022, 3, 31):
        return "unconfirmed"
    ahead = [date(2022, 3, day) for day in range(on.day + 1, 32)]
    return "due_soon" if len([day for day in ahead if day.weekday() < 5]) <= 10 else "normal"


def test_the_lights_of_trainings_and_meetings_are_right_on_each_day_of_march_and_april(told):
    bureau = Enrolment.rows.get(programme__code=story.PROGRAMME, part="bureau").unit
    officer = MembershipFactory(unit=bureau, role="bureau_officer").user
    held = defaultdict(list)
    for scene in gatherings.scenes():
        if isinstance(scene, gatherings.Held) and scene.is_confirmed:
            held[scene.unit, scene.kind].append(scene.on)
    shown = Counter()
    for on in (
        date(2022, 3, 1) + timedelta(days=each) for each in range(62)
    ):  # and the first of May
        for row in quotas(officer, on):
            days = held[row.unit.code, row.assignment.obligation.nature]
            asked = (len([day for day in days if day <= on]), light_in(days, on))
            assert (row.done, row.light) == asked, (row.unit, on)
            shown[row.light.value] += 1
    assert shown.total() == 62 * 18
    assert set(shown) == {"normal", "due_soon", "unconfirmed", "overdue", "done"}


def test_twelve_units_reported_and_the_province_has_one_report(told):
    summaries = Report.rows.filter(kind="summary").for_lists()
    assert summaries.filter(status="accepted").count() == 12
    mended = {row.unit.code for row in summaries if (row.returns, row.editions) == (1, 2)}
    assert mended == {story.INSURANCE, reporting.RESOURCES}
    futian = next(row.assignment for row in summaries if row.unit.code == story.FUTIAN)
    assert (futian.original_due_on, futian.due_on) == (date(2022, 4, 30), date(2022, 5, 6))
    assert not futian.was_late()
    waiting = Report.rows.waiting().for_lists()
    assert {row.unit.code for row in waiting} == {story.WEATHER, reporting.FINANCE}
    assert Report.rows.for_lists().get(status="to_sign").unit.code == story.SECURITY
    assert Report.rows.for_lists().get(status="returned").unit.code == story.FUTIAN
    overall = Report.rows.for_lists().get(kind="overall")
    assert (overall.status, overall.assignment.status) == ("accepted", "done")
    assert overall.dispatches.get().sent_on == story.ENDS_ON
    assert overall.handed_in_on == story.ENDS_ON
    lines = [row.text for row in Document(io.BytesIO(write(overall))).paragraphs]
    for row in summaries:
        assert any(row.unit.short_name in line for line in lines)
        assert any(row.title in line for line in lines)


def test_reports_name_the_items_that_they_moved(told):
    moved = ItemProgress.rows.live().filter(source_key__startswith="report:")
    units = set(moved.values_list("enrolment__unit__code", flat=True))
    assert units == set(story.PILOTS)
    now = Period.rows.get(code=reporting.NOW)
    assert moved.filter(happened_on__gte=now.opens_on).exists()  # 「较上期」 has something to tell
    assert moved.filter(happened_on__lt=now.opens_on).exists()


def test_all_that_was_told_has_its_word_on_the_record(told):
    assert set(AuditEntry.objects.values_list("verb", flat=True)) - VERBS.keys() == set()


def test_a_veto_is_followed_by_an_agreement_and_a_finding_stays_open(told):
    police = Project.rows.get(enrolment__unit__code=story.SECURITY)
    veto, agreed = police.opinions.all()
    assert (veto.decision, agreed.decision, veto.gate) == ("veto", "approve", agreed.gate)
    assert standing(police, story.ENDS_ON).alerts == []
    assert len(standing(police, date(2021, 12, 1)).vetoes) == 1
    weather = Project.rows.get(enrolment__unit__code=story.WEATHER)
    assert standing(weather, story.ENDS_ON).is_unapproved
    finding = Finding.rows.get()
    assert (finding.status, finding.unit.code) == ("correcting", story.FUTIAN)
    assert not finding.is_overdue(story.ENDS_ON)
    for row in (*Project.rows.all(), finding):
        assert "演示" in str(row)


def test_there_is_an_order_a_slip_and_a_wish_to_look_at(told):
    order = Order.rows.get()
    assert (order.state, order.leads.count()) == ("issued", 13)
    tasks = Assignment.rows.filter(obligation__origin="order")
    assert tasks.filter(status="accepted").count() == 4
    assert Slip.rows.get().assignment.unit.code == story.WEATHER
    assert SupportRequest.rows.get().status == "promised"


def test_nobody_is_cdo_before_the_plan_and_all_thirteen_are_in_march(told, api):
    def held(on):
        return Appointment.rows.of_programme(story.PROGRAMME, on).in_office(on).substantive()

    assert held(date(2021, 8, 2)).count() == 0
    assert held(date(2022, 3, 1)).count() == 13
    bureau = Enrolment.rows.get(programme__code=story.PROGRAMME, part="bureau").unit
    officer = MembershipFactory(unit=bureau, role="bureau_officer").user
    for on, count in (("2021-08-02", 0), ("2022-03-01", 13)):
        query = {"programme": story.PROGRAMME, "post": "cdo", "on": on}
        assert api(officer).get("/api/v1/appointments/", query).json()["count"] == count
    assert not Appointment.rows.filter(unit__code__in=story.DEPARTMENTS, status="ended").exists()
    assert all("演示" in row.person.name for row in held(date(2022, 3, 1)))
    waiting = Filing.rows.waiting().values_list("unit__code", flat=True)
    assert list(waiting) == [story.WEATHER]
    assert Filing.rows.filter(returns=1).get().unit.code == story.INSURANCE
    assert Team.rows.standing(story.ENDS_ON).count() == 13


def test_everybody_concerned_was_reminded_and_nobody_of_what_was_done(told):
    assert f"，{Notice.rows.count()}条提醒" in told
    assert Notice.rows.exists()
    assert Membership.rows.filter(role="unit_cdo").count() == 13
    weather = Notice.rows.filter(unit__code=story.WEATHER, stage__startswith="overdue")
    assert weather.exists()
    done_in_time = Notice.rows.filter(unit__code=story.SECURITY, stage__startswith="overdue")
    assert not done_in_time.exists()
    assert SiteState.current().is_demo
    assert telling.tell() == {"scenes": 0, "notices": 0}  # a second telling adds nothing


def test_each_unit_has_scenes_in_the_order_of_their_days():
    scenes = story.scenes()
    assert {scene.unit for scene in scenes} == set(story.PILOTS)
    assert [scene.on for scene in scenes] == sorted(scene.on for scene in scenes)
    assert scenes[0].on >= story.STARTS_ON
    assert scenes[-1].on <= story.ENDS_ON


def test_the_command_says_what_it_told(told):
    assert re.search(r"[1-9]\d*件事，[1-9]\d*条提醒", told)


# --- the round of evaluation: twelve CDOs, two reviewers, three objections ------------------------


@pytest.fixture
def round_told(told) -> Round:
    return Round.rows.for_lists().get(programme__code=story.PROGRAMME)


def test_the_round_of_the_story_is_published_and_marked(round_told):
    assert round_told.state == "published"
    assert round_told.published_on == date(2022, 5, 10)
    assert round_told.scorecards.count() == 12
    assert not round_told.scorecards.filter(enrolment__unit__code=story.GOVERNMENT).exists()
    assert "演示" in round_told.title
    assert round_told.scheme_version.scheme.note == evaluating.NOTE
    leaves = round_told.scheme_version.indicators.exclude(source="")
    assert all("演示" in row.name for row in leaves)
    assert Score.rows.filter(hand="settled").get().scorecard.unit.code == story.NANSHAN
    assert BonusProposal.rows.count() == 1


def test_one_objection_was_upheld_one_in_part_and_one_refused(round_told):
    states = Objection.rows.values_list("scorecard__enrolment__unit__code", "state")
    assert dict(states) == {
        story.SECURITY: "upheld",
        story.FUTIAN: "partly",
        story.INSURANCE: "refused",
    }
    assert round_told.scorecards.filter(corrections__isnull=False).count() == 2


def test_it_is_recomputed_to_the_last_digit_from_its_package(
    round_told, tmp_path, django_db_blocker
):
    file, said = tmp_path / "package.json", io.StringIO()
    call_command("recompute_round", round_told.number, write=file, stdout=said)
    again = io.StringIO()
    with django_db_blocker.block():
        call_command("recompute_round", package=file, stdout=again)
    assert "12个单位，与当时的结果逐位相同。" in again.getvalue()
    assert again.getvalue() == said.getvalue()
    results = Edition.rows.get().package["results"]
    for row in Result.rows.select_related("scorecard__enrolment__unit"):
        assert results[row.scorecard.unit.code]["total"] == str(row.total)


def test_the_units_of_the_story_lie_apart_and_have_a_median(round_told):
    spread = spreads_of(published_edition(round_told)).total
    assert spread.low < spread.median < spread.high <= 100
    assert Result.rows.values("grade").distinct().count() > 1
