"""A .docx as PDF, by LibreOffice where it is installed; everything works without it.

LibreOffice knows nothing of the fonts that a document's fontTable offers instead of those that are
missing, so each run gets a fontconfig file that says the same (see core.documents.writer).
"""

import contextlib
import logging
import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from django.utils.html import escape

logger = logging.getLogger(__name__)

SECONDS = 90
SERIF = ("Noto Serif CJK SC", "Source Han Serif SC", "AR PL UMing CN")
SANS = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei")
# What anybody uploaded is read here, on the server: nothing that it points to is fetched or run. A
# linked picture would let its sender ask our network, and read our disk, through LibreOffice.
SETTINGS = {
    "Office.Common/Security/Scripting": {
        "BlockUntrustedRefererLinks": "true",
        "DisableActiveContent": "true",
        "DisableMacrosExecution": "true",
    },
    "Office.Writer/Content/Update": {"Link": "2"},  # never
    # What is asked for all the same ends at a port where nobody answers.
    "Inet/Settings": {
        "ooInetProxyType": "2",
        "ooInetNoProxy": "",
        "ooInetHTTPProxyName": "127.0.0.1",
        "ooInetHTTPProxyPort": "9",
        "ooInetHTTPSProxyName": "127.0.0.1",
        "ooInetHTTPSProxyPort": "9",
    },
}
INSTEAD = {
    "仿宋": ("FangSong", "仿宋_GB2312", "STFangsong", *SERIF),
    "楷体": ("KaiTi", "楷体_GB2312", "STKaiti", *SERIF),
    "宋体": ("SimSun", "STSong", *SERIF),
    "方正小标宋简体": ("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "STZhongsong", *SERIF),
    "黑体": ("SimHei", "STHeiti", *SANS),
}


def program() -> str | None:
    """Where LibreOffice is, or None."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def is_available() -> bool:
    """PDF can be offered on this machine."""
    return program() is not None


def to_pdf(content: bytes, seconds: float = SECONDS) -> bytes | None:
    """The document as PDF, in a second or two and some 200 MB of memory; None where LibreOffice is
    missing, does not manage it, or takes longer than `seconds` (it is then stopped with all it
    started). Runs beside one another: each has a profile of its own in a folder that goes again.
    """
    office = program()
    if office is None:
        return None
    with tempfile.TemporaryDirectory(prefix="portal-pdf-") as name:
        folder = Path(name)
        (folder / "document.docx").write_bytes(content)
        (folder / "fonts.conf").write_text(_fonts(folder), encoding="utf-8")
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_settings(), encoding="utf-8")
        _run(office, folder, seconds)
        made = folder / "document.pdf"
        return made.read_bytes() if made.is_file() else None


def _run(office: str, folder: Path, seconds: float) -> None:
    argv = [
        office,
        "--headless",
        "--norestore",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        str(folder),
        str(folder / "document.docx"),
    ]
    # Nothing of our own environment: it holds the keys of the installation.
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    env = kept | {"HOME": str(folder), "FONTCONFIG_FILE": str(folder / "fonts.conf")}
    process = subprocess.Popen(
        argv,
        cwd=folder,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        logger.warning("LibreOffice did not finish a document within %s s.", seconds)
    finally:
        # soffice is a script that starts the program proper: the whole group has to go.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _settings() -> str:
    """The profile's registrymodifications.xcu."""
    items = "".join(
        f'<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse">'
        f"<value>{value}</value></prop></item>"
        for path, values in SETTINGS.items()
        for name, value in values.items()
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
        f"{items}</oor:items>"
    )


def _fonts(folder: Path) -> str:
    """The system's fonts, and for each of ours the first of its substitutes that is there."""
    choices = "".join(
        f"<alias binding='strong'><family>{escape(font)}</family><accept>"
        + "".join(f"<family>{escape(name)}</family>" for name in names)
        + "</accept></alias>"
        for font, names in INSTEAD.items()
    )
    return (
        "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'fonts.dtd'><fontconfig>"
        f"<include ignore_missing='yes'>/etc/fonts/fonts.conf</include>{choices}"
        f"<cachedir>{folder / 'fonts'}</cachedir></fontconfig>"
    )
