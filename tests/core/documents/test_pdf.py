"""PDF by LibreOffice: the real one where it is installed, small stand-in programs for its moods."""

import os
import re
import time
from datetime import date
from pathlib import Path

import pytest

from core.documents import OfficialDocument, pdf

needs_libreoffice = pytest.mark.skipif(
    not pdf.is_available(), reason="LibreOffice (soffice) is not installed"
)


@pytest.fixture
def office(tmp_path, monkeypatch):
    """`office(script)` puts a shell script in the place of soffice."""

    def installed(script):
        program = tmp_path / "soffice"
        program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    return installed


@pytest.mark.slow
@needs_libreoffice
def test_a_document_becomes_a_pdf_of_a4_pages():
    document = OfficialDocument(title="关于报送履职情况的报告", demo=True)
    document.paragraph("现报告如下。").sign("测试市公安局", date(2022, 4, 5)).annex("汇总表", 1)
    content = pdf.to_pdf(document.bytes())
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 2
    sizes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", content)
    assert {(round(float(wide)), round(float(high))) for wide, high in sizes} == {(595, 842)}


def test_without_libreoffice_there_is_no_pdf(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not pdf.is_available()
    assert pdf.to_pdf(b"x") is None


def test_it_gets_a_profile_of_its_own_and_none_of_our_secrets(office, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "canary-key")
    office(
        f'env > {tmp_path}/env; echo "$@" > {tmp_path}/args; cp "$FONTCONFIG_FILE" {tmp_path}/fonts'
    )
    assert pdf.to_pdf(b"x") is None
    args, env, fonts = (
        (tmp_path / name).read_text(encoding="utf-8") for name in ("args", "env", "fonts")
    )
    folder = re.search(r"-env:UserInstallation=file://(\S+)/profile", args)[1]
    assert f"HOME={folder}" in env
    assert "canary" not in env
    assert "<family>仿宋</family><accept><family>FangSong</family>" in fonts
    assert not Path(folder).exists()


def test_what_it_writes_is_given_back(office):
    office('for last; do :; done; printf "%%PDF-of-" > document.pdf; cat "$last" >> document.pdf')
    assert pdf.to_pdf(b"content") == b"%PDF-of-content"


def test_one_that_hangs_is_stopped_with_all_it_started(office, tmp_path):
    office(f"sleep 300 & echo $! > {tmp_path}/child; wait")
    began = time.monotonic()
    assert pdf.to_pdf(b"x", seconds=0.5) is None
    assert time.monotonic() - began < 10
    child = (tmp_path / "child").read_text(encoding="utf-8").strip()
    assert _is_gone(child)


def test_what_it_leaves_behind_is_stopped_too(office, tmp_path):
    office(f"sleep 300 & echo $! > {tmp_path}/child")
    assert pdf.to_pdf(b"x") is None
    assert _is_gone((tmp_path / "child").read_text(encoding="utf-8").strip())


def _is_gone(pid):
    """Ended; where nobody collects orphans, a killed process stays listed as a zombie."""
    state = Path(f"/proc/{pid}/stat")
    for _try in range(1000):
        try:
            if state.read_text(encoding="utf-8").rpartition(") ")[2].startswith(("Z", "X")):
                return True
        except OSError:
            return True
        os.sched_yield()
    return False
