"""The tree of a draft: adding, changing, moving, taking out."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import Refused

from ..choices import LEVELS, IndicatorKind
from ..models import Indicator, SchemeVersion
from ..queries.checking import Sketch
from .writing import INDICATOR_FACTS, lock_draft, save_indicator

# What an edit of an indicator may carry.
EDITABLE = frozenset(
    {
        "name",
        "weight",
        "kind",
        "source",
        "rule",
        "criteria",
        "fact",
        "text",
        "needs_evidence",
        "evidence_note",
        "basis",
    }
)


def plant(version: SchemeVersion, sketches: Sequence[Sketch]) -> list[Indicator]:
    """Write the tree of an empty draft, parents before children, level by level."""
    rows: dict[str, Indicator] = {}
    for place, sketch in enumerate(sketches, start=1):
        parent = rows.get(sketch.parent)
        row = Indicator(
            scheme_version=version,
            parent=parent,
            level=parent.level + 1 if parent else 1,
            key=sketch.key,
            position=place,
            weight=sketch.weight,
            criteria=dict(sketch.criteria),
            **{name: getattr(sketch, name) for name in sorted(EDITABLE - {"weight", "criteria"})},
        )
        row.full_clean()
        row.save()
        rows[sketch.key] = row
    return list(rows.values())


@transaction.atomic
def add_indicator(
    scheme_version: SchemeVersion,
    values: Mapping[str, Any],
    *,
    by: Any,
    parent: Indicator | None = None,
    version: int | None = None,
) -> Indicator:
    """A new last indicator under `parent` (None: first level). Raises Refused for a fourth level and
    for a version in use, StaleVersion (of the draft), ValidationError by field."""
    draft = lock_draft(scheme_version, version)
    above = _own(draft, parent) if parent is not None else None
    level = above.level + 1 if above else 1
    if level > LEVELS:
        raise Refused(_("“%(name)s”已是第三级，下面不能再加指标。") % {"name": above})
    last = draft.indicators.filter(parent=above).aggregate(last=Max("position"))["last"]
    row = Indicator(
        scheme_version=draft,
        parent=above,
        level=level,
        key=_free_key(draft),
        position=(last or 0) + 1,
        kind=above.kind if above else IndicatorKind.NORMAL,
    )
    _set(row, values)
    return save_indicator(row, "indicator.add", by=by, before=None)


@transaction.atomic
def change_indicator(
    indicator: Indicator, values: Mapping[str, Any], *, by: Any, version: int | None = None
) -> Indicator:
    """Set fields of EDITABLE. Raises Refused for a version in use, StaleVersion, ValidationError."""
    draft = lock_draft(indicator.scheme_version, None)
    row = _own(draft, indicator)
    row.require_version(version)
    before = audit.facts(row, INDICATOR_FACTS)
    _set(row, values)
    row.version += 1
    return save_indicator(row, "indicator.change", by=by, before=before)


@transaction.atomic
def move_indicator(
    indicator: Indicator,
    *,
    by: Any,
    parent: Indicator | None,
    place: int,
    version: int | None = None,
) -> Indicator:
    """Put an indicator with all below it under `parent` (None: first level), as its child number
    `place` from 1. Raises Refused for a circle and for a fourth level, StaleVersion."""
    draft = lock_draft(indicator.scheme_version, None)
    row = _own(draft, indicator)
    row.require_version(version)
    above = _own(draft, parent) if parent is not None else None
    _require_room(row, above)
    before = audit.facts(row, INDICATOR_FACTS)
    siblings = list(draft.indicators.standing().filter(parent=above).exclude(pk=row.pk))
    siblings.insert(max(place, 1) - 1, row)
    row.parent, row.level = above, above.level + 1 if above else 1
    for position, each in enumerate(siblings, start=1):
        each.position = position
        if each.pk != row.pk:
            each.save(update_fields=["position"])
    row.version += 1
    saved = save_indicator(row, "indicator.move", by=by, before=before)
    _follow(saved)
    return saved


def _require_room(row: Indicator, above: Indicator | None) -> None:
    line: Indicator | None = above
    while line is not None:
        if line.pk == row.pk:
            text = _("“%(name)s”不能移到自己的下级指标下面，上下级会绕成圈。")
            raise Refused(text % {"name": row.name})
        line = line.parent
    deepest = (above.level if above else 0) + _height(row)
    if deepest > LEVELS:
        facts = {"name": row.name, "level": deepest}
        raise Refused(_("移到这里“%(name)s”会到第%(level)s级，最多三级。") % facts)


def _height(row: Indicator) -> int:
    """Levels of the tree that hangs on a row, itself among them."""
    return 1 + max(map(_height, row.children.standing()), default=0)


def _follow(row: Indicator) -> None:
    """Levels below a moved row follow it; those that were taken out too."""
    for child in row.children.all():
        child.level = row.level + 1
        child.save(update_fields=["level"])
        _follow(child)


@transaction.atomic
def withdraw_indicator(indicator: Indicator, *, by: Any, version: int | None = None) -> Indicator:
    """Take an indicator and all below it out of a draft; the rows stay. Raises Refused for a version
    in use, StaleVersion."""
    draft = lock_draft(indicator.scheme_version, None)
    row = _own(draft, indicator)
    row.require_version(version)
    for child in row.children.standing():
        withdraw_indicator(child, by=by)
    row.refresh_from_db()
    before = audit.facts(row, INDICATOR_FACTS)
    row.withdrawn_on = clock.today()
    row.version += 1
    return save_indicator(row, "indicator.withdraw", by=by, before=before)


def _own(draft: SchemeVersion, indicator: Indicator) -> Indicator:
    """The standing row of the draft under lock. Raises Refused for another version's, or one taken
    out."""
    rows = Indicator.rows.select_for_update(of=("self",)).select_related("parent__parent")
    row = rows.filter(pk=indicator.pk, scheme_version=draft, withdrawn_on=None).first()
    if row is None:
        raise Refused(_("“%(name)s”已不在这个版次里，刷新页面再看。") % {"name": indicator.name})
    row.scheme_version = draft
    return row


def keys_of(version: SchemeVersion) -> set[str]:
    """Every key that the scheme ever used: none is used twice, so that two rounds can be compared."""
    rows = Indicator.rows.filter(scheme_version__scheme=version.scheme_id)
    return set(rows.values_list("key", flat=True))


def _free_key(draft: SchemeVersion) -> str:
    taken = keys_of(draft)
    place = len(taken) + 1
    while f"k{place}" in taken:
        place += 1
    return f"k{place}"


def _set(row: Indicator, values: Mapping[str, Any]) -> None:
    if unknown := values.keys() - EDITABLE:
        raise ValueError(f"No fields of an indicator to edit: {sorted(unknown)}")
    for name, value in values.items():
        setattr(row, name, value.strip() if isinstance(value, str) else value)
    if row.weight is not None and not isinstance(row.weight, Decimal):
        row.weight = Decimal(str(row.weight))
