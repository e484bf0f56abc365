"""What a programme rules about a post, in one sentence."""

import pytest

from cdo_portal.pages.post_rules import said_of, shown_to
from officers.models import PostRule
from tests.factories.officers import PostRuleFactory


@pytest.fixture
def said(city, officer):
    """`said(…)`: the sentence of a rule of the city with those values."""

    def sentence(units=(), **values):
        rule = PostRuleFactory(programme=city.programme, **{"count": None, **values})
        rule.units.set(units)
        return said_of(shown_to(officer, city.programme).get(pk=rule.pk))

    return sentence


def test_who_appoints_and_removes_is_one_word_when_it_is_one_body(said, city):
    assert said(kinds=["city_government"], appointed_by=city.bureau, removed_by=city.bureau) == (
        f"市政府；由{city.bureau.short_name}任免；补任：文件未定时限"
    )


def test_who_appoints_and_who_removes_may_be_two(said, city):
    text = said(is_self_appointed=True, removed_by=city.superior)

    assert f"由本单位任命；由{city.superior.short_name}免职" in text


def test_an_authority_that_no_source_names_is_said_so(said):
    assert said() == "试点单位；由谁任免未见来源；补任：文件未定时限"


def test_a_rule_names_its_units_and_their_number(said, city):
    assert said(units=[city.department], count=2).startswith(f"{city.department.short_name}各2名；")


def test_a_rule_of_the_bureau_says_so(said):
    assert said(parts=["bureau"]).startswith("牵头单位；")


def test_an_empty_seat_is_no_fault_where_the_post_is_only_encouraged(said):
    assert said(kinds=["court"], is_encouraged=True) == "法院（鼓励设立）；由谁任免未见来源"


def test_days_of_the_document_and_days_that_the_bureau_expects(said, city):
    text = said(
        is_self_appointed=True,
        is_self_removed=True,
        filed_at=city.bureau,
        vacancy_days=30,
        own_filing_days=10,
        own_basis="市里要求",
    )

    assert f"由本单位任免；报{city.bureau.short_name}备案；" in text
    assert "补任：30天内；" in text
    assert text.endswith("备案：10天内（牵头单位期望，文件未定时限）")


def test_a_rule_that_the_pack_took_back_is_not_shown(city, officer):
    PostRuleFactory(programme=city.programme, withdrawn_on="2022-04-01")

    assert not shown_to(officer, city.programme).exists()
    assert PostRule.rows.count() == 1


def test_rules_cost_the_same_however_many(city, officer, django_assert_num_queries):
    for _number in range(5):
        PostRuleFactory(
            programme=city.programme, appointed_by=city.bureau, filed_at=city.superior
        ).units.set([city.department])
    list(shown_to(officer, city.programme))  # what the user may see is looked up once

    with django_assert_num_queries(5):
        for rule in shown_to(officer, city.programme):
            said_of(rule)
