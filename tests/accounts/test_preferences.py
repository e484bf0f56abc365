"""Language, colours and row height are kept on the account."""

import pytest

ENGLISH = {"language": "en", "theme": "dark", "density": "compact"}


def test_preferences_follow_the_account(browse, data_officer):
    client = browse(data_officer)
    response = client.post("/preferences/", ENGLISH, follow=True)
    page = response.content.decode()
    assert 'data-theme="dark"' in page
    assert 'data-density="compact"' in page
    assert response["Content-Language"] == "en"
    elsewhere = browse(data_officer).get("/preferences/")
    assert elsewhere["Content-Language"] == "en"
    assert 'value="dark" required id="id_theme_2" checked' in elsewhere.content.decode()


def test_the_login_page_speaks_the_language_chosen(browse, data_officer):
    client = browse(data_officer)
    client.post("/preferences/", ENGLISH)
    client.post("/logout/")
    assert client.get("/login/")["Content-Language"] == "en"


@pytest.mark.parametrize("name", ["language", "theme", "density"])
def test_what_is_not_on_offer_is_refused(browse, data_officer, name):
    page = browse(data_officer).post("/preferences/", {**ENGLISH, name: "klingon"})
    assert "不在可选范围内" in page.content.decode()
    data_officer.refresh_from_db()
    assert data_officer.language == "zh-hans"


def test_chinese_comes_first_whatever_the_browser_asks(client, db):
    response = client.get("/login/", headers={"accept-language": "en-GB,en"})
    assert response["Content-Language"] == "zh-CN"


def test_an_unknown_language_in_the_cookie_is_ignored(client, db):
    client.cookies["portal_language"] = "xx"
    assert client.get("/login/")["Content-Language"] == "zh-CN"
