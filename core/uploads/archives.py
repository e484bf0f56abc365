"""ZIP archives and what is built on them: Word, Excel, OFD. Nothing is ever unpacked to disk."""

import io
import re
import struct
import zipfile
import zlib
from pathlib import PurePosixPath

from .kinds import DOCX, MACRO_EXTENSIONS, MEGABYTE, OFD, XLSX, ZIP, Fault, Kind

LOCAL, END = b"PK\x03\x04", b"PK\x05\x06"
END_RECORD = struct.Struct("<4s4H2LH")
COMMENT_AT_MOST = 0xFFFF
MOST_ENTRIES = 2000
MOST_DIRECTORY_BYTES = 2 * MEGABYTE  # read into memory before anything can be counted
MOST_BYTES = 200 * MEGABYTE
MOST_RATIO, RATIO_MATTERS_FROM = 100, 10 * MEGABYTE
PROGRAMS = {
    *("exe", "dll", "com", "scr", "msi", "bat", "cmd", "ps1", "vbs", "vbe", "js", "jse", "wsf"),
    *("hta", "lnk", "jar", "class", "apk", "sh", "reg", "cpl"),
    *MACRO_EXTENSIONS,
}
MACRO_PARTS = re.compile(r"(?:^|/)(?:vbaproject\.bin|vbadata\.xml|macrosheets/.*)$", re.IGNORECASE)
CONTENT_TYPES = "[Content_Types].xml"
# The part of an archive that says what it is.
BUILT_ON_ZIP: dict[str, Kind] = {
    "word/document.xml": DOCX,
    "xl/workbook.xml": XLSX,
    "OFD.xml": OFD,
}
NOT_TAKEN = ("ppt/presentation.xml", "xl/workbook.bin", "AndroidManifest.xml", "mimetype")


def check_archive(content: bytes) -> Kind:
    """What the archive is; raises Fault."""
    _check_ends(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_sizes(entries, len(content))
            kind = _check_names(entries)
            if kind in {DOCX, XLSX}:
                _check_macros(archive)
            # Reads all of it once: what its headers say of sizes was a lie, or the file is not whole.
            if archive.testzip() is not None:
                raise Fault("not_whole")
    except NotImplementedError:
        raise Fault("packing") from None
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError):
        raise Fault("not_whole") from None
    return kind


def holds_archive(content: bytes) -> bool:
    """Whether a program for archives would open it, whatever its first bytes are."""
    return END in content[-COMMENT_AT_MOST - END_RECORD.size :] and zipfile.is_zipfile(
        io.BytesIO(content)
    )


def _check_ends(content: bytes) -> None:
    """The archive is the whole file, and its directory is small enough to be read."""
    at = content.rfind(END, max(len(content) - COMMENT_AT_MOST - END_RECORD.size, 0))
    if at < 0 or at + END_RECORD.size > len(content):
        raise Fault("not_whole")
    _sign, _disk, _disk2, _here, count, size, _start, comment = END_RECORD.unpack_from(content, at)
    if at + END_RECORD.size + comment != len(content):
        raise Fault("mixed")
    if count > MOST_ENTRIES or size > MOST_DIRECTORY_BYTES:
        raise Fault("too_many", limit=MOST_ENTRIES)


def _check_sizes(entries: list[zipfile.ZipInfo], size: int) -> None:
    if not entries:
        raise Fault("not_whole")
    if len(entries) > MOST_ENTRIES:
        raise Fault("too_many", limit=MOST_ENTRIES)
    if min(entry.header_offset for entry in entries) != 0:
        raise Fault("mixed")  # an archive behind something else
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise Fault("password")
    unpacked = sum(entry.file_size for entry in entries)
    overlaps = sum(entry.compress_size for entry in entries) > size
    swells = unpacked > RATIO_MATTERS_FROM and unpacked > MOST_RATIO * size
    if unpacked > MOST_BYTES or overlaps or swells:
        raise Fault("too_large_inside", limit=MOST_BYTES // MEGABYTE)


def _check_names(entries: list[zipfile.ZipInfo]) -> Kind:
    names = {entry.filename for entry in entries}
    for entry in entries:
        _check_path(_shown(entry))
    if names & {"Encryptions.xml", "EncryptedPackage"}:
        raise Fault("password")
    if not names.isdisjoint(NOT_TAKEN):
        raise Fault("kind")
    kind = next((kind for part, kind in BUILT_ON_ZIP.items() if part in names), ZIP)
    if kind in {DOCX, XLSX} and CONTENT_TYPES not in names:
        raise Fault("not_whole")
    if kind is ZIP:
        _check_programs(entries)
    return kind


def _check_programs(entries: list[zipfile.ZipInfo]) -> None:
    for entry in entries:
        if not entry.is_dir() and PurePosixPath(entry.filename).suffix[1:].lower() in PROGRAMS:
            raise Fault("program", inner=_shown(entry))


def _check_path(name: str) -> None:
    parts = name.replace("\\", "/").split("/")
    if name.startswith(("/", "\\")) or ".." in parts or re.match(r"[A-Za-z]:", name):
        raise Fault("outside", inner=name)


def _check_macros(archive: zipfile.ZipFile) -> None:
    if any(MACRO_PARTS.search(name) for name in archive.namelist()):
        raise Fault("macro")
    if b"macroenabled" in archive.read(CONTENT_TYPES).lower():
        raise Fault("macro")


def _shown(entry: zipfile.ZipInfo) -> str:
    """The name as people wrote it: Windows packs Chinese names without saying in which code."""
    if entry.flag_bits & 0x800:
        return entry.filename
    try:
        return entry.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return entry.filename
