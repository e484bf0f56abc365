"""离任交接: one page that shows everything that is open when somebody leaves, and one that moves it."""

from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core import clock
from core.errors import PermissionRefused, Refused
from core.handover import Fate, open_items
from officers.forms.handovers import HandoverForm
from officers.handover import endable
from officers.models import Appointment, Handover, Person
from officers.queries.handovers import may_hand_over, takers, units_of
from officers.services.handovers import LeavingPerson, hand_over
from pilots.models import Unit
from pilots.views.confirming import ConfirmedFormView

from .links import link


class HandoverView(ConfirmedFormView):
    """/handover/<person>/, of the body in `?unit=` (the person's own unless told)."""

    required_permission = Permission.READ_OFFICERS
    template_name = "pages/handover.html"
    form_class = HandoverForm
    made: Handover

    def prepare(self, request: HttpRequest, **kwargs: Any) -> HttpResponse | None:
        if request.user == self.person.user:
            raise Refused(_("不能办理本人的交接，由本单位其他人或牵头单位的经办人办理。"))
        if not self.units:
            raise PermissionRefused
        return None

    @cached_property
    def person(self) -> Person:
        rows = Person.objects.visible_to(self.request.user).select_related("unit", "user")
        return get_object_or_404(rows, uuid=self.kwargs["uuid"])

    @cached_property
    def units(self) -> list[Unit]:
        """The bodies that the person could leave and for which the reader writes."""
        user = self.request.user
        return [unit for unit in units_of(self.person) if may_hand_over(user, self.person, unit)]

    @cached_property
    def unit(self) -> Unit:
        asked = self.request.GET.get("unit", "")
        found = [unit for unit in self.units if asked in {"", unit.code}]
        if not found:
            raise Http404
        return found[0]

    @cached_property
    def posts(self) -> list[Appointment]:
        return endable(self.person, self.leaving())

    def leaving(self, values: dict[str, Any] | None = None) -> LeavingPerson:
        """The leaving as it is typed so far, of today where nothing is."""
        given = values or {}
        successor = given.get("taker")
        return LeavingPerson(
            user=self.person.user,
            unit=self.unit,
            taker=successor.user if successor else None,
            on=given.get("on") or clock.today(),
            by=self.request.user,
            note=given.get("note", ""),
            person=self.person,
            successor=successor,
        )

    def decided(self, form: HandoverForm) -> LeavingPerson:
        """The same with what becomes of the posts."""
        departure = form.departure()
        plain = self.leaving(form.cleaned_data)
        ends = tuple(self.posts) if departure else ()
        return LeavingPerson(**{**vars(plain), "ends": ends, "departure": departure})

    def heading(self) -> str:
        return _("%(person)s离任交接") % {"person": self.person}

    def get_refusal_url(self) -> str:
        return link("officers:person", self.kwargs["uuid"]) or reverse("home")

    def get_success_url(self) -> str:
        return reverse("handover-slip", args=[self.made.number])

    def get_initial(self) -> dict[str, Any]:
        return {"on": clock.today(), "version": self.person.version}

    def get_form_kwargs(self) -> dict[str, Any]:
        people = takers(self.person, self.unit, user=self.request.user)
        return {**super().get_form_kwargs(), "people": people, "posts": self.posts}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        return {
            **context,
            "person": self.person,
            "unit": self.unit,
            "others": [unit for unit in self.units if unit != self.unit],
            "groups": groups_of(self.leaving()),
            "person_url": self.get_refusal_url(),
            "has_account": self.person.user is not None,
        }

    def form_valid(self, form: Form) -> HttpResponse:
        self.form = form
        return super().form_valid(form)

    def confirmation(self, values: dict[str, Any]) -> dict[str, Any]:
        leaving = self.decided(self.form)  # type: ignore[arg-type]
        facts = {"person": self.person, "unit": self.unit.display_name, "day": values["on"]}
        effect = _(
            "下面的事项一次办完，要么全部办成，要么都不变。权限在办理的那一刻终止，"
            "已登录的页面、接口令牌和下载链接随即失效。"
        )
        return {
            "title": _("%(person)s离开%(unit)s，最后一天%(day)s") % facts,
            "effect": effect,
            "label": _("办理交接"),
            "grave": True,
            "groups": groups_of(leaving),
            "rows": self.summary(values, leaving),
        }

    def summary(self, values: dict[str, Any], leaving: LeavingPerson) -> list[dict[str, Any]]:
        posts = [
            _("%(post)s（%(number)s）") % {"post": row.post, "number": row.number}
            for row in leaving.ends or ()
        ]
        return [
            {"label": _("接收人"), "value": str(leaving.successor or _("暂无接任者"))},
            {"label": _("随交接离任"), "value": _("、").join(posts) or _("没有")},
            {"label": _("说明"), "value": values["note"] or _("没有")},
        ]

    def act(self, values: dict[str, Any]) -> str:
        try:
            self.made = hand_over(
                self.decided(self.form),  # type: ignore[arg-type]
                once=values["once"],
                version=values["version"],
            )
        except ValidationError as error:
            # A service speaks of its own fields; the sentence says which day or whom it means.
            raise ValidationError(error.messages) from error
        return _("已办理%(person)s的交接，编号%(number)s。权限已终止。") % {
            "person": self.person,
            "number": self.made.number,
        }


def groups_of(leaving: LeavingPerson) -> list[dict[str, Any]]:
    """What is open, by what becomes of it and then by part: [{"fate", "count", "parts": [{"label",
    "items"}]}], without the fates of nothing."""
    found = open_items(leaving)
    groups = []
    for fate in Fate:
        parts = [
            {"label": part.label, "items": [item for item in items if item.fate == fate]}
            for part, items in found
        ]
        parts = [part for part in parts if part["items"]]
        if parts:
            count = sum(len(part["items"]) for part in parts)
            groups.append({"fate": fate, "label": fate.label, "count": count, "parts": parts})
    return groups
