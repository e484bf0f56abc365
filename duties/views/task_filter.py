"""The filters of the task pages: those of the API, with units, duties and demands to choose from."""

from typing import Any

import django_filters as filters
from django import forms
from django.db.models import Case, When
from django.utils.translation import gettext_lazy as _

from core import clock
from core.filters import ChoicesFilter
from pilots.choices import Part
from pilots.current import programmes_of
from pilots.models import Enrolment
from pilots.models.units import named_on

from ..choices import Status
from ..filters import AssignmentFilter
from ..models import DutyArea, Obligation

YES_NO = (("", _("全部")), ("true", _("是")), ("false", _("否")))
FIRST = (
    "q", "unit", "light", "obligation", "area", "nature", "unit_kind", "due_after", "due_before",
    "done_after", "done_before", "open", "on_time", "counted", "extending", "followed", "helping",
    "programme", "on", "status",
)  # fmt: skip


def yes_or_no(label: Any, method: str) -> filters.TypedChoiceFilter:
    return filters.TypedChoiceFilter(
        label=label, choices=YES_NO, coerce=lambda value: value == "true", method=method
    )


class TaskFilter(AssignmentFilter):
    """What `/tasks/` and `/deadlines/` narrow by. `programme` (a Programme or None) is the one whose
    units, demands and duties are offered."""

    programme = filters.ChoiceFilter(label=_("试点方案"), field_name="enrolment__programme__code")
    unit = filters.ChoiceFilter(label=_("单位"), field_name="enrolment__unit__code")
    obligation = filters.ChoiceFilter(label=_("规定任务"), field_name="obligation__code")
    area = filters.ChoiceFilter(label=_("职责"), field_name="obligation__area__code")
    open = yes_or_no(_("未完成"), "is_open")
    on_time = yes_or_no(_("按时完成"), "done_on_time")
    counted = yes_or_no(_("计入统计"), "is_counted")
    extending = yes_or_no(_("延期审批中"), "is_extending")
    followed = yes_or_no(_("方案跟踪中"), "is_followed")
    helping = filters.TypedChoiceFilter(
        label=_("主办或协办"), choices=(("", _("主办")), ("true", _("协办"))), method="nothing"
    )
    status = ChoicesFilter(
        label=_("办理状态"), choices=Status.choices, widget=forms.CheckboxSelectMultiple
    )

    class Meta(AssignmentFilter.Meta):
        fields: list[str] = []

    def __init__(self, data: Any, *, programme: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        programmes = programmes_of(self.request)
        self._choose("programme", [(row.code, row.display_name) for row in programmes])
        self._choose("unit", self._units(programme))
        self._choose(
            "obligation", _named(Obligation, self.request.user, programme, "display_short_title")
        )
        self._choose("area", _named(DutyArea, self.request.user, programme, "display_medium_name"))
        # The programme is chosen beside the title; here it only travels along.
        self.filters["programme"].extra["widget"] = forms.HiddenInput
        for name in ("due_after", "due_before", "done_after", "done_before", "on"):
            self.filters[name].extra["widget"] = forms.DateInput({"type": "date"}, "%Y-%m-%d")
        self.filters["q"].extra["widget"] = forms.TextInput(
            {"type": "search", "placeholder": _("任务、单位、编号")}
        )
        for found in self.filters.values():
            if isinstance(found, filters.ChoiceFilter):
                found.extra["empty_label"] = _("全部")
        rest = [name for name in self.filters if name not in FIRST]
        self.filters = {name: self.filters[name] for name in (*FIRST, *rest)}

    def _choose(self, name: str, choices: list[tuple[str, str]]) -> None:
        """What is in the address stays choosable, also from another programme."""
        asked = (self.data or {}).get(name)
        if asked and asked not in {code for code, _label in choices}:
            choices = [*choices, (asked, asked)]
        self.filters[name].extra["choices"] = choices

    def _units(self, programme: Any) -> list[tuple[str, str]]:
        """In the document's order, the bureau and other bodies after the pilots."""
        if programme is None:
            return []
        rows = Enrolment.objects.visible_to(self.request.user).filter(
            programme=programme, withdrawn_on=None
        )
        pilots_first = Case(When(part=Part.PILOT, then=0), default=1)
        ordered = rows.order_by(pilots_first, "-part", "position", "id")
        found = ordered.values_list("unit__code", named_on(clock.today(), "unit_id"))
        return list({code: name or code for code, name in found}.items())


def _named(model: Any, user: Any, programme: Any, label: str) -> list[tuple[str, str]]:
    if programme is None:
        return []
    rows = model.objects.visible_to(user).filter(programme=programme, withdrawn_on=None)
    rows = rows.defer("loaded")
    return [(row.code, getattr(row, label)) for row in rows]
