"""Reports over the API: written, signed, reviewed, sent, by the same rules as on the pages."""

import io

import pytest
from docx import Document

from reports import services
from reports.choices import Completion
from reports.models import Report, SectionRevision
from tests.conftest import _member

pytestmark = pytest.mark.django_db


@pytest.fixture
def send(api):
    """Send a change as somebody: `send(user, "post", path, content, version)`."""

    def act(user, method, path, content=None, version=None):
        headers = {"Idempotency-Key": f"{path}-{id(content)}-{SectionRevision.objects.count()}"}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return getattr(api(user), method)(
            f"/api/v1/{path}", content or {}, format="json", headers=headers
        )

    return act


def version(report):
    return Report.rows.get(pk=report.pk).version


def test_a_report_is_written_put_up_signed_and_accepted(desk, city, send, api):
    task = city.assignment_of(city.department, "2022Q1")
    made = send(desk.data_officer, "post", "reports/", {"assignment": task.number})
    assert made.status_code == 201
    number = made.json()["id"]
    content = api(desk.data_officer).get(f"/api/v1/reports/{number}/content/").json()
    item = city.programme.areas.order_by("position")[0].items.get(kinds=["municipal_department"])
    for section in content["sections"]:
        key = section["key"]
        body = {"body": "编目120项。", "completion": Completion.UNDER_WAY, "items": [item.code]}
        saved = send(
            desk.data_officer, "patch", f"reports/{number}/sections/{key}/", body,
            content["versions"][key],
        )  # fmt: skip
        assert (saved.status_code, saved.json()["version"]) == (200, 2)
    report = Report.rows.get()
    put = send(desk.data_officer, "post", f"reports/{number}/put-up/", {}, version(report))
    assert (put.status_code, put.json()["status"]) == (200, "to_sign")
    signed = send(
        desk.unit_cdo, "post", f"reports/{number}/sign/", {"remark": "同意"}, version(report)
    )
    assert signed.json()["status"] == "submitted"
    accepted = send(desk.officer, "post", f"reports/{number}/accept/", {}, version(report))
    assert accepted.json()["status"] == "accepted"
    (edition,) = api(desk.officer).get("/api/v1/submissions/").json()["results"]
    assert edition["id"] == f"{number}-1"
    assert api(desk.officer).get(edition["url"]).json()["sha256"] == edition["sha256"]
    seen = api(desk.officer).get(f"/api/v1/reports/{number}/content/").json()
    assert seen == edition["content"]


def test_every_fault_comes_back_at_once(desk, send):
    report = desk.report()
    answer = send(desk.data_officer, "post", f"reports/{report.number}/put-up/", {}, 1)
    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == 4


def test_a_late_saving_keeps_its_text_and_says_so(desk, send):
    report = desk.report()
    path = f"reports/{report.number}/sections/{desk.section(report).key}/"
    assert send(desk.data_officer, "patch", path, {"body": "先"}, 1).status_code == 200
    late = send(desk.data_officer, "patch", path, {"body": "后"}, 1)
    assert late.status_code == 412
    assert "另存" in late.json()["message"]
    assert SectionRevision.objects.filter(kind="conflict").get().content["body"] == "后"
    missing = send(
        desk.data_officer, "patch", f"reports/{report.number}/sections/nowhere/", {"body": "x"}, 1
    )
    assert missing.status_code == 422


def test_figures_are_saved_by_their_number(desk, city, send):
    area = city.programme.areas.order_by("position")[0]
    desk.open_period("2022Q2", figures=[services.FigureAsked(area, "编目数量")])
    report = desk.report(code="2022Q2")
    section = report.sections.get(area=area)
    figure = report.period.figures.get()
    path = f"reports/{report.number}/sections/{section.key}/"
    body = {"figures": [{"id": figure.pk, "value": "12.50"}]}
    assert send(desk.data_officer, "patch", path, body, 1).status_code == 200
    assert section.figures.get().value == 12.5
    wrong = send(desk.data_officer, "patch", path, {"figures": [{"id": 1, "value": "多"}]}, 2)
    assert wrong.status_code == 422


def test_carried_over_marked_unchanged_and_taken_back(desk, send):
    desk.handed_in()
    desk.open_period("2022Q2")
    report = desk.report(code="2022Q2")
    path = f"reports/{report.number}"
    key = desk.section(report).key
    carried = send(desk.data_officer, "post", f"{path}/carry-over/", {"sections": [key]}, 1)
    assert carried.status_code == 200
    assert send(desk.data_officer, "post", f"{path}/unchanged/", {}, 9).status_code == 412
    assert send(desk.data_officer, "post", f"{path}/unchanged/", {}, 1).status_code == 200
    put = send(desk.data_officer, "post", f"{path}/put-up/", {}, 1)
    back = send(desk.data_officer, "post", f"{path}/take-back/", {}, put.json()["version"])
    assert back.json()["status"] == "draft"


def test_sent_back_recalled_returned_and_undone(desk, send, api):
    report = desk.fill(desk.report())
    path = f"reports/{report.number}"
    send(desk.data_officer, "post", f"{path}/put-up/", {}, version(report))
    back = send(desk.unit_cdo, "post", f"{path}/turn-back/", {"reason": "太短"}, version(report))
    assert back.json()["status"] == "draft"
    services.put_up_and_sign(report, by=desk.unit_cdo)
    recalled = send(desk.data_officer, "post", f"{path}/recall/", {}, version(report))
    assert recalled.json()["status"] == "draft"
    services.put_up_and_sign(report, by=desk.unit_cdo)
    remarks = {"remarks": [{"field": "body", "reason": "vague", "text": "写明数量"}]}
    returned = send(desk.officer, "post", f"{path}/return/", remarks, version(report))
    assert returned.json()["status"] == "returned"
    (review,) = api(desk.officer).get("/api/v1/reviews/?decision=returned").json()["results"]
    assert review["remarks"] == [
        {"section": "", "field": "body", "reason": "vague", "text": "写明数量"}
    ]
    undone = send(desk.officer, "post", f"reviews/{review['id']}/undo/")
    assert undone.json()["undone_at"]
    assert api(desk.officer).get("/api/v1/reviews/?standing=true").json()["count"] == 0


def test_what_the_bureau_read_over_the_api_is_not_recalled(desk, send, api):
    report = desk.handed_in()
    path = f"reports/{report.number}"
    api(desk.data_officer).get(f"/api/v1/{path}/content/")
    assert Report.rows.get().opened_at is None
    api(desk.officer).get(f"/api/v1/{path}/content/")
    assert Report.rows.get().opened_by == desk.officer
    refused = send(desk.data_officer, "post", f"{path}/recall/", {}, version(report))
    assert refused.status_code == 409


def test_nobody_does_what_is_not_theirs(desk, city, send, head):
    report = desk.handed_in()
    path, seen = f"reports/{report.number}", version(report)
    neighbour = _member(city, city.district, "data_officer")
    own_task = city.assignment_of(city.government, "2022Q1")
    assert send(neighbour, "post", f"{path}/recall/", {}, seen).status_code == 404
    assert send(desk.unit_cdo, "post", f"{path}/accept/", {}, seen).status_code == 403
    assert send(desk.officer, "post", f"{path}/recall/", {}, seen).status_code == 403
    start = {"assignment": own_task.number}
    assert send(desk.officer, "post", "reports/", start).status_code == 403
    assert send(head, "post", f"{path}/accept/", {}, seen).status_code == 403
    overall = send(desk.officer, "post", f"{path}/draft/", {}, seen)
    assert (overall.status_code, overall.json()["message"]) == (
        409,
        f"{report.number}不是总体报告。",
    )


# --- periods -------------------------------------------------------------------------------------

PERIOD = {
    "code": "2022Q2", "title": "2022年第二季度", "starts_on": "2022-04-01", "ends_on": "2022-06-30",
    "opens_on": "2022-07-01", "due_on": "2022-07-15", "basis_title": "通知",
}  # fmt: skip


def test_a_period_is_opened_changed_closed_and_opened_again(desk, city, send, api):
    area = city.programme.areas.first()
    content = PERIOD | {
        "programme": city.programme.code,
        "figures": [{"area": area.code, "name": "编目数量", "maximum": "100"}],
    }
    made = send(desk.officer, "post", "periods/", content)
    assert (made.status_code, made.json()["id"]) == (201, f"{city.programme.code}.2022Q2")
    assert made.json()["figures"][0]["area"] == area.code
    path = f"periods/{made.json()['id']}"
    moved = {"due_on": "2022-07-20", "reason": "系统切换", "figures": []}
    changed = send(desk.officer, "patch", f"{path}/", moved, 1)
    assert (changed.json()["due_on"], changed.json()["figures"]) == ("2022-07-20", [])
    closed = send(desk.officer, "post", f"{path}/close/", {}, 2)
    assert closed.json()["closed_on"] == "2022-04-15"
    assert api(desk.officer).get("/api/v1/periods/?open=true").json()["count"] == 1
    assert send(desk.officer, "post", f"{path}/reopen/", {}, 3).json()["closed_on"] is None
    assert send(desk.data_officer, "post", f"{path}/close/", {}, 4).status_code == 403


# --- the overall report --------------------------------------------------------------------------


def test_the_overall_report_is_made_sent_and_downloaded(desk, city, send, api, head):
    summary = desk.handed_in(desk.summary())
    task = city.assignment(city.bureau, "overall_report")
    made = send(desk.officer, "post", "reports/", {"assignment": task.number}).json()
    path = f"reports/{made['id']}"
    report = Report.rows.get(kind="overall")
    pick = {"submission": f"{summary.number}-1", "section": "progress", "field": "body"}
    chosen = send(desk.officer, "post", f"{path}/passages/", {"passages": [pick]}, version(report))
    assert chosen.status_code == 200
    wrong = {"passages": [pick | {"submission": "BG-1"}]}
    assert send(desk.officer, "post", f"{path}/passages/", wrong, 1).status_code == 422
    assert send(desk.officer, "post", f"{path}/draft/", {}, version(report)).status_code == 200
    send(desk.officer, "post", f"{path}/put-up/", {}, version(report))
    send(head, "post", f"{path}/sign/", {}, version(report))
    entry = {
        "signed_by_name": "演示人员90", "document_number": "测政数函〔2022〕9号",
        "sent_on": "2022-04-15", "receiver": city.superior.code,
    }  # fmt: skip
    sent = send(desk.officer, "post", f"{path}/dispatch/", entry, version(report))
    assert (sent.json()["status"], sent.json()["document_number"]) == (
        "accepted", "测政数函〔2022〕9号",
    )  # fmt: skip
    query = {"programme": city.programme.code, "kind": "overall"}
    assert api(desk.officer).get("/api/v1/reports/", query).json()["count"] == 1
    answer = api(desk.officer).get(f"/api/v1/{path}/document/")
    lines = [row.text for row in Document(io.BytesIO(answer.content)).paragraphs]
    assert "测政数函〔2022〕9号" in lines
    other = api(desk.officer).get(f"/api/v1/reports/{summary.number}/document/")
    assert Document(io.BytesIO(other.content)).paragraphs
