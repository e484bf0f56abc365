"""Addresses at the API: entered, changed, closed, tried out, by the services of the pages; no key comes
back."""

import pytest

from core.models import AuditEntry
from reminders.models import Endpoint
from tests.factories.reminders import EndpointFactory
from tests.reminders.channels import open_gate
from tests.reminders.providers import KEY, SIGN, drop, provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def far():
    with provider() as made:
        open_gate(made)
        yield made


def pasted(far, city, key=KEY, **more):
    return {
        "channel": "dingtalk_robot",
        "unit": city.department.code,
        "name": "数据专班群",
        "webhook_url": f"{far.url}/robot/send?access_token={key}",
        "sign": SIGN,
    } | more


def test_a_group_is_entered_tried_changed_and_closed(far, city, data_officer, officer, send, done):
    answer = send(data_officer, "endpoints", pasted(far, city))
    row = answer.json()
    assert (answer.status_code, row["unit"], row["is_active"]) == (201, city.department.code, True)
    path = f"endpoints/{row['id']}"
    assert done(data_officer, f"{path}/test", etag=None)["last_error"] == ""
    assert "【测试】" in far.taken[0]
    far.faults.append(drop)
    assert "连接断了" in done(data_officer, f"{path}/test", etag=None)["last_error"]
    assert send(data_officer, f"{path}/test").status_code == 409, "two a minute"
    newer = pasted(far, city, key="another")["webhook_url"]
    facts = {"name": "专班新群", "webhook_url": newer, "sign": SIGN}
    changed = done(officer, path, facts, etag="read", method="patch")
    assert (changed["name"], changed["version"]) == ("专班新群", 2)
    assert changed["address"] != row["address"]
    closed = done(data_officer, f"{path}/close", etag="read")
    assert not closed["is_active"]
    assert send(data_officer, f"{path}/close", etag="read").status_code == 409
    assert done(data_officer, f"{path}/open", etag="read")["is_active"]
    assert send(data_officer, f"{path}/close", etag='"1"').status_code == 412
    assert send(data_officer, f"{path}/close").status_code == 428
    said = f"{answer.content!r}{changed}{closed}{AuditEntry.objects.values_list('after')}"
    assert KEY not in said
    assert SIGN not in said


def test_ones_own_account_is_entered_and_never_changed(data_officer, stranger, send, done):
    row = done(data_officer, "endpoints", {"channel": "sms", "address": "13800001234"}, etag=None)
    assert row["address"].startswith("138****1234#")
    path = f"endpoints/{row['id']}"
    answer = send(data_officer, path, {"name": "我的"}, etag="read", method="patch")
    assert (answer.status_code, "停用后另行登记" in answer.text) == (409, True)
    assert send(stranger, f"{path}/test").status_code == 404


def test_what_is_missing_or_wrong_is_said_at_its_field(far, city, data_officer, stranger, send):
    def faults(**facts):
        return send(data_officer, "endpoints", facts).json()["errors"]

    assert set(faults(channel="webhook")) == {"unit", "name", "webhook_url"}
    assert set(faults(channel="sms", address="1", sign="x")) == {"sign"}
    assert (
        "没有批准对外连接"
        in faults(**pasted(far, city, webhook_url="https://example.gov.cn/robot?access_token=x"))[
            "webhook_url"
        ][0]
    )
    assert send(stranger, "endpoints", pasted(far, city)).status_code == 422, "a unit not seen"
    row = EndpointFactory(user=None, unit=city.department, channel="webhook", address="a#1")
    answer = send(data_officer, f"endpoints/{row.pk}", {"sign": "x"}, etag="read", method="patch")
    assert "一起填写" in answer.json()["errors"]["sign"][0]


def test_groups_are_read_by_who_looks_after_them_and_mail_is_no_address(
    city, data_officer, officer, auditor, head, read
):
    group = EndpointFactory(user=None, unit=city.department, channel="webhook", address="a#1")
    EndpointFactory(user=data_officer)
    own = EndpointFactory(user=data_officer, channel="wecom_app", address="zhang.san")

    def seen(user, **query):
        return {row["id"] for row in read(user, "endpoints", **query)["results"]}

    assert seen(data_officer) == {group.pk, own.pk}
    assert seen(officer) == seen(auditor) == {group.pk}
    assert seen(head) == set()
    assert seen(data_officer, channel="wecom_app") == {own.pk}
    assert seen(data_officer, unit=city.department.code, active="true") == {group.pk}
    assert Endpoint.rows.count() == 3
