"""The API's own description: root, OpenAPI document, Swagger UI, and addresses that are none."""

import json
import re
from pathlib import Path

import pytest
from django.test import Client

from tests.factories.accounts import TokenFactory, UserFactory

from .conftest import ENDPOINTS

pytestmark = pytest.mark.django_db
PRIVATE = ("/api/v1/", "/api/v1/schema/", "/api/v1/docs/")
DOCUMENT = Path(__file__).resolve().parents[2] / "docs/openapi.json"


@pytest.fixture
def bearer():
    TokenFactory(user=UserFactory(), secret="cdo_docs")
    client = Client()
    client.defaults["HTTP_AUTHORIZATION"] = "Bearer cdo_docs"
    return client


def test_who_is_not_logged_in_reads_neither_document_nor_addresses(client):
    assert [client.get(path).status_code for path in PRIVATE] == [401, 401, 302]
    assert client.get("/api/v1/docs/")["Location"].startswith("/login/")


def test_a_token_or_a_session_is_enough(bearer, browse):
    person = browse(UserFactory())
    for path in PRIVATE:
        assert bearer.get(path).status_code == 200
        assert person.get(path).status_code == 200


def test_the_root_lists_every_endpoint(bearer):
    found = bearer.get("/api/v1/").json()
    assert list(found) == ENDPOINTS
    assert found["duty-areas"] == "http://testserver/api/v1/duty-areas/"


def test_the_document_served_is_the_document_kept(bearer):
    served = bearer.get("/api/v1/schema/?format=json").json()
    assert served == json.loads(DOCUMENT.read_text(encoding="utf-8"))


def test_swagger_ui_needs_nothing_from_outside_and_nothing_inline(bearer):
    answer = bearer.get("/api/v1/docs/")
    page = answer.content.decode()
    for address in re.findall(r'(?:src|href)="([^"]*)"', page):
        assert address.startswith("/"), address
        assert not address.startswith("//"), address
    assert "<style" not in page
    assert not re.search(r"<script(?![^>]*src=)", page)
    policy = answer["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


def test_swagger_uis_script_is_a_script(bearer):
    answer = bearer.get("/api/v1/docs/?script=")
    assert answer["Content-Type"].startswith("application/javascript")
    assert "/api/v1/schema/" in answer.content.decode()


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nothing/", "/api/v2/units/", "/api/v1/a/b/c/"])
def test_an_address_that_is_none_is_404_in_the_one_shape(path, bearer, client):
    for method in ("get", "post", "delete"):
        answer = getattr(bearer, method)(path)
        if method == "get":
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert set(answer.json()) == {"code", "message", "errors", "request_id"}
    assert client.get(path).status_code == 401


def test_an_address_without_its_last_slash_is_sent_to_its_own(bearer):
    answer = bearer.get("/api/v1/units?page_size=1")
    assert (answer.status_code, answer["Location"]) == (301, "/api/v1/units/?page_size=1")
