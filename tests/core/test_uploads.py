"""Evidence files: what is taken, each refusal in its own words, and how a file is given out."""

import os
import signal
import struct
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.http import Http404
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import path

from cdo_portal.urls import urlpatterns as portal_urls
from core import files
from core.forms import Form
from core.models import StoredFile
from core.uploads import (
    ACCEPT,
    NOTICE,
    DownloadView,
    FileLost,
    StorageFailed,
    UploadField,
    inspect,
    receive,
    serve,
)
from core.uploads.kinds import FAULTS, LIMIT
from core.uploads.receiving import clean_name
from pilots.access import LOGGED_IN
from tests.core import made_files as made
from tests.second_process import database_url

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
NAME = "市公安局工作总结（定稿）.pdf"


@pytest.fixture(autouse=True)
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


def upload(name, content):
    return SimpleUploadedFile(name, content)


def fault_of(name, content):
    with pytest.raises(ValidationError) as error:
        inspect(upload(name, content))
    return error.value.code, error.value.messages[0]


# --- what is taken -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", made.GOOD)
def test_files_of_every_kind_are_taken(name):
    received = receive(upload(name, made.GOOD[name]))
    assert received.name == name
    assert files.read(received.stored) == made.GOOD[name]
    assert received.stored.media_type.startswith(("application/", "image/"))


def test_the_same_bytes_under_two_names_are_one_file():
    one, two = (receive(upload(name, made.docx())) for name in ("方案.docx", "方案.wps"))
    assert one.stored == two.stored
    assert (one.name, two.name) == ("方案.docx", "方案.wps")


@pytest.mark.parametrize("shift", [9, 12])
def test_a_wps_document_is_read_in_both_sector_sizes_and_with_a_long_table(shift):
    for chained in (False, True):
        content = made.compound("WordDocument", shift=shift, table_in_chain=chained)
        assert inspect(upload("通知.wps", content)).name == "wps"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\材料\\总结.pdf", "总结.pdf"),
        ("a/../b.pdf", "b.pdf"),
        ("总结\u202efdp.exe", "总结fdp.exe"),
        ("名\n单\x00.xlsx", "名单.xlsx"),
        ("", "file"),
        ("长" * 300 + ".docx", "长" * 100 + ".docx"),
    ],
)
def test_names_keep_what_can_be_seen(given, kept):
    assert clean_name(given) == kept


# --- what is refused -----------------------------------------------------------------------------

BIG = made.PDF + b"0" * LIMIT
MACROS = {"word/vbaProject.bin": "x"}
BAD = [
    ("总结.pdf", b"", "empty"),
    ("总结.pdf", BIG, "too_big"),
    ("照片.heic", b"\0\0\0\x18ftypheic", "kind"),
    ("程序.exe", b"MZ", "kind"),
    ("无扩展名", made.PDF, "kind"),
    ("图.svg", made.SVG, "svg"),
    ("总结.doc", made.compound("WordDocument"), "old_office"),
    ("总结.docx", made.compound("WordDocument"), "old_office"),
    ("表.wps", made.compound("Workbook"), "old_office"),
    ("总结.docm", made.docx(**MACROS), "macro"),
    ("总结.docx", made.docx(**MACROS), "macro"),
    ("名单.xlsx", made.xlsx(**{"xl/macrosheets/sheet1.xml": "x"}), "macro"),
    ("名单.xlsx", made.xlsx(**{"[Content_Types].xml": "ms-excel.sheet.macroEnabled.12"}), "macro"),
    ("通知.wps", made.compound("WordDocument", "Macros", "VBA"), "macro"),
    ("名单.xlsx", made.compound("EncryptedPackage", "EncryptionInfo"), "password"),
    ("通知.wps", made.compound("WordDocument", flags=0x0100), "password"),
    ("文件.ofd", made.ofd(**{"Encryptions.xml": "x"}), "password"),
    ("总结.pdf", made.PDF.replace(b"trailer\n<<", b"trailer\n<< /Encrypt 5 0 R"), "restricted"),
    ("总结.pdf", made.HTML, "web"),
    ("总结.docx", b"\xef\xbb\xbf\n" + made.HTML, "web"),
    ("图.png", made.SVG, "svg"),
    ("总结.pdf", "不是PDF".encode(), "unreadable"),
    ("图.png", made.JPG, "mismatch"),
    ("总结.docx", made.xlsx(), "mismatch"),
    ("材料.zip", made.docx(), "mismatch"),
    ("总结.docx", made.zipped(), "mismatch"),
    ("总结.pdf", made.PDF[:-8], "not_whole"),
    ("图.png", made.png()[:-6], "not_whole"),
    ("图.png", made.png()[:-12], "not_whole"),
    ("图.jpg", made.JPG[:-2], "not_whole"),
    ("总结.docx", made.docx()[:-40], "not_whole"),
    ("总结.docx", made.packed({"word/document.xml": "x"}), "not_whole"),
    ("材料.zip", made.packed({}).replace(b"PK\5\6", b"PK\3\4PK\5\6"), "not_whole"),
    ("通知.wps", made.compound("WordDocument")[:700], "not_whole"),
    (
        "通知.wps",
        made.compound("WordDocument", shift=9)[:0x1E] + b"\7\0" + b"\0" * 600,
        "not_whole",
    ),
    ("总结.pdf", b"\n" + made.PDF, "mixed"),
    ("总结.pdf", made.PDF + made.zipped(), "mixed"),
    ("总结.pdf", made.PDF.replace(b"1 0 obj", b"<script>1</script>", 1), "mixed"),
    ("图.png", made.png() + made.zipped(), "mixed"),
    ("图.png", made.png() + b"<?php system();", "mixed"),
    ("图.jpg", made.JPG + b"Rar!\x1a\x07\x00", "mixed"),
    ("图.jpg", made.JPG[:30] + made.PDF + made.JPG[30:], "mixed"),
    ("材料.zip", made.zipped() + b"tail", "mixed"),
    ("材料.zip", b"PK\x03\x04" + made.zipped(), "mixed"),
    ("材料.zip", b"junk" + made.zipped(), "mixed"),
    ("材料.zip", made.packed({f"{n}.txt": "" for n in range(2001)}), "too_many"),
    ("材料.zip", made.packed({"零.bin": b"\0" * (30 << 20)}), "too_large_inside"),
    ("材料.zip", made.zipped(**{"装.exe": "MZ"}), "program"),
    ("材料.zip", made.zipped(**{"内/表.XLSM": "x"}), "program"),
    ("材料.zip", made.zipped(**{"../../etc/x.txt": "x"}), "outside"),
    ("材料.zip", made.zipped(**{"C:/x.txt": "x"}), "outside"),
    ("演示.zip", made.office("ppt/presentation.xml"), "kind"),
]


@pytest.mark.parametrize(
    ("name", "content", "code"), BAD, ids=[f"{code}-{name}" for name, _content, code in BAD]
)
def test_each_refusal_names_the_file_and_says_what_to_do(name, content, code):
    found, said = fault_of(name, content)
    assert (found, f"“{name}”" in said) == (code, True)
    assert any(word in said for word in ("再传", "不超过")), said
    assert StoredFile.objects.count() == 0


def test_each_kind_of_fault_has_been_seen():
    seen = {code for _name, _content, code in BAD} | {"packing"}
    assert seen == set(FAULTS)


def test_a_file_too_big_is_told_its_size():
    assert fault_of("总结.pdf", BIG)[1] == "“总结.pdf”有20.0MB，单个文件不超过20MB"


def altered(content, sign, offset, value):
    """The archive with two or four bytes changed in each record that begins with the sign."""
    out, at = bytearray(content), content.find(sign)
    while at >= 0:
        out[at + offset : at + offset + len(value)] = value
        at = content.find(sign, at + 1)
    return bytes(out)


def test_an_encrypted_archive_is_refused():
    content = altered(made.zipped(), b"PK\1\2", 8, b"\x01\x00")
    assert fault_of("材料.zip", content)[0] == "password"


def test_an_unknown_packing_is_refused():
    content = altered(altered(made.zipped(), b"PK\1\2", 10, b"\x09\x00"), b"PK\3\4", 8, b"\x09\x00")
    assert fault_of("材料.zip", content)[0] == "packing"


def test_an_archive_whose_sizes_lie_is_refused():
    big = made.packed({"零.txt": b"\0" * (30 << 20)})
    content = altered(big, b"PK\1\2", 24, struct.pack("<L", 1000))
    assert fault_of("材料.zip", content)[0] == "not_whole"


def test_an_archive_with_a_broken_part_is_refused():
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        content = bytearray(made.packed({"a.txt": os.urandom(500)}, method))
        content[60] ^= 0xFF
        assert fault_of("材料.zip", bytes(content))[0] == "not_whole"


def test_an_archive_with_a_broken_directory_is_refused():
    content = altered(made.zipped(), b"PK\1\2", 0, b"PX")
    assert fault_of("材料.zip", content)[0] == "not_whole"


def test_overlapping_parts_are_refused():
    content = altered(made.zipped(), b"PK\1\2", 20, struct.pack("<L", 1 << 20))
    assert fault_of("材料.zip", content)[0] == "too_large_inside"


def test_a_directory_that_hides_its_count_is_refused():
    content = made.zipped()
    lying = altered(content, b"PK\5\6", 12, struct.pack("<L", 3 << 20))
    assert fault_of("材料.zip", lying)[0] == "too_many"


def test_a_directory_longer_than_its_count_says_is_refused():
    content = made.packed({f"{n}.txt": "" for n in range(2001)})
    assert fault_of("材料.zip", altered(content, b"PK\5\6", 8, b"\1\0\1\0"))[0] == "too_many"


@pytest.mark.parametrize(
    ("raw", "told"), [("安装.exe".encode("gb18030"), "安装.exe"), (b"\x82.exe", "é.exe")]
)
def test_an_inner_name_in_an_old_code_is_told_readably(raw, told):
    """Written by hand: zipfile marks such a name as UTF-8."""
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, 0, 0, 0, len(raw), 0) + raw
    facts = (20, 20, 0, 0, 0, 33, 0, 0, 0, len(raw), 0, 0, 0, 0, 0, 0)
    listed = struct.pack("<4s6H3L5H2L", b"PK\1\2", *facts) + raw
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(listed), len(local), 0)
    assert f"“{told}”" in fault_of("材料.zip", local + listed + end)[1]


def test_a_chain_of_sectors_that_runs_in_circles_is_refused():
    content = bytearray(made.compound("WordDocument"))
    struct.pack_into("<L", content, 512 + 4, 1)
    assert fault_of("通知.wps", bytes(content))[0] == "not_whole"
    struct.pack_into("<L", content, 512 + 4, 9999)
    assert fault_of("通知.wps", bytes(content))[0] == "not_whole"


# --- keeping -------------------------------------------------------------------------------------


def test_a_disk_that_takes_nothing_is_told_and_leaves_no_row(folder):
    (folder / "files").write_text("in the way")
    with pytest.raises(StorageFailed, match="其他内容没有改动") as refusal:
        receive(upload(NAME, made.PDF))
    assert refusal.value.status == 507
    assert StoredFile.objects.count() == 0


KILLED = """
import django
django.setup()
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from core.uploads import receive
from tests.core import made_files
receive(SimpleUploadedFile("总结.pdf", made_files.PDF))
"""


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_killed_between_disk_and_row_leaves_no_row_without_its_file(folder):
    """The row waits for a lock that the test holds, so the kill comes exactly between the two."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("LOCK TABLE core_storedfile IN ACCESS EXCLUSIVE MODE")
        worker = subprocess.Popen(
            [sys.executable, "-c", KILLED], cwd=ROOT, env=_environment(folder)
        )
        until = time.monotonic() + 60
        while not _waiting_for_the_row(cursor):
            assert worker.poll() is None, "the upload ended before it was killed"
            assert time.monotonic() < until
        worker.send_signal(signal.SIGKILL)
        worker.wait(timeout=10)
    (kept,) = [found for found in folder.rglob("*") if found.is_file()]
    assert kept.read_bytes() == made.PDF
    assert StoredFile.objects.count() == 0
    received = receive(upload("总结.pdf", made.PDF))
    assert files.read(received.stored) == made.PDF
    assert files.path_of(received.stored.sha256) == kept


def _waiting_for_the_row(cursor):
    cursor.execute(
        "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'core_storedfile'::regclass"
    )
    return cursor.fetchone()[0]


def _environment(folder):
    return {**os.environ, "DATABASE_OWNER_URL": database_url(), "PORTAL_DATA": str(folder)}


# --- the form ------------------------------------------------------------------------------------


class ScanForm(Form):
    scan = UploadField(label="文件扫描件")


def test_the_field_says_what_it_takes_and_that_nothing_secret_may_come():
    form = ScanForm()
    shown = render_to_string("components/upload.html", {"field": form["scan"]})
    assert f'accept="{ACCEPT}"' in shown
    assert str(NOTICE) in shown
    assert "单个文件不超过20MB" in shown


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({}, "选择“文件扫描件”"),
        ({"scan": ("空.pdf", b"")}, "“空.pdf”是空文件，换一个再传"),
        ({"scan": ("网.pdf", made.HTML)}, "“网.pdf”的内容其实是网页，在浏览器里打印成PDF再传"),
    ],
)
def test_the_field_refuses_in_the_same_words(sent, said):
    form = ScanForm({}, {name: upload(*parts) for name, parts in sent.items()})
    assert form.errors == {"scan": [said]}


def test_what_the_field_took_can_be_received():
    form = ScanForm({}, {"scan": upload(NAME, made.PDF)})
    assert form.is_valid()
    assert receive(form.cleaned_data["scan"]).name == NAME


def test_an_optional_field_may_stay_empty():
    field = UploadField(required=False)
    assert field.clean(None) is None


# --- giving out ----------------------------------------------------------------------------------


def stored(name=NAME, content=made.PDF):
    return receive(upload(name, content)).stored


def get(**headers):
    return RequestFactory().get("/", headers=headers)


def test_a_file_is_given_out_as_a_download_that_can_do_nothing():
    row = stored()
    response = serve(get(), row, NAME)
    assert b"".join(response) == made.PDF
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%B8%82")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert response["Cache-Control"] == "private, no-store"
    assert response["ETag"] == f'"{row.sha256}"'
    assert int(response["Content-Length"]) == len(made.PDF)


@pytest.mark.parametrize(
    ("name", "content", "way"),
    [
        ("图.png", made.png(), "inline"),
        ("图.jpg", made.JPG, "inline"),
        ("总.pdf", made.PDF, "inline"),
        ("表.xlsx", made.xlsx(), "attachment"),
    ],
)
def test_only_pdf_and_pictures_are_shown_in_the_browser(name, content, way):
    response = serve(get(), stored(name, content), name, inline=True)
    assert response["Content-Disposition"].startswith(way)
    assert response["Content-Security-Policy"].startswith("sandbox") == (name != "总.pdf")


def test_the_reader_who_has_these_bytes_is_sent_none():
    row = stored()
    assert serve(get(If_None_Match=f'"{row.sha256}"'), row, NAME).status_code == 304
    assert serve(get(If_None_Match='"other"'), row, NAME).status_code == 200


def test_a_file_of_another_origin_is_given_out_as_bytes():
    row = files.store([b"a,b"], media_type="text/csv")
    response = serve(get(), row, "表.csv", inline=True)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")


class SampleDownload(DownloadView):
    required_permission = LOGGED_IN

    def get_file(self):
        row = StoredFile.objects.filter(pk=self.kwargs["pk"]).first()
        if row is None:
            raise Http404
        return row, NAME


urlpatterns = [*portal_urls, path("sample-file/<int:pk>/", SampleDownload.as_view())]


@pytest.mark.urls(__name__)
def test_the_page_gives_out_what_the_reader_sees(browse, data_officer):
    row, client = stored(), browse(data_officer)
    response = client.get(f"/sample-file/{row.pk}/")
    assert b"".join(response.streaming_content) == made.PDF
    assert response["Content-Security-Policy"].startswith("sandbox")
    assert response["Cache-Control"] == "private, no-store"
    shown = client.get(f"/sample-file/{row.pk}/?inline")
    assert shown["Content-Disposition"].startswith("inline")
    assert client.get("/sample-file/0/").status_code == 404


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("harm", ["gone", "altered"])
def test_a_file_that_the_disk_lost_is_a_page_that_says_so(browse, data_officer, harm):
    row = stored()
    place = files.path_of(row.sha256)
    place.unlink() if harm == "gone" else place.write_bytes(b"x")
    response = browse(data_officer).get(f"/sample-file/{row.pk}/")
    assert response.status_code == 409
    assert f"“{NAME}”的登记还在，文件本身不见了或有变动" in response.content.decode()
    with pytest.raises(FileLost):
        serve(get(), row, NAME)


def test_a_download_must_say_which_file():
    with pytest.raises(NotImplementedError, match="which file"):
        DownloadView().get_file()
