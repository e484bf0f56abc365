"""The .docx as a package of parts: out of the blank one, and into the same bytes every time."""

import io
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

BLANK = Path(__file__).parent / "blank"
PARTS = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package_rels.xml",
    "docProps/core.xml": "core.xml",
    "word/document.xml": "document.xml",
    "word/_rels/document.xml.rels": "document_rels.xml",
    "word/styles.xml": "styles.xml",
    "word/settings.xml": "settings.xml",
    "word/fontTable.xml": "fontTable.xml",
    "word/footer1.xml": "footer1.xml",
    "word/footer2.xml": "footer2.xml",
}
# A zip that says when it was packed is never the same twice.
PACKED_AT = (1980, 1, 1, 0, 0, 0)


@cache
def blank() -> bytes:
    """The empty official document: page, styles, fonts and page numbers, no word in it."""
    return packed({name: (BLANK / source).read_bytes() for name, source in PARTS.items()})


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The parts as a package; the same parts give the same bytes."""
    output = io.BytesIO()
    # Word wants the content types first, and nothing else in any order.
    names = sorted(parts, key=lambda name: (name != "[Content_Types].xml", name))
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            entry = zipfile.ZipInfo(name, PACKED_AT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, parts[name])
    return output.getvalue()


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of a package that is known to be sound (core.documents.checking for any other)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist() if name[-1:] != "/"}


def saved(document: object) -> bytes:
    """What python-docx would save, without the time of saving."""
    output = io.BytesIO()
    document.save(output)  # type: ignore[attr-defined]
    return packed(unpacked(output.getvalue()))
