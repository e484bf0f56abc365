"""P11: the queue, one report beside the last period, answers field by field, batches, taking back."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from core import clock
from core.models import AuditEntry
from reports import services
from reports.choices import Status
from reports.models import Report, Review
from reports.queries import desk as at_desk
from reports.queries.screening import screened
from tests.conftest import _member

pytestmark = pytest.mark.django_db
QUEUE = "/review/"


def address(report, act=""):
    name = f"review-{act}" if act else "review"
    return reverse(f"reports:{name}", args=[report.number])


def now(report):
    return Report.rows.for_lists().get(pk=report.pk)


@pytest.fixture
def others(desk, city):
    """Reports of the other two pilots, handed in after the department's."""
    found = []
    for unit in (city.government, city.district):
        writer, cdo = _member(city, unit, "data_officer"), _member(city, unit, "unit_cdo")
        report = services.start_report(city.assignment_of(unit, "2022Q1"), by=writer)
        services.put_up_and_sign(desk.fill(report), by=cdo)
        found.append(now(report))
    return found


@pytest.fixture
def two(desk, others):
    """The department's report, and the next that waits."""
    first = desk.handed_in()
    Report.rows.filter(pk=first.pk).update(handed_in_at=clock.now() - timedelta(hours=1))
    return now(first), others[0]


def posted(report, **facts):
    return {"version": report.version, **facts}


def place_of(client, report, section, field):
    """The number of the place where a remark on that field is written."""
    points = client.get(address(report)).context["form"].points
    return next(
        place
        for place, point in enumerate(points)
        if (point.section, point.field) == (section, field)
    )


# --- the queue -----------------------------------------------------------------------------------


def test_the_queue_shows_what_waits_the_longest_waiting_first(two, browse, officer):
    answer = browse(officer).get(QUEUE)
    text = answer.content.decode()
    shown = [line.report.number for line in answer.context["lines"]]
    assert shown[0] == two[0].number
    assert set(shown) == set(Report.rows.waiting().values_list("number", flat=True))
    assert "共3份" in text
    assert "无佐证" in text


@pytest.mark.parametrize("name", ["data_officer", "unit_cdo", "head", "evaluator", "auditor"])
def test_only_who_answers_for_the_bureau_opens_the_queue(two, browse, cast, name):
    assert browse(cast[name]).get(QUEUE).status_code == 403
    assert browse(cast[name]).get(address(two[0])).status_code == 403


def test_another_citys_bureau_sees_nothing_of_it(two, browse, foreigner):
    assert browse(foreigner).get(QUEUE).context["lines"] == []
    assert browse(foreigner).get(address(two[0])).status_code == 404
    assert browse(foreigner).post(address(two[0], "accept"), posted(two[0])).status_code == 404


def test_the_filters_of_the_queue_narrow_it(desk, two, browse, officer, city):
    client = browse(officer)
    Report.rows.filter(pk=two[0].pk).update(handed_in_on=clock.today() - timedelta(days=4))

    def numbers(**query):
        answer = client.get(QUEUE, query)
        return {line.report.number for line in answer.context["lines"]}

    everything = numbers()
    assert numbers(long="true") == {two[0].number}
    assert numbers(long="false") == everything - {two[0].number}
    assert numbers(kind="summary") == set()
    assert numbers(kind="progress") == everything
    assert numbers(q=two[0].number) == {two[0].number}
    assert numbers(q=city.district.short_name) == numbers(q=city.district.full_name) != set()
    assert numbers(check="clean") == everything
    Report.rows.filter(pk=two[1].pk).update(handed_in_on=date(2022, 5, 1))
    assert numbers(check="clean") == everything - {two[1].number}
    assert numbers(check="flagged") == {two[1].number}
    assert numbers(period=two[0].period.audit_key) == everything
    assert numbers(period="x.y") == set()
    assert numbers(programme="") == everything
    facts = {fact["label"]: fact["value"] for fact in client.get(QUEUE).context["facts"]}
    assert (facts["待审核报告"], facts["等待超过3天"], facts["延期申请"]) == (3, 1, 0)


def test_each_number_of_the_queue_opens_as_many_rows(two, browse, officer):
    client = browse(officer)
    for fact in client.get(QUEUE).context["facts"][:2]:
        if fact["url"]:
            assert len(client.get(fact["url"]).context["lines"]) == fact["value"]


def test_an_empty_queue_says_so(desk, browse, officer):
    assert "没有待审核的报告" in browse(officer).get(QUEUE).content.decode()
    filtered = browse(officer).get(QUEUE, {"kind": "summary"}).content.decode()
    assert "没有符合条件的报告" in filtered


def test_the_queue_asks_no_more_for_more_reports(
    desk, others, browse, officer, django_assert_max_num_queries
):
    client = browse(officer)
    client.get(QUEUE)
    with django_assert_max_num_queries(60) as two_rows:
        client.get(QUEUE)
    desk.handed_in()
    with django_assert_max_num_queries(len(two_rows)):
        client.get(QUEUE)


# --- the check -----------------------------------------------------------------------------------


def found_in(report):
    return [code for code, _words, _key in screened([report])[0].findings]


def test_a_report_with_evidence_and_news_is_clean(desk, received, city):
    report = desk.report()
    evidence = services.keep_evidence(
        received, unit=city.department, programme=city.programme, by=None
    )
    services.attach(desk.section(report), evidence, by=desk.data_officer)
    clean = desk.handed_in(report)
    found = screened([clean, desk.summary()])
    assert [each.is_clean for each in found] == [True]
    assert (found[0].files, found[0].words) == (1, [])
    assert found[0].length > 0


def test_text_of_last_period_without_a_word_is_found(desk):
    old = desk.open_period("2021Q4")
    desk.handed_in(desk.report(code=old.code), body="一样的正文。")
    report = desk.handed_in(body="一样的正文。")
    assert found_in(report) == ["same_text", "same_text", "no_evidence"]


def test_the_page_names_the_sections_that_a_finding_is_about(desk, browse, officer):
    old = desk.open_period("2021Q4")
    desk.handed_in(desk.report(code=old.code), body="一样的正文。")
    report = desk.handed_in(body="一样的正文。")
    page = browse(officer).get(address(report))
    notes = page.context["screened"].notes
    headings = [section.heading for section in report.sections.order_by("position")]
    assert [heading for _key, heading in notes[0]["places"]] == headings
    assert [note["words"] for note in notes] == ["与上期相同未说明"]
    assert page.context["screened"].hints == ["无佐证"]
    assert '<li class="quiet">无佐证</li>' in page.content.decode()
    assert f'href="#{notes[0]["places"][0][0]}"' in page.content.decode()


def test_a_report_without_evidence_is_clean_and_says_so(desk):
    found = screened([desk.handed_in()])[0]
    assert (found.is_clean, found.words, found.hints) == (True, [], ["无佐证"])


def test_what_is_said_to_be_unchanged_is_clean(desk):
    old = desk.open_period("2021Q4")
    desk.handed_in(desk.report(code=old.code), body="一样的正文。")
    report = desk.report()
    services.mark_unchanged(report, by=desk.data_officer)
    services.put_up_and_sign(now(report), by=desk.unit_cdo)
    assert found_in(now(report)) == []


def test_figures_of_last_period_are_found(desk, city):
    area = city.programme.areas.order_by("position").first()
    asked = [services.FigureAsked(area, "编目数量", "项")]
    old = desk.open_period("2021Q4", figures=asked)
    services.change_period(now(desk.report()).period, by=desk.officer, figures=asked)
    for period, body in ((old.code, "去年的。"), ("2022Q1", "今年的。")):
        report = desk.report(code=period)
        figure = report.period.figures.get()
        services.save_section(
            desk.section(report), {"figures": {figure.pk: Decimal(300)}}, by=None, version=None
        )
        last = desk.handed_in(report, body=body)
    assert "same_figures" in found_in(last)


def test_what_came_late_is_found(desk):
    old = desk.open_period("2021Q4")
    assert "late" in found_in(desk.handed_in(desk.report(code=old.code)))


# --- one report ----------------------------------------------------------------------------------


def test_opening_it_is_noted_once_and_only_for_who_may_answer(two, browse, officer, head):
    report = two[0]
    browse(head).get(reverse("reports:report", args=[report.number]))
    assert now(report).opened_at is None
    browse(officer).get(address(report))
    first = now(report)
    assert (first.opened_by, first.version) == (officer, report.version)
    browse(officer).get(address(report))
    assert now(report).opened_at == first.opened_at
    assert AuditEntry.objects.filter(verb="report.open").count() == 1


def test_passing_leads_to_the_next_with_a_way_back(two, browse, officer):
    client = browse(officer)
    answer = client.post(address(two[0], "accept"), posted(two[0]), follow=True)
    assert answer.redirect_chain[-1][0] == address(two[1])
    text = answer.content.decode()
    assert f"已通过：{two[0].title}。" in text
    review = Review.rows.get()
    undone = client.post(address(two[0], "undo"), {"review": review.pk}, follow=True)
    assert "回到待审核" in undone.content.decode()
    assert now(two[0]).status == Status.SUBMITTED


def test_the_last_one_leads_back_to_the_queue(desk, browse, officer):
    report = desk.handed_in()
    answer = browse(officer).post(address(report, "accept"), posted(report))
    assert answer["Location"] == QUEUE
    assert "已通过" in browse(officer).get(QUEUE).content.decode()


def test_returning_says_beside_each_field_what_is_to_be_changed(two, browse, officer, desk):
    client, report = browse(officer), two[0]
    key = report.sections.first().key
    place = place_of(client, report, key, "body")
    data = {f"reason-{place}": "vague", f"text-{place}": "写明数量。", "note": "总体不错。"}
    answer = client.post(address(report, "return"), posted(report, **data))
    assert answer.status_code == 302
    review = Review.rows.get()
    remark = review.remarks.get()
    assert (remark.section_key, remark.field, remark.reason) == (key, "body", "vague")
    assert (remark.text, review.note) == ("写明数量。", "总体不错。")
    page = browse(desk.data_officer).get(reverse("reports:report", args=[report.number]))
    assert "没有写具体做了什么：写明数量。" in page.content.decode()


def test_returning_without_a_word_is_refused_and_keeps_the_note(two, browse, officer):
    answer = browse(officer).post(address(two[0], "return"), posted(two[0], note="看过了，要改。"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "至少在一处写明要改什么" in text
    assert "看过了，要改。" in text
    assert now(two[0]).status == Status.SUBMITTED


def test_every_remark_is_kept_when_one_is_faulty(two, browse, officer):
    client, report = browse(officer), two[0]
    key = report.sections.first().key
    body = place_of(client, report, key, "body")
    steps = place_of(client, report, key, "next_steps")
    data = {
        f"text-{body}": "字" * 501,
        f"reason-{steps}": "other",
        "reason-0": "missing",
        "text-0": "留着的意见。",
    }
    answer = client.post(address(report, "return"), posted(report, **data))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "超出上限1字" in text
    assert "选了“其他”，写明要改什么" in text
    assert "留着的意见。" in text
    assert "字" * 501 in text


def test_passing_with_remarks_written_asks_which_was_meant(two, browse, officer):
    data = posted(two[0], **{"reason-0": "missing", "text-0": "别丢。"})
    answer = browse(officer).post(address(two[0], "accept"), data)
    assert answer.status_code == 422
    assert "要通过先清空，要退回点“退回”" in answer.content.decode()
    assert "别丢。" in answer.content.decode()


def test_the_second_reviewer_reads_who_when_and_what(city, two, browse, officer):
    colleague = _member(city, city.bureau, "bureau_officer")
    services.accept(two[0], by=colleague)
    data = posted(two[0], **{"text-0": "我的意见。"})
    answer = browse(officer).post(address(two[0], "return"), data)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert f"{two[0].number}已由{colleague}在" in text
    assert "审核：通过，无须再处理" in text
    assert "我的意见。" in text
    seen = browse(officer).get(address(two[0]), follow=True).content.decode()
    assert f"已由{colleague}在" in seen
    assert Review.rows.count() == 1


def test_a_page_of_before_is_told_that_it_is_old(two, browse, officer):
    data = {"version": two[0].version - 1}
    answer = browse(officer).post(address(two[0], "accept"), data)
    assert answer.status_code == 412
    assert now(two[0]).status == Status.SUBMITTED


def test_what_the_unit_took_back_is_not_reviewed(desk, two, browse, officer):
    services.recall(two[0], by=desk.data_officer)
    answer = browse(officer).get(address(two[0]), follow=True)
    assert "不用审核" in answer.content.decode()


def test_an_address_that_is_only_posted_to_leads_to_the_page(two, browse, officer):
    client = browse(officer)
    for act in ("accept", "return", "undo"):
        assert client.get(address(two[0], act)).status_code == 302


def test_undo_is_refused_after_ten_minutes(two, browse, officer, later):
    review = services.accept(two[0], by=officer)
    client = browse(officer)
    wrong = client.post(address(two[0], "undo"), {"review": "0"}, follow=True)
    assert "不能撤销" in wrong.content.decode()
    later(timedelta(minutes=11))
    late = client.post(address(two[0], "undo"), {"review": review.pk}, follow=True)
    assert "审核已超过10分钟" in late.content.decode()
    assert now(two[0]).status == Status.ACCEPTED


def test_the_report_page_offers_the_undo_to_reviewers_only(two, browse, officer, desk, head):
    services.accept(two[0], by=officer)
    page = reverse("reports:report", args=[two[0].number])
    assert "10分钟内可以撤销" in browse(officer).get(page).content.decode()
    for user in (desk.data_officer, head):
        assert "10分钟内可以撤销" not in browse(user).get(page).content.decode()


def test_the_second_edition_shows_what_was_asked_for(desk, browse, officer):
    report = desk.handed_in(body="第一稿。")
    key = report.sections.first().key
    remarks = [
        services.Remark(key, "body", "vague", "写数量。"),
        services.Remark("", "", "", "整份再核对。"),
        services.Remark(key, "", "missing", ""),
    ]
    services.return_report(report, remarks, by=officer)
    services.put_up_and_sign(desk.fill(now(report), body="第二稿三百条。"), by=desk.unit_cdo)
    text = browse(officer).get(address(report)).content.decode()
    assert "第1稿2022-04-15退回过" in text
    assert "写数量。" in text
    assert "整份再核对。" in text
    assert "对照两稿" in text


def test_the_next_is_never_ones_own_entry(desk, two, officer):
    services.accept(two[1], by=officer)
    rest = at_desk.waiting_for(officer).exclude(pk=two[0].pk).get()
    assert at_desk.after(two[0], officer) == rest
    assert at_desk.after(rest, officer) == two[0]
    draft = desk.summary()
    assert at_desk.after(draft, officer) == two[0]


# --- a batch -------------------------------------------------------------------------------------


@pytest.fixture
def flagged(desk, others, city):
    """`others`, which say what their units had said the period before."""
    desk.open_period("2021Q4")
    for report in others:
        old = services.start_report(city.assignment_of(report.unit, "2021Q4"), by=None)
        cdo = _member(city, report.unit, "unit_cdo")
        services.put_up_and_sign(desk.fill(old), by=cdo)
        services.accept(now(old), by=desk.officer)
    return others


@pytest.fixture
def clean(desk, flagged, city, received):
    """Two reports in which the check finds nothing, beside those in which it does."""
    good = []
    for report in (desk.report(), services.start_report(city.assignment(city.district), by=None)):
        evidence = services.keep_evidence(
            received, unit=report.unit, programme=city.programme, by=None
        )
        services.attach(desk.section(report), evidence, by=None)
        cdo = _member(city, report.unit, "unit_cdo")
        services.put_up_and_sign(desk.fill(report), by=cdo)
        good.append(now(report))
    return good


def ticked(*reports):
    return {"row": [f"{report.number}@{report.version}" for report in reports]}


def test_a_batch_first_names_them_and_then_takes_exactly_these(clean, flagged, browse, officer):
    client = browse(officer)
    answer = client.post("/review/batch/", ticked(*clean, flagged[0]))
    text = answer.content.decode()
    assert [row.number for row in answer.context["rows"]] == [row.number for row in clean]
    assert all(row.title in text for row in clean)
    assert f"{flagged[0].number} {flagged[0].title}：与上期相同未说明，逐份审核" in text
    assert now(clean[0]).status == Status.SUBMITTED
    answer = client.post("/review/batch/", {**ticked(clean[0]), "confirmed": "1"})
    assert "已通过1份。" in answer.content.decode()
    assert now(clean[0]).status == Status.ACCEPTED
    assert now(clean[1]).status == Status.SUBMITTED
    assert now(flagged[0]).status == Status.SUBMITTED


def test_a_batch_goes_on_where_one_is_refused(city, clean, browse, officer):
    client = browse(officer)
    stale = {"row": [f"{clean[0].number}@99", f"{clean[1].number}@{clean[1].version}"]}
    answer = client.post("/review/batch/", {**stale, "confirmed": "1"})
    text = answer.content.decode()
    assert "没有通过" in text
    assert now(clean[0]).status == Status.SUBMITTED
    assert now(clean[1]).status == Status.ACCEPTED
    again = client.post("/review/batch/", {**ticked(clean[1]), "confirmed": "1"})
    assert f"{clean[1].number}：已不在待审核里" in again.content.decode()


def test_a_batch_never_passes_a_row_with_findings(flagged, browse, officer):
    data = {**ticked(*flagged), "confirmed": "1"}
    browse(officer).post("/review/batch/", data)
    assert {now(report).status for report in flagged} == {Status.SUBMITTED}
    named = browse(officer).post("/review/batch/", ticked(*flagged)).content.decode()
    assert "没有可以批量通过的报告。" in named


def test_a_batch_of_nothing_is_refused(desk, browse, officer):
    client = browse(officer)
    for data in ({}, {"row": ["x", "BG-2022-0001@", "@3"]}):
        answer = client.post("/review/batch/", data, follow=True)
        assert "先勾选要通过的报告。" in answer.content.decode()
    assert client.get("/review/batch/")["Location"] == QUEUE
