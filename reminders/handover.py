"""What a person was told and has not read, where mails went, and what the person asked. Shown only:
the taker is told anew by the day's planning, because a notice belongs to its recipient."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.handover import Fate, Leaving, OpenItem, Part, register
from core.sealed import mask_email
from pilots import services as pilots

from . import queries, services
from .models import Endpoint, Feedback, Notice
from .registry import render

MOST = 20


def open_items(leaving: Leaving) -> list[OpenItem]:
    user = leaving.user
    if user is None:
        return []
    unread = queries.unread_at(user, leaving.unit, by=leaving.by)
    items = [_notice_item(row) for row in unread[:MOST]]
    if (more := unread.count() - MOST) > 0:
        title = _("另有%(count)s条未读提醒") % {"count": more}
        items.append(OpenItem(title, "", "", Fate.MOVES))
    if pilots.acts_only_at(user, leaving.unit):
        items += [_address_item(row) for row in queries.addresses_of(user)]
    items += [_feedback_item(row) for row in queries.open_feedback_of(user, by=leaving.by)]
    return items


def _notice_item(row: Notice) -> OpenItem:
    text = render(row)
    detail = _("%(day)s提醒，未读；仍然有效的，接任者会收到新的提醒。") % {"day": row.for_on}
    return OpenItem(text.title, detail, text.path, Fate.MOVES)


def _address_item(row: Endpoint) -> OpenItem:
    facts = {"channel": row.get_channel_display(), "address": mask_email(row.address)}
    detail = _("账号停用后，这里不再收到邮件。")
    return OpenItem(_("%(channel)s：%(address)s") % facts, detail, "", Fate.ENDS)


def _feedback_item(row: Feedback) -> OpenItem:
    title = _("意见反馈：%(text)s") % {"text": row.text[:40]}
    return OpenItem(title, _("等待答复。"), reverse("reminders:feedback"), Fate.STAYS)


def move(leaving: Leaving) -> int:
    """Tell the desk of the bodies that lose their contact; the part below empties the place."""
    if leaving.user is None:
        return 0
    rows = pilots.liaisons_of(leaving.user, leaving.unit)
    orphans = [row for row in rows if not pilots.may_be_liaison(leaving.taker, row)]
    return services.tell_liaison_vacant(orphans, besides=leaving.user)


PART = register(Part("reminders", gettext_lazy("提醒和意见反馈"), open_items, move))
