"""What waits for somebody's signature, as lines of a to-do list."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import clock, words

from .. import doors
from ..models import Approval
from ..queries import lender_of, waiting_for


def items_for(user: Any) -> list[dict[str, Any]]:
    """Lines of components/todo.html, the one that is due first on top."""
    return [_item(row, user) for row in waiting_for(user).for_lists()]


def _item(row: Approval, user: Any) -> dict[str, Any]:
    today, due = clock.today(), row.due_on
    state = word = ""
    if due is not None:
        days = (due - today).days
        state = "overdue" if days < 0 else "due_soon" if days <= words.NEAR_DAYS else "normal"
        word = words.relation(due, today)
    return {
        "url": doors.url_of(row),
        "title": row.title,
        "state": state,
        "word": word,
        "note": "　".join(_facts(row, user)),
    }


def _facts(row: Approval, user: Any) -> list[str]:
    """「市公安局」「陈静拟稿」「约2分钟」「第2次」「代李明签」「2022-04-30截止」"""
    found = [row.unit.display_name]
    if row.opened_by is not None:
        found.append(_("%(who)s拟稿") % {"who": row.opened_by})
    count = row.minutes
    found.append(ngettext("约%(count)s分钟", "约%(count)s分钟", count) % {"count": count})
    if row.round > 1:
        found.append(_("第%(times)s次") % {"times": row.round})
    if lender := lender_of(row.current, user):
        found.append(_("代%(who)s签") % {"who": lender})
    if row.due_on is not None:
        found.append(_("%(day)s截止") % {"day": row.due_on})
    return found
