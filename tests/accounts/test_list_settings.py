"""「列与密度」: kept for the person and the list, and nothing else changes."""

import pytest

pytestmark = pytest.mark.django_db
HERE = "/tasks/?light=normal&ordering=-number"
ALL = ["number", "light", "area", "unit", "due", "done", "status", "updated"]


def choose(client, columns=ALL, *, path="/tasks/", density="normal", back=HERE):
    given = {"path": path, "columns": columns, "density": density, "next": back}
    return client.post("/preferences/list/", given)


def cells(page):
    return page[page.index("<thead>") : page.index("</table>")]


def test_leaving_a_column_out_keeps_filters_order_and_page(city, officer, browse):
    client = browse(officer)
    before = client.get(HERE).content.decode()
    answer = choose(client, [name for name in ALL if name not in {"unit", "updated"}])
    assert (answer.status_code, answer["Location"]) == (302, HERE)
    after = client.get(HERE).content.decode()
    assert "off" not in cells(before).replace("officers", "")
    assert cells(after).count('data-label="单位"') == cells(before).count('data-label="单位"')
    assert '<td class="off" data-label="单位">' in after
    assert 'class="fit off"' in after
    shown = next(line for line in after.splitlines() if 'name="columns"' in line)
    assert 'value="unit">' in shown
    assert 'value="due" checked>' in shown


def test_each_list_keeps_its_own(city, officer, browse):
    client = browse(officer)
    choose(client, [])
    choose(client, ["unit"], path="/officers/people/", back="/officers/people/")
    officer.refresh_from_db()
    assert officer.hidden_columns["/tasks/"] == ALL
    assert "unit" not in officer.hidden_columns["/officers/people/"]
    choose(client, ALL)
    officer.refresh_from_db()
    assert set(officer.hidden_columns) == {"/officers/people/"}


def test_the_row_height_is_that_of_all_tables(city, officer, browse):
    client = browse(officer)
    choose(client, density="compact")
    assert 'data-density="compact"' in client.get("/units/").content.decode()


def test_others_see_the_list_as_ever(city, officer, head, browse):
    choose(browse(officer), [])
    assert 'class="off"' not in browse(head).get("/tasks/").content.decode()


def test_a_swap_shows_the_chosen_columns_too(city, officer, browse):
    client = browse(officer)
    choose(client, [])
    page = client.get(HERE, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert 'class="off" data-label="单位"' in page


@pytest.mark.parametrize(
    "odd",
    [
        {"path": "/nowhere/"},
        {"path": "/help/"},
        {"columns": ["nonsense"]},
        {"density": "huge"},
    ],
)
def test_what_no_page_sends_is_not_found(odd, city, officer, browse):
    assert choose(browse(officer), **odd).status_code == 404


def test_it_leads_back_only_into_this_site(city, officer, browse):
    answer = choose(browse(officer), back="https://evil.example/")
    assert answer["Location"] == "/tasks/"


def test_choosing_needs_a_login_and_a_post(city, officer, client, browse):
    assert choose(client).status_code == 302
    assert "/login/" in choose(client)["Location"]
    assert browse(officer).get("/preferences/list/").status_code == 405
