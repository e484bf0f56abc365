"""Which programme a page shows, and the switch."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.template import Context, Template
from django.test import RequestFactory

from pilots.current import current_programme, switch
from tests.factories.pilots import EnrolmentFactory, ProgrammeFactory, before_the_start


@pytest.fixture
def second(city):
    """A programme of the same bureau, not yet running, that stands first in order."""
    row = ProgrammeFactory(position=0)
    city.programme.position = 5
    city.programme.save()
    EnrolmentFactory(programme=row, unit=city.bureau, part="bureau")
    return row


def ask(user, address="/", session=None):
    request = RequestFactory().get(address)
    request.user, request.session = user, {} if session is None else session
    return request


def test_the_first_running_programme_unless_told_otherwise(city, second, officer):
    assert current_programme(ask(officer)) == city.programme


def test_the_address_wins_and_is_remembered(second, officer):
    session = {}
    assert current_programme(ask(officer, f"/?programme={second.code}", session)) == second
    assert session == {"programme": second.code}
    assert current_programme(ask(officer, "/", session)) == second


def test_without_a_running_one_the_first_visible(city, second, officer):
    before_the_start()
    assert current_programme(ask(officer)) == second


def test_what_nobody_may_see_is_404_in_the_address_and_forgotten_in_the_session(
    city, officer, foreigner
):
    foreign = current_programme(ask(foreigner))
    with pytest.raises(Http404):
        current_programme(ask(officer, f"/?programme={foreign.code}"))
    assert current_programme(ask(officer, "/", {"programme": foreign.code})) == city.programme


def test_somebody_without_any_programme_gets_none(security_admin):
    assert current_programme(ask(security_admin)) is None
    assert switch(ask(security_admin)) == {"current": None, "options": []}
    assert current_programme(ask(AnonymousUser())) is None


def test_asked_twice_read_once(second, officer, django_assert_num_queries):
    request = ask(officer)
    switch(request)
    with django_assert_num_queries(0):
        assert current_programme(request)
        assert len(switch(request)["options"]) == 2


def test_the_switch_keeps_the_pages_other_parameters(city, second, officer, data_officer):
    template = Template("{% load pilots %}{% programme_switch %}")
    request = ask(officer, "/members/?missing=any&page=3")
    html = template.render(Context({"request": request}))
    assert f'href="?missing=any&amp;programme={second.code}"' in html
    assert f'programme={city.programme.code}" aria-current="true"' in html
    alone = template.render(Context({"request": ask(data_officer)}))
    assert alone.strip() == ""
