"""Whatever stands in the address of a page, the answer is no crash."""

import pytest

pytestmark = pytest.mark.django_db
TEXTS = ("\x00", "a-\x00", "'\\%", "测" * 400)
NUMBERS = ("²", "9" * 30, "9" * 5000, "-1")
DAYS = ("0001-01-01", "9999-12-31", "2022-W15")
KINDS = {
    **dict.fromkeys(("page", "page_size", "before"), NUMBERS),
    **dict.fromkeys(("on", "since", "until", "for_on", "due_after", "due_before"), DAYS),
}
PAGES = {
    "/": ("programme", "on"),
    "/overview/": ("programme", "kind", "on", "q", "exceptions"),
    "/units/": ("q", "programme", "kind", "account", "is_slot", "part", "on", "page", "page_size",
                "ordering"),
    "/units/{unit}/": ("on", "programme"),
    "/search/": ("q",),
    "/audit/": ("days", "actor", "verb", "unit", "subject", "since", "until", "programme",
                "before"),
    "/audit/unit:{unit}/": ("before",),
    "/tasks/": ("q", "unit", "light", "obligation", "area", "nature", "unit_kind", "due_after",
                "due_before", "open", "on_time", "counted", "followed", "programme", "on",
                "status", "page", "page_size", "ordering"),
    "/deadlines/": ("unit", "on", "page", "page_size", "due_after"),
    "/deadlines.ics": ("unit", "area", "on", "due_before", "programme"),
    "/tasks/{task}/": ("on",),
    "/obligations/{obligation}/": ("on",),
    "/areas/{area}/": ("item", "unit"),
    "/programmes/": ("q", "phase", "region", "page", "page_size"),
    "/members/": ("q", "missing", "kind", "programme", "page", "page_size"),
    "/members/open/": ("unit", "role"),
    "/inbox/": ("q", "recipient", "type", "subject", "for_on", "on", "unread", "page",
                "page_size"),
    "/deliveries/": ("state", "page", "page_size", "ordering"),
    "/deliveries/portal-only/": ("q", "unit", "for_on"),
    "/mails/": ("page",),
    "/feedback/": ("page",),
    "/help/": ("x",),
    "/styleguide/": ("page", "page_size"),
    "/login/": ("next",),
    "/password/": ("next",),
}  # fmt: skip
KEYED = (
    "/units/{}/",
    "/units/{}/rename/",
    "/overview/{}",
    "/tasks/{}/",
    "/obligations/{}/",
    "/areas/{}/",
    "/programmes/{}/",
    "/programmes/{}/start/",
    "/documents/{}/",
    "/audit/{}/",
    "/mails/{}/",
    "/help/{}/",
    "/first/{}/{}/",
    "/inbox/{}/",
    "/api/v1/{}/",
)


def _path(path, city):
    return path.format(
        unit=city.department.code,
        task=city.assignment(city.department).number,
        obligation=city.obligations["report"].code,
        area=city.obligations["training"].area.code,
    )


@pytest.fixture
def mailbox(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path)


@pytest.mark.parametrize("path", PAGES)
def test_no_parameter_breaks_a_page(path, city, officer, browse, mailbox):
    client = browse(officer)
    client.raise_request_exception = False
    broken = []
    for name in PAGES[path]:
        for value in KINDS.get(name, TEXTS):
            answer = client.get(_path(path, city), {name: value})
            if answer.status_code >= 500:
                broken.append((name, value[:20]))
    assert broken == []


@pytest.mark.parametrize("path", KEYED)
def test_no_key_breaks_a_page(path, city, officer, browse, mailbox):
    client = browse(officer)
    client.raise_request_exception = False
    broken = []
    for value in ("\x00", "²", "9" * 30, "..%2f..%2fsecrets"):
        quoted = "".join(f"%{byte:02X}" for byte in value.replace("/", "").encode())
        answer = client.get(path.format(quoted, quoted))
        if answer.status_code >= 500:
            broken.append(value[:20])
    assert broken == []
