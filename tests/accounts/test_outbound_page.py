"""The page of places that the portal may ask."""

import pytest

from core.models import OutboundGate
from tests.factories.core import OutboundGateFactory

pytestmark = pytest.mark.django_db
FACTS = {"host": "oapi.dingtalk.com", "port": "443", "purpose": "messages", "reason": "群机器人"}


def test_one_administrator_proposes_and_the_other_approves_and_closes(
    system_admin, security_admin, browse
):
    answer = browse(system_admin).post("/outbound/", FACTS, follow=True)
    assert "已提出oapi.dingtalk.com:443" in answer.text
    gate = OutboundGate.objects.get()
    assert f"/outbound/{gate.pk}/approve/" not in answer.text
    page = browse(security_admin).get("/outbound/").text
    assert f"/outbound/{gate.pk}/approve/" in page
    answer = browse(security_admin).post(f"/outbound/{gate.pk}/approve/", follow=True)
    assert "已批准" in answer.text
    answer = browse(security_admin).post(f"/outbound/{gate.pk}/withdraw/", follow=True)
    assert "已停用的地址" in answer.text


def test_faults_are_said_at_their_fields_and_nothing_typed_is_lost(system_admin, browse):
    answer = browse(system_admin).post("/outbound/", FACTS | {"host": "127.1", "reason": ""})
    assert answer.status_code == 422
    assert "填写“理由”" in answer.text
    answer = browse(system_admin).post("/outbound/", FACTS | {"host": "127.1"})
    assert answer.status_code == 422
    assert "四段十进制" in answer.text
    assert "127.1" in answer.text


def test_who_proposed_it_finds_no_button_and_is_refused(security_admin, browse):
    browse(security_admin).post("/outbound/", FACTS)
    gate = OutboundGate.objects.get()
    assert f"/outbound/{gate.pk}/approve/" not in browse(security_admin).get("/outbound/").text
    answer = browse(security_admin).post(f"/outbound/{gate.pk}/approve/")
    assert answer.status_code == 403
    assert "另一名安全管理员" in answer.text


def test_a_second_click_is_told_so(security_admin, browse):
    gate = OutboundGateFactory()
    answer = browse(security_admin).post(f"/outbound/{gate.pk}/approve/", follow=True)
    assert "已经办过" in answer.text


@pytest.mark.parametrize("who", ["officer", "data_officer", "auditor"])
def test_it_is_no_page_of_others(who, request, browse):
    gate = OutboundGateFactory()
    person = browse(request.getfixturevalue(who))
    assert person.get("/outbound/").status_code == 403
    assert person.post(f"/outbound/{gate.pk}/withdraw/").status_code == 403


def test_the_system_administrator_approves_nothing(system_admin, browse):
    gate = OutboundGateFactory(approved_at=None, approved_by="")
    assert browse(system_admin).post(f"/outbound/{gate.pk}/approve/").status_code == 403
