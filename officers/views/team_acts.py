"""Forms about teams and members: for a unit's own people, and for the bureau."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import UNIT_ROLES, Permission
from core.errors import PermissionRefused, Refused
from core.uploads import receive
from pilots.access import memberships_of, permissions_of
from pilots.models import Unit

from .. import services
from ..choices import EntryMode, TeamKind
from ..forms.teams import (
    MemberEditForm,
    MemberForm,
    TeamEditForm,
    TeamForm,
    UnitPickForm,
    part_facts,
)
from ..models import Person
from ..queries.allowed import may_report
from ..queries.teams import people_of_unit
from .one_step import OneStepFormView
from .teams import TeamMixin

# --- teams ---------------------------------------------------------------------------------------


class TeamNewView(OneStepFormView):
    """登记团队. The unit comes first, because those who may lead the team are its people: a unit's
    clerk has one, the bureau chooses."""

    form_class = TeamForm
    label = gettext_lazy("登记团队")
    unit: Unit

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.prepare() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.prepare() or super().post(request, *args, **kwargs)

    def prepare(self) -> HttpResponse | None:
        """Find the unit; the page that asks for it where nothing or nonsense was said."""
        user = self.request.user
        if not {Permission.REPORT_OFFICERS, Permission.MANAGE_OFFICERS} & permissions_of(user):
            raise PermissionRefused
        given = self.request.GET.dict() or own_unit(user)
        form = UnitPickForm(given or None, units=Unit.objects.visible_to(user))
        if not form.is_valid():
            context = {"form": form, "units": form.units(), "back_url": self.back_url()}
            status = 422 if form.is_bound else 200
            return render(self.request, "officers/team_unit.html", context, status=status)
        self.unit = form.cleaned_data["unit"]
        if not may_report(user, self.unit):
            raise PermissionRefused
        return None

    def heading(self) -> str:
        return _("登记%(unit)s的团队") % {"unit": self.unit.display_name}

    def back_url(self) -> str:
        return reverse("officers:team-list")

    def get_initial(self) -> dict[str, Any]:
        asked = self.request.GET.get("kind", "")
        return {"kind": asked if asked in TeamKind.values else TeamKind.CDO_OFFICE}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": people(self.request.user, self.unit)}

    def act(self, form: Any) -> tuple[str, str]:
        team = services.set_up_team(
            self.unit,
            once=form.cleaned_data["once"],
            by=self.request.user,
            **form.facts(),
            **received(form),
        )
        said = _("已登记“%(team)s”，编号%(number)s。") % {"team": team, "number": team.number}
        return said, reverse("officers:team", args=[team.number])


class TeamActMixin(TeamMixin):
    """What acts on a team have in common: the right there, and the way back to its page."""

    required_permission = Permission.READ_OFFICERS

    def require(self) -> None:
        if not may_report(self.request.user, self.team.unit):
            raise PermissionRefused
        if self.team.voided_at is not None:
            raise Refused(_("“%(team)s”已作废，不能再改。") % {"team": self.team})

    def prepare(self, request: HttpRequest, **kwargs: Any) -> None:
        self.require()

    def back_url(self) -> str:
        return reverse("officers:team", args=[self.kwargs["number"]])

    get_refusal_url = get_success_url = back_url


class TeamOneStepView(TeamActMixin, OneStepFormView):
    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.require()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.require()
        return super().post(request, *args, **kwargs)


class TeamEditView(TeamOneStepView):
    form_class = TeamEditForm
    label = gettext_lazy("保存更正")

    def heading(self) -> str:
        return _("更正“%(team)s”") % {"team": self.team}

    def get_initial(self) -> dict[str, Any]:
        row = self.team
        leader = row.leader.uuid if row.leader else None
        names = set(TeamEditForm.base_fields) - {"leader", "once", "upload"}
        return {**{name: getattr(row, name) for name in names}, "leader": leader}

    def get_form_kwargs(self) -> dict[str, Any]:
        given = {"people": people(self.request.user, self.team.unit)}
        return {**super().get_form_kwargs(), **given, "has_ended": self.team.ends_on is not None}

    def act(self, form: Any) -> tuple[str, str]:
        version = form.cleaned_data["version"]
        facts = {**form.facts(), **received(form)}
        services.mend_team(self.team, by=self.request.user, version=version, **facts)
        return _("已更正。"), self.back_url()


class MemberNewView(TeamOneStepView):
    form_class = MemberForm
    label = gettext_lazy("登记成员")

    def heading(self) -> str:
        return _("登记“%(team)s”的成员") % {"team": self.team}

    def get_initial(self) -> dict[str, Any]:
        mode = EntryMode.INVITED if self.team.is_pool else EntryMode.INTERNAL
        return {"entry_mode": mode, "starts_on": self.team.starts_on}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "people": people(self.request.user, self.team.unit)}

    def act(self, form: Any) -> tuple[str, str]:
        row = services.add_member(
            self.team,
            form.who(),
            part=form.part(),
            once=form.cleaned_data["once"],
            by=self.request.user,
        )
        return _("已登记成员%(person)s。") % {"person": row.person}, self.back_url()


class MemberEditView(TeamOneStepView):
    form_class = MemberEditForm
    label = gettext_lazy("保存更正")

    def heading(self) -> str:
        return _("更正成员%(person)s") % {"person": self.member.person}

    def get_initial(self) -> dict[str, Any]:
        return {name: getattr(self.member, name) for name in MemberEditForm.base_fields}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "has_ended": self.member.ends_on is not None}

    def act(self, form: Any) -> tuple[str, str]:
        version = form.cleaned_data["version"]
        facts = part_facts(form.cleaned_data)
        services.mend_member(self.member, by=self.request.user, version=version, **facts)
        return _("已更正。"), self.back_url()


def people(user: Any, unit: Unit) -> Any:
    """Whom a team of the unit may take, of those the reader sees."""
    return people_of_unit(Person.objects.visible_to(user), unit)


def own_unit(user: Any) -> dict[str, str]:
    """The only unit of a unit's clerk, as the address would say it."""
    codes = {row.unit.code for row in memberships_of(user) if row.role in UNIT_ROLES}
    return {"unit": codes.pop()} if len(codes) == 1 else {}


def received(form: Any) -> dict[str, Any]:
    """The uploaded document as the service takes it; nothing where none was sent."""
    upload = form.cleaned_data["upload"]
    if not upload:
        return {}
    got = receive(upload)
    return {"file": got.stored, "file_name": got.name}
