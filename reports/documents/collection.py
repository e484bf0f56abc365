"""打包与汇编: all originals as one zip, and everybody's problems and suggestions as one table."""

import re
import zipfile
from collections.abc import Iterable
from typing import IO

from django.utils.translation import gettext as _

from core import clock, files, spreadsheets

from ..models import SubmissionEvidence
from ..queries.collecting import Line, Original
from . import report as document

FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')  # in names of files, on Windows too
LOST = "缺失的文件.txt"


def pack(output: IO[bytes], originals: Iterable[Original]) -> list[str]:
    """Write the zip 「序号-单位-标题」: each report as Word, in a folder with its evidence where it has
    some. A file that the disk has lost is named in a list beside them instead of stopping all.
    Returns the names of those."""
    lost: list[str] = []
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as bundle:
        for found in originals:
            label = safe(found.label)
            uses = list(
                SubmissionEvidence.objects.filter(submission=found.edition)
                .select_related("evidence__stored")
                .order_by("id")
            )
            folder = f"{label}/" if uses else ""
            written = document.write(found.report, found.edition.content)
            bundle.writestr(f"{folder}{label}.docx", written)
            lost += _evidence(bundle, f"{folder}佐证材料/", uses)
        if lost:
            bundle.writestr(LOST, "\r\n".join(lost))
    return lost


def _evidence(
    bundle: zipfile.ZipFile, folder: str, uses: Iterable[SubmissionEvidence]
) -> list[str]:
    lost, seen = [], set()
    for place, use in enumerate(uses, start=1):
        if use.evidence_id in seen:
            continue
        seen.add(use.evidence_id)
        name = f"{folder}{place:02d}-{safe(use.evidence.name)}"
        try:
            content = files.read(use.evidence.stored)
        except (OSError, ValueError):
            lost.append(name)
            continue
        bundle.writestr(name, content)
    return lost


def safe(name: str) -> str:
    """The name without what no file system takes, at most 100 characters, its extension kept."""
    cleaned = FORBIDDEN.sub("_", name).strip(" .") or "_"
    stem, dot, extension = cleaned.rpartition(".")
    if not dot or len(extension) > 5:
        return cleaned[:100]
    return f"{stem[:94]}.{extension}"


def table(lines: Iterable[Line], title: str) -> bytes:
    """The .xlsx of everybody's problems and suggestions."""
    heads = [
        spreadsheets.Column(_("序号"), 6),
        spreadsheets.Column(_("单位"), 18),
        spreadsheets.Column(_("类别"), 22),
        spreadsheets.Column(_("出自"), 16),
        spreadsheets.Column(_("内容"), 60),
        spreadsheets.Column(_("答复"), 40),
    ]
    rows = [
        [place, line.unit, line.kind, line.source, line.text, line.answer]
        for place, line in enumerate(lines, start=1)
    ]
    notes = [_("截至%(day)s") % {"day": clock.today()}]
    return spreadsheets.workbook(title, heads, rows, notes)
