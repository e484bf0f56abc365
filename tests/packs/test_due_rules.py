"""Rules of a pack: they set the day, or agree with the one that is written."""

from datetime import date

import pytest
from pydantic import ValidationError

from cdo_portal.packs.duties import _by_rule
from cdo_portal.packs.schema.programmes import ObligationEntry
from duties.models import Obligation
from duties.queries.due_rules import explanation

FACTS = {
    "code": "ob-1",
    "title": "报送总结",
    "short_title": "总结",
    "nature": "report",
    "origin": "bureau",
    "parts": ["pilot"],
    "wording": "4月底前",
    "source": "derived",
}
DATES = {"due_on": "2022-04-30", "latest_on": "2022-04-30"}
MONTH = {"kind": "end_of", "span": "month", "of": "2022-04-01"}
FIRST = {"kind": "first_workdays", "span": "quarter", "count": "5", "of": "2022-04-01"}


def entry(**facts):
    return ObligationEntry(**(FACTS | facts))


def test_the_end_of_a_month_agrees_with_its_date():
    found = entry(**DATES, due_rule=MONTH)
    assert _by_rule(found.due_rule) == {
        "due_rule": {"kind": "end_of", "span": "month", "later": 0, "of": "2022-04-01"}
    }
    assert _by_rule(entry().due_rule) == {"due_rule": None}


@pytest.mark.django_db
def test_a_rule_that_counts_working_days_sets_the_date():
    found = _by_rule(entry(due_rule=FIRST).due_rule)
    assert (found["due_on"], found["latest_on"]) == ("2022-04-08", "2022-04-08")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"due_rule": MONTH}, "不一致"),
        ({"due_on": "2022-04-29", "latest_on": "2022-04-29", "due_rule": MONTH}, "不一致"),
        ({**DATES, "due_rule": FIRST}, "由工作日历定日期"),
        ({**DATES, "due_rule": {"kind": "end_of", "span": "month"}}, "从哪一天算起"),
        ({"due_rule": FIRST, "wording": None}, "wording"),
        ({**DATES, "due_rule": {"kind": "moon"}}, "kind"),
    ],
)
def test_what_does_not_fit_together_is_refused(facts, said):
    with pytest.raises(ValidationError, match=said):
        entry(**facts)


@pytest.mark.django_db
def test_the_shipped_rules_explain_their_dates(all_packs):
    row = Obligation.rows.get(code="shenzhen-2021.ob-1")
    assert row.due_on == date(2022, 4, 30)
    assert str(explanation(row)) == (
        "2022年4月底：2022年4月30日（4月30日劳动节放假，最后一个工作日是4月29日）"
    )
