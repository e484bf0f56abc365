"""The notice types of this step itself: feedback was answered, a body lost its contact. They are
written by services at once, so planning never selects them."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import queries
from .choices import Manner, Topic
from .models import Notice
from .registry import NoticeType, Rendered, Select, register
from .services import LIAISON_VACANT


def _select(_on: date) -> Select | None:
    return None


def _render(notice: Notice) -> Rendered:
    lines = [_("意见：%(text)s") % notice.facts, _("答复：%(answer)s") % notice.facts]
    return Rendered(_("意见已答复"), lines, reverse("reminders:feedback"))


def _still_holds(notices: Iterable[Notice]) -> set[int]:
    return {notice.pk for notice in notices}


FEEDBACK_ANSWERED = register(
    NoticeType(
        "feedback.answered",
        gettext_lazy("意见答复"),
        _select,
        _render,
        _still_holds,
        Manner.IMMEDIATE,
        Topic.DECISIONS,
    )
)


def _render_vacant(notice: Notice) -> Rendered:
    unit = notice.unit.display_name if notice.unit else ""
    title = _("%(unit)s的对口联系人已离任，还没有指定新的") % {"unit": unit}
    lines = [_("方案：%(programme)s") % {"programme": notice.programme}]
    return Rendered(title, lines, reverse("unit", args=[notice.facts["unit"]]), to_do=True)


def _still_vacant(notices: Iterable[Notice]) -> set[int]:
    rows = list(notices)
    vacant = queries.still_without_liaison(notice.facts["enrolment"] for notice in rows)
    return {notice.pk for notice in rows if notice.facts["enrolment"] in vacant}


LIAISON_GONE = register(
    NoticeType(
        LIAISON_VACANT,
        gettext_lazy("对口联系人空缺"),
        _select,
        _render_vacant,
        _still_vacant,
        topic=Topic.DESK,
    )
)
