"""Who is told of a veto and of a correction whose day nears or has passed."""

from datetime import date

import pytest
from django.utils import translation

from projects import services
from reminders import services as reminders
from reminders.models import Notice
from reminders.registry import holding, render
from tests.factories.pilots import before_the_start
from tests.factories.projects import FindingFactory

from .conftest import DECEMBER

pytestmark = pytest.mark.django_db
ON = date(2022, 4, 15)  # a Friday


@pytest.fixture
def told():
    """`told(day, "veto")`: plan that day; who was told on it, at which stage."""

    def asked(on, name):
        reminders.plan(on)
        rows = Notice.rows.filter(type=f"projects.{name}", for_on=on)
        return {(row.recipient, row.stage) for row in rows}

    return asked


def test_a_veto_reaches_the_clerks_of_the_unit_and_the_bureaus_officers(
    project, opine, told, data_officer, officer, head, stranger
):
    opine(project, "veto")
    assert told(ON, "veto") == {(data_officer, "approval"), (officer, "approval")}
    assert told(ON, "veto") == {(data_officer, "approval"), (officer, "approval")}
    notice = Notice.rows.filter(type="projects.veto", recipient=officer).get()
    assert holding([notice]) == {notice.pk}
    found = render(notice)
    assert found.title == "测试市公安局“数据共享平台”立项被否决"
    assert found.lines[0] == "理由：与已建平台重复"
    assert found.path == f"/projects/{project.number}/#approval"
    with translation.override("en"):
        assert render(notice).path == found.path


def test_whoever_entered_the_veto_is_not_told_of_it(project, opine, told, data_officer, officer):
    paper = services.Paper("深公字〔2021〕12号")
    opine(project, "veto", route="paper", cdo_name="周明", paper=paper, by=data_officer)
    assert told(ON, "veto") == {(officer, "approval")}


def test_a_veto_that_another_opinion_replaced_is_no_news(project, opine, told, officer):
    opine(project, "veto")
    told(ON, "veto")
    notice = Notice.rows.filter(recipient=officer, type="projects.veto").get()
    opine(project, on=DECEMBER)
    assert holding([notice]) == set()


def test_a_veto_replaced_before_anybody_was_told_is_never_told(project, opine, told):
    opine(project, "veto")
    opine(project, on=DECEMBER)
    assert told(ON, "veto") == set()


def test_of_what_is_not_followed_nobody_is_told(project, opine, told, city):
    opine(project, "veto")
    FindingFactory(enrolment=project.enrolment, correcting=True)
    before_the_start()
    assert told(ON, "veto") == told(ON, "correction") == set()
    assert holding([Notice(pk=1, type="projects.veto", subject="opinion:1", for_on=ON)]) == set()


@pytest.mark.parametrize(
    ("on", "stage"),
    [
        (date(2022, 4, 23), None),
        (date(2022, 4, 24), "soon"),
        (date(2022, 4, 28), "soon"),
        (date(2022, 4, 29), "today"),
        (date(2022, 5, 5), "over"),
        (date(2022, 5, 7), "over+1"),
        (date(2022, 5, 16), "over+2"),
    ],
)
def test_a_correction_is_told_by_working_days(
    powers, department, told, on, stage, unit_cdo, data_officer, officer, head
):
    """Due on Saturday 2022-04-30: Friday the 29th is the last working day, Sunday the 24th,
    which is worked, five before it, the 5th of May the first after."""
    FindingFactory(enrolment=department, correcting=True, due_on=date(2022, 4, 30))
    people = {unit_cdo, data_officer} | ({officer} if (stage or "").startswith("over") else set())
    assert told(on, "correction") == ({(each, stage) for each in people} if stage else set())


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (date(2022, 4, 18), "整改还剩3天"),
        (date(2022, 4, 15), "整改今天到期"),
        (date(2022, 4, 11), "整改逾期4天"),
    ],
)
def test_a_correction_says_how_many_days(powers, department, told, data_officer, due_on, words):
    row = FindingFactory(enrolment=department, correcting=True, due_on=due_on)
    told(ON, "correction")
    found = render(Notice.rows.get(type="projects.correction", recipient=data_officer))
    assert found.title == f"测试市公安局“{row.title}”{words}"
    assert (found.path, found.to_do) == (f"/findings/{row.number}/", True)


def test_a_new_time_limit_is_told_anew_and_the_old_one_no_more(
    powers, department, told, data_officer
):
    row = FindingFactory(enrolment=department, correcting=True, due_on=date(2022, 4, 18))
    assert told(ON, "correction") == {(data_officer, "soon")}
    notice = Notice.rows.get(type="projects.correction")
    services.redate_finding(row, due_on=date(2022, 4, 20), text="延后", by=None)
    assert holding([notice]) == set()
    reminders.plan(ON)
    assert Notice.rows.filter(type="projects.correction").count() == 2
