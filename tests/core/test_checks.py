"""System checks of an installation."""

from cdo_portal import system_checks as checks


def _ids(messages):
    return [message.id for message in messages]


def test_plain_http_is_named(settings):
    settings.IS_HTTPS, settings.PORTAL_URL = False, "http://10.0.0.8/"
    assert _ids(checks.public_address_is_https()) == ["portal.W001"]
    settings.IS_HTTPS = True
    assert checks.public_address_is_https() == []


def test_field_keys_must_be_there_and_usable(settings):
    settings.TRIAL, settings.FIELD_KEYS = False, []
    assert _ids(checks.field_keys_are_usable()) == ["portal.E002"]
    settings.FIELD_KEYS = ["not a key"]
    assert _ids(checks.field_keys_are_usable()) == ["portal.E002"]
    settings.FIELD_KEYS = ["3b0d3xZrT4s2bHqOQm1uS8yqQ7m6c0Lw9y1VZrT4s2Y="]
    assert checks.field_keys_are_usable() == []


def test_one_role_for_both_is_named(settings):
    settings.DATABASES = {"default": {"USER": "one"}, "owner": {"USER": "one"}}
    assert _ids(checks.application_is_not_the_owner()) == ["portal.W003"]
    settings.DATABASES = {"default": {"USER": "app"}, "owner": {"USER": "owner"}}
    assert checks.application_is_not_the_owner() == []
