"""Ending and voiding teams and members: first what will happen, then it does."""

from typing import Any

from django.utils.translation import gettext as _

from core import clock
from pilots.views.confirming import ConfirmedFormView

from .. import services
from ..forms.teams import EndForm, VoidForm
from .team_acts import TeamActMixin


class TeamConfirmView(TeamActMixin, ConfirmedFormView):
    template_name = "officers/team_confirm.html"

    def get_initial(self) -> dict[str, Any]:
        return {"version": self.team.version, "on": clock.today()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"team": self.team, **kwargs})


class TeamEndView(TeamConfirmView):
    form_class = EndForm

    def heading(self) -> str:
        return _("撤销“%(team)s”") % {"team": self.team}

    def confirmation(self, values: dict[str, Any]) -> dict[str, Any]:
        return {
            "title": _("“%(team)s”到%(day)s为止") % {"team": self.team, "day": values["on"]},
            "effect": _("成员的记录也到这一天为止，全部保留；已计入的“成立工作机构”任务不变。"),
            "label": _("撤销团队"),
        }

    def act(self, values: dict[str, Any]) -> str:
        services.end_team(self.team, by=self.request.user, **values)
        return _("已登记“%(team)s”到%(day)s为止。") % {"team": self.team, "day": values["on"]}


class TeamVoidView(TeamConfirmView):
    form_class = VoidForm

    def heading(self) -> str:
        return _("作废“%(team)s”") % {"team": self.team}

    def confirmation(self, values: dict[str, Any]) -> dict[str, Any]:
        return {
            "title": _("作废“%(team)s”") % {"team": self.team},
            "effect": _(
                "这条登记和成员不再出现在名单里，由它计入的完成记录同时作废；仍可查看。不能撤回。"
            ),
            "label": _("作废这个团队"),
            "grave": True,
        }

    def act(self, values: dict[str, Any]) -> str:
        services.void_team(self.team, by=self.request.user, **values)
        return _("已作废“%(team)s”。") % {"team": self.team}


class MemberConfirmView(TeamConfirmView):
    def get_initial(self) -> dict[str, Any]:
        return {"version": self.member.version, "on": clock.today()}


class MemberEndView(MemberConfirmView):
    form_class = EndForm

    def heading(self) -> str:
        return _("%(person)s退出团队") % {"person": self.member.person}

    def confirmation(self, values: dict[str, Any]) -> dict[str, Any]:
        facts = {"person": self.member.person, "team": self.team, "day": values["on"]}
        return {
            "title": _("%(person)s到%(day)s退出“%(team)s”") % facts,
            "effect": _("记录保留，查看这一天以前的名单仍能看到。"),
            "label": _("登记退出"),
        }

    def act(self, values: dict[str, Any]) -> str:
        services.end_member(self.member, by=self.request.user, **values)
        return _("已登记%(person)s退出。") % {"person": self.member.person}


class MemberVoidView(MemberConfirmView):
    form_class = VoidForm

    def heading(self) -> str:
        return _("作废成员%(person)s的记录") % {"person": self.member.person}

    def confirmation(self, values: dict[str, Any]) -> dict[str, Any]:
        facts = {"person": self.member.person, "team": self.team}
        return {
            "title": _("作废%(person)s在“%(team)s”的成员记录") % facts,
            "effect": _("用于录错了人。正常退出的，用“退出”办理。不能撤回。"),
            "label": _("作废这条记录"),
            "grave": True,
        }

    def act(self, values: dict[str, Any]) -> str:
        services.void_member(self.member, by=self.request.user, **values)
        return _("已作废%(person)s的成员记录。") % {"person": self.member.person}
