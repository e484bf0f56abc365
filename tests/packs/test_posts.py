"""The product's own packs: which posts there are, what each programme rules, who is known."""

from collections import Counter
from datetime import date

import pytest

from cdo_portal.packs.loader import own_packs
from cdo_portal.packs.reading import read
from officers.models import Appointment, Post, PostRule
from officers.queries.rules import ruling_for, rulings, rulings_of
from pilots.models import Enrolment, Unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_packs")]
ON = date(2022, 6, 1)
LATER = date(2024, 7, 9)
PROGRAMMES = [
    "shenzhen-2021", "guangzhou-2021", "guangzhou-2023", "shenyang-2022", "binjiang-2021",
    "jiangsu-enterprise-2021", "shanghai-2022", "shaoxing-2021",
]  # fmt: skip


def bound(programme, on=ON):
    """Every ruling of a programme on that day."""
    return rulings(
        Enrolment.rows.standing(on)
        .filter(programme__code=programme)
        .select_related("unit", "programme")
    )


def posts_of(unit, on=ON):
    row = Unit.rows.get(code=unit)
    return [ruling.rule.post.code for ruling in rulings_of(row, on)]


def rules(programme):
    return PostRule.rows.in_force().filter(programme__code=programme)


# --- the list ------------------------------------------------------------------------------------


def test_one_list_of_eight_posts():
    rows = list(Post.objects.values_list("code", "name"))

    assert rows == [
        ("cdo", "首席数据官"),
        ("executive", "首席数据执行官"),
        ("cio", "首席信息官"),
        ("cpo", "首席隐私官"),
        ("data_specialist", "数据专员"),
        ("affairs_specialist", "政务专员"),
        ("liaison", "数据联络专员"),
        ("enterprise_cdo", "企业首席数据官"),
    ]
    assert all(row.name_en and row.source for row in Post.objects.all())


def test_only_specialists_are_several():
    several = set(Post.objects.filter(is_single=False).values_list("code", flat=True))

    assert several == {"data_specialist", "affairs_specialist", "liaison"}


# --- rules ---------------------------------------------------------------------------------------


def test_shenzhen_five_by_the_leading_group_and_eight_filed_at_its_office():
    cdos = [row for row in bound("shenzhen-2021") if row.rule.post.code == "cdo"]
    appointed, own = [], []
    for row in cdos:
        (own if row.rule.is_self_appointed else appointed).append(row)

    assert len(cdos) == 13
    assert Counter(row.unit.kind for row in appointed) == {
        "city_government": 1,
        "district_government": 4,
    }
    assert {row.rule.authority(row.unit).code for row in appointed} == {"440300-ldxz"}
    assert {row.rule.remover(row.unit).code for row in appointed} == {"440300-ldxz"}
    assert not any(row.rule.needs_filing for row in appointed)
    assert Counter(row.unit.kind for row in own) == {"municipal_department": 8}
    assert all(row.rule.authority(row.unit) == row.unit for row in own)
    assert all(row.rule.remover(row.unit) == row.unit for row in own)
    assert {row.rule.filed_at.code for row in own} == {"440300-ldxzb"}


def test_the_rank_rule_of_shenzhen_stands_in_its_clause():
    rows = rules("shenzhen-2021").filter(post__code="cdo").select_related("clause")

    assert {(row.minimum_level, row.asks_in_charge) for row in rows} == {("deputy", True)}
    for row in rows:
        assert row.holder in row.clause.text
        assert "行政副职及以上" in row.holder
        assert "分管数字政府建设工作" in row.holder


def test_no_days_are_invented():
    assert not PostRule.rows.exclude(vacancy_days=None, filing_days=None).exists()


def test_one_officer_and_two_specialists_in_nanshan():
    assert posts_of("440305-zf") == ["cdo", "cio", "data_specialist", "affairs_specialist"]


def test_information_and_privacy_officers_in_pingshan():
    assert posts_of("440310-zf") == ["cdo", "cio", "cpo"]


@pytest.mark.parametrize("unit", ["440304-zf", "440306-zf", "440300-gaj", "440300-szf"])
def test_other_pilots_of_shenzhen_have_the_one_post(unit):
    assert posts_of(unit) == ["cdo"]


def test_city_posts_of_shenyang_belong_to_the_bureau_and_28_stays_28():
    rows = bound("shenyang-2022")
    city = [row for row in rows if row.enrolment.part == "bureau"]

    assert [row.rule.post.code for row in city] == ["cdo", "executive"]
    assert {row.unit.code for row in city} == {"210100-dsj"}
    units = [row for row in rows if row.enrolment.part == "pilot"]
    assert Counter(row.rule.post.code for row in units) == {"cdo": 28}
    assert not any(row.rule.authority(row.unit) for row in units)


def test_binjiang_says_by_kind_who_holds_the_post():
    held = {kind: row.holder for row in rules("binjiang-2021") for kind in row.kinds}

    assert held == {
        "district_government": "由区数字化改革专班负责同志担任",
        "subdistrict": "由各单位分管负责人担任",
        "other": "由各单位分管负责人担任",
    }
    assert [row.rule.title for row in bound("binjiang-2021")] == ["区首席数据官"]


def test_guangzhou_has_an_executive_beside_each_cdo():
    counts = Counter(row.rule.post.code for row in bound("guangzhou-2021", LATER))

    assert counts == {"cdo": 64, "executive": 64, "liaison": 1}
    assert Counter(row.rule.post.code for row in bound("guangzhou-2023", LATER)) == {"cdo": 64}


@pytest.mark.parametrize("programme", ["jiangsu-enterprise-2021", "guangzhou-2023"])
def test_enterprises_have_a_post_of_their_own(programme):
    row = rules(programme).get(code__endswith="enterprise")

    assert row.post.code == "enterprise_cdo"
    assert set(row.kinds) <= {"enterprise", "state_enterprise"}


def test_two_programmes_only_encourage():
    encouraged = PostRule.rows.filter(is_encouraged=True)

    assert set(encouraged.values_list("programme__code", flat=True)) == {
        "shanghai-2022",
        "shaoxing-2021",
    }


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_no_unit_is_ruled_about_twice(programme):
    said = Counter((row.unit.code, row.rule.post.code) for row in bound(programme, LATER))

    assert rules(programme).exists()
    assert {key: count for key, count in said.items() if count > 1} == {}


def test_every_rule_is_a_row_with_its_source():
    written = sum(len(list(read(path).each("post_rules"))) for path in own_packs())

    assert PostRule.rows.in_force().count() == written == 21
    assert not PostRule.rows.filter(source="").exists()


# --- the known holder ----------------------------------------------------------------------------


def test_the_holder_whom_the_sources_name():
    row = Appointment.rows.get()

    assert (row.pack_code, row.source) == ("guangzhou-2023-holder-zsj-cdo", "S4")
    assert row.unit.full_name == "广州市政务服务和数据管理局"
    assert (row.post.code, row.job_title, row.starts_on) == ("cdo", "副局长", None)
    assert row.person.name == "梁文谦"
    assert "请核对" in row.reason


def test_the_holder_is_known_from_the_day_of_the_interview_on():
    assert Appointment.rows.in_office(date(2024, 7, 9)).count() == 1
    assert not Appointment.rows.in_office(date(2024, 7, 8)).exists()


def test_the_holder_is_found_under_both_programmes_of_guangzhou():
    for programme in ("guangzhou-2021", "guangzhou-2023"):
        assert Appointment.rows.of_programme(programme, LATER).in_office(LATER).count() == 1
    row = Appointment.rows.get()
    assert ruling_for(row.unit, row.post, LATER).rule.title == "首席数据官"
