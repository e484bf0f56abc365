"""What a message says at the moment at which it leaves: everything is asked again, for all messages of a
batch at once, and what no longer holds is left out with the reason."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..channels import Message
from ..choices import ALWAYS_TOLD, Manner, Reason
from ..models import Delivery, DeliveryLine, Notice, Preference
from ..registry import NoticeType, Rendered, get, holding, render
from .manners import MOST_ROWS

PREFERENCES = "me/notify/"
SOON = 3  # days


@dataclass
class Draft:
    """A delivery as of now: the notices that it still carries, and why it lost which lines."""

    delivery: Delivery
    notices: list[Notice] = field(default_factory=list)
    dropped: dict[int, str] = field(default_factory=dict)  # line id -> Reason
    lines: dict[int, list[int]] = field(default_factory=dict)  # notice id -> ids of its lines
    error: Exception | None = None


def drafts(deliveries: Sequence[Delivery]) -> list[Draft]:
    """Look at each delivery again: who still has an account and wants it, what holds, what is newest."""
    lines = _lines(deliveries)
    muted = _muted(deliveries)
    try:
        live = holding([line.notice for line in lines])
    except Exception:  # noqa: BLE001 - one bad row must not stop the others: each is asked alone
        return [_alone(delivery, lines, muted) for delivery in deliveries]
    by_delivery = defaultdict(list)
    for line in lines:
        by_delivery[line.delivery_id].append(line)
    return [_draft(row, by_delivery[row.pk], live, muted) for row in deliveries]


def _lines(deliveries: Sequence[Delivery]) -> list[DeliveryLine]:
    """Their lines with what they tell. Of the stages of one thing only the newest is told, though two were
    reached on one day, as after a change of the rule."""
    later = Notice.rows.filter(
        type=OuterRef("notice__type"),
        subject=OuterRef("notice__subject"),
        recipient=OuterRef("notice__recipient"),
        pk__gt=OuterRef("notice_id"),
        for_on__gte=OuterRef("notice__for_on"),
    )
    rows = DeliveryLine.objects.filter(delivery__in=deliveries, cancelled_at=None)
    return list(
        rows.annotate(is_overtaken=Exists(later))
        .select_related("notice__programme", "notice__unit", "notice__recipient")
        .prefetch_related("notice__unit__names")
        .order_by("notice_id")
    )


def _muted(deliveries: Iterable[Delivery]) -> dict[int, list[str]]:
    people = {row.endpoint.user_id for row in deliveries}
    rows = Preference.objects.filter(user__in=people).exclude(muted=[])
    return dict(rows.values_list("user_id", "muted"))


def _alone(delivery: Delivery, lines: list[DeliveryLine], muted: dict[int, list[str]]) -> Draft:
    own = [line for line in lines if line.delivery_id == delivery.pk]
    try:
        return _draft(delivery, own, holding([line.notice for line in own]), muted)
    except Exception as error:  # noqa: BLE001 - recorded at the row, tried again by the table
        return Draft(delivery, error=error)


def _draft(
    delivery: Delivery, lines: list[DeliveryLine], live: set[int], muted: dict[int, list[str]]
) -> Draft:
    draft, told = Draft(delivery), dict[tuple, list[int]]()
    switched_off = muted.get(delivery.endpoint.user_id or 0, [])
    for line in lines:
        notice: Any = line.notice
        thing = (notice.type, notice.subject, notice.stage, notice.deadline_version)
        if line.is_overtaken:  # type: ignore[attr-defined]
            draft.dropped[line.pk] = Reason.OVERTAKEN
        elif notice.pk not in live or not notice.recipient.is_active:
            draft.dropped[line.pk] = Reason.SETTLED
        elif get(notice.type).topic in switched_off:
            draft.dropped[line.pk] = Reason.NOT_WANTED
        elif delivery.endpoint.user_id is None and thing in told:
            told[thing].append(line.pk)  # a group hears once what several of its people were told
        else:
            draft.notices.append(notice)
            told[thing] = draft.lines[notice.pk] = [line.pk]
    return draft


def write(draft: Draft, on: date, *, is_demo: bool) -> Message | None:
    """The message in the reader's language; None when there is nothing in it to be told. What is left
    out of it is in `draft.dropped` from then on."""
    delivery = draft.delivery
    recipient = delivery.endpoint.user
    with translation.override(getattr(recipient, "language", settings.LANGUAGE_CODE)):
        pairs = shown(draft, on)
        return _message(delivery, pairs, is_demo=is_demo) if pairs else None


def shown(draft: Draft, on: date) -> list[tuple[Notice, Rendered]]:
    """What the message carries of the notices, with their words; the lines of the others are dropped. A
    digest carries what asks for something, what its reader must know all the same (`is_news`), and what
    would have come at once but for the hour."""
    found = []
    for notice in draft.notices:
        text = _said(notice, on)
        if draft.delivery.manner != Manner.DIGEST or text.to_do or _is_news(notice):
            found.append((notice, text))
        else:
            draft.dropped |= dict.fromkeys(draft.lines[notice.pk], Reason.NOTHING_TO_DO)
    return found


def _said(notice: Notice, on: date) -> Rendered:
    """In words of today: days are counted from the day on which it is read."""
    notice.for_on = max(notice.for_on, on)
    return render(notice)


def _is_news(notice: Notice) -> bool:
    notice_type = get(notice.type)
    return notice_type.is_news or notice_type.manner == Manner.IMMEDIATE


def _items(pairs: Iterable[tuple[Notice, Rendered]]) -> list[Rendered]:
    """One item a thing, most urgent first, and news after what is to be done."""
    by_thing = defaultdict(list)
    for notice, text in pairs:
        by_thing[text.thing or notice.subject].append(text)
    return sorted((_folded(texts) for texts in by_thing.values()), key=_order)


def _folded(texts: Iterable[Rendered]) -> Rendered:
    """The most urgent keeps its title and its page; the others become lines of it."""
    first, *others = sorted(texts, key=_order)
    lines = list(first.lines)
    for other in others:
        lines += [line for line in (other.title, *other.lines) if line not in {first.title, *lines}]
    limits = [text.days for text in (first, *others) if text.to_do and text.days is not None]
    return replace(first, lines=lines, days=min(limits, default=first.days))


def _order(text: Rendered) -> tuple[bool, int]:
    return not text.to_do, text.urgency


def _message(delivery: Delivery, pairs: list[tuple[Notice, Rendered]], *, is_demo: bool) -> Message:
    texts = _items(pairs)
    more = max(len(texts) - MOST_ROWS, 0)
    inbox = absolute(reverse("reminders:inbox"))
    recipient, first, said = delivery.endpoint.user, texts[:MOST_ROWS], summary(texts)
    context = {
        "name": recipient.display_name if recipient else "",
        "items": [{"text": row, "mark": _mark(row), "url": absolute(row.path)} for row in first],
        "summary": said,
        "more": more,
        "is_person": recipient is not None,
        **_manners(delivery, [get(notice.type) for notice, _text in pairs]),
        "inbox": inbox,
        "preferences": absolute(PREFERENCES),
        "is_demo": is_demo,
    }
    title = _title(texts, is_demo=is_demo)
    lines = [f"{_mark(row)} {row.title}".strip() for row in first]
    lines += [_("另有%(count)s件") % {"count": more}] if more else []
    return Message(
        key=delivery.key,
        digest=digest_of(delivery),
        title=title,
        lines=lines,
        text=render_to_string("reminders/mail/message.txt", context),
        short=_("您有%(said)s：%(url)s") % {"said": said, "url": inbox},
        url=absolute(texts[0].path) if len(texts) == 1 else inbox,
        preferences=absolute(PREFERENCES),
        count=len(texts),
        language=translation.get_language() or settings.LANGUAGE_CODE,
    )


def _manners(delivery: Delivery, kinds: list[NoticeType]) -> dict[str, bool]:
    """What the last lines say of how it came and whether it can be switched off."""
    return {
        "is_digest": delivery.manner == Manner.DIGEST,
        "is_prompt": all(kind.manner == Manner.IMMEDIATE for kind in kinds),
        "is_bound": any(kind.topic in ALWAYS_TOLD for kind in kinds),
        "is_free": any(kind.topic not in ALWAYS_TOLD for kind in kinds),
    }


def _title(texts: list[Rendered], *, is_demo: bool) -> str:
    """「【站点】3件待办，1件逾期」; a single item is its own title."""
    said = texts[0].title if len(texts) == 1 else summary(texts)
    title = _("【%(site)s】%(said)s") % {"site": settings.SITE_NAME, "said": said}
    return " ".join((title + (_("（演示数据）") if is_demo else "")).split())


def summary(texts: Sequence[Rendered]) -> str:
    """「3件待办，1件逾期，1件今天截止」; 「1件待办，2条消息」 where some of it asks for nothing."""
    open_ = [row for row in texts if row.to_do]
    late = sum(1 for row in open_ if row.days is not None and row.days < 0)
    today = sum(1 for row in open_ if row.days == 0)
    news = len(texts) - len(open_)
    parts = []
    if open_:
        parts.append(
            ngettext("%(count)s件待办", "%(count)s件待办", len(open_)) % {"count": len(open_)}
        )
    if late:
        parts.append(_("%(count)s件逾期") % {"count": late})
    if today:
        parts.append(_("%(count)s件今天截止") % {"count": today})
    if news:
        parts.append(ngettext("%(count)s条消息", "%(count)s条消息", news) % {"count": news})
    return _("，").join(parts)


def _mark(text: Rendered) -> str:
    if text.days is None or text.days > SOON:
        return ""
    return "■" if text.days < 0 else "▲"


def digest_of(delivery: Delivery) -> str:
    return hashlib.sha256(delivery.key.encode()).hexdigest()[:32]


def absolute(path: str) -> str:
    return urljoin(settings.PORTAL_URL, path.lstrip("/"))
