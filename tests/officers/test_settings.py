"""Settings of the register: the bureau's own days, templates of documents."""

import io
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document

from core import files
from core.documents.services import active_template, starter
from core.errors import StaleVersion
from core.models import AuditEntry, DocumentTemplate
from officers import services
from officers.models import PostRule
from officers.queries import desks
from tests.conftest import _member
from tests.factories.officers import PostRuleFactory
from tests.factories.pilots import ProgrammeFactory

pytestmark = pytest.mark.django_db
PAGE = "/officers/settings/"
KIND = "filing-receipt"


def docx(*paragraphs: str) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def upload(*paragraphs: str, name: str = "本局回执.docx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, docx(*paragraphs))


@pytest.fixture
def rule(register) -> PostRule:
    return register.department_rule


# --- who -----------------------------------------------------------------------------------------


def test_only_the_bureaus_officers_set_anything(register, rule, cast, browse):
    shown = {name for name, user in cast.items() if browse(user).get(PAGE).status_code == 200}
    assert shown == {"officer", "foreigner"}
    asked = f"{PAGE}?programme={register.city.programme.code}"
    assert browse(cast["foreigner"]).get(asked).status_code == 404
    days = f"{PAGE}days/{rule.code}/"
    assert browse(cast["foreigner"]).post(days, {}).status_code == 404
    assert browse(cast["head"]).post(days, {}).status_code == 403


def test_an_officer_who_only_evaluates_a_programme_sets_nothing_in_it(city, officer, browse):
    other = ProgrammeFactory(running=True)
    from tests.factories.pilots import EnrolmentFactory, MembershipFactory, UnitFactory

    third = UnitFactory()
    EnrolmentFactory(programme=other, unit=third, part="third_party")
    MembershipFactory(user=officer, unit=third, role="evaluator")
    assert browse(officer).get(f"{PAGE}?programme={other.code}").status_code == 403


def test_without_a_programme_there_is_nothing_to_set(db, browse):
    from tests.factories.accounts import UserFactory
    from tests.factories.pilots import MembershipFactory

    user = UserFactory()
    MembershipFactory(user=user, role="bureau_officer")
    assert browse(user).get(PAGE).status_code == 404


# --- own days ------------------------------------------------------------------------------------


def set_days(rule, officer=None, **given):
    facts = {"vacancy_days": 60, "filing_days": 30, "basis": "会议纪要", **given}
    return services.set_own_days(rule, by=officer, **facts)


def test_own_days_stand_beside_the_document_and_are_marked(register, rule, officer, browse):
    client = browse(officer)
    page = client.get(PAGE).content.decode()
    assert page.count("文件未定时限") >= 2
    form = client.get(f"{PAGE}?rule={rule.code}").context["chosen"]["form"]
    assert list(form.fields) == ["vacancy_days", "filing_days", "basis"]
    data = {"version": 1, "vacancy_days": "60", "filing_days": "30", "basis": "2022年第3次会议纪要"}
    answer = client.post(f"{PAGE}days/{rule.code}/", data)
    assert answer["Location"].endswith(f"?programme={register.city.programme.code}#days")
    page = client.get(PAGE).content.decode()
    assert "市政数局期望：60天" in page
    assert "市政数局期望：30天" in page
    assert "2022年第3次会议纪要" in page
    rule.refresh_from_db()
    assert rule.days_for_filing() == (30, True)
    entry = AuditEntry.objects.get(verb="post_rule.set_own_days")
    assert (entry.before["own_filing_days"], entry.after["own_filing_days"]) == (None, 30)
    assert entry.programme_code == register.city.programme.code


def test_emptied_they_are_gone_and_the_basis_with_them(rule, officer, browse):
    set_days(rule, officer)
    data = {"version": 2, "vacancy_days": "", "filing_days": "", "basis": "旧依据"}
    assert browse(officer).post(f"{PAGE}days/{rule.code}/", data).status_code == 302
    rule.refresh_from_db()
    assert (rule.own_vacancy_days, rule.own_filing_days, rule.own_basis) == (None, None, "")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"basis": ""}, "写明自定时限的依据"),
        ({"vacancy_days": "0"}, "天数写1至3650，现在是0"),
        ({"filing_days": "三十"}, "只写数字"),
    ],
)
def test_a_wrong_expectation_comes_back_with_what_is_wrong(data, said, rule, officer, browse):
    given = {"version": 1, "vacancy_days": "60", "filing_days": "30", "basis": "纪要", **data}
    answer = browse(officer).post(f"{PAGE}days/{rule.code}/", given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert answer.context["chosen"]["row"].pk == rule.pk


def test_two_at_once_and_the_second_reads_that_it_changed(rule, officer, browse):
    set_days(rule, officer)
    data = {"version": 1, "vacancy_days": "90", "filing_days": "", "basis": "纪要"}
    answer = browse(officer).post(f"{PAGE}days/{rule.code}/", data)
    assert answer.status_code == 412
    assert "刚被别人改过" in answer.content.decode()
    with pytest.raises(StaleVersion):
        set_days(rule, version=1)


def test_where_the_document_says_how_many_the_bureau_has_nothing_to_expect(register, rule):
    with pytest.raises(ValidationError, match="不用备案"):
        set_days(register.government_rule)
    rule.filing_days = 10
    rule.save()
    with pytest.raises(ValidationError, match="文件已规定10天"):
        set_days(rule)


def test_only_what_is_open_is_asked(register, officer, browse):
    client = browse(officer)
    code = register.city.programme.code
    stated = PostRuleFactory(
        programme=register.city.programme, vacancy_days=5, filing_days=5, filed_at=register.office
    )
    encouraged = PostRuleFactory(programme=register.city.programme, is_encouraged=True)
    rows = {row.pk: row.may_set for row in client.get(PAGE).context["rules"]}
    assert (rows[stated.pk], rows[encouraged.pk], rows[register.department_rule.pk]) == (
        False, False, True,
    )  # fmt: skip
    page = client.get(f"{PAGE}?programme={code}&rule={stated.code}")
    assert page.context["chosen"] is None
    assert "鼓励设立，不算空缺" in page.content.decode()
    form = client.get(f"{PAGE}?rule={register.government_rule.code}").context["chosen"]["form"]
    assert list(form.fields) == ["vacancy_days", "basis"]


def test_the_address_of_an_act_alone_leads_to_the_page(rule, officer, browse):
    answer = browse(officer).get(f"{PAGE}days/{rule.code}/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, PAGE)


# --- templates -----------------------------------------------------------------------------------


def where(holder, rest=""):
    return f"{PAGE}templates/{holder.code}/{KIND}/{rest}"


def test_the_bureau_keeps_its_own_templates_and_those_of_a_desk_without_people(
    register, city, officer, browse
):
    served = desks.served_desks(officer, city.programme)
    assert {unit.code for unit in served} == {city.bureau.code, register.office.code}
    clerk = _member(city, register.office, "bureau_officer")
    assert desks.served_desks(officer, city.programme) == [city.bureau]
    assert desks.served_desks(clerk, city.programme) == [register.office]
    assert browse(officer).get(where(register.office)).status_code == 404
    assert browse(officer).get(where(city.department)).status_code == 404
    assert browse(officer).get(f"{PAGE}templates/{city.bureau.code}/nothing/").status_code == 404


def test_a_template_is_uploaded_tried_replaced_and_ended(
    register, city, officer, data_officer, browse
):
    client, office = browse(officer), register.office
    page = client.get(where(office)).content.decode()
    assert "{{备案编号}}" in page
    assert "系统自带的格式" in page
    assert client.get(where(office, "starter.docx")).content == starter(KIND)
    answer = client.post(where(office), {"file": upload("本局：{{报备单位}} {{备案编号}}")})
    assert answer.status_code == 302
    row = active_template(KIND, office.code)
    page = client.get(where(office)).content.decode()
    assert "改用“本局回执.docx”" in page
    sample = client.get(where(office, f"{row.pk}/sample.docx"))
    assert "示例市示例局" in Document(io.BytesIO(sample.content)).paragraphs[0].text
    original = client.get(where(office, f"{row.pk}/file.docx"))
    assert b"".join(original.streaming_content) == files.read(row.file)
    holder = register.appoint(city.department, date(2021, 9, 16))
    filing = services.file_appointment(holder, by=data_officer)
    services.accept_filing(filing, by=officer)
    receipt = client.get(f"/filings/{filing.number}/receipt.docx").content
    assert filing.number in Document(io.BytesIO(receipt)).paragraphs[0].text
    assert client.get(where(office, f"{row.pk}/end/")).status_code == 302
    assert client.post(where(office, f"{row.pk}/end/")).status_code == 302
    page = client.get(where(office)).content.decode()
    assert "改回系统自带的格式" in page
    assert active_template(KIND, office.code) is None
    again = client.post(where(office, f"{row.pk}/end/"), follow=True)
    assert "已由" in again.content.decode()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (lambda: upload("{{备案号}}"), "备案号"),
        (lambda: SimpleUploadedFile("回执.docx", b"PK\x03\x04broken"), "“回执.docx”"),
        (lambda: SimpleUploadedFile("回执.pdf", b"%PDF-1.4\n%%EOF\n"), "docx"),
        (lambda: None, "选择“模板文件”"),
    ],
)
def test_a_template_that_will_not_do_is_refused_in_words(sent, said, city, officer, browse):
    uploaded = sent()
    data = {"file": uploaded} if uploaded else {}
    answer = browse(officer).post(where(city.bureau), data)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not DocumentTemplate.objects.exists()


def test_a_template_whose_file_is_lost_says_so(city, officer, browse):
    client = browse(officer)
    client.post(where(city.bureau), {"file": upload("{{备案编号}}")})
    row = active_template(KIND, city.bureau.code)
    files.path_of(row.file.sha256).unlink()
    page = client.get(where(city.bureau, f"{row.pk}/sample.docx"), follow=True).content.decode()
    assert "从备份恢复" in page


def test_a_full_disk_is_said_and_changes_nothing(city, officer, browse, settings, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    settings.DATA_DIR = blocked
    answer = browse(officer).post(where(city.bureau), {"file": upload("{{备案编号}}")})
    assert answer.status_code == 507
    assert "存储空间不足" in answer.content.decode()
    assert not DocumentTemplate.objects.exists()
