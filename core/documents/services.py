"""Templates of a body's own: taken in, ended, and filled.

A page asks `kinds.registered()` for what there is, `field_list(kind)` for what may be written into a
template, `starter(kind)` for a file to begin with, and calls `upload_template`. Who may do that for
which body is the page's question: the holder is a code, and core knows no bodies.
"""

import io
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext as _
from docx import Document
from docx.exceptions import PythonDocxError
from docx.opc.exceptions import OpcError

from .. import audit, clock, files, uploads
from ..errors import MoveNotAllowed
from ..models import DocumentTemplate, SiteState
from . import checking, kinds, package, placeholders
from .kinds import DocumentKind
from .marking import mark_demo
from .text import shown
from .writer import OfficialDocument

log = structlog.get_logger(__name__)


class _Holder(NamedTuple):
    """A body, as far as the audit record wants to know it."""

    code: str


def active_template(kind: str, holder: str) -> DocumentTemplate | None:
    """The template by which the body with code `holder` writes this kind; None for the portal's."""
    return DocumentTemplate.objects.active().filter(kind=kind, holder=holder).first()


def history(kind: str, holder: str) -> QuerySet[DocumentTemplate]:
    """Every template the body ever had for this kind, the newest first, with its file."""
    return DocumentTemplate.objects.filter(kind=kind, holder=holder).select_related("file")


def field_list(kind: str) -> list[tuple[str, str]]:
    """What may be written into a template of this kind: (「{{单位名称}}」, an example of it)."""
    declared = kinds.get(kind)
    return [
        (f"{{{{{name}}}}}", shown(_sample_of(declared, key)))
        for key, name in declared.fields.items()
    ]


@transaction.atomic
def upload_template(kind: str, holder: str, *, uploaded: UploadedFile, by: Any) -> DocumentTemplate:
    """Let the body write this kind of document by the uploaded .docx from now on; what it had before
    is ended and kept.

    Raises ValidationError (plain, for the file's field; one sentence a fault) for a file that is
    broken, locked, too large, has macros or fetches things from elsewhere, for placeholders that
    the kind does not have (they are named, and those it has are listed), and for one that cannot
    be filled; KeyError for a kind that nobody declares; StorageFailed when the disk is full.
    """
    declared = kinds.get(kind)
    _check(declared, uploaded)
    received = uploads.receive(uploaded)
    # Two uploads at once: the second waits, and then ends the first.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"template:{kind}:{holder}"])
    previous = active_template(kind, holder)
    if previous is not None:
        _end(previous, by)
    row = DocumentTemplate(
        kind=kind,
        holder=holder,
        file=received.stored,
        file_name=received.name,
        uploaded_at=clock.now(),
        uploaded_by_id=getattr(by, "pk", None),
        uploaded_by=audit.actor(by),
    )
    row.full_clean()
    row.save()
    _record("template.upload", row, by, previous.file_name if previous else "", row.file_name)
    return row


@transaction.atomic
def end_template(template: DocumentTemplate, *, by: Any) -> DocumentTemplate:
    """Go back to the portal's own form. Raises MoveNotAllowed when the template was ended already."""
    row = DocumentTemplate.objects.select_for_update().get(pk=template.pk)
    if not row.is_active:
        raise MoveNotAllowed(
            _("“%(name)s”已由%(person)s停用。") % {"name": row.file_name, "person": row.ended_by}
        )
    _end(row, by)
    _record("template.end", row, by, row.file_name, "")
    return row


def render(kind: str, holder: str, context: Mapping[str, Any], build: Callable[[], bytes]) -> bytes:
    """The .docx of one document: the holder's template filled with `context` (keys as in the kind's
    fields; text, numbers, dates, None, and a list of mappings for a list), or what `build()` makes
    where the holder has none. Demonstration sites mark the header of either. The same context gives
    the same bytes, Chinese in whatever language the page is read. Raises KeyError for a kind that nobody declares."""
    declared = kinds.get(kind)
    template = active_template(kind, holder)
    # A document is Chinese, whatever language the reader of the page has chosen.
    with translation.override(settings.LANGUAGE_CODE):
        if template is None:
            return build()
        try:
            content = files.read(template.file)
        except (OSError, ValueError) as error:
            # A lost file must not keep a receipt from being written; but it must be known.
            log.exception("template_lost", template=template.pk, error=str(error))
            return build()
        parts = package.unpacked(content)
        return _filled(declared, parts, context, is_demo=SiteState.current().is_demo)


def render_sample(template: DocumentTemplate) -> bytes:
    """The template filled with the made-up facts of its kind, marked 「演示数据」, to be looked at.
    Raises OSError or ValueError when its file is lost."""
    declared = kinds.get(template.kind)
    parts = package.unpacked(files.read(template.file))
    return _filled(declared, parts, declared.sample, is_demo=True)


def starter(kind: str) -> bytes:
    """A .docx in the portal's own form that holds every placeholder of the kind, to begin with."""
    declared = kinds.get(kind)
    with translation.override(settings.LANGUAGE_CODE):
        document = OfficialDocument(title=str(declared.label))
    plain = [name for key, name in declared.fields.items() if "." not in key]
    document.facts((name, f"{{{{{name}}}}}") for name in plain)
    columns: dict[str, list[str]] = {}
    for key, name in declared.fields.items():
        if "." in key:
            columns.setdefault(key.partition(".")[0], []).append(name)
    for names in columns.values():
        heads = [name.partition(".")[2] or name for name in names]
        document.table(heads, [[f"{{{{{name}}}}}" for name in names]])
    return document.bytes()


def _check(kind: DocumentKind, uploaded: UploadedFile) -> None:
    if uploads.inspect(uploaded).name != "docx":
        raise ValidationError(checking.NOT_DOCX, "kind")
    uploaded.seek(0)
    parts = package.unpacked(uploaded.read())
    checking.check(parts, kind)
    try:
        _filled(kind, parts, kind.sample, is_demo=True)
    except (LookupError, ValueError, AttributeError, PythonDocxError, OpcError) as error:
        # A package that python-docx cannot read: a part is named that is not there, and the like.
        raise ValidationError(checking.BROKEN, "not_whole") from error


def _end(row: DocumentTemplate, by: Any) -> None:
    row.ended_at = clock.now()
    row.ended_by_id = getattr(by, "pk", None)
    row.ended_by = audit.actor(by)
    row.full_clean()
    row.save()


def _record(verb: str, row: DocumentTemplate, by: Any, before: str, after: str) -> None:
    audit.record(
        verb,
        by=by,
        subject=row,
        before={"file_name": before},
        after={"file_name": after},
        unit=_Holder(row.holder),
    )


def _filled(
    kind: DocumentKind, parts: Mapping[str, bytes], context: Mapping[str, Any], *, is_demo: bool
) -> bytes:
    content = package.packed(placeholders.fill(parts, kind, context))
    if not is_demo:
        return content
    document = Document(io.BytesIO(content))
    mark_demo(document)
    return package.saved(document)


def _sample_of(kind: DocumentKind, key: str) -> Any:
    name, _dot, column = key.partition(".")
    return kind.sample[name][0][column] if column else kind.sample[name]
