"""/approvals/: what waits for the reader's signature, what he or she signed, what was put up."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.generic import View

from accounts.roles import Permission
from core import clock

from .. import doors
from ..choices import State
from ..models import Approval, ApprovalStep
from ..queries import chain_units, signed_by, signers_of
from .lines import items_for

MOST = 20


class MinePage(View):
    """/approvals/"""

    required_permission = Permission.SIGN_DOCUMENTS

    def get(self, request: HttpRequest) -> HttpResponse:
        items = items_for(request.user)
        context = {
            "count": len(items),
            "title": ngettext("%(count)s件待审签", "%(count)s件待审签", len(items))
            % {"count": len(items)}
            if items
            else _("没有等我审签的"),
            "items": items,
            "signed": [self.signed(step) for step in signed_by(request.user)[:MOST]],
            "put_up": self.put_up(),
            "links": self.links(),
        }
        return render(request, "approvals/mine.html", context)

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
        """Chains for who chooses one, and lent signatures."""
        lent = {"url": reverse("approvals:lent"), "label": _("授权代签")}
        chains = {"url": reverse("approvals:chains"), "label": _("审签流程")}
        return [chains, lent] if chain_units(self.request.user) else [lent]


def _tone(row: Approval) -> str:
    if row.state == State.OPEN:
        return ""
    return "back" if row.state == State.SENT_BACK else "over"
