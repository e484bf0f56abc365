"""`{% load saved_views %}`: the row of saved views above a list, and 「存为常用」 beside its chips."""

from typing import Any

from django import template

from accounts.roles import Permission
from core.listing import Kept
from core.lists import KeptPage, query_for

from ..access import permissions_of
from ..models import SavedView

register = template.Library()


@register.inclusion_tag("pilots/_views.html")
def saved_views(page: KeptPage) -> dict[str, Any]:
    """Presets of the list, then what was shared, then the person's own; one query. Of several
    programmes only what was shared with the one that the list shows."""
    here, shown = page.kept.query, getattr(page, "programme", None)
    rows = SavedView.objects.visible_to(page.request.user).live().filter(path=page.path)
    links = [
        {"name": name, "query": query, "is_current": query_for(type(page), query).query == here}
        for name, query in page.ready_made()
    ]
    saved = [
        {
            "name": row.name,
            "query": f"?{row.query}",
            "is_current": row.query == here,
            "is_shared": row.programme_id is not None,
        }
        for row in rows.in_order()
        if row.programme_id is None or shown is None or row.programme_id == shown.pk
    ]
    return {"links": [*links, *saved], "has_saved": bool(saved)}


@register.inclusion_tag("pilots/_keep_view.html")
def keep_view(page: KeptPage) -> dict[str, Any]:
    """「存为常用」, where there is something to keep."""
    kept: Kept = page.kept
    return {
        "kept": kept,
        "path": page.path,
        "may_share": Permission.MANAGE_PROGRAMME in permissions_of(page.request.user),
    }
