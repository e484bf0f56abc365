"""The life of a body: renaming, naming a slot, succession. Each explains what it changes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core import clock
from core.errors import Refused

from .. import queries, services
from ..access import require
from ..choices import SuccessionKind
from ..forms import RenameForm, SlotIdentifyForm, SlotNameForm, SucceedForm
from ..models import Unit
from .confirming import ConfirmedFormView


class UnitActView(ConfirmedFormView):
    """Base: the body, its version, its page."""

    required_permission = Permission.MANAGE_UNITS
    unit: Unit

    def prepare(self, request: HttpRequest, code: str) -> HttpResponse | None:
        self.unit = get_object_or_404(self.visible_units(), code=code)
        require(request.user, Permission.MANAGE_UNITS, unit=self.unit)
        if fault := self.unfit():
            raise Refused(fault)
        return None

    def visible_units(self) -> Any:
        return Unit.objects.visible_to(self.request.user)

    def unfit(self) -> str:
        """Why this act makes no sense for the body; '' when it does."""
        return ""

    def get_refusal_url(self) -> str:
        return reverse("unit", args=[self.kwargs["code"]])

    def get_success_url(self) -> str:
        return self.get_refusal_url()

    def get_initial(self) -> dict[str, Any]:
        return {"on": clock.today(), "version": self.unit.version}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        life = queries.life_of(self.unit)
        return super().get_context_data(**kwargs, unit=self.unit, life=life)


class UnitRenameView(UnitActView):
    template_name = "pilots/unit_rename.html"
    form_class = RenameForm

    def heading(self) -> str:
        return _("%(unit)s更名") % {"unit": self.unit.display_name}

    def unfit(self) -> str:
        if self.unit.is_slot:
            return _("“%(unit)s”是待补名的席位，用“补名”登记名称。") % {"unit": self.unit}
        return ""

    def confirmation(self, values: dict[str, Any]) -> dict[str, Any]:
        facts = {"old": self.unit.full_name, "new": values["full_name"], "day": values["on"]}
        return {
            "title": _("“%(old)s”更名为“%(new)s”") % facts,
            "effect": _(
                "从%(day)s起用新名称。单位代码、任务、账号和全部记录不变；"
                "查看这一天以前的情况，显示旧名称；按旧名称仍能搜到。"
            )
            % facts,
            "label": _("更名"),
        }

    def act(self, values: dict[str, Any]) -> str:
        services.rename_unit(self.unit, by=self.request.user, **values)
        return _("已更名为“%(name)s”，%(day)s起用。") % {
            "name": values["full_name"],
            "day": values["on"],
        }


class UnitSucceedView(UnitActView):
    template_name = "pilots/unit_succeed.html"
    form_class = SucceedForm

    def heading(self) -> str:
        return _("登记%(unit)s的承接单位") % {"unit": self.unit.display_name}

    unfit = UnitRenameView.unfit

    def get_initial(self) -> dict[str, Any]:
        return {**super().get_initial(), "kind": SuccessionKind.MERGER, "continues": True}

    def get_form_kwargs(self) -> dict[str, Any]:
        others = self.visible_units().exclude(pk=self.unit.pk)
        return {**super().get_form_kwargs(), "units": others}

    def confirmation(self, values: dict[str, Any]) -> dict[str, Any]:
        kind = SuccessionKind(values["kind"]).label
        facts = {"old": self.unit.full_name, "new": self._successor(values), "kind": kind}
        return {
            "title": _("%(kind)s：“%(old)s”由“%(new)s”承接") % facts,
            "effect": self._effect(values),
            "label": _("登记承接关系"),
            "grave": True,
        }

    def _successor(self, values: dict[str, Any]) -> str:
        return values["successor"].full_name if values["successor"] else values["full_name"]

    def _effect(self, values: dict[str, Any]) -> str:
        parts = [
            _("原单位到%(day)s的前一天为止，记录保留，随时可查。") % {"day": values["on"]},
            _("承接单位从%(day)s起接续参加试点。") % {"day": values["on"]}
            if values["continues"]
            else _("承接单位不自动参加试点。"),
            _("任务和账号不自动转移：原单位没有完成的任务，逐件撤销或继续跟踪。"),
        ]
        if not values["successor"]:
            parts.insert(1, _("同时登记新设单位“%(new)s”。") % {"new": values["full_name"]})
        return "".join(parts)

    def act(self, values: dict[str, Any]) -> str:
        facts = {name: values[name] for name in ("on", "kind", "note", "continues", "version")}
        if values["successor"]:
            services.succeed_unit(self.unit, values["successor"], by=self.request.user, **facts)
        else:
            names = {name: values[name] for name in ("full_name", "short_name")}
            services.succeed_by_new_unit(self.unit, by=self.request.user, **names, **facts)
        return _("已登记：由“%(new)s”承接。") % {"new": self._successor(values)}


class SlotActView(UnitActView):
    def unfit(self) -> str:
        if not self.unit.is_slot:
            return _("“%(unit)s”已有名称，更名用“更名”办理。") % {"unit": self.unit}
        return ""


class SlotNameView(SlotActView):
    template_name = "pilots/slot_name.html"
    form_class = SlotNameForm

    def heading(self) -> str:
        return _("%(unit)s补名") % {"unit": self.unit.display_name}

    def confirmation(self, values: dict[str, Any]) -> dict[str, Any]:
        facts = {"slot": self.unit.display_name, "new": values["full_name"]}
        return {
            "title": _("“%(slot)s”是“%(new)s”") % facts,
            "effect": _("席位上的任务和记录原样归到这个单位，代码不变。之后就可以为它开通账号。"),
            "label": _("补名"),
        }

    def act(self, values: dict[str, Any]) -> str:
        services.name_slot(self.unit, by=self.request.user, **values)
        return _("已补名为“%(name)s”。") % {"name": values["full_name"]}


class SlotIdentifyView(SlotActView):
    template_name = "pilots/slot_identify.html"
    form_class = SlotIdentifyForm

    def heading(self) -> str:
        return _("%(unit)s对应到已有单位") % {"unit": self.unit.display_name}

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "units": self.visible_units()}

    def confirmation(self, values: dict[str, Any]) -> dict[str, Any]:
        facts = {"slot": self.unit.display_name, "new": values["unit"].full_name}
        return {
            "title": _("“%(slot)s”对应到“%(new)s”") % facts,
            "effect": _("席位的参与记录和任务转到这个单位，席位停用，只留下对应关系。不能撤回。"),
            "label": _("对应到这个单位"),
            "grave": True,
        }

    def act(self, values: dict[str, Any]) -> str:
        self.found = services.identify_slot(
            self.unit,
            values["unit"],
            on=values["on"],
            by=self.request.user,
            version=values["version"],
        )
        return _("已对应到“%(unit)s”。") % {"unit": values["unit"].full_name}

    def get_success_url(self) -> str:
        return reverse("unit", args=[self.found.code])
