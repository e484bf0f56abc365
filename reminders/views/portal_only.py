"""Notices that no message carries, and why: 只在站内的提醒."""

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from core.lists import ListPage

from .. import queries
from ..choices import Manner
from ..filters import NoticeFilter
from ..models import Notice
from ..registry import render, types


def portal_only(user: Any) -> QuerySet:
    """Notices that the reader sees and that no message carries."""
    return Notice.objects.visible_to(user).filter(lines=None)


class PortalOnlyList(ListPage):
    """/deliveries/portal-only/"""

    required_permission = Permission.READ_DELIVERIES
    label = gettext_lazy("只在站内的提醒")
    template_name = "reminders/portal_only.html"
    filterset_class = NoticeFilter
    ordering = ("-for_on", "-id")

    def get_queryset(self) -> QuerySet:
        rows = portal_only(self.request.user).select_related("unit", "recipient")
        return rows.prefetch_related("unit__names")

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        why = causes(context["rows"])
        lines = [(row, render(row).title, why[row.pk]) for row in context["rows"]]
        return {**context, "lines": lines}


def causes(notices: Iterable[Notice]) -> dict[int, str]:
    """Why each of them left by no channel, as far as what is set now tells. Two queries."""
    rows = list(notices)
    people = {row.recipient_id for row in rows}
    muted, reached = queries.muted_by(people), queries.reached(people)
    return {
        row.pk: _cause(row, muted.get(row.recipient_id, ()), row.recipient_id in reached)
        for row in rows
    }


def _cause(notice: Notice, muted: Iterable[str], is_reached: bool) -> str:
    kind = next((one for one in types() if one.name == notice.type), None)
    if kind is not None and kind.manner == Manner.INBOX:
        return _("这类提醒只在站内")
    if kind is not None and kind.topic in muted:
        return _("本人已关闭这类提醒")
    if not notice.recipient.is_active:
        return _("账号已停用")
    if not notice.recipient.email and not is_reached:
        return _("没有登记邮箱和其他地址")
    return _("发送前已在站内打开") if notice.opened_at else _("没有安排站外发送")
