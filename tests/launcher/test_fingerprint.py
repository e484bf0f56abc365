"""A start skips the preparation of the database only when nothing can have changed."""

import pytest

from cdo_portal.launcher import fingerprint
from cdo_portal.launcher.place import Place


@pytest.fixture
def place(tmp_path, monkeypatch):
    code = tmp_path / "code"
    for name in (
        "core/apps.py",
        "core/migrations/0001_first.py",
        "packs/a.yaml",
        "requirements/run.txt",
    ):
        (code / name).parent.mkdir(parents=True, exist_ok=True)
        (code / name).write_text("one")
    monkeypatch.setattr(fingerprint, "ROOT", code)
    place = Place(tmp_path / "data")
    place.make()
    make_database(place)
    fingerprint.remember(place)
    return place


def make_database(place):
    (place.path / "pg").mkdir()
    (place.path / "pg/PG_VERSION").write_text("18")


def test_same_code_and_same_database(place):
    assert fingerprint.is_prepared(place)


@pytest.mark.parametrize("name", ["core/migrations/0001_first.py", "packs/a.yaml", "core/new.py"])
def test_changed_or_new_file(place, name):
    (fingerprint.ROOT / name).write_text("two")
    assert not fingerprint.is_prepared(place)


def test_another_day(place, monkeypatch):
    class Tomorrow:
        @staticmethod
        def today():
            return fingerprint.datetime.datetime(2999, 1, 1)

    monkeypatch.setattr(fingerprint.datetime, "date", Tomorrow, raising=False)
    assert not fingerprint.is_prepared(place)


def test_database_made_anew(place):
    (place.path / "pg").rename(place.path / "old")
    make_database(place)
    assert not fingerprint.is_prepared(place)


def test_command_by_hand(place):
    fingerprint.forget(place)
    assert not fingerprint.is_prepared(place)
