"""Evidence: who may open which file, how it is shown, taken out, used again."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core import files
from core.documents import previews
from core.uploads import receive
from reports import services
from reports.models import Evidence, SectionEvidence
from tests.core import made_files as made
from tests.factories.reports import EvidenceFactory
from tests.reports.form import Form

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(desk, browse):
    return Form(browse(desk.data_officer), desk.report())


@pytest.fixture
def keep(desk, draft):
    """`keep("总结.pdf", bytes)` puts a file beside the first section."""

    def kept(name, content, section=None):
        received = receive(SimpleUploadedFile(name, content))
        row = services.keep_evidence(
            received, unit=desk.city.department, programme=desk.city.programme, by=desk.data_officer
        )
        services.attach(section or draft.sections[0], row, by=desk.data_officer)
        return row

    return kept


def script(client, url, files_, **more):
    return client.post(url, {"tab": "t", **files_, **more}, headers={"HX-Request": "true"})


def test_a_list_says_name_size_sender_and_day(draft, keep, desk):
    keep("市公安局总结.pdf", made.PDF)
    shown = draft.shown()
    for word in ("市公安局总结.pdf", str(desk.data_officer), "2022-04-15", "移除"):
        assert word in shown
    assert "严禁处理、存储、传输国家秘密和工作秘密" in shown


def test_a_file_goes_without_being_asked_twice_and_can_be_found_again(draft, keep):
    row = keep("总结.pdf", made.PDF)
    one, two = draft.sections
    use = SectionEvidence.objects.get()
    answer = draft.send({one: {"body": "留下"}}, url=f"{draft.base}evidence/{use.pk}/detach/")
    assert answer["Location"] == f"{draft.url}#s{one.pk}-evidence"
    assert not one.attached.exists()
    one.refresh_from_db()
    assert one.body == "留下"
    again = draft.client.post(f"{draft.base}evidence/{use.pk}/detach/", {})
    assert again.status_code == 404
    url = f"{draft.base}evidence/pick/{two.key}/"
    assert draft.send({two: {"body": "先保存"}}, url=url)["Location"] == url
    assert "总结.pdf" in draft.client.get(url).content.decode()
    assert "没有文件名含" in draft.client.get(f"{url}?q=没有").content.decode()
    answer = draft.client.post(url, {"picked": "1", "use": [row.pk, "x"]})
    assert answer["Location"] == f"{draft.url}#s{two.pk}-evidence"
    assert two.attached.get().evidence == row
    assert "没有可以引用的材料" in draft.client.get(url).content.decode()


def test_another_units_file_is_not_to_be_picked(draft):
    other = EvidenceFactory()
    url = f"{draft.base}evidence/pick/{draft.sections[0].key}/"
    assert draft.client.post(url, {"picked": "1", "use": [other.pk]}).status_code == 404


def test_files_of_a_form_are_uploaded_by_their_own_button(draft):
    one = draft.sections[0]
    url = f"{draft.base}evidence/upload/?section={one.key}"
    sent = {one: {"body": "文字", "files": [SimpleUploadedFile("表.xlsx", made.xlsx())]}}
    assert draft.send(sent, url=url)["Location"] == f"{draft.url}#s{one.pk}-evidence"
    assert draft.send({}, url=f"{draft.base}evidence/upload/")["Location"] == draft.url
    assert one.attached.count() == 1
    assert draft.client.get(url)["Location"] == draft.url


def test_a_script_sends_files_one_by_one(draft, desk):
    one = draft.sections[0]
    url, name = f"{draft.base}evidence/upload/?section={one.key}", f"s{one.pk}-files"
    good = script(draft.client, url, {name: SimpleUploadedFile("总结.pdf", made.PDF)}).json()
    assert "总结.pdf" in good["list"]
    assert good["faults"] == []
    bad = script(draft.client, url, {name: SimpleUploadedFile("空.pdf", b"")}).json()
    assert bad["faults"] == ["“空.pdf”是空文件，换一个再传"]
    assert "总结.pdf" in bad["list"]
    desk.handed_in(draft.report)
    late = script(draft.client, url, {name: SimpleUploadedFile("晚.pdf", made.PDF)})
    assert late.status_code == 409
    assert "现在不能改" in late.json()["message"]


def test_thirty_five_megabytes_are_refused_in_words(draft):
    one = draft.sections[0]
    big = SimpleUploadedFile("汇总表.xlsx", made.xlsx() + b"\0" * (35 * 2**20))
    answer = draft.send({one: {"body": "文字还在", "files": [big]}})
    said = answer.content.decode()
    assert "“汇总表.xlsx”有35.0MB，单个文件不超过20MB" in said
    assert "文字还在" in said


# --- who opens it, and how -----------------------------------------------------------------------


def test_a_draft_files_are_its_units_until_an_edition_holds_them(
    draft, keep, desk, browse, stranger, foreigner, head
):
    row = keep("总结.pdf", made.PDF)
    paths = [f"/evidence/{row.pk}/", f"/evidence/{row.pk}/view/"]
    for path in paths:
        assert browse(desk.unit_cdo).get(path).status_code == 200
        for user in (desk.officer, head, stranger, foreigner):
            assert browse(user).get(path).status_code == 404
    desk.handed_in(draft.report)
    for path in paths:
        assert browse(desk.officer).get(path).status_code == 200
        for user in (stranger, foreigner):
            assert browse(user).get(path).status_code == 404


def test_a_pdf_stands_in_a_frame_that_can_do_nothing(draft, keep):
    row = keep("总结.pdf", made.PDF)
    page = draft.client.get(f"/evidence/{row.pk}/view/")
    assert f'<iframe class="frame-page" src="/evidence/{row.pk}/?inline"' in page.content.decode()
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    assert draft.report.number in page.content.decode()
    shown = draft.client.get(f"/evidence/{row.pk}/?inline")
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'self'"
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    taken = draft.client.get(f"/evidence/{row.pk}/")
    assert taken["Content-Disposition"].startswith("attachment")
    assert taken["Content-Security-Policy"].startswith("sandbox")


def test_a_picture_is_shown_and_everything_else_is_a_download(draft, keep):
    picture = keep("图.png", made.png())
    assert "<img" in draft.client.get(f"/evidence/{picture.pk}/view/").content.decode()
    shown = draft.client.get(f"/evidence/{picture.pk}/?inline")
    assert shown["Content-Security-Policy"].startswith("sandbox")
    table = keep("表.xlsx", made.xlsx())
    page = draft.client.get(f"/evidence/{table.pk}/view/").content.decode()
    assert "这种文件不能在页面里查看" in page
    given = draft.client.get(f"/evidence/{table.pk}/?inline")
    assert given["Content-Disposition"].startswith("attachment")
    assert given["X-Content-Type-Options"] == "nosniff"
    assert draft.client.get(f"/evidence/{table.pk}/preview.pdf").status_code == 404


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("waiting", "正在转成PDF"),
        ("failed", "没能转成PDF"),
        ("unavailable", "没有安装转换程序"),
        ("ready", "由系统转成PDF供查看"),
    ],
)
def test_a_word_file_is_read_as_pdf_where_it_can_be(
    draft, keep, state, said, tmp_path, monkeypatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    if state != "unavailable":
        program = tmp_path / "soffice"
        program.write_text("#!/bin/sh\nprintf '%%PDF-1' > document.pdf\n", encoding="utf-8")
        program.chmod(0o755)
    row = keep(f"{state}.docx", made.docx(**{f"{state}.xml": state}))
    if state == "ready":
        previews._write(previews.path_of(row.stored.sha256), b"%PDF-1")
    if state == "failed":
        previews._write(previews._failed(row.stored.sha256), b"")
    page = draft.client.get(f"/evidence/{row.pk}/view/").content.decode()
    assert said in page
    pdf = draft.client.get(f"/evidence/{row.pk}/preview.pdf")
    assert pdf.status_code == (200 if state == "ready" else 404)
    if state == "ready":
        assert pdf["X-Content-Type-Options"] == "nosniff"
        assert b"".join(pdf.streaming_content) == b"%PDF-1"


def test_bytes_that_the_disk_lost_are_said(draft, keep):
    row = keep("总结.pdf", made.PDF)
    files.path_of(row.stored.sha256).unlink()
    answer = draft.client.get(f"/evidence/{row.pk}/?inline")
    assert answer.status_code == 409
    assert "文件本身不见了" in answer.content.decode()
    assert Evidence.rows.count() == 1
