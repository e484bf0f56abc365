"""Accounts for tests. Every account can log in with PASSWORD."""

import factory

from accounts.models import SiteRole, Token, User
from accounts.tokens import digest
from core import clock

PASSWORD = "Correct-Horse-9"


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n:04d}")
    display_name = factory.Sequence(lambda n: f"测试人员{n:04d}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")
    must_change_password = False
    created_at = factory.LazyFunction(clock.now)
    password = factory.django.Password(PASSWORD)


class SiteRoleFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = SiteRole

    user = factory.SubFactory(UserFactory)
    kind = "auditor"
    granted_at = factory.LazyFunction(clock.now)


class TokenFactory(factory.django.DjangoModelFactory):
    """`secret` is the value that goes into the Authorization header."""

    class Meta:
        model = Token

    class Params:
        secret = "cdo_test-secret"

    user = factory.SubFactory(UserFactory)
    name = "测试"
    digest = factory.LazyAttribute(lambda token: digest(token.secret))
    scope = "read"
    created_at = factory.LazyFunction(clock.now)
    expires_on = factory.LazyFunction(lambda: clock.now().date().replace(year=2099))
