"""/api/v1/saved-views/ of the caller."""

import pytest

from pilots.models import SavedView

pytestmark = pytest.mark.django_db
GIVEN = {"name": "区里逾期", "path": "/tasks/", "query": "light=overdue"}


def test_a_view_is_kept_renamed_and_removed(city, data_officer, send, read):
    made = send(data_officer, "saved-views", GIVEN)
    assert made.status_code == 201
    row = made.json()
    assert (row["owner"], row["programme"]) == (data_officer.username, None)
    path = f"saved-views/{row['id']}"
    answer = send(data_officer, path, {"name": "逾期的"}, method="patch", etag=made["ETag"])
    assert answer.json()["name"] == "逾期的"
    assert send(data_officer, path, method="delete").status_code == 428
    assert send(data_officer, path, method="delete", etag=made["ETag"]).status_code == 412
    assert send(data_officer, path, method="delete", etag=answer["ETag"]).status_code == 204
    assert read(data_officer, "saved-views")["count"] == 0


def test_sharing_is_the_bureaus(city, officer, data_officer, stranger, send, ids):
    shared = {**GIVEN, "programme": city.programme.code}
    assert send(data_officer, "saved-views", shared).status_code == 403
    row = send(officer, "saved-views", shared).json()
    assert row["query"] == f"light=overdue&programme={city.programme.code}"
    assert ids(stranger, "saved-views", shared="true") == [row["id"]]
    assert ids(stranger, "saved-views", path="/units/") == []
    path = f"saved-views/{row['id']}"
    taken = send(stranger, path, {"name": "x"}, method="patch", etag='"1"')
    assert taken.status_code == 403
    back = send(officer, path, {"programme": None}, method="patch", etag='"1"')
    assert back.json()["programme"] is None
    assert ids(stranger, "saved-views") == []


@pytest.mark.parametrize(
    ("odd", "field"),
    [
        ({"query": "lihgt=overdue"}, "query"),
        ({"query": "page=2"}, "query"),
        ({"path": "/help/"}, "path"),
        ({"name": ""}, "name"),
        ({"programme": "no-such"}, "programme"),
    ],
)
def test_what_is_no_view_is_refused_by_field(odd, field, city, data_officer, send):
    answer = send(data_officer, "saved-views", {**GIVEN, **odd})
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert not SavedView.rows.exists()


def test_others_views_are_not_there(city, data_officer, stranger, officer, send):
    row = send(data_officer, "saved-views", GIVEN).json()
    for user in (stranger, officer):
        path = f"saved-views/{row['id']}"
        assert send(user, path, method="delete", etag='"1"').status_code == 404
