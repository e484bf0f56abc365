"""The product's own packs: documents, names, what else the documents provide, sources."""

import pytest

from cdo_portal.packs.loader import own_packs
from cdo_portal.packs.reading import read
from duties.models import Obligation
from officers.models import Appointment, Post, PostRule
from pilots.models import (
    Clause,
    Cohort,
    Enrolment,
    PolicyDocument,
    Programme,
    Succession,
    Unit,
    UnitName,
)
from projects.choices import Gate
from projects.models import Power
from projects.queries.powers import powers_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("all_packs")]

MODELS = [
    PolicyDocument,
    Clause,
    Cohort,
    Unit,
    Enrolment,
    Obligation,
    Post,
    PostRule,
    Appointment,
]

# --- documents, names, provisions ----------------------------------------------------------------


def test_the_plan_of_shenzhen_and_what_it_rests_on():
    plan = PolicyDocument.rows.get(number="深府办函〔2021〕71号")

    assert plan.title == "深圳市首席数据官制度试点实施方案"
    assert "深圳市推行首席数据官制度试点实施方案" in plan.aliases
    assert (str(plan.signed_on), str(plan.published_on)) == ("2021-08-03", "2021-08-09")
    assert set(plan.based_on.values_list("number", flat=True)) == {
        "粤办函〔2021〕63号",
        "深府〔2020〕89号",
    }
    assert plan.clauses.count() == 21


@pytest.mark.parametrize(
    "title",
    [
        "广东省首席数据官制度试点工作方案",
        "深圳市人民政府关于加快智慧城市和数字政府建设的若干意见",
        "深圳经济特区数据条例",
        "福田区首席数据官制度试点工作方案",
        "南山区智慧南山（数字政府）“一官两员”管理暂行办法",
        "坪山区政务数据分级分类管理办法",
        "坪山区CPO(首席隐私官)制度",
        "坪山区信息系统用户权限管理办法",
        "沈阳市推行首席数据官制度工作方案",
        "上海市数据条例",
        "贯彻实施《上海市数据条例》配套工作分工方案",
        "中华人民共和国数据安全法",
        "中华人民共和国个人信息保护法",
        "广州市推行首席数据官制度试点实施方案",
        "广州市全面推行首席数据官制度工作方案",
        "关于更好发挥数据要素作用推动广州高质量发展的实施意见",
        "广州市公共数据开放管理办法",
        "“数据要素×”三年行动计划（2024—2026年）",
        "关于在全省推行企业首席数据官制度的通知",
    ],
)
def test_every_document_that_the_sources_name_is_there(title):
    assert PolicyDocument.rows.filter(title=title).count() == 1


@pytest.mark.parametrize(
    ("code", "on", "name"),
    [
        ("440300-zsj", "2022-04-15", "深圳市政务服务数据管理局"),
        ("440300-zsj", "2025-01-01", "深圳市政务服务和数据管理局"),
        ("440000-zsj", "2024-05-09", "广东省政务服务数据管理局"),
        ("440000-zsj", "2024-05-10", "广东省政务服务和数据管理局"),
        ("330600-dsj", "2021-08-31", "绍兴市大数据发展管理局"),
        ("330600-dsj", "2025-01-01", "绍兴市数据局"),
        ("440310-zsj", "2020-10-20", "深圳市坪山区政务服务数据管理局"),
        ("440310-zsj", "2025-12-22", "深圳市坪山区政务服务和数据管理局"),
    ],
)
def test_names_on_a_day(code, on, name):
    assert Unit.rows.with_name(on).get(code=code).full_name == name


def test_every_name_can_be_found_by_its_initials():
    assert not UnitName.objects.filter(initials="").exists()
    assert Unit.rows.searched("szsgaj").get().code == "440300-gaj"


def test_the_merged_leading_group_is_a_succession_without_a_day():
    row = Succession.objects.get()

    assert (row.from_unit.code, row.to_unit.code) == ("440300-ldxz", "440300-zfzn-ldxz")
    assert (row.kind, row.on) == ("merger", None)


def test_only_shenzhen_has_the_veto_and_only_at_two_moments():
    vetoes = {
        row.code: power["moments"]
        for row in Programme.rows.all()
        for power in row.provisions.get("powers", [])
        if power["kind"] == "veto"
    }

    assert vetoes == {"shenzhen-2021": ["approval", "acceptance"]}
    loaded = Power.rows.standing().filter(kind="veto")
    (power,) = loaded.select_related("clause", "programme")
    assert (power.programme.code, power.moments) == ("shenzhen-2021", ["approval", "acceptance"])
    assert "拥有“一票否决权”" in power.clause.text
    assert power.clause.is_quoted


@pytest.mark.parametrize(
    ("code", "decisions", "conditions", "records", "findings"),
    [
        ("shenzhen-2021", ["approve", "veto"], [], ["review", "coordination"], True),
        ("shenyang-2022", [], [], ["review", "coordination"], False),
        ("guangzhou-2023", ["approve"], ["catalogue", "aggregation"], [], False),
        ("guangdong-2021", [], [], [], False),
        ("shanghai-2022", [], [], [], False),
    ],
)
def test_each_city_may_do_about_projects_what_its_document_says(
    code, decisions, conditions, records, findings
):
    powers = powers_of(Programme.rows.get(code=code))
    for gate in Gate:
        assert powers.decisions(gate) == decisions
        assert powers.conditions(gate) == conditions
    assert powers.records == records
    assert powers.has_findings == findings
    assert powers.has_projects == bool(decisions or records)


def test_of_guangzhous_gate_no_word_is_quoted():
    (power,) = Power.rows.filter(programme__code="guangzhou-2023")
    assert not power.clause.is_quoted


def test_five_dimensions_and_no_weights():
    dimensions = Programme.rows.get(code="shenzhen-2021").provisions["evaluation_dimensions"]

    assert [row["name"] for row in dimensions] == [
        "智慧城市及数字政府建设",
        "信息化项目建设",
        "数据综合管理",
        "重点工作部署",
        "日常管理",
    ]
    assert not any("weight" in row for row in dimensions)


def test_shanghai_counts_without_inventing():
    provisions = Programme.rows.get(code="shanghai-2022").provisions

    assert {row["name"]: row["count"] for row in provisions["expected"]} == {
        "配套措施的方面": 7,
        "配套措施任务": 37,
    }
    dated = [row["on_or_before"] for row in provisions["milestones"] if "on_or_before" in row]
    assert dated == ["2022-03-31", "2022-06-30", "2022-12-31"]
    assert len([row for row in provisions["aims"] if row["group"] == "五个更加"]) == 5


def test_every_programme_says_what_it_leaves_out():
    for row in Programme.rows.all():
        assert row.provisions["not_modelled"], row.code


def test_every_clause_that_a_provision_names_exists():
    present = set(Clause.rows.values_list("code", flat=True))
    named = {
        entry["clause"]
        for row in Programme.rows.all()
        for entries in row.provisions.values()
        for entry in entries
        if "clause" in entry
    }

    assert named
    assert named <= present


# --- sources -------------------------------------------------------------------------------------


def test_nothing_is_quoted_from_a_source_that_may_not_be_quoted():
    quoted = Clause.rows.filter(is_quoted=True)

    assert set(quoted.values_list("source", flat=True)) == {"S0", "S1", "S2", "S3"}
    assert Clause.rows.filter(source__contains="S4", is_quoted=False).count() >= 8


@pytest.mark.parametrize("model", MODELS)
def test_every_row_names_its_source(model):
    assert not model._base_manager.filter(source="").exists()


@pytest.mark.parametrize("path", own_packs(), ids=lambda path: path.stem)
def test_every_entry_of_a_list_names_its_source(path):
    tree = read(path)
    missing = []

    def visit(place, value):
        if isinstance(value, list):
            for index, entry in enumerate(value):
                if isinstance(entry, dict) and not entry.get("source"):
                    missing.append(tree.line((*place, index)))
                visit((*place, index), entry)
        elif isinstance(value, dict):
            for key, entry in value.items():
                visit((*place, key), entry)

    visit((), tree.data)
    assert missing == []
