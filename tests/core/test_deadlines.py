"""Deadline rules: the day and the words, by hand from the yearly notices; and recounted day by day."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from core import deadlines, workdays
from core.deadline_words import Event, Span, Unit
from core.deadlines import After, EndOf, FirstWorkdays, FixedDay, LastWorkday
from core.models import WorkingDay
from core.workdays import Almanac
from tests.core.notices import NOTICES, days_off, made_up

DAY = timedelta(days=1)


def day(text):
    return date.fromisoformat(text)


def quarter(count, text):
    return FirstWorkdays(span=Span.QUARTER, count=count, counted_from=day(text))


def month(count, text):
    return FirstWorkdays(span=Span.MONTH, count=count, counted_from=day(text))


def after(count, text, event=Event.ISSUED, unit=Unit.WORKDAYS):
    return After(count=count, event=event, unit=unit, counted_from=day(text))


def said(rule, almanac=None):
    return deadlines.explain(rule, almanac or Almanac.of_years(deadlines.years_of([rule])))


@pytest.fixture(scope="module")
def known(django_db_setup, django_db_blocker):
    """What the portal knows of 2020–2026 once it has set itself up."""
    with django_db_blocker.unblock(), transaction.atomic():
        workdays.seed(range(2020, 2027))
        found = Almanac.of_years(range(2020, 2027))
        transaction.set_rollback(True)
    return found


class TestTheTableIsWhatTheNoticesSay:
    @pytest.mark.parametrize("year", sorted(NOTICES))
    def test_every_day_of_the_year(self, known, year):
        off, worked = days_off(year), set(made_up(year))
        each = date(year, 1, 1)
        while each.year == year:
            expected = each in worked or (each.weekday() < 5 and each not in off)
            assert known.is_working(each) is expected, each
            each += DAY
        assert known.guessed_years(date(year, 1, 1), date(year, 12, 31)) == []


@pytest.mark.parametrize(
    ("rule", "due", "last"),
    [
        # First five working days of a quarter.
        (quarter(5, "2021-01-04"), "2021-01-08", "2021-01-08"),  # 4,5,6,7,8: 1–3 New Year
        (quarter(5, "2021-04-20"), "2021-04-08", "2021-04-08"),  # 1,2,6,7,8
        (quarter(5, "2021-10-09"), "2021-10-13", "2021-10-13"),  # 8,9 (Sat works),11,12,13
        (quarter(5, "2022-01-01"), "2022-01-10", "2022-01-10"),  # 4,5,6,7,10
        (quarter(5, "2022-04-01"), "2022-04-08", "2022-04-08"),  # 1,2 (Sat works),6,7,8
        (quarter(5, "2022-10-30"), "2022-10-12", "2022-10-12"),  # 8,9 (weekend works),10,11,12
        (quarter(5, "2023-01-01"), "2023-01-09", "2023-01-09"),  # 3,4,5,6,9
        (quarter(5, "2023-10-01"), "2023-10-11", "2023-10-11"),  # 7,8 (weekend works),9,10,11
        (quarter(5, "2024-04-01"), "2024-04-08", "2024-04-08"),  # 1,2,3,7 (Sun works),8
        (quarter(5, "2024-10-01"), "2024-10-12", "2024-10-12"),  # 8,9,10,11,12 (Sat works)
        (quarter(5, "2025-04-01"), "2025-04-08", "2025-04-08"),  # 1,2,3,7,8
        (quarter(5, "2025-10-01"), "2025-10-14", "2025-10-14"),  # 9,10,11 (Sat works),13,14
        (quarter(5, "2026-01-01"), "2026-01-08", "2026-01-08"),  # 4 (Sun works),5,6,7,8
        (quarter(5, "2026-10-01"), "2026-10-13", "2026-10-13"),  # 8,9,10 (Sat works),12,13
        # First working days of a month.
        (month(3, "2021-05-31"), "2021-05-08", "2021-05-08"),  # 6,7,8 (Sat works)
        (month(3, "2022-02-01"), "2022-02-09", "2022-02-09"),  # 7,8,9
        (month(3, "2022-05-01"), "2022-05-07", "2022-05-07"),  # 5,6,7 (Sat works)
        (month(1, "2023-05-20"), "2023-05-04", "2023-05-04"),
        (month(10, "2024-02-01"), "2024-02-19", "2024-02-19"),  # 1,2,4 (Sun),5–9,18 (Sun),19
        (month(1, "2025-02-01"), "2025-02-05", "2025-02-05"),
        (month(2, "2026-05-01"), "2026-05-07", "2026-05-07"),
        # The end of a span is the calendar day, with the last working day beside it.
        (EndOf(span=Span.MONTH, of=day("2022-04-01")), "2022-04-30", "2022-04-29"),
        (EndOf(span=Span.MONTH, of=day("2021-08-15")), "2021-08-31", "2021-08-31"),
        (EndOf(span=Span.MONTH, of=day("2024-02-29")), "2024-02-29", "2024-02-29"),
        (EndOf(span=Span.MONTH, later=1, of=day("2021-12-31")), "2022-01-31", "2022-01-30"),
        (EndOf(span=Span.QUARTER, of=day("2022-11-11")), "2022-12-31", "2022-12-30"),
        (EndOf(span=Span.QUARTER, of=day("2024-06-30")), "2024-06-30", "2024-06-28"),
        (EndOf(span=Span.HALF_YEAR, of=day("2024-01-01")), "2024-06-30", "2024-06-28"),
        (EndOf(span=Span.HALF_YEAR, of=day("2023-07-01")), "2023-12-31", "2023-12-29"),
        (EndOf(span=Span.YEAR, of=day("2022-03-03")), "2022-12-31", "2022-12-30"),
        (EndOf(span=Span.YEAR, of=day("2026-03-03")), "2026-12-31", "2026-12-31"),
        # After an event; its own day is not counted.
        (after(1, "2022-04-01"), "2022-04-02", "2022-04-02"),  # Sat, worked
        (after(10, "2022-04-15"), "2022-04-28", "2022-04-28"),  # 18–22 five, 24 (Sun), 25–28
        (after(3, "2021-02-09"), "2021-02-19", "2021-02-19"),  # 10,18,19
        (after(4, "2021-02-09"), "2021-02-20", "2021-02-20"),  # the Saturday is worked
        (after(5, "2022-01-27"), "2022-02-08", "2022-02-08"),  # 28,29,30 worked,7,8
        (after(5, "2023-04-22", Event.RECEIVED), "2023-04-27", "2023-04-27"),  # 23 (Sun),24–27
        (after(2, "2024-09-13"), "2024-09-18", "2024-09-18"),  # 14 (Sat works),18
        (after(2, "2025-01-25"), "2025-01-27", "2025-01-27"),  # 26 (Sun works),27
        (after(3, "2026-02-13"), "2026-02-25", "2026-02-25"),  # 14 (Sat works),24,25
        (after(15, "2022-04-15", Event.OPENED, Unit.DAYS), "2022-04-30", "2022-04-29"),
        (after(10, "2022-04-10", Event.APPOINTED, Unit.DAYS), "2022-04-20", "2022-04-20"),
        # The last working day on or before a day.
        (LastWorkday(on=day("2022-04-30")), "2022-04-29", "2022-04-29"),
        (LastWorkday(on=day("2022-04-24")), "2022-04-24", "2022-04-24"),
        (LastWorkday(on=day("2025-10-08")), "2025-09-30", "2025-09-30"),
        (LastWorkday(on=day("2026-02-23")), "2026-02-14", "2026-02-14"),
        (FixedDay(on=day("2022-04-30")), "2022-04-30", "2022-04-29"),
    ],
)
def test_the_day_that_a_rule_means(known, rule, due, last):
    found = said(rule, known)
    assert (found.due_on, found.last_workday_on) == (day(due), day(last))
    assert not found.is_guess
    assert deadlines.read(deadlines.write(rule)) == rule


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (
            quarter(5, "2022-04-01"),
            "每季度前5个工作日：2022年4月8日（清明节放假顺延计入，4月2日调休上班）",
        ),
        (quarter(5, "2022-07-01"), "每季度前5个工作日：2022年7月7日"),
        (
            EndOf(span=Span.MONTH, of=day("2022-04-01")),
            "2022年4月底：2022年4月30日（4月30日劳动节放假，最后一个工作日是4月29日）",
        ),
        (
            EndOf(span=Span.QUARTER, of=day("2024-06-01")),
            "2024年第二季度末：2024年6月30日（6月30日周日，最后一个工作日是6月28日）",
        ),
        (
            EndOf(span=Span.HALF_YEAR, of=day("2021-06-01")),
            "2021年上半年末：2021年6月30日",
        ),
        (EndOf(span=Span.HALF_YEAR, counted_from=day("2021-06-01")), "每半年末：2021年6月30日"),
        (
            FirstWorkdays(span=Span.HALF_YEAR, count=2, of=day("2021-07-01")),
            "2021年下半年前2个工作日：2021年7月2日",
        ),
        (
            after(10, "2022-04-15"),
            "通知发出后10个工作日内：2022年4月28日（从4月15日次日算起，4月24日调休上班）",
        ),
        (
            after(3, "2022-04-28", Event.RECEIVED, Unit.DAYS),
            "收到后3日内：2022年5月1日（从4月28日次日算起，5月1日劳动节放假，最后一个工作日是4月29日）",
        ),
        (
            LastWorkday(on=day("2022-04-30")),
            "2022年4月30日前（含当日）最后一个工作日：2022年4月29日（4月30日劳动节放假）",
        ),
        (
            LastWorkday(on=day("2022-04-29")),
            "2022年4月29日前（含当日）最后一个工作日：2022年4月29日",
        ),
        (FixedDay(on=day("2022-04-29")), "写明的日期：2022年4月29日"),
    ],
)
def test_the_explanation_in_words(known, rule, words):
    assert str(said(rule, known)) == words


@pytest.mark.django_db
class TestAYearWhoseNoticeIsNotInTheTable:
    def test_counts_by_the_weekday_rule_and_says_so(self):
        workdays.seed([2027])
        found = said(quarter(5, "2027-04-01"))
        assert found.due_on == day("2027-04-07")
        assert found.is_guess
        assert str(found).endswith("（2027年放假通知未录入，按周末推算，录入后再核对）")

    def test_also_where_the_table_has_no_row_of_it(self):
        found = said(quarter(5, "2041-04-01"))
        assert (found.due_on, found.is_guess) == (day("2041-04-05"), True)

    def test_a_nameless_day_off_is_named_by_its_date(self):
        WorkingDay.objects.update_or_create(
            day=day("2022-07-04"), defaults={"is_working": False, "name": "", "basis": "停工通知"}
        )
        assert (
            str(said(month(2, "2022-07-01")))
            == "每月前2个工作日：2022年7月5日（7月4日放假顺延计入）"
        )

    def test_no_years_no_query(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            assert Almanac.of_years([]) == Almanac()

    def test_dates_are_written_plainly_in_english(self):
        with translation.override("en"):
            assert "2022-07-07" in str(said(quarter(5, "2022-07-01")))


class TestWritingRules:
    @pytest.mark.parametrize(
        "value",
        [
            {"kind": "moon"},
            {"kind": "day"},
            {"kind": "day", "on": "2022-02-30"},
            {"kind": "day", "on": "0001-01-01"},
            {"kind": "day", "on": "2022-02-03", "more": 1},
            {"kind": "after", "count": 0, "event": "issued"},
            {"kind": "after", "count": 367, "event": "issued"},
            {"kind": "first_workdays", "span": "month", "count": 16},
            {"kind": "end_of", "span": "week"},
            {"kind": "end_of", "span": "month", "later": 5},
            ["day"],
        ],
    )
    def test_what_is_no_rule_is_refused_with_its_place(self, value):
        with pytest.raises(ValidationError, match="时限规则写错"):
            deadlines.check(value)

    def test_nothing_is_no_rule(self):
        assert deadlines.read(None) is None
        assert deadlines.read({}) is None

    def test_an_event_without_its_day_has_no_date_yet(self):
        rule = After(count=5, event=Event.ISSUED)
        assert deadlines.years_of([rule]) == set()
        with pytest.raises(ValueError, match="needs its day"):
            deadlines.explain(rule, Almanac())
        assert rule.since(day("2022-04-15")).due(Almanac()) == day("2022-04-22")

    def test_what_names_its_own_day_is_not_counted_from_another(self):
        rule = EndOf(span=Span.YEAR, of=day("2022-01-01"))
        assert rule.since(day("2030-01-01")) == rule
        assert FixedDay(on=day("2022-01-01")).since(day("2030-01-01")).on.year == 2022
        every = EndOf(span=Span.YEAR)
        assert every.since(day("2030-01-01")).due(Almanac()) == day("2030-12-31")


# --- recounted day by day ------------------------------------------------------------------------

DAYS = st.dates(date(2021, 1, 1), date(2026, 12, 31))
ODD = st.dictionaries(st.dates(date(2020, 1, 1), date(2028, 12, 31)), st.booleans(), max_size=60)
SPANS = st.sampled_from(list(Span))
LENGTH = {Span.MONTH: 1, Span.QUARTER: 3, Span.HALF_YEAR: 6, Span.YEAR: 12}


def works(odd, each):
    return odd[each] if each in odd else each.isoweekday() <= 5


def naive_span(each, span):
    """(first, last) day of the span, walked to day by day."""

    def label(some):
        return some.year, (some.month - 1) // LENGTH[span]

    first = last = each
    while label(first - DAY) == label(each):
        first -= DAY
    while label(last + DAY) == label(each):
        last += DAY
    return first, last


@settings(max_examples=80, deadline=None)
@given(start=DAYS, odd=ODD, count=st.integers(1, 60))
def test_working_days_after_an_event_are_counted_one_by_one(start, odd, count):
    due, left = start, count
    while left:
        due += DAY
        left -= works(odd, due)
    rule = After(count=count, event=Event.RECEIVED, counted_from=start)
    assert rule.due(Almanac(odd)) == due


@settings(max_examples=80, deadline=None)
@given(start=DAYS, odd=ODD, count=st.integers(1, 15), span=SPANS)
def test_first_working_days_are_counted_one_by_one(start, odd, count, span):
    due = naive_span(start, span)[0]
    left = count - works(odd, due)
    while left:
        due += DAY
        left -= works(odd, due)
    rule = FirstWorkdays(span=span, count=count, counted_from=start)
    assert rule.due(Almanac(odd)) == due


@settings(max_examples=80, deadline=None)
@given(start=DAYS, odd=ODD, span=SPANS)
def test_the_end_of_a_span_is_never_moved_and_its_last_working_day_is_before_it(start, odd, span):
    found = deadlines.explain(EndOf(span=span, counted_from=start), Almanac(odd))
    last = naive_span(start, span)[1]
    assert found.due_on == last
    while not works(odd, last):
        last -= DAY
    assert found.last_workday_on == last


@settings(max_examples=50, deadline=None)
@given(on=DAYS, odd=ODD)
def test_the_last_working_day_on_or_before(on, odd):
    found = deadlines.explain(LastWorkday(on=on), Almanac(odd))
    last = on
    while not works(odd, last):
        last -= DAY
    assert (found.due_on, found.last_workday_on) == (last, last)
