"""kill -9 of a process that saves scores: what it called saved is there, with its revision, and nothing
is half."""

import os
import random
import signal
import subprocess
import sys
import threading
from decimal import Decimal
from pathlib import Path

import pytest

from evaluations.choices import Hand
from evaluations.models import Score, ScoreRevision
from tests.conftest import make_city
from tests.evaluations.cast import panel_of
from tests.second_process import database_url

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).resolve().parents[2]
ROUNDS = int(os.environ.get("PORTAL_KILL_ROUNDS", "12")) // 4
SAVING = """
import os, sys, django
django.setup()
from decimal import Decimal
from accounts.models import User
from evaluations import services
from evaluations.models import Scorecard
card = Scorecard.rows.for_lists().get(pk=int(sys.argv[1]))
leaf = card.round.scheme_version.indicators.get(key="k12")
user = User.objects.get(pk=int(sys.argv[2]))
number = 0
while True:
    number += 1
    points = Decimal(number % 25) / 2
    entry = services.Entry(points=points, reason=f"第{number}次")
    services.save_score(card, leaf, "first", entry, by=user)
    print(number, flush=True)
"""


def test_what_was_called_saved_is_there_after_kill_9(transactional_db):
    panel = panel_of(make_city())
    card = panel.card(panel.review())
    env = {
        **os.environ,
        "DATABASE_URL": database_url(),
        "DATABASE_OWNER_URL": database_url(),
        "DJANGO_SETTINGS_MODULE": "cdo_portal.settings.test",
        "PYTHONPATH": str(ROOT),
    }
    saved = 0
    for _round in range(ROUNDS):
        argv = [sys.executable, "-c", SAVING, str(card.pk), str(panel.first.pk)]
        process = subprocess.Popen(argv, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        lines = [process.stdout.readline()]
        timer = threading.Timer(random.random(), os.kill, (process.pid, signal.SIGKILL))
        timer.start()
        lines += process.stdout.readlines()
        process.wait()
        assert process.returncode == -signal.SIGKILL, lines
        last = int(lines[-1])
        score = Score.rows.get(indicator__key="k12", hand=Hand.FIRST)
        # One more may have been committed before its line came out.
        assert score.reason in {f"第{last}次", f"第{last + 1}次"}
        newest = ScoreRevision.objects.filter(score=score).order_by("-pk")[0]
        assert (newest.points, newest.reason) == (score.points, score.reason)
        assert newest.version == score.version
        saved += last
    assert ScoreRevision.objects.filter(score__hand=Hand.FIRST).count() >= saved - ROUNDS
    assert Score.rows.get(hand=Hand.FIRST).points <= Decimal(12)
