"""Scans, templates and names of the register: taken, kept between two steps, and given out harmless."""

import io
import re
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from core.models import StoredFile
from officers import services
from officers.models import Appointment
from tests.conftest import _member
from tests.factories.officers import PersonFactory, TeamFactory, TeamMemberFactory
from tests.officers.desk import PDF, scan

pytestmark = pytest.mark.django_db
SCRIPT = '"><script>alert(1)</script>'
FORM = {"once": "k1", "name": "张三", "post": "cdo", "kind": "substantive", "level": "deputy",
        "starts_on": "2022-04-01", "is_in_charge": "on"}  # fmt: skip


def kept_word(page: str) -> str:
    return re.search(r'name="kept" value="([^"]+)"', page).group(1)


@pytest.fixture
def here(register):
    return f"/officers/new/?unit={register.city.department.code}"


# --- kept between two steps ----------------------------------------------------------------------


def test_the_word_for_a_kept_scan_is_its_senders_alone(here, city, data_officer, unit_cdo, browse):
    page = browse(data_officer).post(here, {**FORM, "name": "", "file": scan()}).content.decode()
    word = kept_word(page)
    given = {**FORM, "reason": "纪要", "kept": word, "confirmed": "1"}
    assert browse(unit_cdo).post(here, given).status_code == 302
    assert Appointment.rows.get().file is None
    for other in (word[:-1] + "x", "1", "null", f"{word}:{word}", "\x00"):
        answer = browse(data_officer).post(here, {**given, "once": other[:9], "kept": other})
        assert answer.status_code in {400, 409, 422}
    assert StoredFile.objects.count() == 1


def test_a_word_kept_for_one_form_finds_no_file_of_anybody_elses(
    here, data_officer, browse, filing_of
):
    """Forms of all kinds share their words, which name only what the sender sent."""
    page = (
        browse(data_officer)
        .post(here, {**FORM, "name": "", "file": scan("甲.pdf")})
        .content.decode()
    )
    filing = filing_of(data_officer)
    client = browse(data_officer)
    client.post(f"/filings/{filing.number}/resubmit/",
                {"version": filing.version, "resubmit-kept": kept_word(page)})  # fmt: skip
    filing.refresh_from_db()
    assert filing.file_name in {"", "甲.pdf"}


@pytest.fixture
def filing_of(register, officer):
    def returned(user):
        row = register.appoint(register.city.department, date(2021, 9, 16))
        filing = services.file_appointment(row, by=user)
        return services.return_filing(filing, by=officer, reason="缺件")

    return returned


# --- what is taken and how it comes back ---------------------------------------------------------

REFUSED = {
    "page.pdf": b"<html><script>alert(1)</script></html>",
    "both.pdf": b"%PDF-1.4\n<html><script>alert(1)</script></html>\n%%EOF\n",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "drawing.png": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "program.exe": b"MZ" + b"\0" * 64,
    "empty.pdf": b"",
    "large.pdf": b"%PDF-1.4\n" + b"0" * (21 * 2**20) + b"\n%%EOF\n",
    "scan.pdf.html": PDF,
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_browser_could_run_is_not_taken(name, here, data_officer, browse):
    file = SimpleUploadedFile(name, REFUSED[name], content_type="application/pdf")
    answer = browse(data_officer).post(here, {**FORM, "file": file, "confirmed": "1"})
    assert answer.status_code == 422
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd.pdf", "..\\..\\x.pdf", f"{SCRIPT}.pdf",      "x\u202efdp.exe.pdf", "甲" * 300 + ".pdf"],
)  # fmt: skip
def test_a_name_is_a_name_and_nothing_else(name, here, data_officer, browse, settings):
    client = browse(data_officer)
    assert client.post(here, {**FORM, "file": scan(name), "confirmed": "1"}).status_code == 302
    row = Appointment.rows.get()
    assert not set(row.file_name) & set("/\\\r\n\u202e")
    page = client.get(f"/officers/{row.number}/").content.decode()
    assert SCRIPT not in page
    for query in ("", "?inline"):
        answer = client.get(f"/officers/{row.number}/file/{query}")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Type"] == "application/pdf"
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "no-store" in answer["Cache-Control"]
        assert "Set-Cookie" not in answer
        assert answer["Content-Disposition"].startswith("inline" if query else "attachment")


# --- words that somebody typed -------------------------------------------------------------------


@pytest.fixture
def scripted(register, officer, data_officer):
    """Every text of the register is a script, a formula, or a placeholder."""
    city, unit = register.city, register.city.department
    person = PersonFactory(unit=unit, name=SCRIPT[:40], job_title=SCRIPT, user=data_officer,
                           source=SCRIPT)  # fmt: skip
    paper = services.Paper(title=SCRIPT)
    row = register.appoint(unit, date(2021, 9, 16), person=person, paper=paper, reason=SCRIPT)
    filing = services.file_appointment(row, by=data_officer, letter=services.Letter(note=SCRIPT))
    filing = services.return_filing(filing, by=officer, reason=SCRIPT)
    filing = services.accept_filing(filing, by=officer, receipt_number=SCRIPT)
    team = TeamFactory(unit=unit, name=SCRIPT, note=SCRIPT, leader=person)
    TeamMemberFactory(team=team, person=person, duty=SCRIPT, employer=SCRIPT, expertise=SCRIPT)
    services.open_directory(city.programme, basis=SCRIPT, by=officer)
    return row, filing, team


def test_nothing_that_was_typed_runs(scripted, city, officer, browse):
    row, filing, team = scripted
    pages = ["/", "/officers/", f"/officers/{row.number}/", "/officers/people/",
             f"/officers/people/{row.person.uuid}/", f"/officers/people/{row.person.uuid}/edit/",
             "/officers/settings/", "/officers/vacancies/", "/filings/", f"/filings/{filing.number}/",
             f"/filings/{filing.number}/receipt/", "/teams/", "/teams/experts/",
             f"/teams/{team.number}/", f"/units/{city.department.code}/", "/units/", "/audit/",
             f"/handover/{row.person.uuid}/", "/search/?q=script",
             f"/directory/{city.programme.code}/", f"/directory/{city.programme.code}/export.html",
             f"/officers/new/?unit={city.department.code}", f"/officers/{row.number}/mend/"]  # fmt: skip
    client, escaped = browse(officer), 0
    for page in pages:
        answer = client.get(page)
        text = answer.content.decode()
        assert answer.status_code == 200, page
        assert "<script>alert" not in text, page
        escaped += "&lt;script&gt;alert" in text
    assert escaped > 12


def test_a_name_that_is_a_formula_stays_a_name(register, officer, browse):
    unit = register.city.department
    for start in "=+-@\t＝":
        person = PersonFactory(unit=unit, name=f"{start}HYPERLINK(1)", job_title=f"{start}1+1")
        if start == "=":
            register.appoint(unit, date(2021, 9, 16), person=person)
    answer = browse(officer).get("/officers/export.xlsx")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    cells = [cell for line in sheet.iter_rows() for cell in line]
    assert any("HYPERLINK" in str(cell.value) for cell in cells)
    assert [cell.value for cell in cells if cell.data_type == "f"] == []


# --- templates -----------------------------------------------------------------------------------


def test_the_templates_of_another_bureau_are_not_there(
    register, elsewhere, foreigner, officer, browse
):
    """Neither of another city's desk by one's own programme, nor of one's desk by another's."""
    city = register.city
    other = _member(elsewhere, elsewhere.bureau, "bureau_officer")
    own = f"/officers/settings/templates/{register.office.code}/filing-receipt/"
    assert (
        browse(officer).get(f"{own}starter.docx?programme={city.programme.code}").status_code == 200
    )
    for user, holder, programme in (
        (other, register.office, elsewhere.programme),
        (other, city.bureau, elsewhere.programme),
        (other, city.bureau, city.programme),
        (officer, elsewhere.bureau, city.programme),
    ):
        address = f"/officers/settings/templates/{holder.code}/filing-receipt/"
        for page in ("", "starter.docx", "1/file.docx", "1/sample.docx"):
            answer = browse(user).get(f"{address}{page}?programme={programme.code}")
            assert answer.status_code in {403, 404}
