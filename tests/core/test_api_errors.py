"""One error shape, in Chinese, whatever goes wrong."""

import re

import pytest
from django.core.exceptions import ValidationError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.test import APIClient

from core.api.errors import exception_handler
from core.errors import MoveNotAllowed, PermissionRefused, StaleVersion, VersionMissing
from core.idempotency import KeyBusy, KeyMissing, KeyReused
from tests.factories.accounts import UserFactory

SHAPE = {"code", "message", "errors", "request_id"}
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (MoveNotAllowed(), 409, "move_not_allowed"),
        (StaleVersion(), 412, "stale_version"),
        (VersionMissing(), 428, "version_missing"),
        (PermissionRefused(), 403, "permission_refused"),
        (KeyMissing(), 400, "idempotency_key_missing"),
        (KeyBusy(), 409, "idempotency_key_busy"),
        (KeyReused(), 422, "idempotency_key_reused"),
        (Http404(), 404, "not_found"),
        (exceptions.ParseError("JSON parse error - x"), 400, "bad_request"),
        (exceptions.NotAuthenticated(), 401, "not_authenticated"),
        (exceptions.AuthenticationFailed(), 401, "not_authenticated"),
        (exceptions.PermissionDenied(), 403, "permission_refused"),
        (
            exceptions.PermissionDenied("CSRF Failed: CSRF token missing."),
            403,
            "permission_refused",
        ),
        (exceptions.NotFound(), 404, "not_found"),
        (exceptions.MethodNotAllowed("POST"), 405, "method_not_allowed"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
        (exceptions.UnsupportedMediaType("text/csv"), 415, "unsupported_media_type"),
        (exceptions.Throttled(7), 429, "throttled"),
        (exceptions.ValidationError({"a": ["写成数字"]}), 422, "invalid"),
        (ValidationError({"a": ["写成数字"]}), 422, "invalid"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_every_refusal_has_the_shape_and_chinese_words(error, status, code):
    answer = exception_handler(error, {})
    assert (answer.status_code, answer.data["code"]) == (status, code)
    assert set(answer.data) == SHAPE
    assert CHINESE.search(answer.data["message"])


def test_faults_are_listed_by_field_however_deep():
    error = exceptions.ValidationError({"rows": [{"due_on": ["写成日期"]}, {}], "b": "缺少"})
    assert exception_handler(error, {}).data["errors"] == {
        "rows": ["due_on：写成日期"],
        "b": ["缺少"],
    }
    assert exception_handler(exceptions.ValidationError("全错"), {}).data["errors"] == {
        "": ["全错"]
    }
    assert exception_handler(ValidationError("全错"), {}).data["errors"] == {"": ["全错"]}
    whole = ValidationError({"__all__": ["两者只能有一个"]})
    assert exception_handler(whole, {}).data["errors"] == {"": ["两者只能有一个"]}


def test_waiting_is_said_in_seconds():
    assert exception_handler(exceptions.Throttled(7), {})["Retry-After"] == "7"
    assert exception_handler(KeyBusy(), {})["Retry-After"] == "5"


def test_an_unknown_error_stays_one():
    assert exception_handler(RuntimeError("bug"), {}) is None


@pytest.mark.django_db
@pytest.mark.urls("tests.core.api_urls")
def test_over_http_the_request_id_is_that_of_the_log():
    client = APIClient()
    client.force_authenticate(UserFactory())
    answer = client.post("/api/try/heartbeats/", "{", content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["request_id"] == answer["X-Request-ID"]
    client.credentials(HTTP_IDEMPOTENCY_KEY="k")
    assert client.post("/api/try/heartbeats/", "a,b", content_type="text/csv").status_code == 415
    assert client.put("/api/try/heartbeats/").status_code == 405


@pytest.mark.django_db
@pytest.mark.urls("tests.core.api_urls")
def test_who_declares_no_permission_is_read_by_nobody():
    client = APIClient()
    client.force_authenticate(UserFactory())
    assert client.get("/api/try/undeclared/").status_code == 403
    assert client.get("/api/try/undeclared/x/").status_code == 403
