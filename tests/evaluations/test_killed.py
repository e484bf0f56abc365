"""kill -9 of the web process while a sheet is filled: no score is lost that was called saved."""

import random
from collections import Counter
from decimal import Decimal

import pytest

from evaluations.choices import Hand
from evaluations.models import Score
from tests.conftest import make_city
from tests.evaluations.cast import panel_of
from tests.reports.test_killed import ROUNDS, Web, cookie_of, form, killed_during

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def panel(transactional_db):
    return panel_of(make_city())


@pytest.fixture
def web(panel, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    running = Web(tmp_path)
    try:
        running.wait()
        yield running
    finally:
        running.stop()


def test_no_score_is_lost_that_was_called_saved(panel, web):
    round_ = panel.review()
    card, cookie = panel.card(round_), cookie_of(panel.first)
    path = f"/evaluations/{round_.number}/{card.unit.code}/cells/k12/"
    lots, figures = random.Random(4), Counter()
    saved, sent = 0, 0
    mine = Score.rows.filter(scorecard=card, indicator__key="k12", hand=Hand.FIRST)

    def fill(turns=20):
        nonlocal saved, sent
        for _turn in range(turns):
            version = mine.values_list("version", flat=True).first() or 0
            sent += 1
            facts = {"k12-points": "7.5", "k12-reason": f"第{sent}稿", "k12-version": version}
            status, body = web.send("POST", path, cookie, *form(**facts))
            if status == 200 and b'"saved"' in body:
                saved = sent

    fill(1)  # on a busy machine no round may come to one
    for _round in range(ROUNDS):
        figures["busy"] += killed_during(web, "autosave", lots, fill)
        score = mine.first()
        stands = int(score.reason[1:-1]) if score else 0
        assert saved <= stands <= sent
        newest = score and score.revisions.exclude(kind="conflict").order_by("-id").first()
        assert (newest.reason if newest else None) == (score.reason if score else None)
        assert score is None or score.points == Decimal("7.5")
    assert figures["busy"]
    assert saved
