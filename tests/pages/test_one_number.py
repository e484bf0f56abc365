"""The register page, the tile of the overview, the API and the export give one number, to each role
its own: they are views of one dated source."""

from datetime import date
from io import BytesIO

import pytest
from openpyxl import load_workbook

from tests.officers.cast import ruled

pytestmark = pytest.mark.django_db
DAYS = ("2021-09-13", "2021-09-20", "2022-04-01", "2022-04-15")
HEAD = 2  # rows above the first one: the title with its notes, and the names of the columns


@pytest.fixture
def register(city):
    register = ruled(city)
    register.appoint(city.government, date(2021, 9, 14))
    register.appoint(city.department, date(2021, 9, 20), ends_on=date(2022, 3, 31))
    register.appoint(city.department, date(2022, 4, 2))
    register.appoint(city.district, date(2022, 4, 15), kind="acting")
    return register


def _exported(answer):
    sheet = load_workbook(BytesIO(answer.content)).active
    return sum(1 for row in sheet.iter_rows(min_row=HEAD + 1) if row[0].value)


@pytest.mark.parametrize("day", DAYS)
def test_page_api_and_export_have_the_same_number_for_every_role(register, cast, browse, api, day):
    seen = {}
    for name, user in cast.items():
        page = browse(user).get("/officers/", {"on": day})
        export = browse(user).get("/officers/export.xlsx", {"on": day})
        asked = {"post": "cdo", "on": day, "programme": register.city.programme.code}
        answer = api(user).get("/api/v1/appointments/", asked)
        assert page.status_code == export.status_code == answer.status_code, name
        if page.status_code != 200:
            continue
        shown = page.context["page_obj"].paginator.count
        if name != "foreigner":  # another city's officer has another programme before him
            assert answer.json()["count"] == shown, name
        assert _exported(export) == shown, name
        assert f"共{shown}条" in page.content.decode(), name
        seen[name] = shown
    assert {"officer", "data_officer", "stranger", "foreigner", "auditor"} <= seen.keys()
    assert {"system_admin", "security_admin"}.isdisjoint(seen)


@pytest.mark.parametrize(("day", "held"), list(zip(DAYS, (0, 2, 1, 2), strict=True)))
def test_the_tile_opens_the_list_with_its_own_number(register, officer, browse, day, held):
    client = browse(officer)
    facts = client.get("/overview/", {"on": day}).context["facts"]
    tile = next(fact for fact in facts if "首席数据官" in str(fact["label"]))
    assert tile["value"] == held
    assert (tile["url"] == "") == (held == 0)
    if held:
        assert client.get(tile["url"]).context["page_obj"].paginator.count == held
