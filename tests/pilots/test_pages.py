"""Who gets which page, and what a safe request never does."""

import pytest

from core.models import AuditEntry
from pilots.models import PolicyDocument
from tests.factories.pilots import EnrolmentFactory, UnitFactory

EVERYBODY = (
    "officer",
    "head",
    "data_officer",
    "unit_cdo",
    "stranger",
    "foreigner",
    "provincial_reader",
    "evaluator",
    "api_client_user",
    "auditor",
    "system_admin",
    "security_admin",
)
READERS = set(EVERYBODY) - {"system_admin", "security_admin"}
# Those who see the programme `city`; the rest of the readers get 404 for it.
OF_CITY = READERS - {"foreigner"}
OFFICERS = {"officer", "foreigner"}

# address: (who gets 200, who gets 404); everybody else gets 403
PAGES = {
    "/programmes/": (READERS, set()),
    "/programmes/{programme}/": (OF_CITY, {"foreigner"}),
    "/documents/{document}/": (READERS, set()),
    "/programmes/{draft}/start/": ({"officer"}, {"foreigner"}),
    "/programmes/{programme}/close/": ({"officer"}, {"foreigner"}),
    "/units/{unit}/rename/": ({"officer"}, {"foreigner"}),
    "/units/{unit}/succeed/": ({"officer"}, {"foreigner"}),
    "/units/{slot}/name/": ({"officer"}, {"foreigner"}),
    "/units/{slot}/identify/": ({"officer"}, {"foreigner"}),
    "/members/": (OFFICERS, set()),
    "/members/?programme={programme}": ({"officer"}, {"foreigner"}),
    "/members/open/": (OFFICERS, set()),
    "/help/roles/": (set(EVERYBODY), set()),
    "/preferences/": (set(EVERYBODY), set()),
    "/password/": (set(EVERYBODY), set()),
    "/units/no-such-unit/rename/": (set(), OFFICERS),
    "/programmes/no-such-programme/": (set(), READERS),
    "/documents/no-such-document/": (set(), READERS),
}


@pytest.fixture
def places(city):
    from tests.factories.pilots import ProgrammeFactory

    slot = UnitFactory(name="待补名01", is_slot=True)
    draft = ProgrammeFactory()
    EnrolmentFactory(programme=draft, unit=city.bureau, part="bureau")
    EnrolmentFactory(programme=city.programme, unit=slot, certainty="slot", position=9)
    return {
        "programme": city.programme.code,
        "draft": draft.code,
        "unit": city.department.code,
        "slot": slot.code,
        "document": PolicyDocument.rows.filter(programme=city.programme)[0].code,
    }


@pytest.mark.parametrize("address", PAGES)
def test_who_gets_which_page(places, cast, browse, address):
    path = address.format(**places)
    allowed, missing = PAGES[address]
    for name in EVERYBODY:
        expected = 200 if name in allowed else 404 if name in missing else 403
        assert browse(cast[name]).get(path).status_code == expected, (name, path)


@pytest.mark.parametrize("address", [a for a in PAGES if a != "/help/roles/"])
def test_nobody_unknown_gets_in(places, client, address):
    path = address.format(**places)
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/login/?next=/")


@pytest.mark.parametrize(
    "address", ["/programmes/{draft}/start/", "/units/{unit}/rename/", "/members/act/"]
)
def test_nobody_but_the_officer_changes_anything(places, cast, browse, address):
    path = address.format(**places)
    for name in EVERYBODY:
        if name not in OFFICERS:
            assert browse(cast[name]).post(path, {"confirmed": "1"}).status_code == 403, name
    assert not AuditEntry.objects.filter(verb__in=["programme.start", "unit.rename"]).exists()


@pytest.mark.parametrize("address", PAGES)
def test_reading_records_nothing(places, officer, browse, address):
    before = AuditEntry.objects.count()
    browse(officer).get(address.format(**places))
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize("address", [a for a in PAGES if "no-such" not in a])
def test_every_page_has_one_heading_a_title_and_no_inline_script(places, officer, browse, address):
    html = browse(officer).get(address.format(**places)).content.decode()
    assert html.count("<h1") == 1
    assert " - 首席数据官履职管理平台</title>" in html
    assert " style=" not in html
    assert "maxlength" not in html
    assert len(html.encode()) < 60_000


def test_the_roles_page_is_open_to_all_and_prints_the_code(client, db):
    from accounts.roles import SENTENCES, Permission

    page = client.get("/help/roles/").content.decode()
    for sentence in SENTENCES.values():
        assert str(sentence) in page
    for permission in Permission:
        assert str(permission.label) in page
    assert page.count("✓") > 20
