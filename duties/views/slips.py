"""提醒单: one slip for both sides, its signing, its paper."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from approvals.models import Approval
from approvals.views.signing import SignedPage
from core import audit, clock, documents
from core.documents import pdf
from core.errors import Refused
from core.models import AuditEntry, StoredFile
from core.uploads import DownloadView
from core.views import RefusalMixin

from .. import services
from ..choices import UNSENT_SLIPS, SlipState
from ..documents import slips as papers
from ..models import LightRule, Slip
from ..queries.slips import may_issue, may_reply
from ..slip_forms import CancelForm, ReplyForm, SlipEditForm
from ..slip_words import SLIPS
from .lists import line_of
from .signing import RowSignMixin, Signing
from .slip_list import said_of, tone


class SlipPage(SignedPage, View):
    """/slips/<number>/"""

    required_permission = Permission.READ_REPORTS
    template_name = "duties/slip.html"
    request: HttpRequest
    kwargs: dict[str, Any]

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return self.page()

    @cached_property
    def slip(self) -> Slip:
        rows = Slip.objects.visible_to(self.request.user).for_lists()
        rows = rows.prefetch_related("replies__replied_by")
        return get_object_or_404(rows, number=self.kwargs["number"])

    @cached_property
    def issues(self) -> bool:
        return may_issue(self.slip.programme, self.request.user)

    @cached_property
    def replies(self) -> bool:
        return may_reply(self.slip, self.request.user)

    def signing_subject(self) -> str:
        return self.slip.number

    def sign_url(self, act: str) -> str:
        return reverse("duties:slip-sign", args=[self.slip.number, act])

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        """The page; `given` holds a form that was sent back, and `refusal`, why."""
        context = {"signing": self.signing(), **self.context(), **given}
        return render(self.request, self.template_name, context, status=status)

    def context(self) -> dict[str, Any]:
        row = self.slip
        return {
            "slip": row,
            "task": row.assignment,
            "line": line_of(row.assignment, LightRule.for_day(clock.today())),
            "said": said_of(row),
            "tone": tone(row),
            "paper": papers.shown(row),
            "has_pdf": pdf.is_available(),
            "steps": steps(row),
            "next": next_step(row, replies=self.replies, issues=self.issues),
            **self.acts(),
        }

    def acts(self) -> dict[str, Any]:
        """The forms of what the reader may do now."""
        row = self.slip
        unsent = self.issues and row.state in UNSENT_SLIPS
        edits = unsent and row.state == SlipState.RETURNED
        start = {name: getattr(row, name) for name in ("template", "reply_by", "is_at_once")}
        return {
            "reply": ReplyForm() if self.replies else None,
            "edit": SlipEditForm(prefix="edit", initial=start) if edits else None,
            "cancel": CancelForm(prefix="cancel") if unsent else None,
            "issues": self.issues,
        }


class SlipSign(RowSignMixin, SlipPage):
    """POST /slips/<number>/sign/<act>/"""

    signs_with = Signing(
        services.agree_slip,
        services.send_back_slip,
        services.sign_slip_on_paper,
        services.recall_slip,
    )

    def row(self) -> Slip:
        return self.slip

    def said(self, act: str, approval: Approval) -> str:
        """A slip whose task was done meanwhile was signed and yet not sent: that is said."""
        del self.slip
        if act in {"agree", "paper"} and self.slip.state == SlipState.CANCELLED:
            return _("%(number)s没有发出：%(note)s") % {
                "number": self.slip.number,
                "note": self.slip.state_note,
            }
        return super().said(act, approval)


class SlipPrint(SlipPage):
    """/slips/<number>/print/: one A4 page."""

    template_name = "duties/slip_print.html"


class SlipDocument(RefusalMixin, SlipPage):
    """/slips/<number>/slip.docx"""

    media_type, extension = documents.MEDIA_TYPE, "docx"

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        response = HttpResponse(self.content(), content_type=self.media_type)
        name = papers.file_name(self.slip, self.extension)
        response["Content-Disposition"] = content_disposition_header(True, name)
        return response

    def content(self) -> bytes:
        return papers.write(self.slip)

    def get_refusal_url(self) -> str:
        return reverse("duties:slip", args=[self.kwargs["number"]])


class SlipPdf(SlipDocument):
    """/slips/<number>/slip.pdf; 404 where LibreOffice is missing."""

    media_type, extension = "application/pdf", "pdf"

    def content(self) -> bytes:
        written = super().content()
        if not pdf.is_available():
            raise Http404
        found = pdf.to_pdf(written)
        if found is None:
            raise Refused(_("PDF没有生成，下载Word版自行转换。"))
        return found


class SlipReplyFile(DownloadView):
    """/slips/<number>/replies/<pk>/file/"""

    required_permission = Permission.READ_REPORTS

    def get_file(self) -> tuple[StoredFile, str]:
        rows = Slip.objects.visible_to(self.request.user)
        slip = get_object_or_404(rows, number=self.kwargs["number"])
        reply = get_object_or_404(slip.replies.select_related("file"), pk=self.kwargs["pk"])
        if reply.file is None:
            raise Http404
        return reply.file, reply.file_name


# --- in words ------------------------------------------------------------------------------------


def steps(row: Slip) -> list[dict[str, Any]]:
    """Steps for components/trail.html, newest first."""
    found = [
        {
            "what": SLIPS.verb(entry.verb),
            "who": entry.actor_shown,
            "at": f"{localtime(entry.at):%Y-%m-%d %H:%M:%S}",
            "note": str((entry.after or {}).get("state_note") or ""),
        }
        for entry in AuditEntry.objects.of(audit.label(row)).order_by("-id")
    ]
    if found:
        found[0]["state"] = "now"
    return found


def already(row: Slip) -> str:
    """Who did what meanwhile, for whoever came second."""
    last = next(iter(steps(row)), None)
    if last is None:
        return _("这张提醒单刚被别人改过。核对后再办。")
    return _("%(who)s在%(at)s已办理：%(what)s。核对后再办。") % last


def next_step(row: Slip, *, replies: bool, issues: bool) -> dict[str, str]:
    """{"say", "note"} for whoever reads."""
    unit = {"unit": row.unit.display_name}
    if row.state == SlipState.TO_APPROVE:
        return {"say": _("等本机关审定，审定后发出"), "note": ""}
    if row.state == SlipState.RETURNED:
        return {"say": _("修改后再提交审定"), "note": row.state_note}
    if row.state == SlipState.CANCELLED:
        return {"say": _("没有发出，无须再办"), "note": row.state_note}
    if row.state == SlipState.REPLIED:
        return {
            "say": _("%(unit)s已回复") % unit,
            "note": _("需要补充的，可以再回复。") if replies else "",
        }
    by = _("回复期限%(day)s。") % {"day": row.reply_by} if row.reply_by else ""
    if replies:
        return {"say": _("办理任务，并回复市政数局"), "note": by}
    return {"say": _("等%(unit)s回复") % unit, "note": by}
