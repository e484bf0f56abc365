"""通知设置: one screen, at most eight switches, and what cannot be switched off; the same at the API."""

import pytest

from reminders.choices import Topic
from reminders.models import Preference
from reminders.services import composing
from tests.factories.reminders import EndpointFactory

pytestmark = pytest.mark.django_db
PAGE = "/me/notify/"
API = "/api/v1/notices/preferences/"
ALL = set(Topic.values)


def test_the_link_in_every_mail_leads_here(settings):
    assert composing.absolute(composing.PREFERENCES) == settings.PORTAL_URL + PAGE.lstrip("/")


def test_one_screen_of_at_most_eight_switches_all_on(data_officer, browse):
    answer = browse(data_officer).get(PAGE)
    switches, text = answer.context["switches"], answer.content.decode()
    assert len(switches) <= 8
    assert all(row["is_on"] for row in switches)
    assert {row["topic"] for row in switches if not row["may_change"]} == {"returns", "slips"}
    for word in ("始终发送", "所以不能关闭", "8:30", data_officer.email, "日历订阅"):
        assert word in text, word


def test_somebody_without_an_address_is_told_whom_to_ask(data_officer, browse):
    data_officer.email = ""
    data_officer.save()
    EndpointFactory(user=data_officer, channel="wecom_app", address="zhangsan", last_error="60011")
    text = browse(data_officer).get(PAGE).content.decode()
    assert "账号没有登记邮箱" in text
    assert "zhangsan" in text
    assert "60011" in text


def test_what_is_left_out_is_switched_off_and_what_is_fixed_stays(data_officer, browse):
    client = browse(data_officer)
    wanted = sorted(ALL - {"tasks", "returns", "slips"})  # a browser sends no disabled box
    answer = client.post(PAGE, {"on": wanted, "version": 1}, follow=True)
    assert "已保存" in answer.content.decode()
    assert Preference.objects.get(user=data_officer).muted == ["tasks"]
    assert [row["topic"] for row in answer.context["switches"] if not row["is_on"]] == ["tasks"]


def test_a_form_from_another_window_changes_nothing(data_officer, browse):
    client = browse(data_officer)
    client.post(PAGE, {"on": sorted(ALL), "version": 1})
    text = client.post(PAGE, {"on": [], "version": 1}, follow=True).content.decode()
    assert "通知设置刚在别的窗口改过，这次没有保存。" in text
    assert "别人改过" not in text
    assert Preference.objects.get(user=data_officer).muted == []


def test_everybody_has_preferences_and_only_the_own(cast, browse):
    for user in cast.values():
        assert browse(user).get(PAGE).status_code == 200


def test_the_page_costs_the_same_whatever_is_set(
    data_officer, browse, django_assert_max_num_queries
):
    client = browse(data_officer)
    client.get(PAGE)
    for channel in ("wecom_app", "feishu_app", "sms"):
        EndpointFactory(user=data_officer, channel=channel, address="zhang.san")
    with django_assert_max_num_queries(9):
        client.get(PAGE)


def test_the_api_reads_and_sets_the_own(data_officer, stranger, api):
    client = api(data_officer)
    first = client.get(API)
    assert first.json() == {"muted": [], "fixed": ["returns", "slips"], "version": 1}
    assert not Preference.objects.exists(), "reading writes nothing"
    changed = client.patch(
        API, {"muted": ["desk"]}, format="json", headers={"If-Match": first.headers["ETag"]}
    )
    assert (changed.status_code, changed.json()["muted"]) == (200, ["desk"])
    assert changed.headers["ETag"] == client.get(API).headers["ETag"] != first.headers["ETag"]
    assert api(stranger).get(API).json()["muted"] == []


@pytest.mark.parametrize(
    ("content", "etag", "status"),
    [
        ({"muted": ["slips"]}, '"1"', 422),
        ({"muted": ["weather"]}, '"1"', 422),
        ({}, '"1"', 422),
        ({"muted": []}, None, 428),
        ({"muted": []}, '"7"', 412),
    ],
)
def test_the_api_refuses_what_cannot_be(data_officer, api, content, etag, status):
    headers = {"If-Match": etag} if etag else {}
    answer = api(data_officer).patch(API, content, format="json", headers=headers)
    assert answer.status_code == status, answer.json()
    assert not Preference.objects.exists()


def test_nobody_reads_preferences_without_logging_in(db, client):
    assert client.get(API).status_code == 401
    assert client.get(PAGE).status_code == 302
