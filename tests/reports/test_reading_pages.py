"""P10: what each reader sees of a report, how it is signed on its page, taken back, printed."""

import io

import pytest
from django.urls import reverse
from docx import Document

from reports import services
from reports.choices import Status
from reports.models import Report
from tests.conftest import _member

pytestmark = pytest.mark.django_db


def page_of(report, **query):
    tail = "?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else ""
    return reverse("reports:report", args=[report.number]) + tail


def text_of(client, address, **facts):
    answer = client.get(address, **facts)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def now(report):
    return Report.rows.for_lists().get(pk=report.pk)


@pytest.fixture
def waiting(desk):
    """A report that is put up for the CDO."""
    report = desk.fill(desk.report(), body="建成三个数据专题库。")
    return services.put_up(report, by=desk.data_officer)


def test_the_own_people_read_the_draft_and_nobody_else_does(desk, browse, cast):
    report = desk.fill(desk.report(), body="只有本单位看得到的草稿。")
    for name, user in cast.items():
        answer = browse(user).get(page_of(report))
        if name in {"data_officer", "unit_cdo"}:
            assert "只有本单位看得到的草稿。" in answer.content.decode()
            assert "继续填写" in answer.content.decode()
        elif name == "auditor":
            assert "只有本单位看得到的草稿。" not in answer.content.decode()
            assert "报送后可以查看内容" in answer.content.decode()
        else:
            assert answer.status_code in {403, 404}, name


def test_the_bureau_reads_the_edition_and_not_what_is_written_after_it(desk, browse, officer):
    report = desk.handed_in(body="报送的正文。")
    services.return_report(report, [services.Remark("", "", "vague", "写清楚。")], by=officer)
    section = desk.section(report)
    services.save_section(section, {"body": "退回后改的草稿。"}, by=desk.data_officer, version=None)
    theirs = text_of(browse(officer), page_of(report))
    assert "报送的正文。" in theirs
    assert "退回后改的草稿。" not in theirs
    own = text_of(browse(desk.data_officer), page_of(report))
    assert "退回后改的草稿。" in own
    assert "没有写具体做了什么：写清楚。" in own
    assert "去修改" in own


def test_the_cdo_signs_with_one_button_and_gets_a_page_that_stays(desk, waiting, browse):
    client = browse(desk.unit_cdo)
    page = text_of(client, page_of(waiting))
    assert "读完后在页面下方审签" in page
    assert "报送后市政数局可见，如需改动须先撤回。" in page
    assert "同意并报送" in page
    version = client.get(page_of(waiting)).context["signing"].open.version
    answer = client.post(
        reverse("reports:sign", args=[waiting.number, "agree"]), {"version": version}
    )
    done = reverse("reports:handed-in", args=[waiting.number])
    assert (answer.status_code, answer["Location"]) == (302, done)
    for _time in range(2):
        text = text_of(client, done)
        assert f"已报送{waiting.number}" in text
        assert "一般在3个工作日内" in text
    row = now(waiting)
    assert (row.status, row.editions) == (Status.SUBMITTED, 1)


def test_signing_twice_hands_in_once(desk, waiting, browse):
    client = browse(desk.unit_cdo)
    version = client.get(page_of(waiting)).context["signing"].open.version
    address = reverse("reports:sign", args=[waiting.number, "agree"])
    client.post(address, {"version": version})
    again = client.post(address, {"version": version})
    assert again.status_code == 409
    assert "无须再办" in again.content.decode()
    assert now(waiting).editions == 1


def test_the_cdo_sends_it_back_with_a_reason_and_the_writer_sees_it(desk, waiting, browse):
    client = browse(desk.unit_cdo)
    version = client.get(page_of(waiting)).context["signing"].open.version
    address = reverse("reports:sign", args=[waiting.number, "send-back"])
    refused = client.post(address, {"version": version, "back-reason": ""})
    assert refused.status_code == 422
    client.post(address, {"version": version, "back-reason": "补上数字。"})
    assert now(waiting).status == Status.DRAFT
    assert "补上数字。" in text_of(browse(desk.data_officer), page_of(waiting))


def test_the_writer_takes_it_back_before_it_is_signed(desk, waiting, browse):
    client = browse(desk.data_officer)
    page = text_of(client, page_of(waiting))
    assert "等unit_cdo人员审签" in page
    version = client.get(page_of(waiting)).context["signing"].open.version
    client.post(reverse("reports:sign", args=[waiting.number, "recall"]), {"version": version})
    assert now(waiting).status == Status.DRAFT


def test_of_two_steps_the_first_only_agrees(city, desk, browse):
    from tests.factories.approvals import ChainStepFactory

    chief = _member(city, city.department, "data_officer")
    ChainStepFactory(unit=city.department, position=1, kind="section")
    ChainStepFactory(unit=city.department, position=2, kind="cdo")
    report = services.put_up(desk.fill(desk.report()), by=desk.data_officer)
    client = browse(chief)
    page = text_of(client, page_of(report))
    assert "同意后交下一步审签。" in page
    assert "同意并报送" not in page
    version = client.get(page_of(report)).context["signing"].open.version
    answer = client.post(
        reverse("reports:sign", args=[report.number, "agree"]), {"version": version}
    )
    assert answer["Location"] == page_of(report)
    assert now(report).status == Status.TO_SIGN


def test_what_was_signed_on_paper_hands_it_in(desk, waiting, browse):
    from tests.officers.desk import scan

    client = browse(desk.data_officer)
    version = client.get(page_of(waiting)).context["signing"].open.version
    answer = client.post(
        reverse("reports:sign", args=[waiting.number, "paper"]),
        {
            "version": version,
            "paper-name-0": "李局长",
            "paper-on-0": "2022-04-15",
            "paper-file": scan(),
        },
    )
    assert answer["Location"] == reverse("reports:handed-in", args=[waiting.number])
    assert "李局长" in text_of(client, page_of(waiting))


def test_it_is_recalled_until_the_bureau_opens_it(desk, browse, officer):
    report = desk.handed_in()
    client = browse(desk.data_officer)
    assert "撤回这份报告" in text_of(client, page_of(report))
    address = reverse("reports:recall", args=[report.number])
    assert client.get(address).status_code == 302
    answer = client.post(address, {"version": report.version}, follow=True)
    assert "已撤回" in answer.content.decode()
    assert now(report).status == Status.DRAFT
    services.put_up_and_sign(now(report), by=desk.unit_cdo)
    services.open_for_review(now(report), by=officer)
    page = text_of(client, page_of(report))
    assert "撤回这份报告" not in page
    assert "市政数局已打开，正在审核" in page
    answer = client.post(address, {"version": now(report).version}, follow=True)
    assert "不能撤回" in answer.content.decode()


def test_the_bureaus_people_may_not_recall(desk, browse, officer):
    report = desk.handed_in()
    answer = browse(officer).post(reverse("reports:recall", args=[report.number]))
    assert answer.status_code == 403


def test_a_draft_has_no_page_that_says_it_is_in(desk, browse):
    report = desk.report()
    answer = browse(desk.data_officer).get(reverse("reports:handed-in", args=[report.number]))
    assert answer["Location"] == page_of(report)


def test_the_differences_to_the_last_period_are_marked(desk, browse, officer):
    old = desk.open_period("2021Q4")
    before = desk.report(code=old.code)
    desk.handed_in(before, body="编制数据目录三百条，培训两场。")
    report = desk.handed_in(body="编制数据目录五百条，培训两场。")
    client = browse(officer)
    page = text_of(client, page_of(report))
    assert "<del>三</del><ins>五</ins>" in page
    assert before.number in page
    plain = text_of(client, page_of(report, view="plain"))
    assert "<ins>" not in plain
    assert "编制数据目录五百条，培训两场。" in plain


def test_only_the_changes_hides_what_stayed(desk, browse, officer):
    old = desk.open_period("2021Q4")
    before = desk.report(code=old.code)
    desk.handed_in(before, body="没有变化的正文。")
    report = desk.handed_in(body="没有变化的正文。")
    assert "没有变化的正文。" in text_of(browse(officer), page_of(report))
    page = text_of(browse(officer), page_of(report, view="changes"))
    assert "各部分都与上期相同。" in page
    assert "没有变化的正文。" not in page


def test_carried_text_is_marked_for_every_reader(desk, browse, officer):
    old = desk.open_period("2021Q4")
    before = desk.report(code=old.code)
    desk.handed_in(before, body="沿用的正文。")
    report = desk.report()
    services.mark_unchanged(report, by=desk.data_officer)
    services.put_up_and_sign(now(report), by=desk.unit_cdo)
    for user in (officer, desk.data_officer):
        assert f"沿用{before.number}，未修改" in text_of(browse(user), page_of(report))


def test_two_editions_stand_side_by_side(desk, browse, officer):
    report = desk.handed_in(body="第一稿写了一部分内容。")
    services.return_report(report, [services.Remark("", "", "vague", "")], by=officer)
    desk.fill(now(report), body="第二稿写了一部分内容。")
    services.put_up_and_sign(now(report), by=desk.unit_cdo)
    address = reverse("reports:compare", args=[report.number])
    page = text_of(browse(officer), address)
    assert "第1稿和第2稿" in page
    assert "<del>一</del>" in page
    assert "<ins>二</ins>" in page
    assert text_of(browse(officer), f"{address}?left=2&right=1&only=1")
    assert browse(officer).get(f"{address}?left=1&right=9").status_code == 404
    report_page = text_of(browse(officer), page_of(report))
    assert f"{address}?left=1&amp;right=2" in report_page
    for edition in report.submissions.all():
        assert edition.sha256 in report_page


def test_a_draft_has_nothing_to_compare(desk, browse):
    report = desk.report()
    answer = browse(desk.data_officer).get(reverse("reports:compare", args=[report.number]))
    assert answer["Location"] == page_of(report)


def test_print_and_word_hold_every_text_and_number(desk, browse, officer):
    report = desk.handed_in(body="打印的正文。", problems="打印的问题。")
    client = browse(officer)
    page = text_of(client, reverse("reports:print", args=[report.number]))
    assert "打印的正文。" in page
    assert "本期进展" in page
    answer = client.get(reverse("reports:docx", args=[report.number]))
    words = "\n".join(line.text for line in Document(io.BytesIO(answer.content)).paragraphs)
    assert report.title in words.replace("\n", "")
    assert "打印的问题。" in words
    assert "2022年4月15日" in words
    for name in ("print", "docx"):
        assert client.get(reverse(f"reports:{name}", args=[report.number]) + "?edition=1").content
        address = reverse(f"reports:{name}", args=[report.number]) + "?edition=7"
        assert client.get(address).status_code == 404


def test_a_draft_prints_for_its_own_people_only(desk, browse, auditor):
    report = desk.fill(desk.report())
    for name in ("print", "docx"):
        address = reverse(f"reports:{name}", args=[report.number])
        assert browse(desk.data_officer).get(address).status_code == 200
        assert browse(auditor).get(address).status_code == 404


def test_the_course_tells_the_unit_more_than_the_bureau(desk, browse, officer):
    report = desk.handed_in()
    services.open_for_review(report, by=officer)
    own = text_of(browse(desk.data_officer), page_of(report))
    theirs = text_of(browse(officer), page_of(report))
    assert "开始拟稿" in own
    assert "开始拟稿" not in theirs
    assert "市政数局打开" in own


def test_a_closed_period_says_so(desk, browse):
    report = desk.report()
    services.close_period(report.period, by=desk.officer)
    page = text_of(browse(desk.data_officer), page_of(report))
    assert "定稿" in page
    assert "继续填写" not in page


def test_the_page_asks_no_more_with_more_sections_and_editions(
    desk, browse, officer, django_assert_max_num_queries
):
    report = desk.handed_in(body="一稿。")
    client = browse(officer)
    client.get(page_of(report))
    with django_assert_max_num_queries(60) as first:
        client.get(page_of(report))
    services.return_report(report, [services.Remark("", "", "vague", "")], by=officer)
    services.put_up_and_sign(desk.fill(now(report), body="二稿。"), by=desk.unit_cdo)
    with django_assert_max_num_queries(len(first) + 4):
        client.get(page_of(report))
