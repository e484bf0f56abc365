"""No unit ever reads another unit's score or place: canary numbers on every page and endpoint."""

import json
import re
from decimal import Decimal

import pytest

from evaluations import services
from evaluations.choices import Hand, Move
from evaluations.models import Edition, Objection, Result, Scorecard
from evaluations.queries.sheets import reviewed_leaves

pytestmark = pytest.mark.django_db
CANARY = ("7.5", "SINGLARK")  # what the district got for 创新, and why


@pytest.fixture
def told(panel):
    """A published round in which the district's score and its reason are canaries, and it objected."""
    round_ = panel.review()
    for card in Scorecard.rows.filter(round=round_):
        is_district = card.unit == panel.city.district
        for user, hand in ((panel.first, Hand.FIRST), (panel.second, Hand.SECOND)):
            for row in reviewed_leaves(card, hand):
                entry = {
                    "k11": {"answer": 0},
                    "k12": {
                        "points": Decimal("7.5") if is_district else Decimal(12),
                        "reason": "SINGLARK" if is_district else "",
                    },
                    "k3": {"points": Decimal(0)},
                }[row.key]
                panel.score(card, row.key, hand, user, **entry)
            services.finish_review(card, by=user)
    panel.go(round_, Move.OPEN_OBJECTIONS)
    clerk = panel.person(panel.city.district, "data_officer")
    card = panel.card(round_, panel.city.district)
    row = services.raise_objection(card, panel.leaf(round_, "k11"), "SINGLARK", by=clerk)
    services.withdraw_objection(row, by=clerk)
    panel.go(round_, Move.FINALISE)
    panel.go(round_, Move.PUBLISH)
    return round_


def pages(round_, own, other) -> list[str]:
    base = f"/evaluations/{round_.number}/"
    row, result = Objection.rows.get(), Result.rows.first()
    foreign = ("", "result/", "result/?view=radar", "print/", "check/", "object/k12/", "evidence/k12/",
               "cells/k12/", "settle/k12/", "correct/k12/", "bonus/", "reviewers/")  # fmt: skip
    return [
        "/", "/evaluations/", base, f"{base}?open=true", f"{base}results/",
        f"{base}results/export.xlsx", f"{base}results/report.docx", f"{base}results/what-if/",
        *(f"{base}{own.code}/{each}" for each in foreign),
        *(f"{base}{other.code}/{each}" for each in foreign),
        "/objections/", "/objections/?q=INGLAR", f"/objections/{row.number}/",
        f"/objections/{row.number}/decide/", f"/units/{own.code}/", f"/units/{other.code}/",
        f"/search/?q={other.short_name}", "/search/?q=INGLAR", f"/search/?q={row.number}",
        f"/search/?q={round_.number}", f"/audit/round:{round_.number}/", "/inbox/",
        "/api/v1/rounds/", "/api/v1/schemes/", "/api/v1/scorecards/", "/api/v1/objections/",
        "/api/v1/results/", f"/api/v1/rounds/{round_.number}/",
        f"/api/v1/scorecards/{round_.number}.{other.code}/", f"/api/v1/objections/{row.number}/",
        f"/api/v1/results/{result.pk}/", f"/api/v1/scorecards/?unit={other.code}",
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["data_officer", "unit_cdo"])
def test_no_page_export_search_or_error_sings_of_another_unit(told, panel, browse, api, role):
    user = panel.person(panel.city.department, role)
    reader, machine = browse(user), api(user)
    total = Result.rows.get(scorecard__enrolment__unit=panel.city.district).total
    for path in pages(told, panel.city.department, panel.city.district):
        client = machine if path.startswith("/api/") else reader
        answer = client.get(path, follow=True)
        body = answer.content.decode(errors="replace")
        assert "SINGLARK" not in body, path
        assert not re.search(r"(?<![\d.])7\.50?(?![\d.])", body), path
        assert str(total) not in body, path
        assert "位次" not in body, path


def test_the_own_result_by_the_api_has_no_place(told, panel, api):
    user = panel.person(panel.city.department, "data_officer")
    found = api(user).get("/api/v1/scorecards/").json()
    assert found["count"] == 1
    assert found["results"][0]["result"]["place"] is None
    assert Decimal(found["results"][0]["result"]["total"]) > 0
    assert "place" not in json.dumps(api(user).get("/api/v1/results/").json())
    assert api(user).get("/api/v1/results/").json()["count"] == 1
    bureau = api(panel.officer).get("/api/v1/scorecards/").json()["results"]
    assert sorted(row["result"]["place"] for row in bureau) == [1, 2]


def test_a_package_is_read_by_nobody_of_a_unit(told, panel):
    assert Edition.objects.visible_to(panel.person(panel.city.department, "unit_cdo")).count() == 0
