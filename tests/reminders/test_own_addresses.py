"""One's own account of 企业微信 or 飞书 and mobile number: one a channel, nobody else's, few a day."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from core.errors import PermissionRefused, Refused
from core.models import AuditEntry
from reminders.models import Endpoint
from reminders.services import endpoints
from tests.factories.reminders import EndpointFactory
from tests.reminders.channels import APPLICATIONS, address_at, set_account
from tests.reminders.providers import provider

pytestmark = pytest.mark.django_db


@pytest.fixture
def far():
    with provider() as made:
        yield made


@pytest.mark.parametrize("channel", APPLICATIONS)
def test_ones_own_account_is_entered_and_tried(channel, data_officer, far):
    address_at(far, channel)
    row = endpoints.add_own(user=data_officer, channel=channel, address="zhang.san")
    assert endpoints.send_test(row, by=data_officer) == ""


def test_a_mobile_number_is_masked_and_sealed(data_officer, settings, tmp_path):
    settings.SMS_FILE_PATH = str(tmp_path)
    row = endpoints.add_own(user=data_officer, channel="sms", address="138 0000 1234")
    assert row.address.startswith("138****1234#")
    assert "13800001234" not in row.address + str(row.secret)
    assert endpoints.send_test(row, by=data_officer) == ""
    assert next(tmp_path.iterdir()).read_text().startswith("13800001234\n【测试】")


def test_what_is_no_account_of_one_person_is_refused(data_officer):
    for channel in APPLICATIONS:
        set_account(channel)
    for channel, address, said in (
        ("sms", "12345", "13至19"),
        ("wecom_app", "张三", "企业微信.*只填本人一个账号"),
        ("wecom_app", "", "只填本人一个账号"),
        ("wecom_app", "@all", "不能是几个人或全员"),
        ("wecom_app", "wang.fang|li.si", "到通讯录里查看本人的账号后重新登记"),
        ("wecom_app", "a" * 65, "只填本人一个账号"),
        ("feishu_app", "ou_1,ou_2", "飞书.*只填本人一个账号"),
        ("email", "a@example.org", "选择企业微信、飞书或短信"),
    ):
        with pytest.raises(ValidationError, match=said):
            endpoints.add_own(user=data_officer, channel=channel, address=address)
    assert not Endpoint.rows.exists()


def test_a_new_own_address_takes_the_place_of_the_old_and_the_old_may_come_back(data_officer):
    def in_use():
        return list(Endpoint.rows.filter(is_active=True).values_list("address", flat=True))

    set_account("wecom_app")
    first = endpoints.add_own(user=data_officer, channel="wecom_app", address="zhang.san")
    EndpointFactory(user=data_officer)
    endpoints.add_own(user=data_officer, channel="wecom_app", address="li.si")
    assert in_use() == [data_officer.email, "li.si"]
    with pytest.raises(ValidationError, match=r"已经登记：li\.si"):
        endpoints.add_own(user=data_officer, channel="wecom_app", address="li.si")
    again = endpoints.add_own(user=data_officer, channel="wecom_app", address="zhang.san")
    assert (again.pk, in_use()) == (first.pk, [data_officer.email, "zhang.san"])
    endpoints.set_endpoint_active(Endpoint.rows.get(address="li.si"), is_active=True, by=again.user)
    assert in_use() == [data_officer.email, "li.si"]
    said = AuditEntry.objects.of(f"endpoint:wecom_app:{first.pk}").values_list("verb", flat=True)
    assert list(said) == ["endpoint.add", "endpoint.close", "endpoint.open", "endpoint.close"]


def test_a_person_enters_and_tries_few_own_addresses(data_officer, stranger, settings, tmp_path):
    settings.SMS_FILE_PATH = str(tmp_path)
    rows = [
        endpoints.add_own(user=data_officer, channel="sms", address=f"1380000120{number}")
        for number in range(5)
    ]
    with pytest.raises(ValidationError, match="一天内最多登记5个"):
        endpoints.add_own(user=data_officer, channel="sms", address="13800001205")
    for row in rows:
        endpoints.send_test(row, by=data_officer)
    with pytest.raises(Refused, match="一小时内最多试发5次"):
        endpoints.send_test(rows[0], by=data_officer)
    assert len(list(tmp_path.iterdir())) == 5
    other = endpoints.add_own(user=stranger, channel="sms", address="13800001205")
    assert endpoints.send_test(other, by=stranger) == "", "another person's own is another's"


def test_nobody_touches_anothers_own_address(data_officer, stranger):
    row = EndpointFactory(user=data_officer, channel="wecom_app", address="zhang.san")
    for act in (endpoints.send_test, endpoints.revealed_secret):
        with pytest.raises(PermissionRefused):
            act(row, by=stranger)


def test_two_own_addresses_of_a_channel_are_not_both_open(data_officer):
    EndpointFactory(user=data_officer, channel="wecom_app", address="old", is_active=False)
    row = EndpointFactory(user=data_officer, channel="wecom_app", address="zhang.san")
    for number in (1, 2):  # mail keeps those that the account had before
        EndpointFactory(user=data_officer, address=f"zhang{number}@example.org")
    row.pk, row.address = None, "li.si"
    with pytest.raises(ValidationError, match="先停用那一个"):
        row.full_clean()
    with pytest.raises(IntegrityError, match="one_active_a_person"), transaction.atomic():
        row.save(force_insert=True)


def test_the_page_of_ones_own_accounts(data_officer, browse, far):
    address_at(far, "wecom_app")
    person = browse(data_officer)
    facts = {"channel": "wecom_app", "address": "zhang.san"}
    assert "已登记" in person.post("/endpoints/own/", facts, follow=True).text
    answer = person.post("/endpoints/own/", facts)
    assert (answer.status_code, "已经登记" in answer.text) == (422, True)
    assert person.post("/endpoints/own/", {"channel": "wecom_app"}).status_code == 422
    row = Endpoint.rows.get(user=data_officer, channel="wecom_app")
    assert "测试消息已送到" in person.post(f"/endpoints/{row.pk}/test/", follow=True).text
    answer = person.post("/endpoints/own/", facts | {"address": "li.si"}, follow=True)
    assert "原来的zhang.san停用" in answer.text
    answer = person.post(f"/endpoints/{row.pk}/open/", follow=True)
    assert "zhang.san，原来的li.si停用" in answer.text
    numbers = ({"channel": "sms", "address": f"1380000123{last}"} for last in "44")
    answers = [person.post("/endpoints/own/", number, follow=True).text for number in numbers]
    assert "已经登记：138****1234。" in answers[1], "not the mark by which two of a mask differ"
