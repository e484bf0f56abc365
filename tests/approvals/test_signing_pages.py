"""Signing on the page of the thing itself: what is shown to whom, and what comes of each act."""

import pytest
from django.urls import reverse

from approvals import doors, services
from approvals.choices import State
from approvals.models import Approval
from approvals.views.signing import SignMixin
from tests.conftest import _member
from tests.factories.approvals import ApprovalFactory, ApprovalStepFactory, ChainStepFactory
from tests.officers.desk import scan as scanned

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.approvals.things")]

PAGE = "/things/BG-2022-0001/"
AGREE, BACK, PAPER, RECALL = (
    f"{PAGE}sign/{act}/" for act in ("agree", "send-back", "paper", "recall")
)


def _sent(row, **facts):
    return {"version": row.version, **facts}


def _text(answer):
    return answer.content.decode()


def test_the_cdo_reads_agrees_and_comes_back_to_the_page(put_up, browse, unit_cdo):
    row, client = put_up(), browse(unit_cdo)
    page = _text(client.get(PAGE))
    assert "同意并报送" in page
    assert "退回修改" in page
    assert "今天送到" in page
    assert "授权代签，记录里写" not in page
    answer = client.post(AGREE, _sent(row, **{"agree-remark": "写得清楚。"}))
    assert (answer.status_code, answer["Location"]) == (302, PAGE)
    page = _text(client.get(PAGE))
    assert "已审签“2022年第一季度进展报告”。" in page
    assert "写得清楚。" in page
    assert "同意并报送" not in page
    assert Approval.rows.get().state == State.SIGNED


def test_the_clerk_sees_whose_turn_it_is_and_may_not_sign(put_up, browse, unit_cdo, data_officer):
    row, client = put_up(), browse(data_officer)
    page = _text(client.get(PAGE))
    assert "同意并报送" not in page
    assert unit_cdo.display_name in page
    answer = client.post(AGREE, _sent(row))
    assert answer.status_code == 403
    assert "由unit_cdo人员签署。要代签的，先由本人授权。" in _text(answer)


def test_sent_back_without_a_reason_keeps_the_page_open_with_the_fault(put_up, browse, unit_cdo):
    row, client = put_up(), browse(unit_cdo)
    answer = client.post(BACK, _sent(row, **{"back-reason": ""}))
    assert answer.status_code == 422
    assert "写明要改什么，拟稿人会看到" in _text(answer)
    assert "<details open>" in _text(answer)
    answer = client.post(BACK, _sent(row, **{"back-reason": "字" * 501}))
    assert "超出上限1字" in _text(answer)
    answer = client.post(BACK, _sent(row, **{"back-reason": "第二部分没有数字。"}), follow=True)
    assert "已退回“2022年第一季度进展报告”" in _text(answer)
    assert "第二部分没有数字。" in _text(answer)


def test_whoever_comes_second_is_told_who_was_quicker(put_up, browse, unit_cdo, data_officer):
    row, client = put_up(), browse(unit_cdo)
    ChainStepFactory(unit=row.unit, position=1)
    services.agree(row, by=unit_cdo)
    answer = client.post(AGREE, _sent(row))
    assert answer.status_code == 409
    assert "已办理：审签。无须再办。" in _text(answer)
    answer = browse(data_officer).post(RECALL, _sent(row))
    assert answer.status_code == 409


def test_a_page_of_the_step_before_is_told_that_it_is_old(city, put_up, browse, unit_cdo):
    colleague = _member(city, city.department, "data_officer")
    ChainStepFactory(unit=city.department, position=1, kind="section")
    ChainStepFactory(unit=city.department, position=2, kind="cdo")
    row = put_up()
    services.agree(row, by=colleague)
    client = browse(unit_cdo)
    answer = client.post(AGREE, _sent(row, **{"agree-remark": "写过的意见"}))
    assert answer.status_code == 412
    assert "已办理：同意。核对后再办。" in _text(answer)
    assert "写过的意见" in _text(answer)
    assert client.post(AGREE, {}).status_code == 412
    assert Approval.rows.get().state == State.OPEN


def test_what_was_entered_past_the_record_is_said_in_general(browse, city, unit_cdo):
    row = ApprovalFactory(subject="BG-2022-0001", unit=city.department, programme=city.programme)
    ApprovalStepFactory(approval=row, position=1)
    answer = browse(unit_cdo).post(AGREE, {"version": "x"})
    assert "这件刚被别人办理过。" in _text(answer)


def test_recall_is_for_those_who_write_for_the_unit(put_up, browse, data_officer, head, auditor):
    row = put_up()
    assert browse(auditor).post(RECALL, _sent(row)).status_code == 403
    answer = browse(data_officer).post(RECALL, _sent(row), follow=True)
    assert "已撤回“2022年第一季度进展报告”" in _text(answer)
    assert Approval.rows.get().state == State.RECALLED


def test_a_stranger_finds_nothing_and_no_other_act_is_known(put_up, browse, stranger, unit_cdo):
    row = put_up()
    assert browse(stranger).post(AGREE, _sent(row)).status_code == 404
    assert browse(unit_cdo).post(f"{PAGE}sign/burn/", _sent(row)).status_code == 404
    assert browse(unit_cdo).get(AGREE)["Location"] == PAGE
    page = _text(browse(stranger).get(PAGE))
    assert "还没有提交审签。" in page


CROWDED = "/crowded/BG-2022-0001/sign/{}/"


def test_who_was_quicker_between_the_look_and_the_lock_is_said(put_up, browse, unit_cdo):
    row = put_up()
    with_remark = _sent(row, **{"agree-remark": "写过的意见"})
    answer = browse(unit_cdo).post(CROWDED.format("agree"), with_remark)
    assert answer.status_code == 412  # the whole of it is undone, so the form is still there
    assert "已办理：提交审签。核对后再办。" in _text(answer)
    assert "写过的意见" in _text(answer)
    assert Approval.rows.get().state == State.OPEN


def test_what_the_things_own_rules_refuse_is_said_and_the_text_stays(put_up, browse, unit_cdo):
    row, client = put_up(), browse(unit_cdo)
    answer = client.post(CROWDED.format("send-back"), _sent(row, **{"back-reason": "缺数字"}))
    assert answer.status_code == 409
    assert "报告期已经关闭。" in _text(answer)
    assert "缺数字" in _text(answer)
    answer = client.post(CROWDED.format("recall"), _sent(row))
    assert answer.status_code == 403
    assert "由本单位的人撤回。" in _text(answer)


def test_the_address_of_an_act_leads_to_the_page_or_to_nothing(put_up, browse, unit_cdo):
    assert browse(unit_cdo).get(CROWDED.format("agree")).status_code == 404
    row = put_up()
    assert browse(unit_cdo).get(CROWDED.format("agree"))["Location"] == doors.url_of(row)


def test_an_app_that_leaves_out_a_hook_hears_of_it():
    page = SignMixin()
    for hook in (
        page.signing_subject,
        page.page,
        lambda: page.sign_url("agree"),
        lambda: page.agree(None, remark="", version=1),
        lambda: page.send_back(None, reason="", version=1),
        lambda: page.paper(None, [], scan=None, scan_name="", version=1),
        lambda: page.recall(None, version=1),
    ):
        with pytest.raises(NotImplementedError):
            hook()


def test_where_nobody_can_sign_only_the_step_is_named(put_up, browse, data_officer):
    row = put_up()
    answer = browse(data_officer).post(AGREE, _sent(row))
    assert "这一步是“首席数据官审签”，当前账号不能签署。" in _text(answer)


def test_a_step_for_somebody_else_names_him(city, put_up, browse, data_officer, unit_cdo):
    named = _member(city, city.department, "data_officer")
    ChainStepFactory(unit=city.department, position=1, kind="countersign", signer=named)
    ChainStepFactory(unit=city.department, position=2, kind="cdo")
    row = put_up()
    answer = browse(unit_cdo).post(AGREE, _sent(row))
    assert "这一步是“会签”，由data_officer人员签署。" in _text(answer)


# --- on paper ------------------------------------------------------------------------------------


def test_on_paper_the_clerk_enters_who_signed_and_the_scan_is_kept_meanwhile(
    put_up, browse, data_officer, stranger
):
    row, client = put_up(), browse(data_officer)
    answer = client.post(PAPER, _sent(row, **{"paper-name-0": "演示人员01"}))
    assert answer.status_code == 422
    assert "填写“首席数据官审签：签署日期”" in _text(answer)
    assert "选择“签好的审签单扫描件”" in _text(answer)
    answer = client.post(PAPER, _sent(row, **{"paper-file": scanned("审签单.pdf")}))
    assert "“审签单.pdf”已收到" in _text(answer)
    kept = answer.context["signing"].paper["kept"].value()
    answer = client.post(PAPER, _sent(row, **{"paper-kept": "of-another"}))
    assert "选择“签好的审签单扫描件”" in _text(answer)
    facts = {"paper-name-0": "演示人员01", "paper-on-0": "2022-04-15", "paper-kept": kept}
    answer = client.post(PAPER, _sent(row, **facts), follow=True)
    assert "已登记纸质审签，“2022年第一季度进展报告”审签完毕。" in _text(answer)
    assert "纸质审签，data_officer人员登记" in _text(answer)
    scan = reverse("approvals:scan", args=[row.number, 1])
    assert scan in _text(answer)
    answer = client.get(scan)
    assert answer["Content-Type"] == "application/pdf"
    assert browse(stranger).get(scan).status_code == 404
    assert client.get(reverse("approvals:scan", args=[row.number, 2])).status_code == 404


def test_on_paper_steps_may_follow_one_after_the_other(city, put_up, browse, data_officer):
    named = _member(city, city.department, "data_officer")
    ChainStepFactory(unit=city.department, position=1, kind="section")
    ChainStepFactory(unit=city.department, position=2, kind="countersign", signer=named)
    ChainStepFactory(unit=city.department, position=3, kind="cdo")
    row, client = put_up(), browse(data_officer)
    facts = {
        "paper-name-0": "甲",
        "paper-on-0": "2022-04-15",
        "paper-name-1": str(named),
        "paper-on-2": "2022-04-15",
        "paper-file": scanned("审签单.pdf"),
    }
    page = _text(client.post(PAPER, _sent(row, **facts)))
    for fault in ("会签：签署日期", "首席数据官审签：签署人"):
        assert f"填写“{fault}”" in page
    del facts["paper-on-2"]
    facts["paper-file"] = scanned("审签单.pdf")
    page = _text(client.post(PAPER, _sent(row, **facts), follow=True))
    assert "已登记，“2022年第一季度进展报告”的下一步是“会签”。" in page
    row.refresh_from_db()
    facts = {"paper-name-0": str(named), "paper-on-0": "2022-04-14"}
    page = _text(client.post(PAPER, _sent(row, **facts, **{"paper-file": scanned("b.pdf")})))
    assert "签署日期不能早于提交审签的2022-04-15" in page
    facts |= {"paper-on-0": "2022-04-15", "paper-on-1": "2022-04-32"}
    page = _text(client.post(PAPER, _sent(row, **facts, **{"paper-file": scanned("b.pdf")})))
    assert "写成2022-04-29这样" in page
    assert "填写“首席数据官审签：签署人”" in page


def test_the_paper_route_is_for_those_who_write_for_the_unit(put_up, browse, city, head, officer):
    row = put_up("TZ-2022-0001", purpose="order", unit=city.bureau, by=officer)
    address = "/things/TZ-2022-0001/sign/paper/"
    answer = browse(head).post(address, _sent(row))
    assert answer.status_code == 403
    assert "由测试市市政数局的经办人办理" in _text(answer)
    assert browse(officer).post(address, _sent(row)).status_code == 422


# --- on somebody's behalf ------------------------------------------------------------------------


def test_a_deputy_is_told_on_whose_behalf_and_the_trail_says_it(
    city, put_up, browse, unit_cdo, data_officer
):
    from datetime import date

    row = put_up()
    services.lend_signature(
        data_officer,
        city.department,
        by=unit_cdo,
        starts_on=date(2022, 4, 15),
        ends_on=date(2022, 4, 20),
    )
    client = browse(data_officer)
    assert "您受unit_cdo人员授权代签" in _text(client.get(PAGE))
    page = _text(client.post(AGREE, _sent(row), follow=True))
    assert "data_officer人员（受unit_cdo人员授权）" in page
