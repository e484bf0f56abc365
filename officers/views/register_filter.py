"""The filters of the register's page: those of the API, with programmes and posts to choose from."""

from typing import Any

import django_filters as filters
from django import forms
from django.utils.translation import gettext_lazy as _

from duties.views.task_filter import yes_or_no
from pilots.choices import Part
from pilots.current import programmes_of

from ..choices import FilingState, Kind
from ..filters import STATES, AppointmentFilter, PersonFilter
from ..models import Post

FIRST = (
    "q", "programme", "post", "status", "filing", "kind", "unit_kind", "unconfirmed", "part",
    "unit", "on",
)  # fmt: skip
PEOPLE = ("q", "programme", "post", "account", "unit", "on")


class RegisterFilter(AppointmentFilter):
    """What `/officers/` and its export narrow by."""

    programme = filters.ChoiceFilter(
        label=_("试点方案"), method="enrolled", empty_label=_("全部看得到的单位")
    )
    post = filters.ChoiceFilter(label=_("岗位"), field_name="post__code", empty_label=_("全部岗位"))
    status = filters.ChoiceFilter(
        label=_("状态"), choices=STATES, method="in_state", empty_label=_("全部")
    )
    filing = filters.ChoiceFilter(
        label=_("备案"), choices=FilingState.choices, method="filed", empty_label=_("全部")
    )
    kind = filters.ChoiceFilter(label=_("任职方式"), choices=Kind.choices, empty_label=_("全部"))
    part = filters.ChoiceFilter(
        label=_("参与方式"), choices=Part.choices, method="nothing", empty_label=_("试点单位")
    )
    unconfirmed = yes_or_no(_("超过12个月未确认"), "stale")

    class Meta(AppointmentFilter.Meta):
        fields: list[str] = []

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        _dress(self, FIRST, _("姓名、单位、首字母"))
        self.filters["unit_kind"].extra["empty_label"] = _("全部")


class PeopleFilter(PersonFilter):
    """What `/officers/people/` narrows by."""

    programme = filters.ChoiceFilter(
        label=_("试点方案"), method="enrolled", empty_label=_("全部看得到的单位")
    )
    post = filters.ChoiceFilter(label=_("在任岗位"), method="holding", empty_label=_("全部"))
    account = yes_or_no(_("已关联账号"), "tied")

    class Meta(PersonFilter.Meta):
        fields: list[str] = []

    def __init__(self, data: Any, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        _dress(self, PEOPLE, _("姓名、单位、首字母"))


def _dress(found: Any, order: tuple[str, ...], hint: Any) -> None:
    """Choices that only the request and the database know, widgets, and the order of the boxes."""
    found.filters["programme"].extra["choices"] = [
        (row.code, row.display_name) for row in programmes_of(found.request)
    ]
    found.filters["post"].extra["choices"] = [
        (row.code, row.display_name) for row in Post.objects.defer("loaded")
    ]
    found.filters["on"].extra["widget"] = forms.DateInput({"type": "date"}, "%Y-%m-%d")
    found.filters["q"].extra["widget"] = forms.TextInput({"type": "search", "placeholder": hint})
    found.filters = {name: found.filters[name] for name in order}
