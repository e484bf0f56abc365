"""kill -9 of the web process in the middle of a saving, an upload and a submission.

gunicorn runs on the database of the test; its one worker is killed at a moment drawn by lot and comes
back by itself. Afterwards: no half report, no row without its file, no text lost that was called saved.
More rounds: PORTAL_KILL_ROUNDS=200.
"""

import hashlib
import http.client
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.test import Client

from approvals.models import Approval
from core import files
from core.models import StoredFile
from duties.models import Assignment
from reports import queries, services
from reports.models import Evidence, Report, Submission
from tests.conftest import make_city
from tests.core import made_files as made
from tests.reports.cast import desk_of
from tests.second_process import database_url

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("PORTAL_KILL_ROUNDS", "12"))
CSRF = "k" * 32
LONGEST = {"autosave": 0.25, "upload": 0.35, "submit": 1.2}  # seconds after which the kill comes


class Web:
    """gunicorn with one worker on a port of its own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        env = {
            **os.environ,
            "DATABASE_OWNER_URL": database_url(),
            "PORTAL_DATA": str(folder),
            "PORTAL_BIND": f"127.0.0.1:{self.port}",
            "WEB_WORKERS": "1",
            "ALLOWED_HOSTS": "*",
        }
        argv = [sys.executable, "-m", "gunicorn", "-c", "file:cdo_portal/gunicorn.py"]
        with (folder / "web.log").open("wb") as log:
            self.master = subprocess.Popen(argv, cwd=ROOT, env=env, stdout=log, stderr=log)

    def worker(self) -> int | None:
        pid = self.master.pid
        found = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
        return int(found[0]) if found else None

    def wait(self) -> None:
        until = time.monotonic() + 60
        while not self.answers():
            assert self.master.poll() is None, "gunicorn ended"
            assert time.monotonic() < until
            threading.Event().wait(0.05)

    def answers(self) -> bool:
        try:
            return self.send("GET", "/help/", "", timeout=10)[0] == 200
        except OSError:
            return False

    def send(self, method, path, cookie, body=b"", kind="", timeout=20):
        """(status, body); raises OSError or http.client.HTTPException when the process died."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        headers = {"Cookie": cookie, "Content-Type": kind, "HX-Request": "true"}
        try:
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.read()
        finally:
            line.close()

    def kill_worker(self) -> bool:
        pid = self.worker()
        if pid is None:
            return False
        os.kill(pid, signal.SIGKILL)
        return True

    def stop(self) -> None:
        self.master.terminate()
        try:
            self.master.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.master.kill()
            self.master.wait()


@pytest.fixture
def desk(transactional_db):
    made_desk = desk_of(make_city())
    made_desk.open_period()
    return made_desk


@pytest.fixture
def web(desk, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    running = Web(tmp_path)
    try:
        running.wait()
        yield running
    finally:
        running.stop()


def cookie_of(user) -> str:
    client = Client()
    client.force_login(user, backend="accounts.backends.AccountBackend")
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    return f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={CSRF}"


def killed_during(web, name, lots, act) -> bool:
    """Run `act` while the worker is killed; whether it was still at it."""
    done = threading.Event()

    def run():
        try:
            act()
        except (OSError, http.client.HTTPException):
            return
        done.set()

    thread = threading.Thread(target=run)
    thread.start()
    done.wait(lots.uniform(0.0, LONGEST[name]))
    was_busy = not done.is_set()
    web.kill_worker()
    thread.join(timeout=30)
    assert not thread.is_alive()
    web.wait()
    return was_busy


def form(**facts) -> tuple[bytes, str]:
    facts["csrfmiddlewaretoken"] = CSRF
    return urlencode(facts).encode(), "application/x-www-form-urlencoded"


def test_no_text_is_lost_that_was_called_saved(web, desk):
    report, lots, figures = desk.report(), random.Random(1), Counter()
    section, cookie = desk.section(report), cookie_of(desk.data_officer)
    path = f"/reports/{report.number}/sections/{section.key}/"
    saved, sent = 0, 0

    def write(turns=20):
        nonlocal saved, sent
        for _turn in range(turns):
            section.refresh_from_db(fields=["version"])
            sent += 1
            names = {
                f"s{section.pk}-version": section.version,
                f"s{section.pk}-body": f"第{sent}稿",
            }
            status, body = web.send("POST", path, cookie, *form(tab="a", **names))
            if status == 200 and b'"saved"' in body:
                saved = sent

    write(1)  # on a busy machine no round may come to one
    for _round in range(ROUNDS):
        figures["busy"] += killed_during(web, "autosave", lots, write)
        section.refresh_from_db()
        stands = int(section.body[1:-1] or 0) if section.body else 0
        assert saved <= stands <= sent
        figures["kept though unanswered"] += stands > saved
        newest = section.revisions.exclude(kind="conflict").order_by("-id").first()
        assert section.body == (newest.content["body"] if newest else "")
    print("autosave", ROUNDS, dict(figures), "savings answered:", saved)
    assert figures["busy"]
    assert saved


def test_no_row_is_without_its_file(web, desk, tmp_path):
    report, lots, figures = desk.report(), random.Random(2), Counter()
    section, cookie = desk.section(report), cookie_of(desk.data_officer)
    path = f"/reports/{report.number}/evidence/upload/?section={section.key}"
    answered: set[str] = set()

    def give(turn):
        for place in range(6):
            name = f"材料{turn}-{place}.pdf"
            content = made.PDF.replace(b"%%EOF", f"%{turn}-{place}{' ' * 9000}\n%%EOF".encode())
            status, body = web.send("POST", path, cookie, *upload(section, name, content))
            if status == 200 and b'"faults": []' in body:
                answered.add(name)

    for turn in range(ROUNDS):
        figures["busy"] += killed_during(web, "upload", lots, lambda: give(turn))  # noqa: B023 - ends before the next turn
        for row in StoredFile.objects.all():
            assert hashlib.sha256(files.path_of(row.sha256).read_bytes()).hexdigest() == row.sha256
        assert answered <= set(section.attached.values_list("evidence__name", flat=True))
    rows = set(StoredFile.objects.values_list("sha256", flat=True))
    lying = {path.name for path in files.root().glob("*/*/*")}
    figures["bytes without a row"] = len(lying - rows)
    figures["cut off"] = len(list(files.root().glob(".*.part")))
    print("upload", ROUNDS, dict(figures), "rows:", len(rows), "answered:", len(answered))
    assert rows <= lying
    assert figures["busy"]
    assert answered
    assert Evidence.rows.count() >= len(answered)


def test_a_report_is_handed_in_as_a_whole_or_not_at_all(web, desk):
    lots, figures = random.Random(3), Counter()
    report = desk.fill(desk.report())
    cookie = cookie_of(desk.unit_cdo)
    path = f"/reports/{report.number}/check/"

    def hand_in():
        web.send("POST", path, cookie, *form(sign="1", version=report.version))

    for _round in range(ROUNDS):
        before = Submission.rows.count()
        figures["busy"] += killed_during(web, "submit", lots, hand_in)
        report = Report.rows.for_lists().get(pk=report.pk)
        task = Assignment.rows.get(pk=report.assignment_id)
        waiting = Approval.rows.filter(state="open").count()
        if report.status == "draft":
            assert (Submission.rows.count(), waiting, task.status != "submitted") == (
                before,
                0,
                True,
            )
            continue
        figures["handed in"] += 1
        edition = Submission.rows.order_by("-id").first()
        assert (report.status, task.status, waiting) == ("submitted", "submitted", 0)
        assert Submission.rows.count() == before + 1 == report.editions
        assert edition.sha256 == queries.digest_of(edition.content)
        services.recall(report, by=desk.unit_cdo)
        report = Report.rows.for_lists().get(pk=report.pk)
    print("submit", ROUNDS, dict(figures))
    assert figures["busy"]


def upload(section, name, content) -> tuple[bytes, str]:
    """A multipart body as a browser sends it."""
    edge = "edge-of-the-parts"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{CSRF}\r\n',
        f'--{edge}\r\nContent-Disposition: form-data; name="s{section.pk}-files"; '
        f'filename="{name}"\r\nContent-Type: application/pdf\r\n\r\n',
    ]
    body = parts[0].encode() + parts[1].encode() + content + f"\r\n--{edge}--\r\n".encode()
    return body, f"multipart/form-data; boundary={edge}"
