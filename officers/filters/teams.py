"""The filters of teams and experts: one set each for page and API."""

from typing import Any

import django_filters as filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.filters import ChoicesFilter
from pilots.choices import Part
from pilots.filters import OnDateMixin

from ..choices import EntryMode, TeamKind, TeamMode
from ..models import Team, TeamMember
from ..models.teams import TeamMemberQuerySet, TeamQuerySet
from ..queries.teams import at_units_of, searched, searched_members

STANDING, ENDED, VOIDED = "standing", "ended", "voided"
STATES = [(STANDING, _("存续")), (ENDED, _("已撤销")), (VOIDED, _("已作废"))]


class StateMixin(OnDateMixin):
    """`?state=`: those that stand on the day of `?on=` unless another state is asked for."""

    path = ""

    def filter_queryset(self, queryset: Any) -> Any:
        rows = super().filter_queryset(queryset)  # type: ignore[misc]
        state = self.form.cleaned_data.get("state") or STANDING
        if state == VOIDED:
            return rows.filter(voided_at__isnull=False)
        if state == ENDED:
            over = Q(ends_on__lt=self.on)
            if self.path:  # nobody stays in a team that has ended
                over |= Q(**{f"{self.path}ends_on__lt": self.on})
            return rows.filter(over, voided_at=None)
        return rows.standing(self.on)

    def nothing(self, rows: Any, _name: str, _value: Any) -> Any:
        return rows  # read by `filter_queryset` and `of_programme`

    def of_programme(self, rows: Any, _name: str, value: str) -> Any:
        part = (self.data or {}).get("part", "")
        return at_units_of(rows, value, self.on, part=part, path=self.path)


class TeamFilter(StateMixin, filters.FilterSet):
    """Teams; `?programme=` means those of units that take part as pilots on the day."""

    q = filters.CharFilter(label=_("团队、单位或人员"), method="named")
    unit = filters.CharFilter(label=_("单位代码"), field_name="unit__code")
    kind = ChoicesFilter(label=_("类别"), choices=TeamKind.choices)
    mode = filters.ChoiceFilter(label=_("组建模式"), choices=TeamMode.choices, method="in_mode")
    programme = filters.CharFilter(label=_("试点方案"), method="of_programme")
    part = filters.ChoiceFilter(label=_("参与方式"), choices=Part.choices, method="nothing")
    state = filters.ChoiceFilter(label=_("状态"), choices=STATES, method="nothing")
    on = filters.DateFilter(label=_("截至日期"), method="nothing")

    class Meta:
        model = Team
        fields: list[str] = []

    def named(self, rows: TeamQuerySet, _name: str, value: str) -> TeamQuerySet:
        return searched(rows, value)

    def in_mode(self, rows: TeamQuerySet, _name: str, value: str) -> TeamQuerySet:
        return rows.filter(modes__contains=[value])


class ExpertFilter(StateMixin, filters.FilterSet):
    """Experts: members of a pool, and those who came by contract, service or invitation."""

    path = "team__"
    q = filters.CharFilter(label=_("姓名、专业、机构或单位"), method="named")
    unit = filters.CharFilter(label=_("单位代码"), field_name="team__unit__code")
    entry_mode = ChoicesFilter(label=_("进入方式"), choices=EntryMode.choices)
    expertise = filters.CharFilter(label=_("专业领域"), lookup_expr="icontains")
    employer = filters.CharFilter(label=_("所在机构"), lookup_expr="icontains")
    kind = ChoicesFilter(label=_("团队类别"), field_name="team__kind", choices=TeamKind.choices)
    team = filters.CharFilter(label=_("团队编号"), field_name="team__number")
    programme = filters.CharFilter(label=_("试点方案"), method="of_programme")
    part = filters.ChoiceFilter(label=_("参与方式"), choices=Part.choices, method="nothing")
    state = filters.ChoiceFilter(label=_("状态"), choices=STATES, method="nothing")
    on = filters.DateFilter(label=_("截至日期"), method="nothing")

    class Meta:
        model = TeamMember
        fields: list[str] = []

    def named(self, rows: TeamMemberQuerySet, _name: str, value: str) -> TeamMemberQuerySet:
        return searched_members(rows, value)
