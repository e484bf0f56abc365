"""/approvals/: what waits for the reader's signature, what he or she signed, what was put up."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from accounts.roles import Permission
from core import clock, words
from pilots import access

from .. import doors
from ..choices import State
from ..models import Approval, ApprovalStep
from ..queries import chain_units, lender_of, signed_by, signers_of, waiting_for

MOST = 20


class MinePage(View):
    """/approvals/"""

    required_permission = Permission.SIGN_DOCUMENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        rows = list(waiting_for(request.user).for_lists())
        context = {
            "count": len(rows),
            "title": ngettext("%(count)s件待审签", "%(count)s件待审签", len(rows))
            % {"count": len(rows)}
            if rows
            else _("没有等我审签的"),
            "items": [self.item(row) for row in rows],
            "signed": [self.signed(step) for step in signed_by(request.user)[:MOST]],
            "put_up": self.put_up(),
            "links": self.links(),
        }
        return render(request, "approvals/mine.html", context)

    def item(self, row: Approval) -> dict[str, Any]:
        """One line of components/todo.html."""
        due = row.due_on
        light = "" if due is None else "overdue" if due < clock.today() else "due_soon"
        far = due is not None and (due - clock.today()).days > words.NEAR_DAYS
        return {
            "url": doors.url_of(row),
            "title": row.title,
            "state": "normal" if far else light,
            "word": words.relation(due, clock.today()) if due is not None else "",
            "note": _("　").join(self.facts(row)),
        }

    def facts(self, row: Approval) -> list[str]:
        """「市公安局」「陈静拟稿」「约2分钟」「第2次」「2022-04-30截止」"""
        found = [row.unit.display_name]
        if row.opened_by is not None:
            found.append(_("%(who)s拟稿") % {"who": row.opened_by})
        found.append(
            ngettext("约%(count)s分钟", "约%(count)s分钟", row.minutes) % {"count": row.minutes}
        )
        if row.round > 1:
            found.append(_("第%(times)s次") % {"times": row.round})
        if lender := lender_of(row.current, self.request.user):
            found.append(_("代%(who)s签") % {"who": lender})
        if row.due_on is not None:
            found.append(_("%(day)s截止") % {"day": row.due_on})
        return found

    def signed(self, step: ApprovalStep) -> dict[str, Any]:
        row = step.approval
        return {"row": row, "step": step, "url": doors.url_of(row), "tone": ""}

    def put_up(self) -> list[dict[str, Any]]:
        """What the reader put up: what is open first, with whose turn it is."""
        user = self.request.user
        mine = Approval.objects.visible_to(user).filter(opened_by=user).for_lists()
        rows = [*mine.open(), *mine.exclude(state=State.OPEN)[:MOST]]
        names, today = signers_of(rows), clock.today()
        return [
            {
                "row": row,
                "url": doors.url_of(row),
                "step": row.current,
                "who": names.get(row.pk, ""),
                "days": (today - row.waiting_since).days,
                "tone": _tone(row),
            }
            for row in rows
        ]

    def links(self) -> list[dict[str, str]]:
        """Chains, and lent signatures, for who may see them."""
        found = []
        if chain_units(self.request.user):
            found.append({"url": reverse("approvals:chains"), "label": _("审签流程")})
        if access.may(self.request.user, Permission.READ_REPORTS):
            found.append({"url": reverse("approvals:lent"), "label": _("授权代签")})
        return found


def _tone(row: Approval) -> str:
    if row.state == State.OPEN:
        return ""
    return "back" if row.state == State.SENT_BACK else "over"
