"""What ends with a person's account when somebody leaves."""

from datetime import date

import pytest

from accounts import handover
from accounts.models import Token
from core.handover import Fate, Leaving
from tests.factories.accounts import TokenFactory

pytestmark = pytest.mark.django_db


def leaving(user, city, officer):
    return Leaving(user, city.department, None, date(2022, 4, 15), officer)


def test_live_tokens_and_the_account_are_listed(city, data_officer, officer):
    TokenFactory(user=data_officer, name="一网统管")
    TokenFactory(user=data_officer, name="旧", secret="cdo_old", expires_on="2020-01-01")
    TokenFactory(user=officer, name="别人的", secret="cdo_other")
    items = handover.open_items(leaving(data_officer, city, officer))
    assert [(item.title, item.fate) for item in items] == [
        ("接口令牌：一网统管", Fate.ENDS),
        (f"账号{data_officer.username}", Fate.ENDS),
    ]
    assert items[0].detail.startswith("只读，有效期至2099-")


def test_a_closed_account_has_nothing_open(city, data_officer, officer):
    TokenFactory(user=data_officer)
    data_officer.is_active = False
    data_officer.save()
    assert handover.open_items(leaving(data_officer, city, officer)) == []
    assert handover.open_items(leaving(None, city, officer)) == []


def test_moving_revokes_each_token_once(city, data_officer, officer):
    TokenFactory(user=data_officer)
    TokenFactory(user=officer, secret="cdo_other")
    assert handover.move(leaving(data_officer, city, officer)) == 1
    assert handover.move(leaving(data_officer, city, officer)) == 0
    assert handover.move(leaving(None, city, officer)) == 0
    assert Token.objects.filter(revoked_at=None).count() == 1
