"""问题建议与支持事项: one request, what was said of it, and what the reader may do."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import audit, clock
from core.models import AuditEntry, StoredFile
from core.uploads import DownloadView

from ..choices import SUPPORT_MOVES, SupportMove, SupportStatus
from ..forms.support import AnswerForm, PromiseForm, ReopenForm, WithdrawForm
from ..models import SupportReply, SupportRequest
from ..queries.support import answers_support, writes_support
from ..support_words import SUPPORT
from .support_list import tone


class SupportMixin:
    """The request of the address, if the reader sees it."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def support(self) -> SupportRequest:
        rows = SupportRequest.objects.visible_to(self.request.user).for_lists()
        return get_object_or_404(rows.select_related("raised_by"), number=self.kwargs["number"])


class SupportPage(SupportMixin, View):
    """/support/<number>/"""

    required_permission = Permission.READ_REPORTS
    template_name = "reports/support.html"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.page()

    @property
    def writes(self) -> bool:
        return writes_support(self.support, self.request.user)

    @property
    def answers(self) -> bool:
        return answers_support(self.support, self.request.user)

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        """The page; `given` holds a form that was sent back, `refusal`, why, and `typed`, a text
        that no form takes any more."""
        return render(self.request, self.template_name, {**self.context(), **given}, status=status)

    def context(self) -> dict[str, Any]:
        row = self.support
        entries = AuditEntry.objects.of(audit.label(row)).order_by("-id")
        steps = SUPPORT.steps(entries)
        if steps:
            steps[0]["state"] = "now"
            steps[-1]["note"] = ""  # what was raised stands above
        return {
            "support": row,
            "unit": row.unit,
            "programme": row.programme,
            "tone": tone(row),
            "is_late": row.is_overdue(clock.today()),
            "replies": [
                (reply, _move(reply))
                for reply in row.replies.select_related("said_by", "file").order_by("id")
            ],
            "next": next_step(row, answers=self.answers, writes=self.writes),
            "steps": steps,
            **self.acts(),
        }

    def acts(self) -> dict[str, Any]:
        """The forms of what the reader may do now."""
        row = self.support
        can = {move for move, (sources, _to) in SUPPORT_MOVES.items() if row.status in sources}
        unit = can if self.writes else set()
        bureau = can if self.answers else set()
        return {
            "may_mend": SupportMove.MEND in unit,
            "may_close": SupportMove.CLOSE in unit,
            "reopen": ReopenForm(prefix="reopen") if SupportMove.REOPEN in unit else None,
            "withdraw": WithdrawForm(prefix="withdraw") if SupportMove.WITHDRAW in unit else None,
            "promise": PromiseForm(prefix="promise", request=row)
            if SupportMove.PROMISE in bureau
            else None,
            "answer": AnswerForm(prefix="answer") if SupportMove.ANSWER in bureau else None,
        }


class SupportFile(SupportMixin, DownloadView):
    """/support/<number>/files/<pk>/: what lies with an answer."""

    required_permission = Permission.READ_REPORTS

    def get_file(self) -> tuple[StoredFile, str]:
        rows = SupportReply.objects.filter(request=self.support).select_related("file")
        reply = get_object_or_404(rows, pk=self.kwargs["pk"])
        if reply.file is None:
            raise Http404
        return reply.file, reply.file_name


def next_step(row: SupportRequest, *, answers: bool, writes: bool) -> dict[str, str]:
    """{"say", "note"} for whoever reads."""
    if row.is_open():
        return _open(row, answers=answers)
    if row.status == SupportStatus.ANSWERED:
        note = _("解决了就确认结束，没有解决可以再次提出。") if writes else ""
        unit = {"unit": row.unit.display_name}
        say = _("看答复，确认是否解决") if writes else _("等%(unit)s确认是否解决") % unit
        return {"say": say, "note": note}
    return {"say": _("%(state)s，无须再办") % {"state": row.get_status_display()}, "note": ""}


def _open(row: SupportRequest, *, answers: bool) -> dict[str, str]:
    days = (clock.today() - row.raised_on).days
    note = _("提出已%(days)s天。") % {"days": days} if days else _("今天提出。")
    if row.answer_by is None:
        say = _("定答复期限，或直接答复") if answers else _("等市政数局定答复期限")
        return {"say": say, "note": note}
    facts = {"day": row.answer_by}
    say = _("%(day)s前答复") % facts if answers else _("市政数局%(day)s前答复") % facts
    if row.is_overdue(clock.today()):
        note = _("答复期限已过。") + note
    return {"say": say, "note": note}


def already(row: SupportRequest) -> str:
    """「李明在10:05已办理：答复。填写的内容还在，核对后再办。」"""
    last = AuditEntry.objects.of(audit.label(row)).order_by("-id").first()
    if last is None:
        return _("这件事项刚被别人改过。填写的内容还在，核对后再办。")
    facts = {
        "who": last.actor_shown,
        "at": f"{localtime(last.at):%H:%M}",
        "what": SUPPORT.verb(last.verb),
    }
    return _("%(who)s在%(at)s已办理：%(what)s。填写的内容还在，核对后再办。") % facts


def _move(reply: SupportReply) -> str:
    return str(SupportMove(reply.move).label)
