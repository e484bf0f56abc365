"""Whatever comes in the address, the answer is 200, 404 or 422, never a crash."""

import pytest

from .conftest import ENDPOINTS, VIEWSETS, address

pytestmark = pytest.mark.django_db
NASTY = (
    "0",
    "-1",
    "99999999999999999999999999",
    "1e400",
    "NaN",
    "2022-13-45",
    "2022-02-30",
    "0000-00-00",
    "9999-12-31",
    "\x00",
    "a\x00b",
    "'",
    "\\",
    "%",
    "_",
    "&|!():*<->",
    "' OR 1=1 --",
    "\ud7ff\U0001f600",
    "测" * 300,
    "x" * 5000,
    " ",
    "null",
    "None",
    "../../etc/passwd",
    "{{7*7}}",
    "²",
    "１２",
)
FINE = {200, 404, 422}


@pytest.fixture
def client(world, officer, api):
    return api(officer)


def test_no_parameter_and_no_key_breaks_an_endpoint(client):
    for endpoint in ENDPOINTS:
        own = list(VIEWSETS[endpoint].filterset_class.base_filters)
        names = [*own, "search", "on", "ordering", "page", "page_size", "format"]
        # Every endpoint takes a third of them, every value meets a third of the endpoints: what reads the
        # address is one piece of code for all.
        start = ENDPOINTS.index(endpoint) % 3
        for place, value in list(enumerate(NASTY))[start::3]:
            for name in {names[place % len(names)], names[(place + 7) % len(names)]}:
                answer = client.get(address(endpoint), {name: value})
                assert answer.status_code in FINE, (endpoint, name, value, answer.content[:300])
                assert set(answer.json()) >= {"count"} or set(answer.json()) >= {"code", "errors"}
            detail = client.get(f"/api/v1/{endpoint}/{_quoted(value)}/")
            assert detail.status_code == 404, (endpoint, value, detail.content[:300])


def _quoted(value):
    return "".join(f"%{byte:02X}" for byte in value.replace("/", "").encode())


def test_every_parameter_takes_every_kind_of_nonsense(client):
    for endpoint in ENDPOINTS:
        for name in VIEWSETS[endpoint].filterset_class.base_filters:
            for value in ("\x00", "9" * 20):
                answer = client.get(address(endpoint), {name: value})
                assert answer.status_code in FINE, (endpoint, name, value, answer.content[:300])


def test_a_page_of_a_search_with_odd_words_can_be_turned(client):
    for word in ("%", "'", "a&b", "测试 市", "#"):
        answer = client.get(address("units"), {"search": word, "page_size": 1}).json()
        if answer["next"]:
            assert client.get(answer["next"]).status_code == 200


def test_methods_that_change_are_there_only_where_they_are_declared(client):
    for endpoint in ENDPOINTS:
        takes = getattr(VIEWSETS[endpoint], "inputs", {})
        absent = {"put", "patch", "delete"} | (set() if "create" in takes else {"post"})
        for method in sorted(absent):
            answer = getattr(client, method)(address(endpoint), {}, format="json")
            assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")
        for method in ("put", "delete"):
            if hasattr(VIEWSETS[endpoint], {"put": "update", "delete": "destroy"}[method]):
                continue
            answer = getattr(client, method)(address(endpoint, "1"), {}, format="json")
            assert answer.status_code == 405
        assert client.options(address(endpoint)).status_code == 200
        assert client.head(address(endpoint)).status_code == 200
