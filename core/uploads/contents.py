"""What a file is, read from its bytes alone."""

import re
import struct

from .archives import LOCAL, check_archive, holds_archive
from .compound import SIGN, check_compound
from .kinds import JPG, PDF, PNG, Fault, Kind

PNG_SIGN, JPG_SIGN, PDF_SIGN = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"%PDF-"
HEAD, PDF_TAIL = 1024, 2048
FOREIGN = re.compile(rb"<(?:html|script|svg|!doctype|iframe|\?php)|%PDF-", re.IGNORECASE)
OTHER_ARCHIVES = (b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
ENCRYPTED_PDF = re.compile(rb"/Encrypt\s*(?:\d+\s+\d+\s+R|<<)")


def kind_of(content: bytes, extension: str) -> Kind:
    """The kind of the content, once it is found whole and harmless; raises Fault."""
    if content.startswith(PDF_SIGN):
        return _check_pdf(content)
    if content.startswith(PNG_SIGN):
        return _check_picture(content, PNG, _end_of_png(content))
    if content.startswith(JPG_SIGN):
        return _check_picture(content, JPG, content.rfind(b"\xff\xd9") + 2)
    if content.startswith(LOCAL):
        return check_archive(content)
    if content.startswith(SIGN):
        return check_compound(content, extension)
    start = content[: 4 * HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if start.startswith(b"<"):
        raise Fault("svg" if b"<svg" in start else "web")
    raise Fault("mixed" if PDF_SIGN in content[:HEAD] or holds_archive(content) else "unreadable")


def _check_pdf(content: bytes) -> Kind:
    if FOREIGN.search(content[len(PDF_SIGN) : HEAD]) or holds_archive(content):
        raise Fault("mixed")
    if b"%%EOF" not in content[-PDF_TAIL:]:
        raise Fault("not_whole")
    if ENCRYPTED_PDF.search(content):
        raise Fault("restricted")
    return PDF


def _check_picture(content: bytes, kind: Kind, end: int) -> Kind:
    """`end` is where the picture ends: cameras append data of their own, programs must not."""
    if end < len(JPG_SIGN):
        raise Fault("not_whole")
    rest = content[end:]
    foreign = FOREIGN.search(content[:HEAD]) or FOREIGN.search(rest)
    if foreign or holds_archive(content) or any(sign in rest for sign in OTHER_ARCHIVES):
        raise Fault("mixed")
    return kind


def _end_of_png(content: bytes) -> int:
    """The place after the IEND chunk; 0 when there is none."""
    place = len(PNG_SIGN)
    while place + 12 <= len(content):
        length, name = struct.unpack_from(">L4s", content, place)
        place += length + 12
        if name == b"IEND":
            return place if place <= len(content) else 0
    return 0
