"""单位申报: a unit declares, the bureau confirms or returns."""

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import moves
from core.errors import MoveNotAllowed, PermissionRefused

from .. import services
from ..choices import DECLARATION_MOVES, DeclarationMove
from ..forms.events import NothingForm, ReasonForm
from ..forms.lists import DeclareForm
from ..models import Declaration
from ..queries.allowed import may_manage, may_report, own_part
from ..queries.people import people_at
from .bases import OfEvent

ACTS: dict[str, tuple[Any, Any]] = {
    DeclarationMove.CONFIRM: (
        services.confirm_declaration,
        pgettext_lazy("declaration", "确认申报"),
    ),
    DeclarationMove.RETURN: (
        services.return_declaration,
        pgettext_lazy("declaration", "退回修改"),
    ),
    DeclarationMove.WITHDRAW: (services.withdraw_declaration, gettext_lazy("撤回申报")),
    DeclarationMove.UNDO: (services.undo_confirmation, gettext_lazy("撤销确认")),
}
OF_UNIT = {DeclarationMove.WITHDRAW, DeclarationMove.RESUBMIT}


class Declare(OfEvent):
    """/trainings/<number>/declare/"""

    label = gettext_lazy("提交申报")

    def prepare(self) -> None:
        found = own_part(self.request.user, self.event)
        if found is None:
            raise PermissionRefused
        self.place = found

    def heading(self) -> str:
        return _("申报%(unit)s参加情况") % {"unit": self.place.unit.display_name}

    def lede(self) -> str:
        return _("没有签到表时，由本单位如实申报，牵头单位确认后生效。")

    def get_form(self, *data: Any) -> DeclareForm:
        unit = self.place.unit
        known = people_at(self.event, self.request.user, [unit])
        return DeclareForm(*data[:1], known=known, unit=unit, initial=self.initial())

    def initial(self) -> dict[str, Any]:
        return {"version": self.event.version}

    def act(self, form: DeclareForm) -> tuple[str, str]:
        services.declare(
            self.event,
            self.place,
            headcount=form.cleaned_data["headcount"],
            people=form.seats(),
            note=form.cleaned_data["note"],
            by=self.request.user,
        )
        return _("已申报，等待牵头单位确认。"), self.back_url()


class OneDeclaration(OfEvent):
    """What pages of one declaration share."""

    declaration: Declaration

    def find(self) -> Declaration:
        rows = Declaration.objects.visible_to(self.request.user).filter(event=self.event)
        return get_object_or_404(rows.for_lists(), pk=self.kwargs["pk"])

    def subject(self) -> Declaration:  # type: ignore[override]
        return self.declaration

    def rows(self) -> list[dict[str, Any]]:
        row = self.declaration
        facts = {"count": row.headcount, "names": row.people.filter(removed_at=None).count()}
        return [
            *super().rows(),
            {"label": _("申报单位"), "value": row.unit.display_name, "note": row.note},
            {"label": _("参加人数"), "value": _("%(count)s人，列名%(names)s人") % facts},
        ]

    def check(self, move: DeclarationMove) -> None:
        if move not in moves.allowed(DECLARATION_MOVES, self.declaration.state):
            facts = {"state": self.declaration.get_state_display()}
            raise MoveNotAllowed(_("申报现在是“%(state)s”，不能这样办。") % facts)


class Resubmit(OneDeclaration, Declare):
    """/trainings/<number>/declarations/<pk>/resubmit/"""

    label = gettext_lazy("再次提交")

    def prepare(self) -> None:
        self.declaration = self.find()
        self.place = self.declaration.enrolment
        if not may_report(self.request.user, self.place.unit):
            raise PermissionRefused
        self.check(DeclarationMove.RESUBMIT)

    def notes(self) -> list[str]:
        return [_("退回原因：%(reason)s") % {"reason": self.declaration.reason}]

    def initial(self) -> dict[str, Any]:
        row = self.declaration
        people = row.people.filter(removed_at=None).select_related("person")
        others = [f"{each.name} {each.duty}".strip() for each in people if each.person is None]
        return {
            "version": row.version,
            "headcount": row.headcount,
            "note": row.note,
            "people": [str(each.person.uuid) for each in people if each.person is not None],
            "others": "\n".join(others),
        }

    def act(self, form: DeclareForm) -> tuple[str, str]:
        services.resubmit_declaration(
            self.declaration,
            headcount=form.cleaned_data["headcount"],
            people=form.seats(),
            note=form.cleaned_data["note"],
            by=self.request.user,
            version=form.cleaned_data["version"],
        )
        return _("已再次申报，等待牵头单位确认。"), self.back_url()


class DeclarationAct(OneDeclaration):
    """/trainings/<number>/declarations/<pk>/<act>/"""

    def prepare(self) -> None:
        self.declaration = self.find()
        name = self.kwargs["act"]
        if name not in ACTS:
            raise Http404
        self.move = DeclarationMove(name)
        user = self.request.user
        allowed = (
            may_report(user, self.declaration.unit)
            if self.move in OF_UNIT
            else may_manage(user, self.event.programme)
        )
        if not allowed:
            raise PermissionRefused
        self.check(self.move)
        self.service, self.label = ACTS[self.move]

    def heading(self) -> str:
        return str(self.label)

    def get_form(self, *data: Any) -> Any:
        kind = ReasonForm if self.move == DeclarationMove.RETURN else NothingForm
        return kind(*data[:1], initial={"version": self.declaration.version})

    def act(self, form: Any) -> tuple[str, str]:
        self.service(self.declaration, by=self.request.user, **form.cleaned_data)
        return _("已办：%(act)s。") % {"act": self.label}, self.back_url()
