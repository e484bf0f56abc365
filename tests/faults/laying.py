"""Reminders, each waiting on three channels, laid in few statements; the inbox is the fourth."""

import json
from datetime import date
from itertools import count, islice

from django.db import transaction

from accounts.models import User
from core import clock
from core.models import OutboundGate
from reminders.models import Delivery, DeliveryLine, Endpoint, Notice
from tests.factories.accounts import UserFactory
from tests.factories.core import OutboundGateFactory
from tests.factories.pilots import MembershipFactory
from tests.factories.reminders import ChannelSettingFactory

CHANNELS = ("email", "dingtalk_robot", "feishu_app")
A_PERSON = 10  # reminders of one person, and messages of one robot: below what its provider counts
TYPE = "faults.told"
DAY = date(2022, 4, 15)
# The receivers remember: no two tests lay the same token.
_laid = count(10)


@transaction.atomic  # an engine that is at work already sees all of it or nothing
def lay(
    many: int, http_port: int, *, marks: str = "", channels: tuple[str, ...] = CHANNELS
) -> None:
    """`many` reminders that are due. Each letter of `marks` marks one: B finds its receivers busy the
    first time, P cannot be put into words."""
    open_ways(http_port)
    people = _people(-(-many // A_PERSON))
    first = next(_laid)
    tokens = [f"N{first:02}{place:05}{marks[place : place + 1]}" for place in range(many)]
    notices = Notice.rows.bulk_create(
        Notice(
            key=f"{TYPE}:{token}",
            type=TYPE,
            subject=token,
            recipient=people[place // A_PERSON],
            for_on=DAY,
            facts={"token": token},
            created_at=clock.now(),
        )
        for place, token in enumerate(tokens)
    )
    for channel in channels:
        _wait_on(channel, notices, people, http_port)


def people_to_tell(many: int, http_port: int) -> None:
    """So many people of whom planning finds that each is to be told once, on every channel."""
    open_ways(http_port)
    for person in _people(many, f"plan{next(_laid):02}"):
        membership = MembershipFactory(user=person)
        ways = {name: _way(name, person, http_port) for name in CHANNELS}
        ways["dingtalk_robot"].unit = membership.unit
        Endpoint.rows.bulk_create(ways.values())


def open_ways(http_port: int) -> None:
    if not OutboundGate.objects.filter(port=http_port).exists():
        OutboundGateFactory(host="127.0.0.1", port=http_port, networks="127.0.0.1", is_plain=True)
    account = {"base": f"http://127.0.0.1:{http_port}", "app_id": "cli_1"}
    ChannelSettingFactory(channel="feishu_app", config=account, secret="app-secret")


def _people(many: int, name: str = "told") -> list[User]:
    first = UserFactory.build()  # hashing a password is what takes time
    made = [
        User(
            username=f"{name}{place:05}",
            display_name=f"收件人{place}",
            email=f"{name}{place:05}@example.org",
            password=first.password,
            created_at=first.created_at,
        )
        for place in range(many)
    ]
    return User.objects.bulk_create(made)


def _wait_on(channel: str, notices: list[Notice], people: list[User], http_port: int) -> None:
    ways = Endpoint.rows.bulk_create(_way(channel, person, http_port) for person in people)
    now = clock.now()
    rows = Delivery.rows.bulk_create(
        Delivery(
            key=f"{channel}:{notice.subject}",
            endpoint=ways[place // A_PERSON],
            next_at=now,
            created_at=now,
        )
        for place, notice in enumerate(notices)
    )
    lines = (
        DeliveryLine(delivery=row, notice=notice, channel=channel)
        for row, notice in zip(rows, notices, strict=True)
    )
    while batch := list(islice(lines, 5000)):
        DeliveryLine.objects.bulk_create(batch)


def _way(channel: str, person: User, http_port: int) -> Endpoint:
    if channel != "dingtalk_robot":
        address = person.email if channel == "email" else person.username
        return Endpoint(channel=channel, address=address, user=person)
    return Endpoint(
        channel=channel,
        address=f"{person.username}#{http_port}",
        config={"url": f"http://127.0.0.1:{http_port}/robot/send"},
        secret=json.dumps({"key": "key-1", "sign": "SEC-1"}),
    )
