"""Periods: opened on the basis of a 通知, moved with a reason, closed when everything is answered."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.errors import Refused, StaleVersion
from duties.models import Assignment, DutyArea, Obligation
from duties.services import sync_assignments
from pilots.choices import Phase
from reports import services
from reports.models import Period, PeriodFigure
from reports.services.writing import PeriodClosed
from tests.factories.pilots import EnrolmentFactory
from tests.factories.reports import PeriodFactory

pytestmark = pytest.mark.django_db


def test_a_period_gives_each_pilot_its_task_with_its_day(desk, city):
    period = Period.rows.get()
    tasks = Assignment.rows.filter(obligation=period.obligation)
    assert tasks.count() == 3
    task = tasks.first()
    assert (task.occurrence, task.due_on, task.last_workday_on, task.original_due_on) == (
        "2022Q1", date(2022, 4, 22), date(2022, 4, 22), date(2022, 4, 22),
    )  # fmt: skip
    assert (str(period), period.audit_key) == ("2022年第一季度", f"{city.programme.code}.2022Q1")
    assert period.obligation.received_by == city.bureau
    sync_assignments(city.programme, by=None)
    assert tasks.count() == 3  # none without a period
    desk.open_period("2022Q2")
    assert Obligation.rows.filter(nature="progress").count() == 1
    assert list(Period.rows.before(Period.rows.get(code="2022Q2"))) == [period]
    assert Period.objects.visible_to(desk.data_officer).open().count() == 2


@pytest.mark.parametrize(
    ("facts", "field", "fault"),
    [
        ({"basis_title": " "}, "basis_title", "写明依据哪份通知"),
        ({"ends_on": date(2022, 3, 1)}, "ends_on", "不能早于起始日期"),
        ({"due_on": date(2022, 6, 1)}, "due_on", "不能早于开始报送的日期"),
        ({"code": "2022Q1"}, "__all__", "已经开启过"),
        ({"basis_number": "通知3号"}, "basis_number", "发文字号要写成"),
    ],
)
def test_what_is_wrong_with_a_period_is_said(desk, facts, field, fault):
    good = {
        "code": "2022Q2", "title": "2022年第二季度", "starts_on": date(2022, 4, 1),
        "ends_on": date(2022, 6, 30), "opens_on": date(2022, 7, 1), "due_on": date(2022, 7, 15),
        "basis_title": "通知",
    }  # fmt: skip
    with pytest.raises(ValidationError) as caught:
        services.open_period(desk.city.programme, services.Opening(**good | facts), by=desk.officer)
    assert fault in caught.value.message_dict[field][0]


def test_a_programme_that_is_not_followed_has_no_periods(desk, city):
    city.programme.phase = Phase.CLOSED
    with pytest.raises(Refused, match="还没有开始跟踪"):
        desk.open_period("2022Q2")


def test_moving_the_day_needs_a_reason_and_moves_who_follows(desk, city):
    period = Period.rows.get()
    with pytest.raises(Refused, match="写明原因"):
        services.change_period(period, by=desk.officer, due_on=date(2022, 4, 29))
    own = city.assignment_of(city.district, "2022Q1")
    Assignment.rows.filter(pk=own.pk).update(due_on="2022-04-28", latest_on="2022-04-28",
        last_workday_on="2022-04-28", latest_workday_on="2022-04-28")  # fmt: skip
    changed = services.change_period(
        period, by=desk.officer, due_on=date(2022, 4, 29), reason="系统切换", title="一季度",
        note="按通知填报", version=1,
    )  # fmt: skip
    assert (changed.version, changed.title, changed.note) == (2, "一季度", "按通知填报")
    days = dict(Assignment.rows.filter(occurrence="2022Q1").values_list("pk", "due_on"))
    assert days.pop(own.pk) == date(2022, 4, 28)
    assert set(days.values()) == {date(2022, 4, 29)}
    with pytest.raises(StaleVersion):
        services.change_period(period, by=desk.officer, title="二", version=1)


def test_figures_are_asked_reworded_and_put_aside(desk, city):
    area = DutyArea.rows.filter(programme=city.programme)[0]
    asked = [services.FigureAsked(area, f"数字{n}") for n in range(5)]
    period = services.change_period(Period.rows.get(), by=desk.officer, figures=asked)
    assert PeriodFigure.objects.filter(withdrawn_on=None).count() == 5
    services.change_period(period, by=desk.officer, figures=asked[:2])
    services.change_period(period, by=desk.officer, figures=asked[:2])
    assert PeriodFigure.objects.filter(withdrawn_on=None).count() == 2
    assert PeriodFigure.objects.count() == 5
    with pytest.raises(ValidationError, match="最多5个"):
        services.change_period(
            period, by=desk.officer, figures=[*asked, services.FigureAsked(area, "第六个")]
        )
    with pytest.raises(ValidationError, match="写了两次"):
        services.change_period(period, by=desk.officer, figures=[asked[0], asked[0]])


def test_a_closed_period_takes_nothing_until_it_is_opened_again(desk):
    report = desk.handed_in()
    period = Period.rows.get()
    with pytest.raises(Refused, match="还有1份报告待审核"):
        services.close_period(period, by=desk.officer)
    services.accept(report, by=desk.officer)
    services.close_period(period, by=desk.officer)
    with pytest.raises(PeriodClosed, match="已于2022-04-15定稿"):
        services.recall(report, by=desk.data_officer)
    for act in (services.close_period, services.change_period):
        with pytest.raises(Refused, match="已定稿"):
            act(period, by=desk.officer)
    services.reopen_period(period, by=desk.officer)
    with pytest.raises(Refused, match="没有定稿"):
        services.reopen_period(period, by=desk.officer)


def test_who_joins_later_gets_the_task_of_the_period_that_is_still_open(desk, city):
    late = EnrolmentFactory(programme=city.programme, unit__kind="municipal_department")
    assert services.sync_periods() == 1
    assert services.sync_periods() == 0
    task = Assignment.rows.get(enrolment=late, occurrence="2022Q1")
    assert task.due_on == date(2022, 4, 22)
    Period.rows.update(due_on=date(2022, 4, 14))
    EnrolmentFactory(programme=city.programme, unit__kind="municipal_department")
    assert services.sync_periods() == 0


def test_raw_rows_are_held_to_the_same(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        PeriodFactory(ends_on=date(2021, 1, 1))
