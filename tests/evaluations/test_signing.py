"""定稿 and 公布 at the bureau's chain: signed online or on paper, sent back, recalled (house.md §6.7)."""

from datetime import date
from decimal import Decimal

import pytest

from approvals.documents import slips
from approvals.models import Approval
from approvals.queries import waiting_for
from approvals.services import PaperSignature
from core.errors import MoveNotAllowed, PermissionRefused, Refused
from evaluations import services
from evaluations.choices import Move
from evaluations.models import Edition, Round
from tests.evaluations.cast import PLAN
from tests.factories.approvals import ChainStepFactory
from tests.factories.core import StoredFileFactory
from tests.officers.desk import scan as scanned

pytestmark = pytest.mark.django_db
D = Decimal


def state(row):
    return Round.rows.get(pk=row.pk).state


def test_the_round_moves_with_the_last_signature_of_the_chain(panel):
    city, row = panel.city, panel.objections()
    second = panel.person(city.bureau, "bureau_officer")
    for position, kind in enumerate(("bureau_section", "bureau_head"), start=1):
        ChainStepFactory(unit=city.bureau, position=position, kind=kind)
    services.advance(row, Move.FINALISE, by=panel.officer)
    found = waiting_for(second).get()
    assert (found.title, found.unit) == (f"定稿：{row.title}", city.bureau)
    with pytest.raises(PermissionRefused):
        services.sign_result(row, by=panel.officer)  # nobody looks over the own draft
    services.sign_result(row, by=second)
    assert state(row) == "objections"
    services.sign_result(row, by=panel.head)
    assert (state(row), Edition.rows.get().made_by) == ("final", panel.head)
    assert dict(slips.facts(found)["facts"][3].items()) == {"label": "复核申请", "value": "没有"}


def test_nothing_that_is_signed_changes_meanwhile(panel):
    row = panel.objections()
    card, leaf = panel.card(row), panel.leaf(row, "k12")
    services.advance(row, Move.FINALISE, by=panel.officer)
    for change in (
        lambda: services.correct_score(card, leaf, D(9), "算错", by=panel.officer),
        lambda: services.refresh_facts(row, by=panel.officer),
        lambda: services.change_round(row, PLAN, by=panel.officer),
        lambda: services.advance(row, Move.FINALISE, by=panel.officer),
    ):
        with pytest.raises(MoveNotAllowed, match=r"“定稿：.*”正在审签，撤回或退回后再改"):
            change()
    clerk = panel.person(card.unit, "data_officer")
    asked = services.raise_objection(card, leaf, "有新材料", by=clerk, points=D(12))
    with pytest.raises(Refused, match="还有1件复核申请没有处理，处理完再定稿"):
        services.sign_result(row, by=panel.head)
    services.send_back_result(row, by=panel.head, reason="先处理复核申请")
    services.decide_objection(asked, "uphold", "属实", by=panel.head)
    services.advance(row, Move.FINALISE, by=panel.officer)
    services.recall_result(row, by=panel.officer)
    with pytest.raises(MoveNotAllowed):
        services.sign_result(row, by=panel.head)
    assert state(panel.go(row, Move.FINALISE)) == "final"
    facts = {each["label"]: each["value"] for each in slips.facts(Approval.rows.last())["facts"]}
    assert facts["复核申请"] == "予以采纳1件"
    assert facts["评价对象"] == "2个单位"


def test_a_result_that_is_corrected_is_not_published_as_it_was(panel):
    row = panel.final()
    services.advance(row, Move.PUBLISH, by=panel.officer)
    services.advance(row, Move.REOPEN, by=panel.officer, reason="算错")
    assert list(Approval.rows.of(row.number).values_list("state", flat=True)) == [
        "signed",
        "recalled",
    ]
    with pytest.raises(PermissionRefused, match="由市政数局的经办人提交审签"):
        services.advance(row, Move.FINALISE, by=panel.head)


def test_a_paper_signature_publishes_too(panel):
    row = services.advance(panel.final(), Move.PUBLISH, by=panel.officer)
    signature = PaperSignature("演示人员01", date(2022, 4, 15))
    services.sign_result_on_paper(
        row, [signature], scan=StoredFileFactory(), scan_name="审签单.pdf", by=panel.officer
    )
    assert state(row) == "published"


def test_it_is_put_up_read_and_signed_on_its_pages(panel, browse, data_officer):
    row = panel.objections()
    url = f"/evaluations/{row.number}/"
    bureau, head = browse(panel.officer), browse(panel.head)
    step = bureau.get(f"{url}steps/finalise/").content.decode()
    assert "审签顺序：分管局领导审定" in step
    sent = bureau.post(f"{url}steps/finalise/", {"version": row.version}, follow=True)
    page = sent.content.decode()
    assert "定稿已提交审签" in page
    assert "steps/finalise/" not in page
    assert f"{url}refresh/" not in page
    assert row.title in head.get("/").content.decode()
    page = head.get(url).content.decode()
    assert "审签完最后一步，结果当场封存。" in page
    draft = head.get(f"{url}draft/").content.decode()
    assert "56.00" in draft
    assert browse(data_officer).get(f"{url}draft/").status_code == 404
    assert "定稿和公布的审签" not in browse(data_officer).get(url).content.decode()
    found = Approval.rows.get()
    given = {"version": found.version, "back-reason": "复核理由再写细"}
    back = head.post(f"{url}sign/send-back/", given, follow=True).content.decode()
    assert "已退回“定稿" in back
    assert "复核理由再写细" in bureau.get(url).content.decode()
    bureau.post(f"{url}steps/finalise/", {"version": row.version})
    paper = {"version": 1, "paper-name-0": "演示人员01", "paper-on-0": "2022-04-15",
             "paper-file": scanned("审签单.pdf")}  # fmt: skip
    done = bureau.post(f"{url}sign/paper/", paper, follow=True).content.decode()
    assert "进入“定稿”" in done
    row.refresh_from_db()
    bureau.post(f"{url}steps/publish/", {"version": row.version})
    bureau.post(f"{url}sign/recall/", {"version": 1})
    bureau.post(f"{url}steps/publish/", {"version": row.version})
    page = head.post(f"{url}sign/agree/", {"version": 1}, follow=True).content.decode()
    assert "进入“公布”" in page
    assert f"公布：{row.title}" in page  # each round of signing says what it was about
    assert bureau.get(f"{url}draft/").status_code == 404
