"""What pages of evaluations have in common."""

from functools import cached_property
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core import audit
from core.errors import PermissionRefused
from core.models import AuditEntry
from projects.views.bases import FormPage

from ..choices import State
from ..models import Objection, Round, Scheme, SchemeVersion, Scorecard
from ..queries.reading import Rights, may_manage, rights_in
from ..words import EVALUATIONS

MOST = 50  # steps of a history
TONES = {State.PUBLISHED: "over", State.WITHDRAWN: "over", State.PREPARING: ""}


class Form(FormPage):
    """A form about evaluations on a page of its own."""

    required_permission = Permission.READ_ROUNDS
    template_name = "evaluations/form.html"

    def back_url(self) -> str:
        return reverse("evaluations:round-list")

    def crumbs(self) -> list[tuple[str, str]]:
        return [(reverse("evaluations:round-list"), _("履职评价"))]


class RoundMixin:
    """The round of the address, if the reader sees it."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def round(self) -> Round:
        rows = Round.objects.visible_to(self.request.user).for_lists()
        return get_object_or_404(rows, number=self.kwargs["number"])

    @cached_property
    def rights(self) -> Rights:
        return rights_in(self.request.user, self.round.programme)

    def require_manager(self) -> None:
        if not may_manage(self.request.user, self.round.programme):
            raise PermissionRefused


class CardMixin(RoundMixin):
    """The sheet of the address, if the reader sees it."""

    @cached_property
    def card(self) -> Scorecard:
        rows = Scorecard.objects.visible_to(self.request.user).for_lists()
        found = get_object_or_404(rows, round=self.round, enrolment__unit__code=self.kwargs["unit"])
        found.round = self.round
        return found


class OfRound(RoundMixin, Form):
    """A form about one round, for those who manage it."""

    def prepare(self) -> Any:
        self.require_manager()

    def subject(self) -> Any:
        return self.round

    def back_url(self) -> str:
        return reverse("evaluations:round", args=[self.kwargs["number"]])

    def crumbs(self) -> list[tuple[str, str]]:
        return [*super().crumbs(), (self.back_url(), self.round.title)]


class OfCard(CardMixin, Form):
    """A form about one sheet."""

    def subject(self) -> Any:
        return self.card

    def back_url(self) -> str:
        return sheet_url(self.card)

    def crumbs(self) -> list[tuple[str, str]]:
        return [
            *super().crumbs(),
            (round_url(self.round), self.round.title),
            (sheet_url(self.card), self.card.unit.display_name),
        ]


class VersionMixin:
    """The version of a scheme of the address, if the reader sees it."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def scheme(self) -> Scheme:
        rows = Scheme.objects.visible_to(self.request.user).select_related("programme")
        return get_object_or_404(rows, code=self.kwargs["code"])

    @cached_property
    def version(self) -> SchemeVersion:
        rows = SchemeVersion.objects.visible_to(self.request.user).filter(scheme=self.scheme)
        found = get_object_or_404(rows, number=self.kwargs["version"])
        found.scheme = self.scheme
        return found

    @property
    def may_build(self) -> bool:
        """Whether the reader may change this version."""
        programme = self.scheme.programme
        mine = programme is not None and may_manage(self.request.user, programme)
        return mine and not self.version.is_frozen

    def version_url(self, name: str = "version", *more: Any) -> str:
        key = [self.scheme.code, self.version.number, *more]
        return reverse(f"evaluations:{name}", args=key)


class ObjectionMixin:
    """The objection of the address, if the reader sees it."""

    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def objection(self) -> Objection:
        rows = Objection.objects.visible_to(self.request.user).for_lists()
        return get_object_or_404(rows, number=self.kwargs["number"])


def round_url(row: Round) -> str:
    return reverse("evaluations:round", args=[row.number])


def sheet_url(card: Scorecard) -> str:
    return reverse("evaluations:sheet", args=[card.round.number, card.unit.code])


def history(row: Any) -> list[dict[str, Any]]:
    """The latest entries about the row for components/trail.html, newest first."""
    return EVALUATIONS.steps(AuditEntry.objects.of(audit.label(row)).order_by("-id")[:MOST])
