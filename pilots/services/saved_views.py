"""Saved views: keeping, renaming, sharing, removing.

What a person keeps for himself or herself is like a bookmark and leaves no trace in the record;
what is shown to a whole programme does.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core import audit, clock
from core.errors import MoveNotAllowed, PermissionRefused, Refused
from core.lists import page_at, query_for

from ..access import require
from ..models import Programme, SavedView
from ..models.saved_views import NAME_TAKEN

MOST = 20  # of one person on one list: more would be no row of links any more
TOLD = ("name", "path", "query", "programme")


@transaction.atomic
def keep_view(
    *, path: str, query: str, name: str, by: Any, programme: Programme | None = None
) -> SavedView:
    """Keep `query` of the list at `path` under a name; with `programme` for all its people.

    Raises ValidationError (no such list, a parameter that it does not know, nothing to keep, the
    name taken), PermissionRefused where `by` may not share there, Refused past the twentieth.
    """
    if SavedView.rows.live().filter(owner=by, path=path).count() >= MOST:
        raise Refused(_("每个列表最多保存20个常用筛选，先移除不用的。"))
    now = clock.now()
    row = SavedView(owner=by, path=path, name=name.strip(), created_at=now, updated_at=now)
    row.query = _checked(path, query)
    _share(row, programme, by)
    _save(row)
    if programme:
        _record("saved_view.share", row, by=by)
    return row


@transaction.atomic
def mend_view(view: SavedView, *, by: Any, version: int | None = None, **values: Any) -> SavedView:
    """Rename a view (`name`), or share it with a `programme`, None for no longer.

    The owner does, and of a shared one whoever may share there. Raises PermissionRefused,
    StaleVersion, MoveNotAllowed for a removed one, ValidationError.
    """
    row = _locked(view, by, version)
    before = audit.facts(row, TOLD)
    if "name" in values:
        row.name = values["name"].strip()
    if "programme" in values and values["programme"] != row.programme:
        _share(row, values["programme"], by)
    after = audit.facts(row, TOLD)
    if after == before:
        return row
    _save(row)
    if before["programme"] or row.programme:
        verb = "rename" if before["programme"] == row.programme else "share"
        _record(f"saved_view.{verb}" if row.programme else "saved_view.unshare", row, before, by=by)
    return row


@transaction.atomic
def remove_view(view: SavedView, *, by: Any, version: int | None = None) -> SavedView:
    """Take a view off the list. Raises as `mend_view` does."""
    row = _locked(view, by, version)
    row.removed_at = clock.now()
    _save(row)
    if row.programme:
        _record("saved_view.remove", row, by=by)
    return row


@transaction.atomic
def restore_view(view: SavedView, *, by: Any, version: int | None = None) -> SavedView:
    """Put a removed view back, for its owner alone: shared again only when shared anew. Raises
    PermissionRefused, StaleVersion, MoveNotAllowed, ValidationError where the name is taken by now."""
    row = SavedView.rows.select_for_update(of=("self",)).get(pk=view.pk)
    row.require_version(version)
    if row.owner_id != by.pk:
        raise PermissionRefused
    if row.removed_at is None:
        raise MoveNotAllowed
    row.removed_at = row.programme = None
    _save(row)
    return row


def _locked(view: SavedView, by: Any, version: int | None) -> SavedView:
    row: SavedView = (
        SavedView.rows.select_for_update(of=("self",)).select_related("programme").get(pk=view.pk)
    )
    if row.owner_id != by.pk:
        if row.programme is None:
            raise PermissionRefused
        require(by, Permission.MANAGE_PROGRAMME, programme=row.programme)
    row.require_version(version)
    if row.removed_at is not None:
        raise MoveNotAllowed
    return row


def _checked(path: str, query: str) -> str:
    """What the list understands of the query, in one order. Raises ValidationError."""
    page = page_at(path)
    if page is None:
        raise ValidationError({"path": _("“%(path)s”不是一个列表。") % {"path": path[:60]}})
    kept = query_for(page, query)
    if kept.unknown:
        facts = {"names": _("、").join(name[:60] for name in kept.unknown[:5])}
        raise ValidationError({"query": _("这个列表没有%(names)s这样的筛选。") % facts})
    if not kept:
        raise ValidationError({"query": _("列表上没有筛选或排序，先选好再保存。")})
    return kept.query


def _share(row: SavedView, programme: Programme | None, by: Any) -> None:
    """A view that is shared names its programme: who follows it from another one gets these rows."""
    row.programme = programme
    if programme is None:
        return
    require(by, Permission.MANAGE_PROGRAMME, programme=programme)
    page = page_at(row.path)
    if page and "programme" in page.parameters():
        query = QueryDict(row.query, mutable=True)
        query["programme"] = programme.code
        row.query = query_for(page, query.urlencode()).query


def _save(row: SavedView) -> None:
    row.updated_at = clock.now()
    row.version += 1 if row.pk else 0
    row.full_clean()
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        # The same name was kept this very moment, in another tab.
        raise ValidationError(NAME_TAKEN) from error


def _record(verb: str, row: SavedView, before: Any = None, *, by: Any) -> None:
    programme = row.programme or (before or {}).get("programme")
    audit.record(
        verb,
        by=by,
        subject=row,
        before=before,
        after=audit.facts(row, TOLD),
        programme=programme,
    )
