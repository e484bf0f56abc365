"""P11 审核: the queue of the bureau's desk."""

from functools import cached_property
from typing import Any

from django.db.models import F
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.roles import Permission
from core.columns import Column
from core.lists import ListPage
from pilots.current import current_programme, programmes_of
from pilots.models import Programme

from ..queries import desk
from ..queries.screening import screened
from .review_filter import QueueFilter


class ReviewQueue(ListPage):
    """/review/"""

    required_permission = Permission.REVIEW_REPORTS
    label = pgettext_lazy("list", "审核")
    template_name = "reports/review_queue.html"
    filterset_class = QueueFilter
    ordering_fields = ("handed_in_on", "kind")
    ordering = (F("handed_in_at").asc(nulls_last=True),)  # type: ignore[assignment]
    columns = (
        Column("pick", gettext_lazy("选择"), "fit", fixed=True, short=""),
        Column("unit", gettext_lazy("单位"), is_title=True),
        Column("kind", gettext_lazy("类型"), "fit", "kind"),
        Column("handed_in", gettext_lazy("提交时间"), "fit", "handed_in_on"),
        Column("days", gettext_lazy("已等"), "fit"),
        Column("size", gettext_lazy("字数／附件"), "fit"),
        Column("check", gettext_lazy("自动检查")),
    )

    @cached_property
    def programme(self) -> Programme | None:
        """None when the reader asks for every programme (`?programme=`)."""
        if self.request.GET.get("programme") == "":
            return None
        return current_programme(self.request)

    def get_queryset(self) -> Any:
        return desk.waiting_for(self.request.user, self.programme).for_lists().with_unit_name()

    def get_context(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(**kwargs)
        lines = screened(context["rows"])
        return {
            **context,
            "form": context["filter"].form,
            "lines": lines,
            "programme": self.programme,
            "programmes": programmes_of(self.request),
            "facts": self.facts(),
            "undo": desk.undoable(self.request.user),
            "has_clean": any(line.is_clean for line in lines),
        }

    def facts(self) -> list[dict[str, Any]]:
        """All that waits for the bureau, each with its list."""
        user, programme = self.request.user, self.programme
        rows = desk.waiting_for(user, programme)
        waiting, long = rows.count(), desk.waited_long(rows).count()
        asked = desk.extensions_waiting(user, programme)
        code = programme.code if programme else ""
        found = [
            _fact(_("待审核报告"), waiting, f"{self.request.path}?{_query(code)}", "due"),
            _fact(
                _("等待超过3天"), long, f"{self.request.path}?{_query(code, long='true')}", "late"
            ),
            _fact(_("延期申请"), asked, _list("duties:extension-list", code, state="asked"), "due"),
        ]
        filings = _list("officers:filing-list", code, status="submitted")
        if filings:
            found.append({"label": _("备案"), "value": _("去办理"), "url": filings, "tone": ""})
        return found


def _fact(label: str, value: int, url: str, tone: str) -> dict[str, Any]:
    return {
        "label": label,
        "value": value,
        "url": url if value else "",
        "tone": tone if value else "",
    }


def _query(code: str, **more: str) -> str:
    return urlencode({"programme": code, **more})


def _list(name: str, code: str, **more: str) -> str:
    """The list of another app, '' while the installation has none."""
    try:
        return f"{reverse(name)}?{_query(code, **more)}"
    except NoReverseMatch:
        return ""
