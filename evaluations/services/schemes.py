"""Building a scheme: its versions and the tree of a draft."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import Refused
from pilots.models import Programme

from ..criteria import number, said
from ..models import Scheme, SchemeVersion
from ..queries.checking import Sketch
from ..queries.trees import rows_of, sketch_of
from .trees import plant
from .writing import (
    VERSION_FACTS,
    lock_draft,
    save_version,
)

# Of a version, what a bureau sets.
SETTINGS = frozenset(
    {
        "full",
        "bonus_limit",
        "deduction_limit",
        "step",
        "tolerance",
        "objection_workdays",
        "grades",
        "note",
    }
)


@transaction.atomic
def create_scheme(
    programme: Programme | None,
    title: str,
    *,
    by: Any,
    note: str = "",
    sketches: Sequence[Sketch] = (),
    code: str = "",
    **facts: Any,
) -> SchemeVersion:
    """A scheme with its first draft, which holds `sketches` (parents before children). `facts` are
    further fields of the scheme. Raises ValidationError."""
    now = clock.now()
    scheme = Scheme(
        code=code or _free_code(programme),
        programme=programme,
        title=title.strip(),
        note=note.strip(),
        created_at=now,
        created_by=by,
        **facts,
    )
    scheme.full_clean()
    scheme.save()
    version = SchemeVersion(scheme=scheme, number=1, created_at=now, updated_at=now)
    version.full_clean()
    version.save()
    plant(version, sketches)
    after = {"title": scheme.title, "indicators": len(sketches)}
    audit.record("scheme.create", by=by, subject=scheme, programme=programme, after=after)
    return version


def _free_code(programme: Programme | None) -> str:
    prefix = f"{programme.code if programme else 'example'}.scheme-"
    prefix = prefix.replace(".", "-")
    taken = set(Scheme.rows.filter(code__startswith=prefix).values_list("code", flat=True))
    place = len(taken) + 1
    while f"{prefix}{place}" in taken:
        place += 1
    return f"{prefix}{place}"


@transaction.atomic
def copy_scheme(
    version: SchemeVersion, programme: Programme, title: str, *, by: Any
) -> SchemeVersion:
    """A new scheme of `programme` that begins as `version` stands: of last year, or of an example."""
    made = create_scheme(
        programme,
        title,
        by=by,
        note=version.scheme.note if version.scheme.is_example else "",
        sketches=[sketch_of(row) for row in rows_of(version)],
        source=version.scheme.source,
    )
    return _take_settings(made, version)


@transaction.atomic
def new_version(scheme: Scheme, *, by: Any) -> SchemeVersion:
    """The next draft, which begins as the newest version stands. Raises Refused while there is a draft."""
    row = Scheme.rows.select_for_update(of=("self",)).select_related("programme").get(pk=scheme.pk)
    last = row.versions.order_by("-number")[0]
    if not last.is_frozen:
        raise Refused(_("“%(version)s”还没有用过，直接改它。") % {"version": last})
    now = clock.now()
    made = SchemeVersion(scheme=row, number=last.number + 1, created_at=now, updated_at=now)
    made.full_clean()
    made.save()
    plant(made, [sketch_of(each) for each in rows_of(last)])
    audit.record("scheme.new_version", by=by, subject=made, programme=row.programme)
    return _take_settings(made, last)


def _take_settings(made: SchemeVersion, model: SchemeVersion) -> SchemeVersion:
    for name in SETTINGS:
        setattr(made, name, getattr(model, name))
    made.save()
    return made


@transaction.atomic
def set_rules(
    scheme_version: SchemeVersion, values: Mapping[str, Any], *, by: Any, version: int | None = None
) -> SchemeVersion:
    """Full mark, limits, step, tolerance, term for objections, grades. Raises Refused for a version in
    use, StaleVersion, ValidationError by field."""
    row = lock_draft(scheme_version, version)
    before = audit.facts(row, VERSION_FACTS)
    if unknown := values.keys() - SETTINGS:
        raise ValueError(f"No settings of a version: {sorted(unknown)}")
    for name, value in values.items():
        setattr(row, name, value)
    row.grades = _grades(row.grades)
    return save_version(row, "scheme.set_rules", by=by, before=before)


def _grades(grades: Any) -> list[dict[str, str]]:
    """Names with the total from which they hold, best first. Raises ValidationError on `grades`."""
    found = []
    for grade in grades or ():
        start = number(grade.get("from"))
        if not str(grade.get("name", "")).strip() or start is None or start < 0:
            raise ValidationError({"grades": _("等次要写成“优秀=90”的样子：名称和起点分数。")})
        found.append((start, str(grade["name"]).strip()))
    for pair in (0, 1):
        values = [each[pair] for each in found]
        if len(set(values)) < len(values):
            raise ValidationError({"grades": _("等次的名称和起点分数不能重复。")})
    return [{"name": name, "from": said(start)} for start, name in sorted(found, reverse=True)]
