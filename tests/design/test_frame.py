"""The frame of the page for several people, on real rows."""

import json
import re

import pytest
from django.test import Client

from cdo_portal.pages import errors
from tests.factories.accounts import UserFactory
from tests.factories.pilots import MembershipFactory


def page(client: Client, path: str = "/styleguide/") -> str:
    return client.get(path).content.decode()


@pytest.mark.django_db
def test_the_style_guide_is_open_and_has_no_inline_code(client: Client) -> None:
    response = client.get("/styleguide/")
    html = response.content.decode()
    assert response.status_code == 200
    assert "style=" not in html
    assert not re.search(r"<script(?![^>]*src=)", html)
    assert "unsafe" not in response.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_nobody_logged_in_sees_no_navigation(client: Client) -> None:
    html = page(client)
    assert 'class="nav"' not in html
    assert 'class="find"' not in html


@pytest.mark.django_db
def test_the_person_menu_names_the_body(client: Client, city) -> None:
    user = UserFactory(display_name="演示人员02")
    MembershipFactory(user=user, unit=city.department, role="data_officer")
    client.force_login(user)
    html = page(client)
    assert "演示人员02" in html
    assert "公安局" in html


@pytest.mark.django_db
@pytest.mark.parametrize(("theme", "density"), [("dark", "relaxed"), ("auto", "compact")])
def test_theme_and_density_are_the_persons(client: Client, theme: str, density: str) -> None:
    client.force_login(UserFactory(theme=theme, density=density))
    assert f'data-theme="{theme}" data-density="{density}"' in page(client)


@pytest.mark.django_db
def test_an_unknown_address_is_said_in_words(client: Client) -> None:
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "没有找到这个页面" in response.content.decode()


def test_the_api_gets_its_own_error_shape(rf) -> None:
    answer = errors.page_not_found(rf.get("/api/v1/no-such-list/"))
    assert answer.status_code == 404
    assert json.loads(answer.content)["code"] == "not_found"


@pytest.mark.django_db
def test_list_state_of_the_style_guide_is_in_its_address(client: Client) -> None:
    html = page(client, "/styleguide/?light=overdue&ordering=-number&page=99&page_size=50")
    assert 'aria-sort="descending"' in html
    assert "时限灯：逾期" in html
    assert '<span aria-current="page">' in html
