"""P23: help for everybody, and pages for what went wrong."""

import pytest

from cdo_portal.pages.help import TOPICS

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", TOPICS)
def test_each_guide_opens_without_login_and_fits_a_screen(slug, client):
    answer = client.get(f"/help/{slug}/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.count("<h1>") == 1
    assert len(text) < 9_000


def test_the_index_leads_to_every_guide(client):
    page = client.get("/help/").content.decode()
    for slug in TOPICS:
        assert f'href="/help/{slug}/"' in page


def test_an_unknown_topic_is_not_found(client):
    assert client.get("/help/nothing/").status_code == 404


def test_every_page_has_one_title_and_one_heading(city, browse, officer):
    client = browse(officer)
    paths = ["/", "/overview/", "/units/", f"/units/{city.department.code}/", "/search/", "/audit/"]
    for path in paths:
        page = client.get(path).content.decode()
        assert page.count("<h1") == 1, path
        assert page.count("<title>") == 1, path
        assert page.index("<h1") > page.index("<main"), path


def test_pages_speak_english_on_request(city, browse, officer):
    client = browse(officer)
    for path in ("/", "/overview/", "/units/", "/audit/", "/help/"):
        assert client.get(path, HTTP_ACCEPT_LANGUAGE="en").status_code == 200
