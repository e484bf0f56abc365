"""发送记录: the messages of a bureau's programmes, and what became of each."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.columns import Column
from core.errors import PermissionRefused
from core.lists import ListPage
from core.views import RefusalMixin
from pilots import access

from .. import mailbox, queries, services
from ..choices import WAITING, DeliveryState
from ..filters import DeliveryFilter
from ..models import Delivery, DeliveryLine, Notice
from ..registry import render
from .portal_only import portal_only

GIVEN_UP = {DeliveryState.FAILED, DeliveryState.HELD, DeliveryState.RETRY}
SHOWN = 3  # notices of a message; the rest is a number
COUNTED = (
    (DeliveryState.SENT, ""),
    (DeliveryState.PLANNED, ""),
    (DeliveryState.RETRY, "due"),
    (DeliveryState.FAILED, "late"),
    (DeliveryState.CANCELLED, ""),
)


class DeliveryList(ListPage):
    """/deliveries/"""

    required_permission = Permission.READ_DELIVERIES
    label = gettext_lazy("发送记录")
    template_name = "reminders/delivery_list.html"
    filterset_class = DeliveryFilter
    ordering_fields = ("created_at", "sent_at", "state")
    ordering = ("-id",)
    columns = (
        Column("to", gettext_lazy("收件人"), is_title=True),
        Column("channel", gettext_lazy("渠道"), "fit", short=""),
        Column("content", gettext_lazy("内容"), short=""),
        Column("state", gettext_lazy("状态"), sort="state"),
        Column("created", gettext_lazy("生成"), "fit", "created_at"),
        Column("sent", gettext_lazy("发出"), "fit", "sent_at"),
        Column("act", gettext_lazy("操作"), "fit", short="", fixed=True),
    )

    def get_queryset(self) -> QuerySet:
        user = self.request.user
        # A digest may carry what another city told the same person: that is not counted or shown.
        seen = Notice.objects.visible_to(user)
        size = Count("lines", filter=Q(lines__notice__in=seen))
        shared = queries.carries_others(user)
        rows: QuerySet = Delivery.objects.visible_to(user).annotate(size=size, is_shared=shared)
        # Only what is shown: a digest may carry hundreds of notices.
        lines = DeliveryLine.objects.filter(notice__in=seen)
        order = (F("cancelled_at").asc(nulls_first=True), "id")  # what it carries before the rest
        first = lines.order_by(*order).select_related("notice__unit")[:SHOWN]
        return rows.select_related("endpoint__user", "endpoint__unit").prefetch_related(
            Prefetch("lines", first, to_attr="first_lines"),
            "first_lines__notice__unit__names",
            "endpoint__unit__names",
        )

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        may_resend = access.may(self.request.user, Permission.MANAGE_ASSIGNMENTS)
        opened = self.opened(context["rows"])
        return {
            **context,
            "lines": [
                self.line(row, may_resend) | {"opened": opened.get(row.pk, 0)}
                for row in context["rows"]
            ],
            "facts": self.facts(),
            "acts": self.acts(),
            "mails_url": reverse("reminders:mail-list") if mailbox.is_open() else "",
        }

    def acts(self) -> list[dict[str, str]]:
        found = [{"url": reverse("reminders:simulator"), "label": _("提醒预览")}]
        if access.may(self.request.user, Permission.HOLD_REMINDERS):
            found.append({"url": reverse("reminders:channels"), "label": _("发送渠道")})
        return found

    def line(self, row: Any, may_resend: bool) -> dict[str, Any]:
        # A message that left may have gone without some of what was planned for it.
        leaves = row.state != DeliveryState.CANCELLED
        texts = [
            {"title": render(line.notice).title, "left_out": leaves and line.get_reason_display()}
            for line in row.first_lines
        ]
        return {
            "row": row,
            "texts": texts,
            "more": row.size - len(texts),
            "may_resend": may_resend and row.state in {DeliveryState.FAILED, DeliveryState.HELD},
            "may_give_up": may_resend and row.state in GIVEN_UP and not row.is_shared,
            "late_by": late_by(row),
            "waits": row.state in WAITING,
            "leaves_at": row.next_at if row.next_at > clock.now() else None,
        }

    def opened(self, rows: Iterable[Delivery]) -> dict[int, int]:
        """How many notices of each message their reader opened in the portal, those too that the row
        does not list."""
        seen = Notice.objects.visible_to(self.request.user).exclude(opened_at=None)
        lines = DeliveryLine.objects.filter(delivery__in=[row.pk for row in rows], notice__in=seen)
        return dict(lines.order_by().values_list("delivery").annotate(n=Count("pk")))

    def facts(self) -> list[dict[str, Any]]:
        """Messages by state, and the notices that no mail carries; each number opens its list."""
        rows = Delivery.objects.visible_to(self.request.user).order_by()
        counts = dict(rows.values_list("state").annotate(n=Count("pk")))
        path = reverse("reminders:delivery-list")
        found = [
            {
                "label": state.label,
                "value": counts.get(state.value, 0),
                "url": f"{path}?state={state.value}",
                "tone": tone if counts.get(state.value) else "",
            }
            for state, tone in COUNTED
        ]
        alone = portal_only(self.request.user).count()
        url = reverse("reminders:portal-only-list")
        return [*found, {"label": _("只在站内"), "value": alone, "url": url, "tone": ""}]


def late_by(row: Delivery) -> int:
    """Days by which a message left after the day on which it should have arrived; 0 where the trial's
    day stands still, because moments stay real there."""
    if settings.TODAY or row.sent_at is None or row.for_on is None:
        return 0
    return max((clock.local(row.sent_at).date() - row.for_on).days, 0)


class ResendView(RefusalMixin, View):
    """POST /deliveries/<pk>/resend/"""

    request: HttpRequest

    required_permission = Permission.MANAGE_ASSIGNMENTS

    def get_refusal_url(self) -> str:
        return reverse("reminders:delivery-list")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return redirect(self.get_refusal_url())

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(Delivery.objects.visible_to(request.user), pk=pk)
        if not queries.may_manage(row, request.user):
            raise PermissionRefused
        return self.act(row)

    def act(self, row: Delivery) -> HttpResponse:
        services.resend(row, by=self.request.user)
        messages.success(self.request, _("已排入发送，一分钟内再试。"))
        return redirect(self.get_refusal_url())


class GiveUpView(ResendView):
    """POST /deliveries/<pk>/give-up/"""

    def act(self, row: Delivery) -> HttpResponse:
        queries.require_all(row, self.request.user)
        services.give_up(row, by=self.request.user)
        messages.success(self.request, _("已取消发送，不再重试。"))
        return redirect(self.get_refusal_url())
