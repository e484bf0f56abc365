"""The pages of a round from scheme to result, walked through as the people of the cast."""

import io
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from evaluations import services
from evaluations.choices import Hand, Move
from evaluations.models import (
    BonusProposal,
    Indicator,
    Objection,
    Round,
    Scheme,
    SchemeVersion,
    Score,
    Scorecard,
)
from evaluations.queries.trees import rows_of

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    assert answer.status_code == 200, answer.content.decode()[:600]
    return answer.content.decode()


# --- schemes ---------------------------------------------------------------------------------------


def draft_url(version: SchemeVersion, more: str = "") -> str:
    return f"/evaluations/schemes/{version.scheme.code}/{version.number}/{more}"


def test_a_scheme_is_built_in_the_browser(panel, browse):
    bureau = browse(panel.officer)
    made = bureau.post("/evaluations/schemes/new/", {"title": "2022年评价指标"})
    version = SchemeVersion.rows.get(scheme__title="2022年评价指标")
    assert made["Location"] == draft_url(version)
    root = {"name": "统筹规划", "weight": "97", "kind": "normal", "version": version.version}
    bureau.post(draft_url(version, "indicators/new/"), root)
    top = Indicator.rows.get(name="统筹规划")
    version.refresh_from_db()
    leaf = {
        "name": "发展规划", "weight": "97", "kind": "normal", "source": "bureau", "rule": "states",
        "criteria": "已印发=97；没有=0", "version": version.version,
    }  # fmt: skip
    bureau.post(draft_url(version, f"indicators/new/?parent={top.key}"), leaf)
    page = text(bureau.get(draft_url(version)))
    assert "合计97，差3" in page
    assert "已印发=97；没有=0" in page
    below = Indicator.rows.get(name="发展规划")
    version.refresh_from_db()
    weights = {"version": version.version, f"w-{top.key}": "100", f"w-{below.key}": "100"}
    bureau.post(draft_url(version), weights)
    page = text(bureau.get(draft_url(version)))
    assert "最高档97分，与分值100不一致" in page
    below.refresh_from_db()
    edited = {**leaf, "weight": "100", "criteria": "已印发=100；没有=0", "version": below.version}
    bureau.post(draft_url(version, f"indicators/{below.key}/"), edited)
    assert "检查通过" in text(bureau.get(draft_url(version)))


def test_a_fault_in_the_criteria_is_said_beside_them(panel, browse):
    version = panel.scheme()
    leaf = version.indicators.get(key="k11")
    url = draft_url(version, f"indicators/{leaf.key}/")
    given = {"name": "发展规划", "weight": "8", "kind": "normal", "source": "bureau", "rule": "states",
             "criteria": "已印发", "version": leaf.version}  # fmt: skip
    answer = browse(panel.officer).post(url, given)
    assert answer.status_code == 422
    assert "要写成“已印发=8”的样子" in answer.content.decode()


def test_an_indicator_moves_up_and_under_another_and_goes(panel, browse):
    version = panel.scheme()
    bureau = browse(panel.officer)
    leaf = version.indicators.get(key="k12")
    assert "移动“创新”" in text(bureau.get(draft_url(version, "indicators/k12/move/")))
    url = draft_url(version, "indicators/k12/move/")
    bureau.post(url, {"step": "up", "version": leaf.version})
    names = [row.name for row in rows_of(version)]
    assert names.index("创新") < names.index("发展规划")
    leaf.refresh_from_db()
    bureau.post(url, {"parent": "k2", "place": "1", "version": leaf.version})
    leaf.refresh_from_db()
    assert leaf.parent.key == "k2"
    page = text(bureau.get(draft_url(version, "indicators/k2/remove/")))
    assert "连同下面的4个指标" in page
    bureau.post(draft_url(version, "indicators/k2/remove/"),
                {"version": version.indicators.get(key="k2").version})  # fmt: skip
    assert version.indicators.standing().count() == 4


def test_rules_are_set_and_a_wrong_grade_is_refused(panel, browse):
    version = panel.scheme()
    bureau, url = browse(panel.officer), draft_url(version, "rules/")
    assert "打分单位" in text(bureau.get(url))
    given = {"full": "100", "step": "0.5", "tolerance": "20", "grades": "优秀=九十",
             "version": version.version}  # fmt: skip
    answer = bureau.post(url, given)
    assert answer.status_code == 422
    assert "优秀=90" in answer.content.decode()
    bureau.post(url, {**given, "grades": "优秀=90；良好=80", "objection_workdays": "5"})
    version.refresh_from_db()
    assert version.objection_workdays == 5
    assert "优秀：90分及以上" in text(bureau.get(draft_url(version)))


def test_the_tree_goes_out_and_comes_in_as_a_workbook(panel, browse):
    version = panel.scheme()
    bureau = browse(panel.officer)
    book = bureau.get(draft_url(version, "template.xlsx"))
    sheet = load_workbook(io.BytesIO(book.content))
    sheet.worksheets[0]["E3"] = "abc"
    broken = io.BytesIO()
    sheet.save(broken)
    broken.name = "指标表.xlsx"
    broken.seek(0)
    url = draft_url(version, "upload/")
    answer = bureau.post(url, {"file": broken, "version": version.version})
    assert answer.status_code == 422
    assert "表格有" in answer.content.decode()
    assert "不是分值" in answer.content.decode()
    good = io.BytesIO(book.content)
    good.name = "指标表.xlsx"
    assert bureau.post(url, {"file": good, "version": version.version}).status_code == 302
    assert "下载现在的指标表" in text(bureau.get(url))


def test_a_used_version_is_locked_and_a_new_one_begins_as_it_stands(panel, browse):
    round_ = panel.prepared()
    version, bureau = round_.scheme_version, browse(panel.officer)
    version.refresh_from_db()
    assert "已用于评价，不能改" in text(bureau.get(draft_url(version)))
    assert bureau.post(draft_url(version), {"version": version.version}).status_code == 403
    assert bureau.get(draft_url(version, "rules/")).status_code == 403
    bureau.post(draft_url(version, "next/"))
    newest = version.scheme.versions.order_by("-number").first()
    assert (newest.number, len(rows_of(newest))) == (2, len(rows_of(version)))
    assert bureau.get(f"/evaluations/schemes/{version.scheme.code}/").status_code == 302
    assert "各版次" in text(bureau.get(draft_url(newest)))
    assert "统筹规划" in text(bureau.get(draft_url(version, "print/")))
    copy = f"/evaluations/schemes/new/?copy={version.pk}"
    assert f'value="{version.pk}"' in text(bureau.get(copy))
    bureau.post(copy, {"title": "下一年", "model": version.pk})
    assert Scheme.rows.filter(title="下一年").exists()
    assert "下一年" in text(bureau.get("/evaluations/schemes/"))


def test_a_unit_reads_schemes_and_changes_none(panel, browse, data_officer):
    version = panel.scheme()
    clerk = browse(data_officer)
    assert "加一级指标" not in text(clerk.get(draft_url(version)))
    assert clerk.get(draft_url(version, "indicators/new/")).status_code == 403
    assert clerk.post(draft_url(version, "next/")).status_code == 403
    assert clerk.get("/evaluations/schemes/new/").status_code == 403


# --- rounds ----------------------------------------------------------------------------------------

DATES = {
    "starts_on": "2021-08-03", "ends_on": "2022-04-30", "self_by": "2022-04-20",
    "unit_by": "2022-04-22", "review_by": "2022-04-29",
}  # fmt: skip


def test_a_round_is_opened_and_taken_on_by_check_pages(panel, browse):
    version = panel.scheme()
    bureau = browse(panel.officer)
    assert "建立评价" in text(bureau.get("/evaluations/new/"))
    wrong = {**DATES, "title": "评价", "scheme": version.pk, "unit_by": "2022-04-01"}
    answer = bureau.post("/evaluations/new/", wrong)
    assert "“本单位评价截止”不能早于自评截止的2022-04-20" in answer.content.decode()
    made = bureau.post("/evaluations/new/", {**DATES, "title": "评价", "scheme": version.pk})
    round_ = Round.rows.get()
    assert made["Location"] == f"/evaluations/{round_.number}/"
    url = f"/evaluations/{round_.number}/"
    assert "准备" in text(bureau.get(url))
    assert "评价" in text(bureau.get("/evaluations/"))
    page = text(bureau.get(f"{url}steps/open_self/"))
    assert "开始填写自评" in page
    bureau.post(f"{url}steps/open_self/", {"version": round_.version})
    round_.refresh_from_db()
    assert round_.state == "self_scoring"
    assert "只看本步还没有办的2个" in text(bureau.get(url))
    assert bureau.get(f"{url}steps/publish/").status_code == 302
    assert bureau.get(f"{url}steps/nothing/").status_code == 404
    change = {**DATES, "title": "换个名称", "version": round_.version}
    bureau.post(f"{url}change/", change)
    round_.refresh_from_db()
    assert round_.title == "换个名称"
    bureau.post(f"{url}steps/withdraw/", {"version": round_.version, "reason": "重新安排"})
    assert "已撤销：重新安排" in text(bureau.get(url))


def test_reviewers_and_subjects_are_chosen_on_the_round(panel, browse):
    round_ = panel.prepared()
    bureau, url = browse(panel.officer), f"/evaluations/{round_.number}/"
    code = panel.city.department.code
    drop = text(bureau.get(f"{url}{code}/drop/"))
    assert "移出" in drop
    card = panel.card(round_)
    bureau.post(f"{url}{code}/drop/", {"reason": "机构改革", "version": card.version})
    assert "移出：机构改革" in text(bureau.get(url))
    back = {"enrolment": card.enrolment_id}
    bureau.post(f"{url}subjects/add/", back)
    card.refresh_from_db()
    assert card.dropped_on is None
    both = {"first": panel.first.pk, "second": panel.second.pk}
    bureau.post(f"{url}reviewers/", both)
    assert card.seats.count() == 2
    bureau.post(f"{url}{code}/reviewers/", {"first": panel.officer.pk})
    assert card.seats.get(hand="first", ended_at=None).user == panel.officer
    page = text(bureau.get(f"{url}steps/withdraw/"))
    assert "已填写的内容保留备查" in page


def test_who_does_not_manage_moves_nothing(panel, browse, data_officer):
    round_ = panel.self_scoring()
    clerk, url = browse(data_officer), f"/evaluations/{round_.number}/"
    page = text(clerk.get(url))
    assert "填写首席数据官自评" in page
    assert panel.city.district.short_name not in page
    for place in ("change/", "reviewers/", "subjects/add/", "steps/open_unit/", "refresh/"):
        assert clerk.get(url + place).status_code == 403


# --- the sheet -------------------------------------------------------------------------------------


def sheet(round_: Round, unit, more: str = "") -> str:
    return f"/evaluations/{round_.number}/{unit.code}/{more}"


def test_the_unit_fills_its_part_without_javascript(panel, browse, data_officer, unit_cdo):
    round_ = panel.self_scoring()
    url = sheet(round_, panel.city.department)
    clerk = browse(data_officer)
    assert "正在填写：首席数据官自评" in text(clerk.get(url))
    wrong = clerk.post(url, {"k22-points": "25", "k22-version": "0"})
    assert wrong.status_code == 422
    assert "“履职自评”要在0到20之间，现在是25" in wrong.content.decode()
    sent = clerk.post(
        url, {"k22-points": "18", "k22-reason": "完成", "k22-version": "0", "check": "1"}
    )
    assert sent["Location"] == f"{url}check/"
    assert "自评由首席数据官本人提交" in text(clerk.get(f"{url}check/"))
    leader = browse(unit_cdo)
    card = panel.card(round_)
    leader.post(f"{url}check/", {"version": card.version})
    card.refresh_from_db()
    assert card.self_done_on == date(2022, 4, 15)
    assert "撤回修改" in text(leader.get(url))
    assert leader.post(url, {"k22-points": "1"}).status_code == 302
    leader.post(f"{url}back/", {"version": card.version})
    card.refresh_from_db()
    assert card.self_done_on is None


def test_a_cell_saved_twice_is_saved_once_and_an_older_page_overwrites_nothing(
    panel, browse, data_officer, unit_cdo
):
    round_ = panel.self_scoring()
    url = sheet(round_, panel.city.department, "cells/k22/")
    clerk = browse(data_officer)
    first = {"k22-points": "18", "k22-reason": "完成", "k22-version": "0"}
    assert clerk.post(url, first).json()["version"] == 1
    again = clerk.post(url, first).json()
    assert (again["state"], again["version"], again["progress"]["total"]) == ("saved", 1, "18")
    other = browse(unit_cdo).post(url, {**first, "k22-points": "10"})
    assert other.status_code == 409
    assert "现在是“18分，完成”" in other.json()["message"]
    score = Score.rows.get()
    assert score.points == 18
    assert score.revisions.filter(kind="conflict").get().points == 10
    assert clerk.get(url).json()["standing"] == {"points": "18", "answer": None, "reason": "完成"}
    assert clerk.post(url, {"k22-points": "abc", "k22-version": "1"}).status_code == 422
    assert clerk.get(sheet(round_, panel.city.department, "cells/k99/")).status_code == 404


def test_without_javascript_an_older_page_is_told_and_keeps_both(panel, browse, data_officer):
    round_ = panel.self_scoring()
    url = sheet(round_, panel.city.department)
    clerk = browse(data_officer)
    panel.score(panel.card(round_), "k22", Hand.SELF, data_officer, points=Decimal(12))
    answer = clerk.post(url, {"k22-points": "10", "k22-version": "0"})
    assert answer.status_code == 409
    assert "在另一窗口改过，现在是“12分”" in answer.content.decode()
    again = clerk.post(url, {"k22-points": "10", "k22-version": "1"})
    assert again.status_code == 302
    assert Score.rows.get().points == 10


def test_files_of_the_library_stand_beside_a_cell(panel, browse, data_officer):
    from tests.core import made_files as made
    from tests.factories.reports import EvidenceFactory

    round_ = panel.self_scoring()
    dept, clerk = panel.city.department, browse(data_officer)
    known = EvidenceFactory(unit=dept, programme=panel.city.programme, name="年度计划.pdf")
    url = sheet(round_, dept, "evidence/k22/")
    assert "年度计划.pdf" in text(clerk.get(url))
    upload = io.BytesIO(made.PDF)
    upload.name = "规划.pdf"
    clerk.post(url, {"files": [known.pk], "file": upload})
    page = text(clerk.get(url))
    assert "规划.pdf" in page
    link = panel.card(round_).evidence.get(evidence__name="规划.pdf")
    assert clerk.get(sheet(round_, dept, f"files/{link.pk}/")).status_code == 200
    clerk.post(f"{url}{link.pk}/detach/")
    assert clerk.get(sheet(round_, dept, f"files/{link.pk}/")).status_code == 404
    assert "年度计划.pdf" in text(clerk.get(sheet(round_, dept)))
    assert browse(panel.officer).get(url).status_code == 403


def test_a_reviewer_scores_and_reads_the_other_only_when_both_are_through(panel, browse):
    round_ = panel.review()
    dept = panel.city.department
    url, mine = sheet(round_, dept), browse(panel.first)
    page = text(mine.get(url))
    assert "正在填写：复核评分一" in page
    assert "系统取数，不用打分" in page
    assert "18" in page
    mine.post(url, {"k11-answer": "0", "k11-version": "0", "k12-points": "7", "k12-version": "0",
                    "k3-points": "0", "k3-version": "0"})  # fmt: skip
    answer = mine.post(f"{url}check/")
    assert answer.status_code == 422
    assert "“创新”扣了5分，写明扣分理由" in answer.content.decode()
    saved = mine.post(
        f"{url}cells/k12/", {"k12-points": "7", "k12-reason": "少", "k12-version": "1"}
    )
    assert saved.json()["progress"] == {"done": 3, "asked": 3, "missing": [], "total": "15"}
    assert mine.post(f"{url}check/").status_code == 302
    assert "得分和理由" not in text(mine.get(url))
    panel.fill(panel.card(round_), panel.second, Hand.SECOND, "12")
    page = text(mine.get(url))
    assert "两名评分人相差5分，要裁定" in page
    assert mine.get(f"{url}settle/k12/").status_code == 403
    settle = browse(panel.head)
    assert "裁定" in text(settle.get(url))
    assert "12分" in text(settle.get(f"{url}settle/k12/"))
    settle.post(f"{url}settle/k12/", {"points": "9", "reason": "折中"})
    assert Score.rows.get(hand="settled", scorecard=panel.card(round_)).points == 9
    assert "评分人签名" in text(browse(panel.officer).get(f"{url}print/"))
    assert mine.post(f"{url}back/").status_code == 302


def test_a_reviewer_who_is_alone_through_may_go_on(panel, browse):
    round_ = panel.review()
    card = panel.card(round_)
    panel.fill(card, panel.first, Hand.FIRST)
    url = sheet(round_, panel.city.department)
    mine = browse(panel.first)
    assert "撤回修改" in text(mine.get(url))
    mine.post(f"{url}back/")
    assert card.seats.get(hand="first").done_on is None


# --- objections and results ------------------------------------------------------------------------


def test_a_unit_objects_and_somebody_who_did_not_score_decides(panel, browse, data_officer):
    round_ = panel.objections()
    dept, clerk = panel.city.department, browse(data_officer)
    url = sheet(round_, dept)
    assert "申请复核" in text(clerk.get(url))
    assert clerk.post(f"{url}object/k12/", {"reason": ""}).status_code == 422
    made = clerk.post(f"{url}object/k12/", {"reason": "材料已补", "points": "12"})
    row = Objection.rows.get()
    assert made["Location"] == f"/objections/{row.number}/"
    assert "材料已补" in text(clerk.get(f"/objections/{row.number}/"))
    assert "复核申请待处理" in text(clerk.get(url))
    assert row.number in text(clerk.get("/objections/"))
    assert clerk.get(f"/objections/{row.number}/decide/").status_code == 403
    desk = browse(panel.head)
    page = text(desk.get(f"/objections/{row.number}/decide/"))
    assert "部分采纳" in page
    given = {
        "move": "uphold_partly",
        "points": "11",
        "decision": "部分属实",
        "version": row.version,
    }
    desk.post(f"/objections/{row.number}/decide/", given)
    row.refresh_from_db()
    assert row.state == "partly"
    assert "11分" in text(clerk.get(f"/objections/{row.number}/"))
    other = services.raise_objection(
        panel.card(round_), panel.leaf(round_, "k11"), "再看", by=data_officer
    )
    clerk.post(f"/objections/{other.number}/withdraw/", {"version": other.version})
    other.refresh_from_db()
    assert other.state == "withdrawn"
    desk.post(f"{url}correct/k11/", {"points": "7", "reason": "算错"})
    assert browse(panel.officer).get(f"{url}correct/k11/").status_code == 200


def test_results_are_a_table_for_the_bureau_and_ones_own_for_a_unit(panel, browse, data_officer):
    round_ = panel.published()
    base = f"/evaluations/{round_.number}/results/"
    bureau, clerk = browse(panel.officer), browse(data_officer)
    for order in ("place", "-total", "root-k1", "-root-k2", "unit", "grade", "nonsense"):
        assert "56.00" in text(bureau.get(f"{base}?ordering={order}"))
    own = clerk.get(base)
    assert own["Location"] == sheet(round_, panel.city.department, "result/")
    for view in ("", "?view=radar"):
        page = text(clerk.get(own["Location"] + view))
        assert "失分的指标" in page
        assert panel.city.district.short_name not in page
        assert "位次" not in page
    assert "位次" in text(bureau.get(sheet(round_, panel.city.department, "result/")))
    for place in ("export.xlsx", "report.docx", "what-if/"):
        assert clerk.get(base + place).status_code == 404
        assert bureau.get(base + place).status_code == 200
    sheet_ = load_workbook(io.BytesIO(bureau.get(f"{base}export.xlsx").content)).worksheets[0]
    assert sheet_["C3"].value == Decimal("56")


def test_other_weights_are_tried_and_nothing_is_written(panel, browse):
    round_ = panel.published()
    bureau, url = browse(panel.officer), f"/evaluations/{round_.number}/results/what-if/"
    page = text(bureau.get(f"{url}?w-k1=60&w-k2=40"))
    # 18/40 of 60 and 38/60 of 40.
    assert "52.33" in page
    assert "一级指标合计97，差3" in text(bureau.get(f"{url}?w-k1=57&w-k2=40"))


def test_a_bonus_is_proposed_and_taken_back(panel, browse):
    round_ = panel.published()
    bureau = browse(panel.officer)
    given = {"assessment": "数字政府建设绩效评估", "proposal": "建议加1分", "reason": "成效突出"}
    bureau.post(sheet(round_, panel.city.department, "bonus/"), given)
    assert "建议加1分" in text(bureau.get(f"/evaluations/{round_.number}/results/"))
    row = BonusProposal.rows.get()
    assert bureau.get(f"/evaluations/{round_.number}/results/report.docx").status_code == 200
    bureau.post(f"/evaluations/{round_.number}/bonus/{row.pk}/withdraw/")
    row.refresh_from_db()
    assert row.withdrawn_on is not None


def test_results_wait_until_they_are_published(panel, browse, data_officer):
    round_ = panel.final()
    page = text(browse(data_officer).get(f"/evaluations/{round_.number}/results/"))
    assert panel.city.department.short_name in page
    assert "56.00" in text(browse(panel.officer).get(f"/evaluations/{round_.number}/results/"))
    bureau = browse(panel.officer)
    bureau.post(f"/evaluations/{round_.number}/steps/reopen/",
                {"version": round_.version, "reason": "算错"})  # fmt: skip
    assert "更正：算错" in text(bureau.get(f"/evaluations/{round_.number}/"))
    round_.refresh_from_db()
    bureau.post(f"/evaluations/{round_.number}/refresh/", {"version": round_.version})


def test_the_next_round_shows_what_was_got_before(panel, browse, data_officer):
    first = panel.published()
    version = services.new_version(first.scheme_version.scheme, by=panel.officer)
    plan = services.Plan("下一次", date(2022, 5, 1), date(2022, 12, 31), date(2023, 1, 5),
                         date(2023, 1, 6), date(2023, 1, 9))  # fmt: skip
    second = panel.go(panel.prepared(version, plan), Move.OPEN_SELF)
    page = text(browse(data_officer).get(sheet(second, panel.city.department)))
    assert ">18</td>" in page  # 履职自评 of the first round
    assert Scorecard.rows.filter(round=second).count() == 2
