"""The list of reports, the door from a task, and who signs the first step."""

import pytest

from approvals import services as approvals
from core.errors import MoveNotAllowed
from reports import services
from reports.models import Report
from reports.queries import faults_of
from reports.queries.listing import returned_why, searched
from reports.queries.writing import minutes_left, sections_of, signs_first
from reports.services.revisions import settle

pytestmark = pytest.mark.django_db


def test_a_unit_sees_what_it_has_to_begin_and_what_it_wrote(desk, browse):
    client = browse(desk.data_officer)
    shown = client.get("/reports/").content.decode()
    assert "还没有开始写" in shown
    report = desk.report()
    shown = client.get("/reports/").content.decode()
    assert report.number in shown
    assert "拟稿中" in shown
    assert report.assignment.number not in shown  # begun


def test_the_bureau_sees_what_was_handed_in_and_why_it_went_back(desk, browse):
    report = desk.report()
    client = browse(desk.officer)
    assert report.number not in client.get("/reports/").content.decode()
    desk.handed_in(report)
    remark = services.Remark(report.sections.first().key, "body", "vague", "写明数量。")
    services.return_report(report, [remark], by=desk.officer)
    shown = client.get("/reports/?status=returned").content.decode()
    assert report.number in shown
    assert "没有写具体做了什么：写明数量。" in shown
    assert returned_why([]) == {}


@pytest.mark.parametrize(
    ("query", "count"),
    [("q=公安", 1), ("q=没有", 0), ("late=true", 0), ("late=false", 1), ("kind=summary", 0),
     ("period=2022Q1", 1), ("programme=", 1), ("unit=nobody", 0), ("task=RW-0", 0)],
)  # fmt: skip
def test_the_list_narrows(desk, browse, query, count):
    report = desk.handed_in()
    shown = browse(desk.data_officer).get(f"/reports/?{query}").content.decode()
    assert (f'href="/reports/{report.number}/"' in shown) == bool(count)


def test_a_report_is_found_by_number_title_and_names_of_its_unit(desk):
    report = desk.report()
    for text in (report.number, "履职进展", "公安"):
        assert searched(Report.rows.all(), text).count() == 1
    assert not searched(Report.rows.all(), "教育").exists()


def test_only_the_bodys_own_people_begin_its_report(desk, city, browse, stranger):
    task = city.assignment_of(city.department, "2022Q1")
    door = f"/reports/start/?task={task.number}"
    assert browse(desk.officer).get(door).status_code == 403
    assert browse(stranger).get(door).status_code == 404
    assert browse(desk.data_officer).get("/reports/start/?task=RW-0").status_code == 404
    training = city.assignment(city.department, "training")
    refused = browse(desk.data_officer).post(f"/reports/start/?task={training.number}")
    assert refused["Location"] == f"/tasks/{training.number}/"


def test_a_named_signer_signs_and_nobody_else(desk):
    report = desk.report()
    assert signs_first(report, desk.unit_cdo)
    assert not signs_first(report, desk.data_officer)
    chain = [approvals.ChainChoice("section", desk.data_officer), approvals.ChainChoice("cdo")]
    approvals.choose_chain(desk.city.department, chain, by=None, is_bureau=False)
    assert signs_first(report, desk.data_officer)
    assert not signs_first(report, desk.unit_cdo)


def test_what_is_finished_takes_no_more_time(desk):
    report = desk.report()
    faults = faults_of(report)
    assert minutes_left(report, sections_of(report), faults) == 4
    desk.fill(report)
    assert minutes_left(report, sections_of(report), []) == 0


def test_of_what_was_handed_in_nothing_is_chosen(desk):
    report = desk.handed_in()
    with pytest.raises(MoveNotAllowed):
        settle(desk.section(report), by=desk.data_officer)


def test_a_check_of_what_was_handed_in_leads_to_its_page(desk, browse):
    report = desk.handed_in()
    answer = browse(desk.data_officer).get(f"/reports/{report.number}/check/")
    assert answer["Location"] == f"/reports/{report.number}/"
