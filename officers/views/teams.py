"""/teams/<number>/: one team with its people and its history."""

from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import audit, clock
from core.models import AuditEntry, StoredFile
from core.uploads import DownloadView

from ..choices import OFFICES, EntryMode
from ..models import Team, TeamMember
from ..queries.allowed import may_report
from ..words import OFFICERS
from .team_lists import mode_words, size_words

MOST = 50  # steps of the history


class TeamMixin:
    """The team of the address, if the reader sees it, and whether he or she may change it."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def team(self) -> Team:
        rows = Team.objects.visible_to(self.request.user)
        related = rows.select_related("unit", "leader", "file")
        return get_object_or_404(related, number=self.kwargs["number"])

    @cached_property
    def member(self) -> TeamMember:
        rows = TeamMember.objects.visible_to(self.request.user).filter(team=self.team)
        return get_object_or_404(rows.select_related("person"), pk=self.kwargs["pk"])

    def may_write(self) -> bool:
        return self.team.voided_at is None and may_report(self.request.user, self.team.unit)


class TeamView(TeamMixin, View):
    required_permission = Permission.READ_OFFICERS

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        return render(request, "officers/team.html", self.get_context())

    def get_context(self) -> dict[str, Any]:
        row, today = self.team, clock.today()
        rows = TeamMember.objects.visible_to(self.request.user).filter(team=row)
        members = list(rows.select_related("person").order_by("starts_on", "pk"))
        stands = row.holds_on(today)
        live = [member for member in members if member.voided_at is None]
        present = [member for member in live if stands and member.holds_on(today)]
        row.member_count = len(present)  # type: ignore[attr-defined]
        return {
            "team": row,
            "status": status_words(row),
            "status_tone": "" if row.holds_on(today) and not row.voided_at else "over",
            "modes": mode_words(row),
            "size": size_words(row),
            "present": present,
            "past": [member for member in live if member not in present],
            "void": [member for member in members if member.voided_at is not None],
            "has_experts": row.is_pool or any(m.entry_mode != EntryMode.INTERNAL for m in members),
            "fulfils": row.kind in OFFICES and row.voided_at is None,
            "may_write": self.may_write(),
            "steps": OFFICERS.steps(AuditEntry.objects.of(audit.label(row)).order_by("-id")[:MOST]),
        }


class TeamFileView(TeamMixin, DownloadView):
    """The document by which the team was set up."""

    required_permission = Permission.READ_OFFICERS

    def get_file(self) -> tuple[StoredFile, str]:
        if self.team.file is None:
            raise Http404
        return self.team.file, self.team.file_name


def status_words(row: Team) -> str:
    """「存续」「2022-03-31撤销」「已作废」 of today."""
    if row.voided_at is not None:
        return _("已作废")
    if row.ends_on is None:
        return _("存续")
    return _("存续至%(day)s") % {"day": row.ends_on}
