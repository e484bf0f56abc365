"""Rounds, sheets and objections written by the API: the version that was read, the key that is sent
twice, and who may not."""

from dataclasses import replace
from decimal import Decimal
from uuid import uuid4

import pytest

from evaluations.choices import Move
from evaluations.models import Objection, Round, Scheme, Scorecard
from tests.evaluations.cast import PLAN

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(api):
    """`send(user, path, content, row, key=…, method=…)`: the status, with If-Match where a row, or the
    text of one, is given."""

    def sending(user, path, content, row=None, *, key="", method="post"):
        headers = {"Idempotency-Key": key or str(uuid4())}
        if row is not None:
            if not isinstance(row, str):
                row.refresh_from_db()
            headers["If-Match"] = row if isinstance(row, str) else row.etag
        call = getattr(api(user), method)
        return call(f"/api/v1/{path}", content, format="json", headers=headers)

    return sending


def refusals(send, user, path, content, method="post"):
    """What is answered without a version, and with an old one."""
    return [
        send(user, path, content, version, method=method).status_code for version in (None, '"99"')
    ]


def plan(city, version):
    return {
        "programme": city.programme.code, "scheme": version.scheme.code, "title": "履职评价",
        "starts_on": "2021-08-03", "ends_on": "2022-04-30", "self_by": "2022-04-20",
        "unit_by": "2022-04-22", "review_by": "2022-04-29",
    }  # fmt: skip


def test_a_round_is_opened_once_and_moved_from_its_newest_version(
    panel, send, foreigner, data_officer
):
    content, key = plan(panel.city, panel.scheme()), str(uuid4())
    first = send(panel.officer, "rounds/", content, key=key)
    again = send(panel.officer, "rounds/", content, key=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Round.rows.count() == 1
    changed = send(panel.officer, "rounds/", {**content, "title": "另一次"}, key=key)
    assert changed.status_code == 422
    row = Round.rows.get()
    path = f"rounds/{row.number}/"
    assert refusals(send, panel.officer, path, {"title": "x"}, "patch") == [428, 412]
    assert refusals(send, panel.officer, f"{path}advance/", {"move": "open_self"}) == [428, 412]
    for user, status in ((data_officer, 403), (foreigner, 404), (panel.head, 403)):
        answer = send(user, f"{path}advance/", {"move": "open_self"}, row)
        assert answer.status_code == status
    assert send(foreigner, "rounds/", content).status_code == 422
    moved = send(panel.officer, f"{path}advance/", {"move": "open_self"}, row)
    assert moved.json()["state"] == "self_scoring"
    late = send(panel.officer, f"{path}advance/", {"move": "publish"}, row)
    assert late.status_code == 409


def test_a_result_that_is_put_up_by_the_api_waits_for_its_signature(panel, send):
    row = panel.objections()
    answer = send(panel.officer, f"rounds/{row.number}/advance/", {"move": Move.FINALISE}, row)
    assert (answer.status_code, answer.json()["state"]) == (200, "objections")
    again = send(panel.officer, f"rounds/{row.number}/advance/", {"move": Move.FINALISE}, row)
    assert again.status_code == 409
    assert "正在审签" in again.content.decode()


def test_a_sheet_is_filled_and_contested_by_its_own_unit(panel, send, data_officer, stranger):
    row = panel.self_scoring()
    card = panel.card(row)
    path = f"scorecards/{row.number}.{card.unit.code}/"
    cell = {"indicator": "k22", "hand": "self", "points": "18", "cell_version": 0}
    assert send(data_officer, f"{path}score/", cell).status_code == 200
    assert send(stranger, f"{path}score/", cell).status_code == 404
    assert send(data_officer, f"{path}score/", {**cell, "points": "17"}).status_code == 409
    assert refusals(send, data_officer, f"{path}hand-in/", {"hand": "self"}) == [428, 412]
    assert send(data_officer, f"{path}hand-in/", {"hand": "self"}, card).status_code == 403
    cdo = panel.person(card.unit, "unit_cdo")
    assert send(cdo, f"{path}hand-in/", {"hand": "self"}, card).status_code == 200
    assert Scorecard.rows.get(pk=card.pk).self_done_by == cdo


def test_an_objection_is_raised_once_and_answered_by_the_desk(panel, send, stranger):
    row = panel.objections()
    card, key = panel.card(row), str(uuid4())
    clerk = panel.person(card.unit, "data_officer")
    content = {
        "scorecard": f"{row.number}.{card.unit.code}", "indicator": "k12", "reason": "有新材料",
        "points": "12",
    }  # fmt: skip
    first = send(clerk, "objections/", content, key=key)
    assert first.status_code == 201
    assert send(clerk, "objections/", content, key=key).json() == first.json()
    found = Objection.rows.get()
    assert send(stranger, "objections/", content).status_code == 422
    path = f"objections/{found.number}/"
    assert send(stranger, f"{path}withdraw/", {}, found).status_code == 404
    answer = {"move": "uphold", "decision": "属实"}
    assert send(clerk, f"{path}decide/", answer, found).status_code == 403
    assert send(panel.first, f"{path}decide/", answer, found).status_code == 403
    assert refusals(send, panel.head, f"{path}decide/", answer) == [428, 412]
    assert send(panel.head, f"{path}decide/", answer, found).json()["state"] == "upheld"


def test_a_scheme_is_made_copied_and_gets_its_next_version(panel, send, data_officer, foreigner):
    content = {"programme": panel.city.programme.code, "title": "履职评价指标"}
    assert send(data_officer, "schemes/", content).status_code == 403
    assert send(panel.officer, "schemes/", content).status_code == 201
    model = panel.scheme().scheme
    copied = send(panel.officer, "schemes/", {**content, "copy_of": model.code})
    row = Scheme.rows.get(code=copied.json()["id"])
    assert row.versions.get().indicators.count() == model.versions.get().indicators.count()
    published = panel.prepared().scheme_version.scheme  # a round goes by it, so it changes no more
    path = f"schemes/{published.code}/next-version/"
    assert refusals(send, panel.officer, path, {}) == [428, 412]
    assert send(foreigner, path, {}, published).status_code == 404
    assert send(panel.head, path, {}, published).status_code == 403
    assert send(panel.officer, path, {}, published).status_code == 200
    assert published.versions.count() == 2


def test_a_round_is_changed_and_gets_its_facts_reviewers_and_bodies(panel, send):
    row = panel.prepared()
    path = f"rounds/{row.number}/"
    renamed = send(panel.officer, path, {"title": "另一个名称"}, row, method="patch")
    assert renamed.json()["title"] == "另一个名称"
    assert send(panel.officer, f"{path}refresh-facts/", {}, row).status_code == 409  # not begun
    card = panel.card(row)
    dropped = f"scorecards/{row.number}.{card.unit.code}/drop/"
    assert send(panel.officer, dropped, {"reason": "不参加"}, card).status_code == 200
    unit = {"unit": card.unit.code}
    assert send(panel.officer, f"{path}add-subject/", unit, row).status_code == 200
    for code in (panel.city.bureau.code, "nobody"):
        assert send(panel.officer, f"{path}add-subject/", {"unit": code}, row).status_code == 422
    same = {"first": panel.first.username, "second": panel.first.username}
    assert send(panel.officer, f"{path}seats/", same, row).status_code == 409
    seats = {"first": panel.first.username, "second": panel.second.username}
    assert send(panel.officer, f"{path}seats/", seats, row).status_code == 200


def test_a_sheet_is_taken_back_reviewed_and_corrected(panel, send):
    row = panel.self_scoring()
    card = panel.card(row)
    path = f"scorecards/{row.number}.{card.unit.code}/"
    cdo = panel.person(card.unit, "unit_cdo")
    panel.score(card, "k22", "self", cdo, points=Decimal(18))
    for act in ("hand-in", "take-back"):
        assert send(cdo, f"{path}{act}/", {"hand": "self"}, card).status_code == 200
    row = panel.review(panel.prepared(panel.scheme(), replace(PLAN, title="又一次评价")))
    assert send(panel.officer, f"rounds/{row.number}/refresh-facts/", {}, row).status_code == 200
    card = panel.card(row)
    path = f"scorecards/{row.number}.{card.unit.code}/"
    panel.fill(card, panel.first, "first")
    for act in ("resume-review", "finish-review"):
        assert send(panel.first, f"{path}{act}/", {}, card).status_code == 200
    assert send(panel.second, f"{path}finish-review/", {}, card).status_code == 422
    unknown = {"indicator": "k99", "points": "1", "reason": "笔误"}
    assert send(panel.officer, f"{path}correct/", unknown, card).status_code == 422
