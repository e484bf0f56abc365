"""PDFs of Word files: asked for, made outside the request, kept by content."""

import os
import time

import pytest

from core import files
from core.documents import previews
from core.documents.previews import State
from core.tasks import make_previews

pytestmark = pytest.mark.django_db
COPIES = 'for last; do :; done; printf "%%PDF-of-" > document.pdf; cat "$last" >> document.pdf'


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


@pytest.fixture
def office(tmp_path, monkeypatch):
    """`office(script)` puts a shell script in the place of soffice."""

    def installed(script):
        program = tmp_path / "soffice"
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    return installed


@pytest.fixture
def row(folder):
    return files.store([b"word"], media_type="application/msword")


def older(path, seconds):
    moment = time.time() - seconds
    os.utime(path, (moment, moment))


def marker(row, kind):
    return previews.root() / f"{row.sha256}.{kind}"


def test_it_is_made_after_it_was_asked_for_and_once(office, row):
    office(COPIES)
    assert previews.read(row) is None
    assert (previews.ask(row), previews.ask(row)) == (State.WAITING, State.WAITING)
    make_previews()
    assert previews.ask(row) == State.READY
    assert previews.read(row) == b"%PDF-of-word"
    assert previews.make_asked() == 0


def test_where_nobody_makes_it_the_reader_does(office, row):
    office(COPIES)
    previews.ask(row)
    older(marker(row, "asked"), 61)
    assert previews.ask(row) == State.READY


def test_what_cannot_be_made_is_tried_once(office, row):
    office("exit 1")
    previews.ask(row)
    assert previews.make_asked() == 0
    assert previews.ask(row) == State.FAILED


def test_a_file_that_is_lost_has_no_preview(office, row):
    office(COPIES)
    previews.ask(row)
    files.path_of(row.sha256).unlink()
    previews.make_asked()
    assert previews.state(row) == State.FAILED
    (previews.root() / f"{'0' * 64}.asked").touch()
    assert previews.make_asked() == 0  # no such row


def test_without_libreoffice_it_says_so(monkeypatch, tmp_path, row):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert previews.ask(row) == State.UNAVAILABLE


def test_a_killed_maker_gives_its_work_back(office, row):
    office(COPIES)
    previews.ask(row)
    marker(row, "asked").rename(marker(row, "taken"))
    assert previews.ask(row) == State.WAITING  # somebody is at it
    assert not marker(row, "asked").exists()
    assert previews.make_asked() == 0
    older(marker(row, "taken"), previews.LOST_SECONDS + 1)
    assert previews.make_asked() == 1


def test_two_workers_make_one_file_once(office, row):
    office(COPIES)
    previews.ask(row)
    gone = marker(row, "asked")
    gone.unlink()
    assert not previews._take(gone)


def test_previews_are_kept_for_ninety_days(office, row):
    office(COPIES)
    previews.ask(row)
    previews.make_asked()
    assert previews.purge() == 0
    older(previews.path_of(row.sha256), 91 * 24 * 3600)
    assert previews.purge() == 1
    assert previews.read(row) is None
