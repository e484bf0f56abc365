"""总体报告 on its pages: begun, chosen, drafted, signed, entered; every step for whoever may, and what is
said to the others."""

import io
import re
from datetime import date
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from core.documents import pdf
from duties.models import Assignment
from reports import services
from reports.models import Dispatch, Passage, Report
from tests.conftest import _member, make_city

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def summary(desk):
    """The department's summary, handed in."""
    report = desk.summary()
    texts = ["印发实施方案。", "人手不足。", "建议增加培训。"]
    for section, body in zip(report.sections.all(), texts, strict=True):
        services.save_section(section, {"body": body}, by=desk.data_officer, version=None)
    services.put_up_and_sign(report, by=desk.unit_cdo)
    return Report.rows.for_lists().get(pk=report.pk)


@pytest.fixture
def overall(desk, city):
    task = city.assignment(city.bureau, "overall_report")
    return services.start_report(task, by=desk.officer)


@pytest.fixture
def signed(desk, overall, head):
    services.draft_overall(overall, by=desk.officer)
    services.put_up(overall, by=desk.officer)
    return services.sign(overall, by=head)


@pytest.fixture
def entry(desk, city, signed):
    sending = services.Sending(
        "演示人员90", "测政数函〔2022〕9号", date(2022, 4, 15), city.superior
    )
    return services.dispatch(signed, sending, by=desk.officer)


def url_of(report, act=""):
    return f"/overall/{report.number}/{act}"


def page_of(client, url, status=200):
    answer = client.get(url)
    assert answer.status_code == status, answer.status_code
    return answer.content.decode()


def sent(client, url, status, **data):
    answer = client.post(url, data)
    assert answer.status_code == status, answer.content.decode()[:3000]
    return answer if status == 302 else answer.content.decode()


def form_of(city, report, **more):
    return {
        "version": Report.rows.get(pk=report.pk).version,
        "receiver": city.superior.code,
        "signed_by_name": "演示人员90",
        "document_number": "测政数函〔2022〕9号",
        "sent_on": "2022-04-15",
        **more,
    }


# --- begun -----------------------------------------------------------------------------------------


def test_the_bureau_begins_the_one_that_is_owed(desk, city, browse, data_officer, head):
    client = browse(desk.officer)
    page = page_of(client, "/overall/")
    assert "还没有建稿" in page
    assert "开始起草" in page
    assert "开始起草" not in page_of(browse(head), "/overall/")
    task = city.assignment(city.bureau, "overall_report")
    assert browse(head).post("/overall/", {"task": task.number}).status_code == 403
    assert browse(data_officer).post("/overall/", {"task": task.number}).status_code in {403, 404}
    assert browse(desk.officer).post("/overall/", {"task": "RW-1"}).status_code == 404
    answer = sent(client, "/overall/", 302, task=task.number)
    report = Report.rows.get(kind="overall")
    assert answer["Location"] == url_of(report)
    page = page_of(client, "/overall/")
    assert report.number in page
    assert "起草中" in page
    answer = sent(client, "/overall/", 302, task=task.number)  # pressed twice
    assert answer["Location"] == url_of(report)


def test_of_another_programme_nothing_is_there(desk, overall, browse, foreigner, stranger):
    for act in ("", "passages/", "report.docx", "report.pdf", "scan/"):
        assert browse(foreigner).get(url_of(overall, act)).status_code == 404
    for act in ("draft/", "send/", "void/", "passages/"):
        assert browse(foreigner).post(url_of(overall, act)).status_code == 404
    other = make_city("440100", "别市")
    theirs = services.start_report(other.assignment(other.bureau, "overall_report"), by=None)
    assert browse(desk.officer).get(url_of(theirs)).status_code == 404


def test_a_report_of_a_unit_is_no_overall_report(desk, summary, browse):
    assert browse(desk.officer).get(url_of(summary)).status_code == 404


# --- chosen and drafted -----------------------------------------------------------------------------


def keys_of(page):
    return re.findall(r'name="pick" value="([^"]+)"( checked)?', page)


def test_passages_are_chosen_and_put_together(desk, overall, summary, browse):
    client = browse(desk.officer)
    assert "还没有选用各单位的段落" in page_of(client, url_of(overall))
    keys = keys_of(page_of(client, url_of(overall, "passages/")))
    assert [bool(mark) for _key, mark in keys] == [True] * 3  # of summaries everything, first
    version = Report.rows.get(pk=overall.pk).version
    answer = sent(
        client, url_of(overall, "passages/"), 302, version=version,
        pick=[keys[0][0], "0:nothing:body"],
    )  # fmt: skip
    assert answer["Location"] == url_of(overall)
    assert Passage.objects.count() == 1
    page = page_of(client, url_of(overall))
    assert "已选用1段，可以起草了。" in page
    assert "已选用1份报告的1段。" in page
    keys = keys_of(page_of(client, url_of(overall, "passages/")))
    assert [bool(mark) for _key, mark in keys] == [True, False, False]
    answer = sent(client, url_of(overall, "draft/"), 302)
    assert answer["Location"] == f"/reports/{overall.number}/edit/"
    assert overall.sections.get(key="units").body.endswith("印发实施方案。")
    page = page_of(client, url_of(overall))
    assert "已起草" in page
    assert "重新起草" in page
    assert client.get(url_of(overall, "draft/"))["Location"] == url_of(overall)
    for address in ("edit/", "check/", ""):
        page = page_of(client, f"/reports/{overall.number}/{address}")
        assert "系统起草，未修改" in page
        assert "drafted" not in page


def test_a_stale_choice_is_shown_again_as_it_was_made(desk, overall, summary, browse):
    client = browse(desk.officer)
    keys = keys_of(page_of(client, url_of(overall, "passages/")))
    page = sent(client, url_of(overall, "passages/"), 412, version=99, pick=[keys[1][0]])
    assert "改过这条记录" in page
    assert [bool(mark) for _key, mark in keys_of(page)] == [False, True, False]
    assert not Passage.objects.exists()


def test_before_any_report_there_is_nothing_to_choose(desk, overall, browse):
    assert "还没有单位报送报告" in page_of(browse(desk.officer), url_of(overall, "passages/"))


@pytest.mark.parametrize("act", ["passages/", "draft/", "send/", "void/"])
def test_only_who_issues_documents_changes_it(act, overall, head, browse):
    assert browse(head).post(url_of(overall, act)).status_code == 403
    page = page_of(browse(head), url_of(overall))
    for words in ("选用段落</a>", "起草</button>", "登记报送</button>"):
        assert words not in page


def test_what_is_signed_is_changed_no_more(desk, signed, browse):
    client = browse(desk.officer)
    answer = client.get(url_of(signed, "passages/"))
    assert answer["Location"] == url_of(signed)
    assert "先撤回再改" in page_of(client, url_of(signed))
    answer = client.post(url_of(signed, "passages/"), {"version": signed.version})
    assert answer["Location"] == url_of(signed)
    sent(client, url_of(signed, "draft/"), 302)
    page = page_of(client, url_of(signed))
    assert "已审定。" in page
    assert "重新起草</button>" not in page


def test_while_it_is_signed_the_page_says_so(desk, overall, head, browse):
    services.draft_overall(overall, by=desk.officer)
    services.put_up(overall, by=desk.officer)
    page = page_of(browse(desk.officer), url_of(overall))
    assert "正在审定。" in page
    assert "登记报送</button>" not in page


def test_who_signs_it_is_led_to_its_text(desk, overall, head, browse):
    services.draft_overall(overall, by=desk.officer)
    services.put_up(overall, by=desk.officer)
    for place in ("/", "/approvals/"):
        assert f'href="/reports/{overall.number}/"' in page_of(browse(head), place)


# --- 报送登记 ---------------------------------------------------------------------------------------


def test_it_is_entered_with_its_scan_and_the_task_is_done(desk, city, signed, browse):
    client = browse(desk.officer)
    assert "登记报送</button>" in page_of(client, url_of(signed))
    file = SimpleUploadedFile("正式文件.pdf", PDF, "application/pdf")
    given = form_of(city, signed, document_number="9号", file=file)
    page = sent(client, url_of(signed, "send/"), 422, **given)
    assert "发文字号要写成" in page
    assert "“正式文件.pdf”已收到，不用再传" in page
    kept = re.search(r'name="kept" value="([^"]+)"', page)[1]
    sent(client, url_of(signed, "send/"), 302, **form_of(city, signed, kept=kept))
    page = page_of(client, url_of(signed))
    for words in (
        "已登记报送，任务完成。",
        "演示人员90",
        "测政数函〔2022〕9号",
        "正式文件.pdf",
        "已报送",
    ):
        assert words in page, words
    answer = client.get(url_of(signed, "scan/"))
    assert b"".join(answer.streaming_content) == PDF
    task = Assignment.rows.get(pk=signed.assignment_id)
    assert task.status == "done"
    reader = _member(city, city.superior, "provincial_reader")
    page = page_of(browse(reader), url_of(signed))
    assert "测政数函〔2022〕9号" in page
    assert "登记有误" not in page
    assert browse(reader).get(url_of(signed, "scan/")).status_code == 200
    assert "无须再办" not in page_of(client, f"/reports/{signed.number}/")


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"signed_by_name": " "}, "填写签发人"),
        ({"document_number": ""}, "填写发文字号"),
        ({"sent_on": "2022-04-16"}, "报送日期不能晚于今天"),
        ({"sent_on": ""}, "填写“报送日期”"),
        ({"sent_on": "someday"}, "“报送日期”写成2022-04-29这样"),
        ({"receiver": "440300-no"}, "“报送对象”不在可选范围内"),
        ({"receiver": ""}, "选择“报送对象”"),
    ],
)
def test_what_is_wrong_is_said_and_the_rest_stays(desk, city, signed, browse, facts, said):
    given = form_of(city, signed, **{"signed_by_name": "演示人员91", **facts})
    page = sent(browse(desk.officer), url_of(signed, "send/"), 422, **given)
    assert said in page
    if "signed_by_name" not in facts:
        assert "演示人员91" in page
    assert not Dispatch.objects.visible_to(desk.officer).exists()


def test_a_stale_entry_is_told_who_was_quicker(desk, city, signed, browse):
    given = form_of(city, signed, version=1)
    page = sent(browse(desk.officer), url_of(signed, "send/"), 412, **given)
    assert "改过这条记录。填写的内容还在" in page
    assert "演示人员90" in page


def test_a_second_entry_is_refused_in_words(desk, city, entry, browse):
    report = entry.report
    given = form_of(city, report, document_number="测政数函〔2022〕10号")
    answer = browse(desk.officer).post(url_of(report, "send/"), given)
    assert answer.status_code in {302, 409, 412}
    assert Dispatch.rows.count() == 1


def test_a_wrong_entry_is_taken_back_with_a_reason(desk, city, entry, browse):
    report, client = entry.report, browse(desk.officer)
    version = Report.rows.get(pk=report.pk).version
    sent(client, url_of(report, "void/"), 302, version=version, reason=" ")
    assert "写明作废原因" in page_of(client, url_of(report))
    sent(client, url_of(report, "void/"), 302, version=1, reason="文号登错")
    assert Dispatch.rows.get().voided_at is None
    sent(client, url_of(report, "void/"), 302, version=version, reason="文号登错")
    page = page_of(client, url_of(report))
    assert "已作废的登记：测政数函〔2022〕9号，文号登错" in page
    assert "登记报送</button>" in page
    assert client.post(url_of(report, "void/"), {"version": 1, "reason": "甲"}).status_code == 404
    for act in ("void/", "send/"):
        assert client.get(url_of(report, act))["Location"] == url_of(report)
    assert client.get(url_of(report, "scan/")).status_code == 404


# --- the document -----------------------------------------------------------------------------------


def test_it_is_downloaded_as_word_at_every_step(desk, overall, summary, browse):
    services.draft_overall(overall, by=desk.officer)
    answer = browse(desk.officer).get(url_of(overall, "report.docx"))
    assert f"{overall.title}.docx" in unquote(answer["Content-Disposition"])
    lines = [each.text for each in Document(io.BytesIO(answer.content)).paragraphs]
    assert "一、基本情况" in lines


def test_the_pdf_is_there_where_libreoffice_is(desk, overall, browse, monkeypatch):
    services.draft_overall(overall, by=desk.officer)
    client = browse(desk.officer)
    answer = client.get(url_of(overall, "report.pdf"))
    if pdf.is_available():
        assert answer.content.startswith(b"%PDF")
        assert "report.pdf" in page_of(client, url_of(overall))
    monkeypatch.setenv("PATH", "/nowhere")
    assert client.get(url_of(overall, "report.pdf")).status_code == 404
    assert "report.pdf" not in page_of(client, url_of(overall))
