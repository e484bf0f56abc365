"""The file store: bytes first, then their row."""

import pytest

from core import files
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
