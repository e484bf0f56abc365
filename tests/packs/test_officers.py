"""Loading posts, rules about them and holders: once, again, changed, and after people had a say."""

from datetime import date

import pgtrigger
import pytest

from cdo_portal.packs.difference import Kind
from cdo_portal.packs.loader import load, load_all
from core.models import AuditEntry
from officers import services
from officers.models import Appointment, Person, Post, PostRule
from pilots.models import Programme, Unit
from tests.factories.officers import AppointmentFactory, PersonFactory

pytestmark = pytest.mark.django_db
HOLDER = "small-2021-holder-gaj-cdo"


def rule(code):
    return PostRule.rows.get(code=f"small-2021-post-{code}")


def holder():
    return Appointment.rows.get(pack_code=HOLDER)


# --- posts ---------------------------------------------------------------------------------------


def test_posts_are_loaded_in_their_order(posts):
    difference = load(posts())

    assert difference.counts(Kind.ADDED) == {"岗位": 2}
    rows = list(Post.objects.values_list("code", "name_en", "is_single", "position"))
    assert rows == [
        ("cdo", "Chief Data Officer", True, 1),
        ("data_specialist", "Data Specialist", False, 2),
    ]
    assert AuditEntry.objects.get(verb="pack.load").subject == "pack:posts"


def test_the_same_posts_again_write_nothing(posts, writes):
    load(posts())

    statements, difference = writes(posts())

    assert statements == []
    assert not difference.writes


def test_a_changed_post_follows_and_one_that_people_changed_is_kept(posts):
    load(posts())
    Post.objects.filter(code="cdo").update(name="数据总监")

    difference = load(
        posts("name: 首席数据官", "name: 首席数据主管", "name: 数据专员", "name: 专员")
    )

    assert list(Post.objects.values_list("name", flat=True)) == ["数据总监", "专员"]
    assert [change.code for change in difference.conflicts] == ["cdo"]


def test_a_post_that_left_the_list_stays(posts):
    load(posts())
    text = posts().read_text(encoding="utf-8")

    difference = load(posts(text[text.index("  - code: data_specialist") :], ""))

    assert not difference.changes
    assert Post.objects.get(code="data_specialist").withdrawn_on is None


def test_a_dry_run_of_posts_writes_nothing(posts):
    assert load(posts(), dry_run=True).counts(Kind.ADDED) == {"岗位": 2}
    assert not Post.objects.exists()


def test_posts_load_before_the_rules_that_name_them(ruled, posts):
    Post.objects.all().delete()

    differences = load_all([ruled(), posts()])

    assert [row.pack for row in differences] == ["posts", "small-2021"]
    assert PostRule.rows.count() == 4


# --- rules ---------------------------------------------------------------------------------------


def test_a_rule_says_who_appoints_and_where_it_is_filed(ruled):
    difference = load(ruled())

    government, department = rule("government"), rule("department")
    assert difference.counts(Kind.ADDED)["岗位设置"] == 4
    assert (government.appointed_by.code, government.removed_by.code) == ("990100-zsj",) * 2
    assert not government.is_self_appointed
    assert not government.needs_filing
    assert (government.minimum_level, government.asks_in_charge) == ("deputy", True)
    assert (government.is_in_principle, government.is_concurrent) == (True, True)
    assert (government.count, government.position) == (1, 1)
    assert government.clause.code == "small-2021-plan-1"
    assert (department.is_self_appointed, department.is_self_removed) == (True, True)
    assert department.appointed_by is None
    assert department.filed_at.code == "990100-zsj"
    assert (department.vacancy_days, department.filing_days) == (30, 10)


def test_a_rule_binds_pilots_unless_it_says_another_part(ruled):
    load(ruled())

    assert rule("government").parts == ["pilot"]
    assert rule("bureau").parts == ["bureau"]
    assert rule("bureau").clause is None
    assert [unit.code for unit in rule("specialist").units.all()] == ["990100-gaj"]
    assert rule("specialist").is_encouraged


def test_rules_stand_in_rows_alone(ruled):
    load(ruled())

    assert {"post_rules", "holders"}.isdisjoint(Programme.rows.get().provisions)


def test_the_same_rules_again_write_nothing(ruled, writes):
    load(ruled())

    statements, difference = writes(ruled())

    assert statements == []
    assert not difference.changes


def test_days_that_the_bureau_expects_outlive_a_load(ruled):
    load(ruled())
    PostRule.rows.filter(code="small-2021-post-department").update(
        own_filing_days=5, own_basis="市里要求", title="部门首席数据官"
    )

    difference = load(ruled("filing_days: 10", "filing_days: 15"))

    row = rule("department")
    assert (row.own_filing_days, row.filing_days, row.title) == (5, 15, "部门首席数据官")
    assert [name for name, _now, _wanted in difference.conflicts[0].details] == ["title"]


def test_a_rule_that_left_is_withdrawn_and_comes_back(ruled):
    load(ruled())
    text = ruled().read_text(encoding="utf-8")
    gone = text[text.index("  - code: specialist") : text.index("  - code: bureau")]

    load(ruled(gone, ""))
    assert rule("specialist").withdrawn_on is not None
    assert PostRule.rows.in_force().count() == 3

    load(ruled())
    assert rule("specialist").withdrawn_on is None


# --- holders -------------------------------------------------------------------------------------


def test_a_holder_whose_first_day_nobody_knows_counts_from_the_day_of_the_source(ruled):
    difference = load(ruled())

    row = holder()
    assert (difference.counts(Kind.ADDED)["任命"], difference.counts(Kind.ADDED)["人员"]) == (1, 1)
    assert (row.person.name, row.unit.code, row.post.code) == ("演示人员01", "990100-gaj", "cdo")
    assert (row.starts_on, str(row.known_on), row.ends_on) == (None, "2022-03-01", None)
    assert (row.status, row.job_title, row.level) == ("appointed", "副局长", "deputy")
    assert (row.source, row.reason) == ("S2", "见于报道，起任日期未见来源。")
    assert list(Appointment.rows.in_office(date(2022, 3, 1))) == [row]
    assert not Appointment.rows.in_office(date(2022, 2, 28)).exists()


def test_loading_old_news_confirms_nothing(ruled):
    load(ruled())

    assert (str(holder().confirmed_on), holder().confirmed_by) == ("2022-03-01", None)


def test_a_holder_is_entered_once(ruled, writes):
    load(ruled())

    statements, difference = writes(ruled())

    assert statements == []
    assert not difference.changes
    assert (Person.rows.count(), Appointment.rows.count()) == (1, 1)


def test_what_people_changed_of_a_holder_is_kept_and_listed(ruled):
    load(ruled())
    services.mend_person(holder().person, by=None, name="演示人员02")
    services.mend_appointment(holder(), by=None, starts_on=date(2021, 9, 1))

    difference = load(ruled())

    assert holder().person.name == "演示人员02"
    (conflict,) = difference.conflicts
    assert conflict.code == HOLDER
    assert conflict.details == (
        ("person", "演示人员02", "演示人员01"),
        ("starts_on", "2021-09-01", None),
    )


def test_a_holder_who_left_does_not_come_back(ruled):
    load(ruled())
    services.end_appointment(holder(), on=date(2022, 4, 1), ending="removed", by=None)

    difference = load(ruled())

    assert not difference.changes
    assert holder().status == "ended"


def test_a_holder_who_was_voided_does_not_come_back(ruled):
    load(ruled())
    services.void_appointment(holder(), by=None, reason="姓名有误。")

    assert not load(ruled("name: 演示人员01", "name: 演示人员09")).changes
    assert Appointment.rows.get().status == "voided"


def test_a_post_that_is_held_already_is_a_conflict_and_no_failure(ruled, posts):
    load(ruled("post: cdo\n    name: 演示人员01", "post: data_specialist\n    name: 演示人员01"))
    unit = Unit.rows.get(code="990100-gaj")
    with pgtrigger.ignore("officers.Appointment:appointment_is_never_deleted"):
        Appointment.rows.all().delete()
    Person.rows.all().delete()
    held = AppointmentFactory(unit=unit, post=Post.objects.get(code="cdo"))

    difference = load(ruled())

    (conflict,) = difference.conflicts
    assert conflict.details[0][2] == "演示人员01"
    assert held.number in conflict.details[0][1]
    assert list(Appointment.rows.all()) == [held]
    assert list(Person.rows.all()) == [held.person]


def test_a_holder_whom_a_rule_does_not_mean_is_a_conflict(ruled):
    difference = load(ruled("unit: 990100-gaj\n    post: cdo", "unit: 990100-szf\n    post: cdo"))

    (conflict,) = difference.conflicts
    assert "写明原因" in conflict.details[0][1]
    assert not Appointment.rows.exists()
    assert not Person.rows.exists()


def test_somebody_entered_there_before_is_the_same_person(ruled):
    text = ruled().read_text(encoding="utf-8")
    load(ruled(text[text.index("holders:") :], ""))
    known = PersonFactory(name="演示人员01", unit=Unit.rows.get(code="990100-gaj"))

    difference = load(ruled())

    assert holder().person == known
    assert "人员" not in difference.counts(Kind.ADDED)


def test_a_dry_run_enters_nobody(ruled):
    difference = load(ruled(), dry_run=True)

    assert difference.counts(Kind.ADDED)["任命"] == 1
    assert not Appointment.rows.exists()
    assert not Person.rows.exists()
