"""What a form takes: days that somebody may mean, numbers that a column holds, places of ours."""

import pytest

from accounts.middleware import page_of
from duties.models import Fulfilment
from tests.factories.pilots import before_the_start

pytestmark = pytest.mark.django_db
SLIPS = ("0001-01-01", "0022-04-15", "9999-12-31")


@pytest.mark.parametrize("day", SLIPS)
@pytest.mark.parametrize("act", ["rename", "succeed"])
def test_a_slip_of_the_year_is_refused_for_a_body(act, day, city, officer, browse):
    answer = browse(officer).post(
        f"/units/{city.department.code}/{act}/",
        {
            "full_name": "测试市新局",
            "short_name": "新局",
            "kind": "merger",
            "on": day,
            "version": "1",
            "confirmed": "1",
        },
    )
    assert answer.status_code in {200, 422}
    assert city.department.names.count() == 1


@pytest.mark.parametrize("day", SLIPS)
def test_a_slip_of_the_year_starts_no_programme(day, city, officer, browse):
    """Planning counts back from the first day: one city's slip would stop everybody's reminders."""
    before_the_start()
    browse(officer).post(
        f"/programmes/{city.programme.code}/start/", {"on": day, "version": "1", "confirmed": "1"}
    )
    city.programme.refresh_from_db()
    assert city.programme.phase == "draft"


@pytest.mark.parametrize("day", SLIPS)
def test_nothing_was_done_in_the_year_one(day, city, officer, browse):
    number = city.assignment(city.department).number
    token = "00000000-0000-4000-8000-000000000001"
    answer = browse(officer).post(
        f"/tasks/{number}/complete/", {"happened_on": day, "token": token, "version": "1"}
    )
    assert answer.status_code == 422
    assert not Fulfilment.objects.exists()


@pytest.mark.parametrize("version", ["", "²", "9" * 30, "9" * 5000, "-1", "x"])
def test_an_odd_version_is_a_stale_one(version, city, data_officer, browse):
    number = city.assignment(city.department).number
    answer = browse(data_officer).post(f"/tasks/{number}/accept/", {"version": version})
    assert answer.status_code == 412


def test_a_word_as_next_is_no_place(data_officer, browse):
    client, password = browse(data_officer), "Eins-zwei-3-vier"
    data_officer.set_password(password)
    data_officer.save()
    client = browse(data_officer)
    answer = client.post(
        "/password/?next=nowhere",
        {"old_password": password, "new_password": "Fuenf-sechs-7", "again": "Fuenf-sechs-7"},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/")


def test_the_page_to_come_back_to_is_never_elsewhere(rf):
    request = rf.post("/x/", headers={"referer": "http://testserver//evil.example/"})
    assert page_of(request) == "/%2Fevil.example/"
