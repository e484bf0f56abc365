"""Notices and deliveries for tests."""

import datetime

import factory

from core import clock
from reminders.models import (
    CalendarFeed,
    ChannelSetting,
    ChannelToken,
    Delivery,
    DeliveryLine,
    Endpoint,
    Engine,
    Feedback,
    Hole,
    Notice,
    Preference,
    ReminderRule,
)

from .accounts import UserFactory


class NoticeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Notice

    key = factory.Sequence(lambda n: f"feedback.answered:test:{n}")
    type = "feedback.answered"
    subject = factory.Sequence(lambda n: f"feedback:{n}")
    recipient = factory.SubFactory(UserFactory)
    for_on = datetime.date(2022, 4, 15)
    facts = factory.LazyFunction(lambda: {"text": "字太小", "answer": "可在外观里调大"})


class EndpointFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Endpoint

    user = factory.SubFactory(UserFactory)
    channel = "email"
    address = factory.LazyAttribute(lambda row: row.user.email)


class DeliveryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Delivery

    key = factory.Sequence(lambda n: f"email:test:{n}")
    endpoint = factory.SubFactory(EndpointFactory)
    next_at = factory.LazyFunction(clock.now)
    created_at = factory.LazyFunction(clock.now)


class DeliveryLineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = DeliveryLine

    delivery = factory.SubFactory(DeliveryFactory)
    notice = factory.SubFactory(NoticeFactory)
    channel = "email"


class FeedbackFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Feedback

    user = factory.SubFactory(UserFactory)
    text = "字太小"
    created_at = factory.LazyFunction(clock.now)


class ChannelSettingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ChannelSetting
        django_get_or_create = ("channel",)

    channel = "email"
    is_held = False
    held_at = factory.LazyAttribute(lambda row: clock.now() if row.is_held else None)


class EngineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Engine
        django_get_or_create = ("id",)

    id = 1


class HoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Hole

    key = factory.Sequence(lambda n: f"email:test:{n}")
    lost_at = factory.LazyFunction(clock.now)


class PreferenceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Preference

    user = factory.SubFactory(UserFactory)


class ReminderRuleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ReminderRule


class ChannelTokenFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ChannelToken

    channel = "wecom_app"
    token = "token-1"
    until = factory.LazyFunction(lambda: clock.now() + datetime.timedelta(hours=1))


class CalendarFeedFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = CalendarFeed

    user = factory.SubFactory(UserFactory)
    digest = factory.Sequence(lambda n: f"{n:064x}")
    made_at = factory.LazyFunction(clock.now)
