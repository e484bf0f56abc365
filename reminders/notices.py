"""The one notice type of this step itself: feedback was answered. It is written by its service at
once, so planning never selects it."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .models import Notice
from .registry import NoticeType, Rendered, Select, register


def _select(_on: date) -> Select | None:
    return None


def _render(notice: Notice) -> Rendered:
    lines = [_("意见：%(text)s") % notice.facts, _("答复：%(answer)s") % notice.facts]
    return Rendered(_("意见已答复"), lines, reverse("reminders:feedback"))


def _still_holds(notices: Iterable[Notice]) -> set[int]:
    return {notice.pk for notice in notices}


FEEDBACK_ANSWERED = register(
    NoticeType("feedback.answered", gettext_lazy("意见答复"), _select, _render, _still_holds)
)
