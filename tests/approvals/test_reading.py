"""Rounds of signing as programs and support read them."""

from datetime import date

import pytest
from django.contrib import admin

from approvals import services
from approvals.choices import Purpose
from approvals.models import Approval, ApprovalStep, ChainStep
from cdo_portal.pages.audit_words import Told, subject_url
from core.models import AuditEntry

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.approvals.things")]
LIST = "/api/v1/approvals/"


def test_a_program_asks_what_waits_for_its_person(put_up, api, unit_cdo, data_officer, head):
    put_up(length=801, due_on=date(2022, 4, 30))
    done = put_up("BG-2022-0002")
    services.agree(done, by=unit_cdo, remark="同意。")
    read = lambda user, **query: api(user).get(LIST, query).json()["results"]  # noqa: E731
    (row,) = read(unit_cdo, waiting="true")
    assert (row["subject"], row["state"], row["due_on"]) == ("BG-2022-0001", "open", "2022-04-30")
    assert row["steps"][0]["signer"] is None
    assert [row["subject"] for row in read(unit_cdo, waiting="false")] == ["BG-2022-0002"]
    assert read(data_officer, waiting="true") == []
    (row,) = read(head, q="BG-2022-0002")
    assert row["steps"][0]["signed_name"] == "unit_cdo人员"
    assert read(head, q="BG-2022-0001") == []
    assert len(read(data_officer, purpose="report")) == 2


def test_a_named_signer_is_said_by_account(city, put_up, api, unit_cdo):
    choice = services.ChainChoice("cdo", unit_cdo)
    services.choose_chain(city.department, [choice], by=unit_cdo, is_bureau=False)
    row = put_up()
    answer = api(unit_cdo).get(f"{LIST}{row.number}/")
    assert answer.json()["steps"][0]["signer"] == unit_cdo.username
    assert api(unit_cdo).post(f"{LIST}{row.number}/").status_code == 405


def test_support_looks_at_rounds_and_changes_nothing(rf, system_admin):
    request = rf.get("/")
    request.user = system_admin
    for model in (Approval, ApprovalStep, ChainStep):
        page = admin.site.get_model_admin(model)
        assert not page.has_change_permission(request)


def test_the_record_says_signing_in_words(city, put_up, unit_cdo, data_officer, auditor):
    choices = [services.ChainChoice("section"), services.ChainChoice("cdo")]
    services.choose_chain(city.department, choices, by=unit_cdo, is_bureau=False)
    row = put_up(purpose=Purpose.REPORT)
    services.agree(row, by=unit_cdo)
    services.agree(row, by=unit_cdo)
    lines = Told(AuditEntry.objects.order_by("id"), auditor).lines()
    told = [line.verb for line in lines if line.entry.verb.startswith(("approval", "chain"))]
    assert told == ["设定审签流程", "提交审签", "同意", "审签"]
    said = [change.after for line in lines for change in line.changes]
    for words in ("处室负责人审核、首席数据官审签", "网上审签", "已审签"):
        assert words in said
    assert subject_url(f"approval:{row.number}") == f"/approvals/{row.number}/slip/"
