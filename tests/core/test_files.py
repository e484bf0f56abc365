"""The file store: bytes first, then their row."""

import os

import pytest

from core import clock, files
from core.models import StoredFile

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def test_the_same_bytes_are_one_row_and_one_file():
    first = files.store([b"ab", b"c"], media_type="text/plain")
    second = files.store([b"abc"], media_type="text/plain")
    assert first == second
    assert files.read(first) == b"abc"
    assert (first.size, StoredFile.objects.count()) == (3, 1)
    assert str(first) == f"{first.sha256[:12]} 3"


def test_a_write_that_breaks_leaves_neither_row_nor_file(folder):
    def broken():
        yield b"half"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="space"):
        files.store(broken(), media_type="text/plain")
    assert StoredFile.objects.count() == 0
    assert [path for path in folder.rglob("*") if path.is_file()] == []


def test_an_altered_file_is_not_given_out():
    row = files.store([b"abc"], media_type="text/plain")
    files.path_of(row.sha256).write_bytes(b"xyz")
    with pytest.raises(ValueError, match="does not hold"):
        files.read(row)


def test_a_missing_file_says_so():
    row = files.store([b"abc"], media_type="text/plain")
    files.path_of(row.sha256).unlink()
    with pytest.raises(FileNotFoundError):
        files.read(row)


# --- what was cut off ----------------------------------------------------------------------------


def aged(path, hours):
    moment = clock.now().timestamp() - hours * 3600
    os.utime(path, (moment, moment))


def test_bytes_without_a_row_go_after_a_day_and_nothing_else_does(db):
    kept = files.store([b"kept"], media_type="text/plain")
    aged(files.path_of(kept.sha256), 48)
    lost = {}
    for name, hours in (("old", 25), ("young", 1)):
        row = files.store([name.encode()], media_type="text/plain")
        lost[name] = files.path_of(row.sha256)
        row.delete()
        aged(lost[name], hours)
    partial = files.root() / ".0011.part"
    partial.write_bytes(b"x")
    aged(partial, 25)
    doomed = lost["old"].with_suffix(".doomed")
    doomed.write_bytes(b"x")
    aged(doomed, 25)
    assert files.sweep() == 3
    assert not any(path.exists() for path in (lost["old"], partial, doomed))
    assert lost["young"].exists()
    assert files.read(kept) == b"kept"
    assert files.sweep() == 0


def test_bytes_that_are_stored_again_meanwhile_stay(db):
    row = files.store([b"again"], media_type="text/plain")
    path = files.path_of(row.sha256)
    aged(path, 48)
    assert not files._drop(path, clock.now().timestamp() - 24 * 3600)  # its row is there by now
    row.delete()
    aged(path, 0)
    assert not files._drop(path, clock.now().timestamp() - 24 * 3600)  # it was written anew
    assert path.read_bytes() == b"again"
    assert files._age(path.with_suffix(".gone")) == float("inf")
