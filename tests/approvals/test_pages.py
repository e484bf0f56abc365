"""The pages of signing: what waits for whom, chains, lent signatures, the paper."""

import io
import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from docx import Document

from approvals import doors, services
from approvals.choices import Purpose, State, StepKind
from approvals.documents import slips
from approvals.models import Approval, ChainStep
from approvals.queries import chain_of, may_sign, waiting_for
from core.documents import pdf
from core.models import AuditEntry
from duties.choices import Move
from duties.services import take_off
from pilots.models import Membership
from tests.conftest import _member
from tests.factories.approvals import ApprovalFactory, ApprovalStepFactory, ChainStepFactory
from tests.factories.pilots import MembershipFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.approvals.things")]
TODAY = date(2022, 4, 15)
MINE, CHAINS, LENT = "/approvals/", "/approvals/chain/", "/approvals/lent/"


def _text(answer):
    return answer.content.decode()


def _lend(unit, lender, to, *, first=TODAY, last=TODAY + timedelta(days=9)):
    return services.lend_signature(to, unit, by=lender, starts_on=first, ends_on=last)


# --- what waits ----------------------------------------------------------------------------------


def test_what_waits_stands_with_its_facts_the_one_due_first_on_top(put_up, browse, unit_cdo):
    client = browse(unit_cdo)
    assert "暂无待审签的事项" in _text(client.get(MINE))
    services.send_back(put_up("BG-2022-0003"), by=unit_cdo, reason="缺数字")
    put_up("BG-2022-0003", length=801, due_on=TODAY + timedelta(days=1))
    put_up("BG-2022-0002", due_on=TODAY - timedelta(days=1))
    put_up("BG-2022-0004", due_on=TODAY + timedelta(days=30))
    put_up("BG-2022-0001")
    answer = client.get(MINE)
    assert [item["state"] for item in answer.context["items"]] == [
        "overdue", "due_soon", "normal", "",
    ]  # fmt: skip
    note = answer.context["items"][1]["note"]
    for said in ("测试市公安局", "data_officer人员拟稿", "约3分钟", "第2次", "2022-04-16截止"):
        assert said in note
    page = _text(answer)
    assert "<title>（4）待我审签 - " in page
    assert 'badge hot">4' in page
    assert "缺数字" in page


def test_the_clerk_sees_whose_turn_it_is_and_how_long(put_up, browse, unit_cdo, data_officer):
    row = put_up()
    services.send_back(put_up("BG-2022-0002"), by=unit_cdo, reason="缺数字")
    Approval.rows.filter(pk=row.pk).update(opened_on=TODAY - timedelta(days=3))
    answer = browse(data_officer).get(MINE)
    first, second = answer.context["put_up"]
    assert (first["who"], first["days"], first["tone"]) == ("unit_cdo人员", 3, "")
    assert (second["who"], second["tone"]) == ("", "back")
    services.agree(row, by=unit_cdo)
    tones = [each["tone"] for each in browse(data_officer).get(MINE).context["put_up"]]
    assert sorted(tones) == ["back", "over"]


def test_what_nobody_is_known_to_have_drafted_names_nobody(city, browse, unit_cdo):
    row = ApprovalFactory(unit=city.department, programme=city.programme)
    ApprovalStepFactory(approval=row, position=1)
    (item,) = browse(unit_cdo).get(MINE).context["items"]
    assert item["note"] == "测试市公安局　约1分钟"


def test_a_first_page_says_what_waits(put_up, browse, unit_cdo, head, officer, city, data_officer):
    put_up()
    put_up("TZ-2022-0001", purpose=Purpose.ORDER, unit=city.bureau, by=officer)
    page = _text(browse(unit_cdo).get("/"))
    assert "1件待审签，1件任务临期或逾期" in page
    assert LENT in page
    assert "待我审签" in _text(browse(head).get("/"))
    assert "待我审签" not in _text(browse(data_officer).get("/"))


def test_a_first_page_with_nothing_else_says_only_that(put_up, browse, unit_cdo, city, officer):
    put_up()
    task = city.assignment(city.department, "training")
    take_off(task, Move.WITHDRAW, by=officer, reason="另行通知")
    assert "<h1>1件待审签</h1>" in _text(browse(unit_cdo).get("/"))


def test_a_deputy_reads_for_whom(city, put_up, browse, unit_cdo, data_officer):
    put_up()
    _lend(city.department, unit_cdo, data_officer)
    answer = browse(data_officer).get(MINE)
    assert "代unit_cdo人员签" in answer.context["items"][0]["note"]
    page = _text(browse(data_officer).get("/"))
    assert "有3件要办" in page  # the clerk's first page, not a CDO's
    signed = services.agree(
        Approval.rows.get(), by=type(data_officer).objects.get(pk=data_officer.pk)
    )
    assert signed.state == State.SIGNED
    assert "受unit_cdo人员授权" in _text(browse(data_officer).get(MINE))


def test_a_named_cdo_may_be_stood_in_for_and_nobody_else(city, put_up, unit_cdo, data_officer):
    other = _member(city, city.department, "unit_cdo")
    clerk = _member(city, city.department, "data_officer")
    ChainStepFactory(unit=city.department, position=1, kind="cdo", signer=unit_cdo)
    _lend(city.department, unit_cdo, data_officer)
    _lend(city.department, other, clerk)
    row = put_up()
    deputy, stranger = (type(clerk).objects.get(pk=each.pk) for each in (data_officer, clerk))
    assert list(waiting_for(deputy)) == [row]
    assert list(waiting_for(stranger)) == []
    assert list(waiting_for(other)) == []
    signed = services.agree(row, by=deputy)
    assert signed.steps.get().on_behalf_of == "unit_cdo人员"


def test_nobody_signs_for_a_cdo_whose_account_is_closed(city, put_up, unit_cdo, data_officer):
    row = put_up()
    _lend(city.department, unit_cdo, data_officer)
    again = type(data_officer).objects
    assert list(waiting_for(data_officer)) == [row]
    unit_cdo.is_active = False
    unit_cdo.save()
    deputy = again.get(pk=data_officer.pk)
    assert list(waiting_for(deputy)) == []
    assert not may_sign(row, deputy)


# --- chains --------------------------------------------------------------------------------------


def _chain(*steps):
    facts = {}
    for place, (kind, signer) in enumerate(steps):
        facts |= {f"kind-{place}": kind, f"signer-{place}": signer.pk if signer else ""}
    return facts


def test_the_clerk_chooses_the_chain_and_gives_it_up(city, browse, data_officer, officer):
    client, address = browse(data_officer), f"{CHAINS}{city.department.code}/"
    assert "通常流程" in _text(client.get(CHAINS))
    assert "改回通常流程" not in _text(client.get(address))
    sent = _chain(("section", None), ("", None), ("cdo", None))
    answer = client.post(address, sent, follow=True)
    assert "已保存审签流程，正在审签的按原来的步骤走完。" in _text(answer)
    assert "处室负责人审核 → 首席数据官审签" in _text(answer)
    page = _text(browse(officer).get(CHAINS))
    assert "另设流程的单位" in page
    assert "改回通常流程" in _text(client.get(address))
    client.post(address, {**sent, "usual": "1"})
    assert not ChainStep.rows.exists()
    assert "看得到的单位都按通常流程" not in _text(client.get(CHAINS))


def test_what_is_wrong_with_a_chain_is_said_and_what_was_chosen_stays(city, browse, unit_cdo):
    client, address = browse(unit_cdo), f"{CHAINS}{city.department.code}/"
    answer = client.post(address, _chain(("countersign", None), ("section", None)))
    assert answer.status_code == 422
    for fault in ("最后一步要是“首席数据官审签”", "“会签”要指定一名本单位人员"):
        assert fault in _text(answer)
    assert answer.context["form"]["kind-0"].value() == "countersign"
    answer = client.post(address, {"kind-0": "bureau_head"})
    assert "“第1步”不在可选范围内" in _text(answer)


def test_a_bureau_chooses_its_own_and_looks_at_those_of_its_units(
    city, browse, officer, head, auditor
):
    address = f"{CHAINS}{city.bureau.code}/"
    client = browse(officer)
    sent = _chain(("bureau_section", None), ("countersign", head), ("bureau_head", None))
    page = _text(client.post(address, sent, follow=True))
    assert "会签（bureau_head人员）" in page
    assert client.get(f"{CHAINS}{city.department.code}/").status_code == 403
    assert browse(head).get(address).status_code == 403
    assert "会签（bureau_head人员）" in _text(browse(auditor).get(CHAINS))
    chains = [step.kind for step in ChainStep.rows.order_by("position")]
    assert chains == [StepKind.BUREAU_SECTION, StepKind.COUNTERSIGN, StepKind.BUREAU_HEAD]


def test_where_no_unit_has_its_own_chain_that_is_said(browse, auditor):
    assert "看得到的单位都按通常流程" in _text(browse(auditor).get(CHAINS))


def test_a_deputy_chooses_no_chain(city, browse, unit_cdo, data_officer):
    _lend(city.department, unit_cdo, data_officer)
    answer = browse(data_officer).get(f"{CHAINS}{city.department.code}/")
    assert answer.status_code == 403
    assert "受托代签期间不能设定" in _text(answer)


def test_a_bureau_that_is_a_pilot_too_goes_by_its_chain_only_for_what_it_issues(city):
    ChainStepFactory(unit=city.bureau, position=1, kind="bureau_section")
    ChainStepFactory(unit=city.bureau, position=2, kind="bureau_head")
    assert [step.kind for step in chain_of(city.bureau, Purpose.ORDER)] == [
        StepKind.BUREAU_SECTION,
        StepKind.BUREAU_HEAD,
    ]
    assert [step.kind for step in chain_of(city.bureau, Purpose.REPORT)] == [StepKind.CDO]


def test_an_open_round_goes_on_by_the_steps_it_began_with(city, put_up, unit_cdo, data_officer):
    row = put_up()
    services.choose_chain(
        city.department,
        [services.ChainChoice("section"), services.ChainChoice("cdo")],
        by=unit_cdo,
        is_bureau=False,
    )
    assert services.agree(row, by=unit_cdo).state == State.SIGNED


# --- lent signatures -----------------------------------------------------------------------------


def test_the_cdo_lends_and_takes_back_in_one_click(
    city, browse, unit_cdo, data_officer, officer, auditor, stranger
):
    client, address = browse(unit_cdo), f"{LENT}{city.department.code}/new/"
    assert "没有授权过代签" in _text(client.get(LENT))
    sent = {"to": data_officer.pk, "starts_on": "2022-04-15", "ends_on": "2022-04-20"}
    page = _text(client.post(address, sent, follow=True))
    assert "已授权data_officer人员从2022-04-15到2022-04-20代签。" in page
    assert "代签中" in page
    lent = Membership.rows.get(delegated_by=unit_cdo)
    for reader in (officer, auditor, data_officer):
        page = _text(browse(reader).get(LENT))
        assert "代签中" in page
        assert ">收回<" not in page
    assert "没有授权过代签" in _text(browse(stranger).get(LENT))
    end = reverse("approvals:end-lent", args=[lent.pk])
    assert browse(officer).post(end).status_code == 403
    assert browse(stranger).post(end).status_code == 404
    assert "已收回data_officer人员的代签授权，马上生效。" in _text(client.post(end, follow=True))
    assert client.post(end).status_code == 404
    assert "已收回" in _text(client.get(LENT))
    verbs = AuditEntry.objects.filter(subject=f"membership:{lent.pk}").values_list(
        "verb", flat=True
    )
    assert list(verbs.order_by("id")) == ["membership.add", "membership.revoke"]


def test_what_is_wrong_with_lending_is_said_at_its_field(city, browse, unit_cdo, data_officer):
    client, address = browse(unit_cdo), f"{LENT}{city.department.code}/new/"
    assert client.get(address)["Location"] == LENT
    answer = client.post(address, {"to": unit_cdo.pk})
    assert answer.status_code == 422
    for fault in ("“授权给”不在可选范围内", "填写“起始日期”", "填写“终止日期”"):
        assert fault in _text(answer)
    sent = {"to": data_officer.pk, "starts_on": "2022-04-15", "ends_on": "2022-04-14"}
    assert "终止日期不能早于起始日期2022-04-15" in _text(client.post(address, sent))
    _lend(city.department, unit_cdo, data_officer)
    answer = client.post(address, {**sent, "ends_on": "2022-04-16"})
    assert answer.status_code == 409
    assert "已有授权，先收回再改" in _text(answer)


def test_a_deputy_and_a_clerk_lend_nothing(city, browse, unit_cdo, data_officer):
    _lend(city.department, unit_cdo, data_officer)
    answer = browse(data_officer).post(f"{LENT}{city.department.code}/new/", {})
    assert answer.status_code == 403
    assert "受托人不能再授权" in _text(answer)


def test_a_unit_without_clerks_is_told_to_open_an_account(browse, unit_cdo):
    assert "请市政数局先开通" in _text(browse(unit_cdo).get(LENT))


def test_lent_ones_are_now_later_or_over(city, browse, unit_cdo, data_officer):
    _lend(city.department, unit_cdo, data_officer, first=TODAY + timedelta(days=2))
    MembershipFactory(
        user=data_officer,
        unit=city.department,
        role="unit_cdo",
        delegated_by=unit_cdo,
        starts_on=TODAY - timedelta(days=9),
        ends_on=TODAY - timedelta(days=3),
    )
    lines = browse(unit_cdo).get(LENT).context["lines"]
    assert [(line["state"], line["may_end"]) for line in lines] == [
        ("later", True),
        ("over", False),
    ]


# --- the paper -----------------------------------------------------------------------------------


@pytest.fixture
def round_of_three(city, put_up, unit_cdo):
    """Signed once, sent to the second of three steps; the title as long as it may be."""
    named = _member(city, city.department, "data_officer")
    for position, kind in enumerate(("section", "countersign", "cdo"), start=1):
        signer = named if kind == "countersign" else None
        ChainStepFactory(unit=city.department, position=position, kind=kind, signer=signer)
    row = services.agree(put_up(due_on=TODAY), by=unit_cdo, remark="同意。" * 40)
    Approval.rows.filter(pk=row.pk).update(title="长" * 200)
    return Approval.rows.for_lists().get(pk=row.pk)


def test_the_slip_is_a_page_with_a_box_for_each_step(
    round_of_three, browse, data_officer, stranger
):
    address = f"/approvals/{round_of_three.number}/slip/"
    page = _text(browse(data_officer).get(address))
    for said in (
        "会签（data_officer人员）",
        "第1次",
        "2022年4月15日",
        "unit_cdo人员",
        "同意。同意。",
    ):
        assert said in page
    assert page.count("<tr>") == 4
    assert ("slip.pdf" in page) == pdf.is_available()
    assert browse(stranger).get(address).status_code == 404


def test_the_slip_as_word(round_of_three, browse, data_officer):
    answer = browse(data_officer).get(f"/approvals/{round_of_three.number}/slip.docx")
    assert "%E5%AE%A1%E7%AD%BE%E5%8D%95SQ-2022-0001.docx" in answer["Content-Disposition"]
    document = Document(io.BytesIO(answer.content))
    facts, steps = document.tables
    assert [cell.text for cell in steps.rows[0].cells] == ["步骤", "意见", "签名", "日期"]
    assert len(steps.rows) == 4
    assert facts.rows[0].cells[1].text == "长" * 159 + "…"


@pytest.mark.skipif(not pdf.is_available(), reason="LibreOffice is not installed")
def test_the_slip_is_one_page_at_its_longest(round_of_three, browse, data_officer, monkeypatch):
    facts = [(f"要点{n}", "要" * 100) for n in range(9)]
    monkeypatch.setitem(
        doors._doors, "report", doors._Entry(lambda number: "/x/", lambda number: facts)
    )
    answer = browse(data_officer).get(f"/approvals/{round_of_three.number}/slip.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert len(re.findall(rb"/Type\s*/Page\b", answer.content)) == 1


def test_where_libreoffice_is_missing_there_is_no_pdf(
    round_of_three, browse, data_officer, monkeypatch
):
    monkeypatch.setenv("PATH", "/nowhere")
    address = f"/approvals/{round_of_three.number}/slip.pdf"
    assert browse(data_officer).get(address).status_code == 404


def test_where_libreoffice_fails_the_reader_is_sent_to_word(
    round_of_three, browse, data_officer, monkeypatch, tmp_path
):
    broken = tmp_path / "soffice"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    address = f"/approvals/{round_of_three.number}/slip.pdf"
    assert "下载Word版自行转换" in _text(browse(data_officer).get(address, follow=True))


def test_the_slip_says_on_whose_behalf(city):
    row = ApprovalFactory(unit=city.department, programme=city.programme)
    ApprovalStepFactory(
        approval=row,
        decision="agreed",
        route="online",
        signed_name="甲",
        on_behalf_of="乙",
        signed_on=TODAY,
        decided_at=row.opened_at,
    )
    step = slips.shown(Approval.rows.for_lists().get())["steps"][0]
    assert (step["name"], step["remark"], step["on"]) == ("甲（受乙授权）", "同意", "2022年4月15日")


# --- doors ---------------------------------------------------------------------------------------


def test_each_purpose_has_one_door_and_what_has_none_leads_to_its_slip(city, monkeypatch):
    monkeypatch.setattr(doors, "_doors", {})
    row = ApprovalFactory(unit=city.department, programme=city.programme)
    assert doors.url_of(row) == f"/approvals/{row.number}/slip/"
    assert doors.facts_of(row) == []
    doors.register("report", lambda number: f"/there/{number}/", facts=lambda number: [("期", 1)])
    assert doors.url_of(row) == f"/there/{row.subject}/"
    assert doors.facts_of(row) == [("期", "1")]
    assert slips.shown(row)["rows"][-1] == {"label": "期", "value": "1"}
    with pytest.raises(ValueError, match="read elsewhere already"):
        doors.register("report", lambda number: "/")
