"""Days by rule: with orders and periods, as stored, as explained, and when the calendar is mended."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from core.models import AuditEntry, WorkingDay
from duties import services
from duties.due_forms import OrderDay, PeriodDay, chosen_of
from duties.models import Assignment, Obligation, Order
from duties.queries.dossier import rule_words
from duties.queries.due_rules import explanation, explanations, settled

from .ordering import FACTS, issued, put_up

pytestmark = pytest.mark.django_db
TEN_DAYS = {"kind": "after", "unit": "workdays", "event": "issued", "count": 10}
MONTH = {"kind": "end_of", "span": "month", "of": "2022-04-01"}


def ruled(city, officer, **facts):
    return services.draft_order(
        city.programme,
        by=officer,
        leads=[city.enrolment(city.department)],
        **{**FACTS, **facts},
    )


class TestAnOrder:
    def test_its_rule_sets_the_day_and_says_why(self, city, officer):
        row = ruled(city, officer, due_rule=TEN_DAYS)
        assert row.due_on == date(2022, 4, 28)
        assert rule_words(row) == [
            "规则：通知发出后10个工作日内：2022年4月28日（从4月15日次日算起，4月24日调休上班）。",
            "按拟稿当天推算，发出当天重新计算。",
        ]

    def test_a_day_by_hand_follows_no_rule(self, city, officer):
        row = ruled(city, officer, due_rule=TEN_DAYS)
        row = services.edit_order(row, by=officer, due_on=date(2022, 5, 6))
        assert (row.due_on, row.due_rule, rule_words(row)) == (date(2022, 5, 6), None, [])

    def test_it_is_counted_anew_from_the_issue(self, city, officer, head):
        row = put_up(city, officer, due_rule=TEN_DAYS)
        Order.rows.filter(pk=row.pk).update(
            due_on="2022-04-20", due_rule=TEN_DAYS | {"counted_from": "2022-04-06"}
        )
        row = services.sign_order(Order.rows.get(pk=row.pk), by=head)
        assert row.due_on == date(2022, 4, 28)
        assert row.obligation.due_rule["counted_from"] == "2022-04-15"
        task = Assignment.rows.get(obligation=row.obligation)
        assert (task.due_on, task.due_rule) == (date(2022, 4, 28), None)
        assert str(explanation(task)).startswith("通知发出后10个工作日内：2022年4月28日")
        assert len(rule_words(row)) == 1

    def test_the_end_of_a_month_stays_when_it_goes_out(self, city, officer, head):
        row = issued(city, officer, head, due_rule=MONTH)
        assert row.due_on == date(2022, 4, 30)
        task = Assignment.rows.get(obligation=row.obligation)
        assert task.last_workday_on == date(2022, 4, 29)

    def test_what_is_no_rule_is_refused(self, city, officer):
        with pytest.raises(ValidationError, match="时限规则写错"):
            ruled(city, officer, due_rule={"kind": "moon"})


class TestExplanations:
    def test_only_a_day_that_the_rule_means_is_explained(self, city, officer, head):
        row = issued(city, officer, head, due_rule=MONTH)
        task = Assignment.rows.select_related("obligation").get(obligation=row.obligation)
        assert list(explanations([task])) == [task.pk]
        task.due_on = date(2022, 5, 20)  # as after an extension
        assert explanations([task]) == {}

    def test_an_occurrence_has_its_own_rule_or_none(self, city, officer, head):
        row = issued(city, officer, head, due_rule=MONTH)
        task = Assignment.rows.select_related("obligation").get(obligation=row.obligation)
        task.occurrence = "change-2"
        assert explanation(task) is None
        task.due_rule = MONTH
        assert str(explanation(task)).startswith("2022年4月底：")

    def test_without_rules_nothing_is_asked(self, city, django_assert_num_queries):
        rows = list(Assignment.rows.select_related("obligation"))
        with django_assert_num_queries(0):
            assert explanations(rows) == {}

    def test_a_rule_that_names_its_day_keeps_it(self):
        day, stored = settled(MONTH, date(2030, 1, 1))
        assert (day, stored["of"]) == (date(2022, 4, 30), "2022-04-01")


class TestTheFields:
    @pytest.mark.parametrize(
        ("given", "day", "said"),
        [
            (
                {"rule": "", "due_on": "2022-04-30"},
                "2022-04-30",
                "写明的日期：2022年4月30日（4月30日",
            ),
            (
                {"rule": "workdays", "count": "10"},
                "2022-04-28",
                "按今天发出推算，发出当天重新计算。",
            ),
            ({"rule": "days", "count": "10"}, "2022-04-25", "通知发出后10日内：2022年4月25日"),
            ({"rule": "end_month"}, "2022-04-30", "2022年4月底：2022年4月30日"),
            ({"rule": "end_quarter"}, "2022-06-30", "2022年第二季度末"),
            ({"rule": "end_half_year"}, "2022-06-30", "2022年上半年末"),
            ({"rule": "end_year"}, "2022-12-31", "最后一个工作日是12月30日"),
            (
                {"rule": "first_month", "count": "3"},
                "2022-05-07",
                "劳动节放假顺延计入，5月7日调休上班",
            ),
            ({"rule": "first_quarter", "count": "5"}, "2022-07-07", "2022年第三季度前5个工作日"),
            ({"rule": "last_workday", "due_on": "2022-04-30"}, "2022-04-29", "4月30日劳动节放假"),
        ],
    )
    def test_each_rule_of_an_order(self, given, day, said):
        form = OrderDay(given)
        assert form.is_valid(), form.errors
        assert form.cleaned_data["due_on"] == date.fromisoformat(day)
        assert said in form.preview
        assert bool(form.cleaned_data["due_rule"]) is bool(given["rule"])

    @pytest.mark.parametrize(
        ("given", "field", "said"),
        [
            ({"rule": "workdays"}, "count", "填写“几个工作日（几日）”"),
            ({"rule": "workdays", "count": "0"}, "count", "要在1到366之间"),
            ({"rule": "first_month", "count": "16"}, "count", "最多前15个工作日"),
            ({"rule": "moon"}, "rule", "不在可选范围内"),
        ],
    )
    def test_what_is_wrong_is_said_at_the_field(self, given, field, said):
        form = OrderDay(given)
        assert not form.is_valid()
        assert said in " ".join(form.errors[field])

    def test_nothing_given_means_nothing(self):
        form = OrderDay({})
        assert form.is_valid()
        assert (form.preview, form.cleaned_data["due_rule"]) == ("", None)
        assert OrderDay().preview == ""

    def test_a_period_counts_from_its_opening(self):
        given = {"rule": "first_quarter", "count": "5", "opens_on": "2022-04-06"}
        form = PeriodDay(given)
        assert form.is_valid()
        assert form.preview == (
            "每季度前5个工作日：2022年4月8日（清明节放假顺延计入，4月2日调休上班）。"
        )
        assert PeriodDay(given | {"opens_on": ""}).preview == ""

    def test_a_stored_rule_is_chosen_again(self):
        form = OrderDay({"rule": "first_month", "count": "3"})
        assert form.is_valid()
        chosen = chosen_of(form.cleaned_data["due_rule"], form.cleaned_data["due_on"])
        assert (chosen["rule"], chosen["count"]) == ("first_month", 3)
        last_year = {"kind": "end_of", "span": "month", "of": "2021-04-01"}
        assert chosen_of(last_year, date(2021, 4, 30)) == {"due_on": "2021-04-30"}
        assert chosen_of(None, None) == {"due_on": ""}


class TestPages:
    def typed(self, city, **more):
        facts = {
            "title": "报送清单", "level": "normal", "wanted": "梳理。", "acceptance": "盖章。",
            "leads": [city.department.code], "rule": "workdays", "count": "10", "act": "save",
        }  # fmt: skip
        return facts | more

    def test_the_day_can_be_looked_at_before_anything_is_saved(self, city, officer, browse):
        page = browse(officer).post("/orders/new/", self.typed(city, title="", act="preview"))
        assert page.status_code == 200
        assert "通知发出后10个工作日内：2022年4月28日" in page.content.decode()
        assert "填写“通知标题”" not in page.content.decode()
        assert not Order.rows.exists()

    def test_it_is_saved_shown_and_edited_with_its_rule(self, city, officer, browse):
        browse(officer).post("/orders/new/", self.typed(city))
        row = Order.rows.get()
        assert (row.due_on, row.due_rule["count"]) == (date(2022, 4, 28), 10)
        assert (
            "规则：通知发出后10个工作日内"
            in browse(officer).get(f"/orders/{row.number}/").content.decode()
        )
        form = browse(officer).get(f"/orders/{row.number}/edit/").context["form"]
        assert (form["rule"].value(), form["count"].value()) == ("workdays", 10)

    def test_the_sentence_alone_for_who_writes_orders(self, officer, data_officer, city, browse):
        asked = "/deadlines/explain/?rule=end_month"
        assert "2022年4月底" in browse(officer).get(asked).content.decode()
        assert browse(data_officer).get(asked).status_code == 403
        missing = browse(officer).get("/deadlines/explain/?rule=workdays").content.decode()
        assert "填写“几个工作日（几日）”" in missing
        period = "/deadlines/explain/?for=period&rule=workdays&count=5&opens_on=2022-04-01"
        assert (
            "开始报送后5个工作日内：2022年4月11日" in browse(officer).get(period).content.decode()
        )

    def test_the_deadlines_say_the_rule_once_a_day(self, city, officer, head, browse):
        issued(city, officer, head, units=[city.department, city.district], due_rule=MONTH)
        page = browse(officer).get("/deadlines/").content.decode()
        said = "2022年4月底：2022年4月30日（4月30日劳动节放假，最后一个工作日是4月29日）"
        assert page.count(said) == 1
        calendar = browse(officer).get("/deadlines.ics").content.decode().replace("\r\n ", "")
        assert f"规则：{said}。" in calendar

    def test_a_task_and_its_demand_say_it_too(self, city, officer, browse):
        task = city.assignment(city.department)
        Obligation.rows.filter(pk=task.obligation_id).update(due_rule=MONTH, due_on=task.due_on)
        for path in (f"/tasks/{task.number}/", f"/obligations/{task.obligation.code}/"):
            page = browse(officer).get(path).content.decode()
            assert "规则：2022年4月底：2022年4月30日（4月30日劳动节放假" in page


class TestAMendedCalendar:
    def mend(self, officer, first, last=None, *, is_working=False, **facts):
        days = (date.fromisoformat(first), date.fromisoformat(last or first))
        given = {"name": "停工", "basis": "测试通知〔2022〕1号", "on": date(2022, 4, 15)} | facts
        return services.set_workdays(*days, is_working=is_working, by=officer, **given)

    def test_last_working_days_move_and_due_days_never(self, city, officer):
        before = {row.pk: row.due_on for row in Assignment.rows.all()}
        effect = self.mend(officer, "2022-04-28", "2022-04-29")
        assert (effect.days, effect.tasks) == (2, 5)
        assert {row.pk: row.due_on for row in Assignment.rows.all()} == before
        row = city.assignment(city.department)
        assert row.latest_workday_on == date(2022, 4, 27)
        assert AuditEntry.objects.filter(verb="workday.set").count() == 2
        assert self.mend(officer, "2022-04-28", "2022-04-29").tasks == 0

    def test_days_that_rules_would_now_mean_otherwise_are_counted(self, city, officer, head):
        row = issued(city, officer, head, due_rule=TEN_DAYS)
        effect = self.mend(officer, "2022-04-20")
        assert (effect.days, effect.unlike) == (1, 1)
        task = Assignment.rows.get(obligation=row.obligation)
        assert task.due_on == date(2022, 4, 28)
        assert explanation(task) is None

    def test_a_year_that_is_not_there_is_entered_first(self, officer, city):
        effect = self.mend(officer, "2027-10-01", name="国庆节", on=date(2026, 11, 1))
        assert effect.days == 1
        year = WorkingDay.objects.filter(day__year=2027)
        assert (year.count(), year.filter(is_provisional=True).count()) == (365, 364)
        assert services.add_year(2027, by=officer, on=date(2026, 11, 1)) == 0

    @pytest.mark.parametrize(
        ("first", "last", "basis", "said"),
        [
            ("2022-05-09", "2022-05-09", " ", "写明依据的放假通知"),
            ("2022-05-09", "2022-05-08", "通知", "结束日期不能早于开始日期"),
            ("2022-05-09", "2022-05-30", "通知", "一次最多改21天"),
            ("2019-05-09", "2019-05-09", "通知", "只登记2020年至2024年"),
        ],
    )
    def test_what_cannot_be_is_refused(self, officer, city, first, last, basis, said):
        with pytest.raises(ValidationError, match=said):
            self.mend(officer, first, last, basis=basis)
