"""方案与文件: the list, one programme, a document, the start and the end."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pilots import queries
from pilots.models import PolicyDocument, Programme
from tests.factories.officers import PostRuleFactory
from tests.factories.pilots import (
    ClauseFactory,
    CohortFactory,
    EnrolmentFactory,
    MembershipFactory,
    PolicyDocumentFactory,
    ProgrammeFactory,
    UnitFactory,
)

PROVISIONS = {
    "powers": [
        {"name": "一票否决权", "moments": ["approval", "acceptance"], "text": "只限两个环节。"},
        {"name": "协调", "text": "协调重大问题。"},
    ],
    "evaluation_dimensions": [{"name": "日常管理", "clause": "c-1"}],
    "aims": [{"group": "五个更加", "name": "更加完善", "items": ["设立专家委员会"]}],
    "milestones": [{"name": "第一个节点", "wording": "2022年3月底"}],
    "expected": [{"name": "配套措施任务", "count": 37}],
    "not_modelled": [{"what": "评价权重", "why": "未公布，不预设", "source": "S2"}],
}


@pytest.fixture
def big(city):
    """City with a cohort of 64, two named, 62 slots."""
    cohort = CohortFactory(
        programme=city.programme, total=64, as_of=date(2024, 7, 9), note="累计数"
    )
    for number in range(62):
        unit = UnitFactory(is_slot=True, kind="other", name=f"待补名{number:02d}")
        EnrolmentFactory(
            programme=city.programme, unit=unit, cohort=cohort, certainty="slot", position=9
        )
    for unit in (city.department, city.district):
        row = city.enrolment(unit)
        row.cohort = cohort
        row.save()
    row = city.enrolment(city.government)
    row.withdrawn_on = date(2022, 1, 1)
    row.save()
    return city


def read(client, address):
    return client.get(address).content.decode()


def test_the_list_says_how_many_should_be_there_and_how_many_are_known(big, browse, officer):
    page = read(browse(officer), "/programmes/")
    assert big.programme.name in page
    assert "应有64，已登记名称2" in page
    assert ">64家<" in page
    assert f"/units/?programme={big.programme.code}" in page
    assert "跟踪中" in page
    assert "2021-08-03" in page


def test_the_list_counts_only_what_the_reader_sees(big, browse, data_officer):
    page = read(browse(data_officer), "/programmes/")
    assert ">1家<" in page
    assert "方案应有64" in page
    assert "已登记名称" not in page


def test_the_list_is_filtered_by_name_phase_and_region(city, browse, officer):
    client = browse(officer)
    for query, found in (
        (f"q={city.programme.short_name}", True),
        ("q=没有", False),
        ("phase=draft", False),
        ("region=440300", True),
    ):
        assert (city.programme.name in read(client, f"/programmes/?{query}")) is found, query
    assert "没有符合条件的记录" in read(client, "/programmes/?q=没有")


def test_without_names_the_document_is_said_to_list_none(city, browse, officer):
    bare = ProgrammeFactory()
    EnrolmentFactory(programme=bare, unit=city.bureau, part="bureau")
    assert "文件未列名单" in read(browse(officer), "/programmes/")


def test_somebody_who_sees_no_programme_is_told_so(browse, db):
    user = MembershipFactory(role="data_officer").user
    assert "当前账号看不到任何方案" in read(browse(user), "/programmes/")


@pytest.mark.parametrize("address", ["/programmes/", "/members/"])
def test_lists_cost_the_same_with_many_rows(city, browse, officer, address):
    client = browse(officer)
    client.get(address)
    costs = []
    for count in (1, 2, 45):
        for _number in range(count):
            if address == "/programmes/":
                row = ProgrammeFactory()
                EnrolmentFactory(programme=row, unit=city.bureau, part="bureau")
                EnrolmentFactory(programme=row)
            else:
                row = EnrolmentFactory(programme=city.programme)
                MembershipFactory(unit=row.unit)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(address).status_code == 200
        costs.append(len(asked))
    assert costs[0] == costs[1] == costs[2] < 25, costs


def test_a_programme_costs_the_same_however_large(big, browse, officer):
    client = browse(officer)
    address = f"/programmes/{big.programme.code}/"
    client.get(address)
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    for _number in range(10):
        EnrolmentFactory(programme=big.programme)
        PolicyDocumentFactory(programme=big.programme)
    with CaptureQueriesContext(connection) as after:
        client.get(address)
    assert len(before) == len(after) < 35


def test_one_programme_on_one_page(big, browse, officer):
    document = PolicyDocument.rows.filter(programme=big.programme).first()
    ClauseFactory(code="c-1", document=document, label="四（三）1")
    PostRuleFactory(
        programme=big.programme,
        title="首席数据官（部门）",
        kinds=["municipal_department"],
        holder="分管负责人兼任",
        is_self_appointed=True,
        is_self_removed=True,
        filed_at=UnitFactory(code="ldxzb", name="领导小组办公室"),
        note="没有规定任期。",
    )
    Programme.rows.filter(pk=big.programme.pk).update(provisions=PROVISIONS)
    page = read(browse(officer), f"/programmes/{big.programme.code}/")
    for text in (
        "应有64，已登记名称2",
        "截至2024-07-09",
        "62家待补名",
        big.department.short_name,
        "牵头单位",
        big.obligations["training"].area.name,
        "数据运营机构建设",
        "组织面对部门业务人员的培训",
        "“在2022年4月前”",
        "2022-03-31或2022-04-30",
        "口径待确认",
        "文件未定时限",
        document.number,
        "一票否决权（立项、验收）",
        "权重未定，不预设",
        "市级部门各1名；分管负责人兼任；由本单位任免；报领导小组办公室备案；"
        "补任：文件未定时限；备案：文件未定时限",
        "没有规定任期。",
        "五个更加",
        "设立专家委员会",
        "文件写“2022年3月底”",
        "37个",
        "本方案未收录的内容及原因",
        "未公布，不预设",
        f'/documents/{document.code}/#c-1">四（三）1',
        "结束跟踪",
    ):
        assert text in page, text


def test_obligations_and_areas_lead_to_their_pages(city, browse, officer):
    page = read(browse(officer), f"/programmes/{city.programme.code}/")
    assert f'/obligations/{city.obligations["report"].code}/"' in page
    assert f'/areas/{city.obligations["training"].area.code}/"' in page


def test_a_units_clerk_sees_the_scheme_and_only_the_own_unit(city, browse, data_officer):
    page = read(browse(data_officer), f"/programmes/{city.programme.code}/")
    assert city.department.short_name in page
    assert city.district.short_name not in page
    assert "当前账号只看到本单位" in page
    assert "结束跟踪" not in page


def test_a_programme_that_names_nobody(city, browse, officer):
    bare = ProgrammeFactory(provisions={})
    EnrolmentFactory(programme=bare, unit=city.bureau, part="bureau")
    page = read(browse(officer), f"/programmes/{bare.code}/")
    assert "文件没有列出试点单位" in page
    assert "尚未开始跟踪，不提醒任何单位" in page
    cohort = CohortFactory(programme=bare, total=7)
    EnrolmentFactory(programme=bare, unit=UnitFactory(name="无批次局"))
    page = read(browse(officer), f"/programmes/{bare.code}/")
    assert cohort.name in page
    assert "名单未公布" in page
    assert "无批次局" in page


def test_expected_kinds_stand_there_also_without_names(city):
    cohort = CohortFactory(
        programme=city.programme,
        total=5,
        expected={"public_enterprise": 5, "city_government": 0},
    )
    groups = queries.pilots_by_cohort(city.programme, [], [cohort])
    assert [(kind.kind, kind.expected, kind.count) for kind in groups[0].kinds] == [
        ("city_government", 0, 0),
        ("public_enterprise", 5, 0),
    ]
    assert groups[0].count == 0


# --- documents -----------------------------------------------------------------------------------


def test_a_document_quotes_to_the_letter_and_marks_what_is_retold(city, browse, data_officer):
    base = PolicyDocumentFactory(title="上位方案", number="")
    document = PolicyDocumentFactory(
        programme=city.programme,
        title="实施方案",
        aliases=["又名"],
        issuer="测试市人民政府办公厅",
        addressees="各单位",
        signed_on="2021-08-03",
        published_on="2021-08-09",
        in_force_on="2021-09-01",
        date_note="两个日期",
        note="说明文字",
        source="S2",
    )
    document.based_on.add(base)
    ClauseFactory(code="doc.3-1", document=document, label="三（一）", text="市政府。", source="S2")
    ClauseFactory(
        code="doc.4", document=document, label="四", text="据报道。", is_quoted=False, source="S0"
    )
    client = browse(data_officer)
    page = read(client, f"/documents/{document.code}/")
    for text in (
        document.number,
        "测试市人民政府办公厅",
        "2021-08-03",
        "2021-08-09",
        "2021-09-01",
        "又名",
        "《上位方案》",
        'id="doc.3-1"',
        "<blockquote>市政府。</blockquote>",
        "转述",
        "来源 S0",
    ):
        assert text in page, text
    assert page.count("转述</span>") == 1
    assert "<blockquote>据报道。" not in page
    upper = read(client, f"/documents/{base.code}/")
    assert "据此制定" in upper
    assert "没有收录条款" in upper
    assert "未见文号" in upper


# --- following ------------------------------------------------------------------------------------


@pytest.fixture
def draft(city):
    row = ProgrammeFactory()
    EnrolmentFactory(programme=row, unit=city.bureau, part="bureau")
    return row


def test_following_starts_after_it_was_explained(draft, browse, officer):
    client = browse(officer)
    address = f"/programmes/{draft.code}/start/"
    page = read(client, address)
    assert "所选日期以前的提醒一律不补发" in page
    assert 'value="2022-04-15"' in page
    data = {"on": "2022-04-15", "version": "1"}
    step = client.post(address, data).content.decode()
    assert "这一天以前的提醒一律不补发" in step
    draft.refresh_from_db()
    assert draft.phase == "draft"
    done = client.post(address, {**data, "confirmed": "1"}, follow=True).content.decode()
    assert "从2022-04-15起跟踪。" in done
    assert Programme.rows.get(pk=draft.pk).started_on == date(2022, 4, 15)
    again = client.get(address, follow=True).content.decode()
    assert "现在是“跟踪中”" in again


def test_following_ends_for_good(city, browse, officer):
    client = browse(officer)
    address = f"/programmes/{city.programme.code}/close/"
    early = client.post(address, {"on": "2021-01-01", "version": "1", "confirmed": "1"})
    assert early.status_code == 409
    assert "结束日期不能早于这一天" in early.content.decode()
    step = client.post(address, {"on": "2022-04-15", "version": "1"}).content.decode()
    assert "也不能重新开始" in step
    data = {"on": "2022-04-15", "version": "1", "confirmed": "1"}
    page = client.post(address, data, follow=True).content.decode()
    assert "已于2022-04-15结束跟踪。" in page
    assert "2021-08-03至2022-04-15跟踪，已结束" in page
    assert "开始跟踪</a>" not in page
