"""备案回执: a page, Word, PDF; and the way to it from the unit's report."""

import io

import pytest
from docx import Document

from core.documents import pdf
from core.models import AuditEntry
from officers import services
from officers.choices import FilingMove
from officers.models import Filing

from .desk import accepted, address, numbers, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def receipt(filing, officer) -> Filing:
    return services.accept_filing(filing, by=officer, receipt_number="办备〔2022〕7号")


def test_there_is_no_receipt_for_what_is_not_on_record(filing, officer, browse):
    for act in ("receipt/", "receipt.docx", "receipt.pdf"):
        assert browse(officer).get(address(filing, act)).status_code == 404


def test_the_receipt_is_a_page_that_prints_as_a_document(receipt, data_officer, stranger, browse):
    page = browse(data_officer).get(address(receipt, "receipt/")).content.decode()
    assert '<body class="doc slip"' in page
    for words in (
        "测试市公安局：",
        receipt.title,
        "办备〔2022〕7号",
        "2022年4月15日",
        "2021年9月28日",
    ):
        assert words in page
    assert ("receipt.pdf" in page) == pdf.is_available()
    assert browse(stranger).get(address(receipt, "receipt/")).status_code == 404


def test_the_receipt_as_word_has_the_geometry_and_the_facts(receipt, data_officer, browse):
    answer = browse(data_officer).get(address(receipt, "receipt.docx"))
    assert "filename*=utf-8''%E5%A4%87%E6%A1%88%E5%9B%9E%E6%89%A7" in answer["Content-Disposition"]
    document = Document(io.BytesIO(answer.content))
    section = document.sections[0]
    edges = (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    assert [round(edge.mm) for edge in edges] == [37, 28, 26, 35]
    assert [round(size.mm) for size in (section.page_width, section.page_height)] == [210, 297]
    facts = {row.cells[0].text: row.cells[1].text for row in document.tables[0].rows}
    assert facts == {
        "件号": receipt.number,
        "报备单位": receipt.unit.full_name,
        "备案事项": receipt.title,
        "来文文号": "深公〔2021〕13号",
        "报备日期": "2021年9月28日",
        "备案编号": "办备〔2022〕7号",
        "备案日期": "2022年4月15日",
        "备案机关": receipt.desk.full_name,
    }
    said = [paragraph.text for paragraph in document.paragraphs]
    assert said[:2] == ["备案回执", f"{receipt.unit.full_name}："]
    assert receipt.desk.full_name in said


def test_the_receipt_is_chinese_whoever_reads_english(receipt, data_officer, browse):
    data_officer.language = "en"
    data_officer.save()
    document = Document(
        io.BytesIO(browse(data_officer).get(address(receipt, "receipt.docx")).content)
    )
    assert document.paragraphs[0].text == "备案回执"


@pytest.mark.skipif(not pdf.is_available(), reason="LibreOffice is not installed")
def test_the_receipt_as_pdf(receipt, data_officer, browse):
    answer = browse(data_officer).get(address(receipt, "receipt.pdf"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_where_libreoffice_is_missing_there_is_no_pdf(receipt, data_officer, browse, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    assert browse(data_officer).get(address(receipt, "receipt.pdf")).status_code == 404
    assert (
        "receipt.pdf" not in browse(data_officer).get(address(receipt, "receipt/")).content.decode()
    )


def test_where_libreoffice_fails_the_reader_is_sent_to_word(
    receipt, data_officer, browse, monkeypatch, tmp_path
):
    broken = tmp_path / "soffice"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    answer = browse(data_officer).get(address(receipt, "receipt.pdf"), follow=True)
    assert "下载Word版自行转换" in answer.content.decode()


def test_no_scan_no_file(filing, officer, browse):
    assert browse(officer).get(address(filing, "file/")).status_code == 404


# --- from the unit's report to the receipt -------------------------------------------------------


def test_from_report_to_receipt(holder, data_officer, officer, browse):
    unit, desk = browse(data_officer), browse(officer)
    unit.post(f"/filings/new/?appointment={holder.number}", {"document_number": "", "note": ""})
    filing = Filing.rows.get()
    assert filing.number in numbers(desk, "?mine=true")
    send(desk, filing, "accept", **accepted(filing))
    assert unit.get(address(filing, "receipt/")).status_code == 200
    assert list(
        AuditEntry.objects.of(f"filing:{filing.number}").values_list("verb", flat=True)
    ) == [
        "filing.submit",
        "filing.accept",
    ]
    assert FilingMove.ACCEPT == "accept"
