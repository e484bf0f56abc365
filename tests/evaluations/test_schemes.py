"""Building a scheme: drafts, versions, the tree, and what the database refuses."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction

from core.errors import Refused, StaleVersion
from core.models import AuditEntry
from evaluations import services
from evaluations.models import Indicator, Scheme
from evaluations.queries.trees import faults_of, rows_of, total_words, tree_of
from tests.factories.evaluations import IndicatorFactory, SchemeFactory, SchemeVersionFactory

pytestmark = pytest.mark.django_db
D = Decimal


def leaf(version, key):
    return version.indicators.get(key=key)


def test_a_scheme_begins_with_a_draft_of_its_sketches(panel):
    version = panel.scheme()
    assert [row.key for row in rows_of(version)][:4] == ["k1", "k11", "k12", "k13"]
    assert faults_of(version) == []
    assert total_words(version) == "合计100"
    assert str(version) == "履职评价指标 V1"
    assert AuditEntry.objects.filter(verb="scheme.create").count() == 1
    again = services.create_scheme(panel.city.programme, "第二套", by=None)
    assert again.scheme.code != version.scheme.code
    code = version.scheme.code[:-1] + "4"
    services.create_scheme(panel.city.programme, "自带代码", by=None, code=code)
    assert services.create_scheme(panel.city.programme, "第四套", by=None).scheme.code[-1] == "5"


def test_the_tree_says_the_sums_of_its_headings(panel):
    roots = tree_of(panel.scheme())
    assert [node.row.name for node in roots] == ["统筹规划", "日常管理", "创新加分"]
    assert [node.sum_words for node in roots] == ["合计40", "合计60", ""]


def test_indicators_are_added_changed_moved_and_taken_out(panel):
    version = panel.scheme()
    add = {"name": "新指标", "weight": "5", "source": "bureau", "rule": "range"}
    row = services.add_indicator(version, add, by=None, parent=leaf(version, "k1"))
    assert (row.level, row.weight, row.key) == (2, D(5), "k10")
    assert "“统筹规划”：下级指标合计45，多5，应为40。" in [f.message for f in faults_of(version)]
    row = services.change_indicator(row, {"name": " 改名 "}, by=None, version=1)
    assert (row.name, row.version) == ("改名", 2)
    with pytest.raises(StaleVersion):
        services.change_indicator(row, {"name": "又"}, by=None, version=1)
    services.move_indicator(row, by=None, parent=leaf(version, "k2"), place=1)
    assert [each.key for each in rows_of(version)][4:6] == ["k2", "k10"]
    services.withdraw_indicator(leaf(version, "k1"), by=None)
    assert [each.key for each in rows_of(version)][:2] == ["k2", "k10"]
    with pytest.raises(Refused, match="已不在这个版次里"):
        services.change_indicator(leaf(version, "k11"), {"name": "x"}, by=None)


def test_a_key_is_never_used_twice(panel):
    version = panel.scheme()
    services.withdraw_indicator(leaf(version, "k3"), by=None)
    add = {"name": "新指标", "weight": D(5), "source": "bureau", "rule": "range"}
    keys = {services.add_indicator(version, add | {"name": n}, by=None).key for n in "甲乙丙"}
    assert len(keys) == 3
    assert "k3" not in keys


def test_a_branch_moves_with_all_below_it(panel):
    version = panel.scheme()
    moved = services.move_indicator(
        leaf(version, "k2"), by=None, parent=leaf(version, "k1"), place=9
    )
    assert moved.level == 2
    assert {row.level for row in moved.children.all()} == {3}
    back = services.move_indicator(moved, by=None, parent=None, place=1)
    assert {row.level for row in back.children.all()} == {2}


def test_no_circle_and_no_fourth_level(panel):
    version = panel.scheme()
    with pytest.raises(Refused, match="上下级会绕成圈"):
        services.move_indicator(leaf(version, "k1"), by=None, parent=leaf(version, "k11"), place=1)
    below = {"parent": leaf(version, "k11"), "by": None}
    deep = services.add_indicator(version, {"name": "三级", "weight": D(1)}, **below)
    with pytest.raises(Refused, match="会到第4级，最多三级"):
        services.move_indicator(leaf(version, "k1"), by=None, parent=leaf(version, "k2"), place=1)
    with pytest.raises(Refused, match="已是第三级，下面不能再加指标"):
        services.add_indicator(version, {"name": "四级"}, by=None, parent=deep)


def test_only_known_fields_are_edited(panel):
    version = panel.scheme()
    with pytest.raises(ValueError, match="level"):
        services.change_indicator(leaf(version, "k1"), {"level": 2}, by=None)
    with pytest.raises(ValueError, match="frozen_at"):
        services.set_rules(version, {"frozen_at": None}, by=None)


def test_rules_are_set_and_grades_put_in_order(panel):
    version = panel.scheme(
        grades=[{"name": "良好", "from": "80"}, {"name": "优秀", "from": 90}],
        objection_workdays=5,
    )
    assert version.grades == [{"name": "优秀", "from": "90"}, {"name": "良好", "from": "80"}]
    for grades in (
        [{"name": "", "from": "1"}],
        [{"name": "甲", "from": "x"}],
        [{"name": "甲", "from": "1"}, {"name": "乙", "from": "1"}],
        [{"name": "甲", "from": "1"}, {"name": "甲", "from": "2"}],
    ):
        with pytest.raises(ValidationError, match="等次"):
            services.set_rules(version, {"grades": grades}, by=None)


def test_an_example_is_copied_with_its_note_and_a_scheme_goes_on_in_versions(panel):
    example = services.create_scheme(None, "示例", by=None, note="不完整", is_example=True)
    services.add_indicator(example, {"name": "甲", "weight": D(25)}, by=None)
    copy = services.copy_scheme(example, panel.city.programme, "本市", by=None)
    assert copy.scheme.note == "不完整"
    assert not copy.scheme.is_example
    with pytest.raises(Refused, match="还没有用过，直接改它"):
        services.new_version(copy.scheme, by=None)
    version = panel.scheme(tolerance=D(10))
    panel.prepared(version)
    following = services.new_version(version.scheme, by=None)
    assert (following.number, following.tolerance) == (2, D(10))
    assert [row.key for row in rows_of(following)] == [row.key for row in rows_of(version)]


def test_a_version_in_use_stands_still_for_services_and_for_the_database(panel):
    version = panel.scheme()
    panel.prepared(version)
    row = leaf(version, "k11")
    for change in (
        lambda: services.change_indicator(row, {"name": "x"}, by=None),
        lambda: services.add_indicator(version, {"name": "x"}, by=None),
        lambda: services.set_rules(version, {"note": "x"}, by=None),
    ):
        with pytest.raises(Refused, match="已用于评价，不能再改"):
            change()
    for table, change in (
        ("evaluations_indicator", "weight = 1"),
        ("evaluations_schemeversion", "tolerance = 1"),
    ):
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(f"UPDATE {table} SET {change}")
    with pytest.raises(IntegrityError), transaction.atomic():
        IndicatorFactory(scheme_version=version)


def test_the_database_refuses_levels_that_do_not_count(panel):
    version = panel.scheme()

    def refused(**facts):
        def write():
            Indicator.rows.filter(pk=leaf(version, "k1").pk).update(**facts)
            connection.check_constraints()

        with pytest.raises(IntegrityError), transaction.atomic():
            write()

    refused(parent=leaf(version, "k11"))
    refused(parent=leaf(version, "k11"), level=3)
    refused(level=2)
    other = IndicatorFactory()
    refused(parent=other, level=2)
    refused(level=4)


def test_there_is_one_draft_of_a_scheme(db):
    scheme = SchemeFactory()
    SchemeVersionFactory(scheme=scheme)
    with pytest.raises(IntegrityError), transaction.atomic():
        SchemeVersionFactory(scheme=scheme, number=2)


def test_schemes_are_seen_in_their_programme_and_examples_by_all(
    panel, foreigner, data_officer, auditor
):
    panel.scheme()
    example = services.create_scheme(None, "示例", by=None, is_example=True)
    assert Scheme.objects.visible_to(data_officer).count() == 2
    assert Scheme.objects.visible_to(auditor).live().count() == 2
    assert list(Scheme.objects.visible_to(foreigner)) == [example.scheme]
    assert list(type(example).objects.visible_to(foreigner)) == [example]
    assert not Indicator.objects.visible_to(foreigner).exists()
    assert {str(row) for row in Scheme.objects.visible_to(foreigner)} == {"示例"}
    assert str(rows_of(panel.scheme())[0]) == "统筹规划"
