"""Reading notices, and 意见反馈."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.errors import MoveNotAllowed, Refused

from ..choices import FeedbackState
from ..models import Feedback, Notice

LONGEST = 2000


@transaction.atomic
def mark_opened(notice: Notice, *, by: Any) -> Notice:
    """The recipient opened it; somebody else looking at it does not count."""
    row = Notice.rows.select_for_update(of=("self",)).get(pk=notice.pk)
    if row.recipient_id == by.pk and row.opened_at is None:
        row.opened_at = clock.now()
        row.save(update_fields=["opened_at"])
    return row


@transaction.atomic
def mark_all_opened(*, by: Any) -> int:
    """Everything in the person's inbox is read; returns how many were not."""
    return Notice.objects.inbox_of(by).unread().update(opened_at=clock.now())


@transaction.atomic
def give_feedback(*, by: Any, text: str, page: str) -> Feedback:
    """Keep what somebody wants to tell the operators; the same words about the same page, not yet
    answered, are kept once. Raises Refused when it is empty or too long."""
    text = text.strip()
    if not text:
        raise Refused(_("填写意见内容。"))
    if len(text) > LONGEST:
        over = {"count": len(text) - LONGEST, "limit": LONGEST}
        raise Refused(_("意见超出%(count)s字，压缩到%(limit)s字以内。") % over)
    same = Feedback.rows.filter(user=by, text=text, page=page[:500], state=FeedbackState.OPEN)
    if known := same.first():
        return known  # the same form sent twice
    row = Feedback.rows.create(user=by, text=text, page=page[:500], created_at=clock.now())
    audit.record("feedback.give", by=by, subject=row)
    return row


@transaction.atomic
def answer_feedback(feedback: Feedback, *, by: Any, answer: str) -> Feedback:
    """Answer it; the person finds the answer among the own notices.

    Raises Refused without an answer, MoveNotAllowed when somebody else was quicker.
    """
    row = Feedback.rows.select_for_update(of=("self",)).get(pk=feedback.pk)
    if not answer.strip():
        raise Refused(_("填写答复内容。"))
    if row.state == FeedbackState.ANSWERED:
        answered = {"who": row.answered_by}
        raise MoveNotAllowed(_("这条意见已由%(who)s答复，无须再答。") % answered)
    row.state, row.answer = FeedbackState.ANSWERED, answer.strip()
    row.answered_at, row.answered_by = clock.now(), by
    row.full_clean()
    row.save()
    Notice.rows.get_or_create(
        key=f"feedback.answered:{row.pk}:1:answered:{row.user_id}",
        defaults={
            "type": "feedback.answered",
            "subject": f"feedback:{row.pk}",
            "stage": "answered",
            "recipient": row.user,
            "for_on": clock.today(),
            "facts": {"text": row.text[:80], "answer": row.answer},
        },
    )
    audit.record("feedback.answer", by=by, subject=row)
    return row
