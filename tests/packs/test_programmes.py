"""The product's own packs: what has to come out of them, and what must not."""

from collections import Counter

import pytest

from cdo_portal.packs.loader import load_all
from core.models import AuditEntry
from duties.models import Assignment, DutyArea, DutyItem, Obligation
from pilots.choices import Phase
from pilots.models import (
    Cohort,
    Enrolment,
    Programme,
    Unit,
)
from trainings.models import CountingRule
from trainings.services import rule_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_packs")]

# In the order in which the switch between programmes shows them.
PROGRAMMES = [
    "shenzhen-2021",
    "guangzhou-2021",
    "guangzhou-2023",
    "shenyang-2022",
    "shanghai-2022",
    "guangdong-2021",
    "guangdong-2023",
    "shaoxing-2021",
    "binjiang-2021",
    "jiangsu-enterprise-2021",
]


def pilots_of(code):
    return Enrolment.rows.filter(programme__code=code).pilots().in_document_order()


def kinds_of(code):
    return Counter(row.kind or row.unit.kind for row in pilots_of(code).select_related("unit"))


def test_ten_programmes_all_drafts_in_order():
    rows = list(Programme.rows.all())

    assert [row.code for row in rows] == PROGRAMMES
    assert {row.phase for row in rows} == {Phase.DRAFT}
    assert all(row.started_on is None for row in rows)


def test_loading_all_takes_at_most_three_seconds(all_packs):
    assert all_packs <= 3


def test_a_start_with_unchanged_packs_loads_none():
    assert load_all(only_changed=True) == []


def test_a_load_of_unchanged_packs_changes_nothing():
    before = AuditEntry.objects.count()

    differences = load_all()

    assert not any(difference.changes or difference.writes for difference in differences)
    assert AuditEntry.objects.count() == before


# --- who takes part ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "count"),
    {
        "shenzhen-2021": 13,
        "guangzhou-2021": 64,
        "guangzhou-2023": 64,
        "shenyang-2022": 28,
        "guangdong-2021": 16,
        "guangdong-2023": 0,
        "shanghai-2022": 0,
        "shaoxing-2021": 0,
        "binjiang-2021": 1,
        "jiangsu-enterprise-2021": 0,
    }.items(),
)
def test_pilot_units(code, count):
    assert pilots_of(code).count() == count


def test_shenzhen_is_one_and_eight_and_four_in_the_order_of_the_plan():
    names = [row.unit.short_name for row in pilots_of("shenzhen-2021")]

    assert names == [
        "深圳市政府", "市公安局", "市人力资源保障局", "市规划和自然资源局", "市生态环境局",
        "市市场监管局", "市医保局", "市地方金融监管局", "市气象局", "福田区", "南山区", "宝安区", "坪山区",
    ]  # fmt: skip
    assert kinds_of("shenzhen-2021") == {
        "city_government": 1,
        "municipal_department": 8,
        "district_government": 4,
    }


def test_shenzhen_bureau_desks_and_superior():
    parts = Enrolment.rows.filter(programme__code="shenzhen-2021").exclude(part="pilot")

    assert {row.part: row.unit.code for row in parts} == {
        "bureau": "440300-zsj",
        "leading_group": "440300-ldxz",
        "leading_group_office": "440300-ldxzb",
        "superior": "440000-zsj",
    }


def test_shenyang_is_eighteen_five_five_with_one_name_inferred():
    assert kinds_of("shenyang-2022") == {
        "municipal_department": 18,
        "public_enterprise": 5,
        "district_government": 5,
    }
    rows = pilots_of("shenyang-2022")
    assert Counter(rows.values_list("certainty", flat=True)) == {"slot": 27, "inferred": 1}
    assert rows.get(certainty="inferred").unit.full_name == "沈阳市生态环境局"


@pytest.mark.parametrize("code", ["guangzhou-2021", "guangzhou-2023"])
def test_guangzhou_names_two_of_sixty_four_from_an_unknown_day(code):
    rows = pilots_of(code)

    assert Counter(rows.values_list("certainty", flat=True)) == {
        "slot": 62,
        "stated": 1,
        "inferred": 1,
    }
    assert rows.get(certainty="stated").unit.full_name == "广州市政务服务和数据管理局"
    assert rows.get(certainty="inferred").unit.short_name == "海珠区"
    assert set(rows.values_list("starts_on", flat=True)) == {None}
    cohort = Cohort.objects.get(programme__code=code, code=f"{code}-mechanism")
    assert (cohort.total, str(cohort.as_of), cohort.expected) == (64, "2024-07-09", {})


def test_the_two_guangzhou_programmes_share_their_units():
    first, second = (
        set(pilots_of(code).values_list("unit_id", flat=True))
        for code in ("guangzhou-2021", "guangzhou-2023")
    )

    assert first == second


def test_sixty_three_and_eleven_is_another_set_than_sixty_four():
    cohort = Cohort.objects.get(code="guangzhou-2023-capability")

    assert cohort.expected == {"municipal_department": 63, "district_government": 11}
    assert cohort.enrolments.count() == 0
    districts = Unit.rows.filter(code__regex=r"^4401\d\d-zf$").exclude(region_code="440100")
    assert districts.count() == 11


def test_guangdong_is_six_and_ten():
    assert kinds_of("guangdong-2021") == {"provincial_department": 6, "city_government": 10}


def test_every_programme_has_one_bureau_and_a_nameless_one_is_a_slot():
    bureaus = Enrolment.rows.filter(part="bureau").select_related("unit", "programme")

    assert Counter(row.programme.code for row in bureaus) == dict.fromkeys(PROGRAMMES, 1)
    nameless = {row.programme.code for row in bureaus if row.unit.is_slot}
    assert nameless == {"shanghai-2022", "binjiang-2021"}


def test_no_cohort_holds_more_bodies_than_its_source_counts():
    for cohort in Cohort.objects.all():
        assert cohort.enrolments.count() in {cohort.total, 0}, cohort.code


# --- areas and items -----------------------------------------------------------------------------


def test_shenzhen_has_six_areas_and_shenyang_four():
    labels = {
        code: list(
            DutyArea.rows.filter(programme__code=code).values_list("medium_name", "short_name")
        )
        for code in ("shenzhen-2021", "shenyang-2022")
    }

    assert labels["shenzhen-2021"] == [
        ("数字政府", "数政"),
        ("数据标准", "数标"),
        ("融合创新", "融合"),
        ("指导监督", "监督"),
        ("人才队伍", "人才"),
        ("特色应用", "特色"),
    ]
    assert len(labels["shenyang-2022"]) == 4
    assert all(area.name_en and area.clause for area in DutyArea.rows.all())


@pytest.mark.parametrize(
    ("unit", "counts"),
    {
        "440300-szf": [5, 5, 8, 5, 2, 0],
        "440300-gaj": [5, 5, 8, 5, 3, 1],
        "440304-zf": [5, 5, 8, 5, 2, 1],
        "440305-zf": [5, 5, 8, 5, 2, 1],
    }.items(),
)
def test_items_that_apply_to_a_unit_of_shenzhen(unit, counts):
    enrolment = pilots_of("shenzhen-2021").get(unit__code=unit)

    items = DutyItem.rows.filter(area__programme__code="shenzhen-2021").applying_to(enrolment)
    applying = Counter(items.values_list("area__position", flat=True))
    assert [applying[position] for position in range(1, 7)] == counts


@pytest.mark.parametrize("code", ["guangzhou-2023", "shanghai-2022", "shaoxing-2021"])
def test_no_areas_are_invented(code):
    assert not DutyArea.rows.filter(programme__code=code).exists()


# --- obligations and assignments -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "count", "quantity"),
    [
        (1, 12, 1), (2, 1, 1), (3, 13, 2), (4, 5, 2), (5, 12, 1), (6, 8, 1), (9, 13, 1),
        (10, 13, 1), (11, 13, 1), (12, 1, 1), (13, 1, 1), (14, 1, 1),
    ],
)  # fmt: skip
def test_assignments_of_shenzhen(number, count, quantity):
    rows = Assignment.rows.filter(obligation__code=f"shenzhen-2021.ob-{number}")

    assert rows.count() == count
    assert set(rows.values_list("quantity", flat=True)) == {quantity}


def test_deadlines_of_shenzhen():
    dates = {
        row.code.rpartition(".")[2]: (str(row.due_on), str(row.latest_on), row.wording)
        for row in Obligation.rows.filter(programme__code="shenzhen-2021").exclude(due_on=None)
    }

    assert dates == {
        "ob-1": ("2022-04-30", "2022-04-30", "于2022年4月底前"),
        "ob-3": ("2022-03-31", "2022-04-30", "在2022年4月前"),
        "ob-4": ("2022-03-31", "2022-04-30", "在2022年4月前"),
    }


def test_the_two_filing_desks_are_two_bodies():
    received = dict(
        Obligation.rows.filter(nature__in=["plan", "filing"]).values_list(
            "nature", "received_by__code"
        )
    )

    assert received == {"plan": "440300-zsj", "filing": "440300-ldxzb"}


def test_shaoxing_trains_by_the_end_of_august_and_nobody_is_named():
    row = Obligation.rows.get(programme__code="shaoxing-2021")

    assert (row.code, str(row.due_on)) == ("shaoxing-2021.ob-7", "2021-08-31")
    assert "court" in row.kinds
    assert row.assignments.count() == 0


def test_no_other_programme_has_dated_assignments():
    codes = set(Assignment.rows.values_list("obligation__programme__code", flat=True))

    assert codes == {"shenzhen-2021"}


def test_the_trainings_that_shaoxing_demands_are_of_its_cdos():
    assert rule_of(Programme.rows.get(code="shaoxing-2021")).trains == "officer"
    assert rule_of(Programme.rows.get(code="shenzhen-2021")).trains == "training"
    load_all()
    assert CountingRule.rows.count() == 1
