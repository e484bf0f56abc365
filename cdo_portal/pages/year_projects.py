"""What a person's year says of IT projects: opinions given, what was found."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from projects.models import Finding, Opinion

from .year_facts import Section, Year


def opinions(year: Year) -> Section:
    """Opinions on IT projects of the units of the posts."""
    found = (
        Opinion.objects.visible_to(year.user)
        .filter(year.in_tenure("project__enrolment__unit_id", "given_on"))
        .select_related("project")
        .order_by("given_on", "pk")
    )
    rows = [
        [
            row.given_on,
            row.project.name,
            f"{row.get_gate_display()}{row.get_decision_display()}",
            row.reason or "—",
        ]
        for row in found
    ]
    heads = [_("日期"), _("信息化项目"), pgettext("opinion", "意见"), _("理由")]
    return Section(
        _("信息化项目意见"), heads, rows, _("任职期间没有登记信息化项目意见。"), (10.5, 13, 5, 11.5)
    )


def findings(year: Year) -> Section:
    """What was found, stopped and corrected in the units of the posts."""
    found = (
        Finding.objects.visible_to(year.user)
        .filter(year.in_tenure("enrolment__unit_id", "found_on"))
        .order_by("found_on", "pk")
    )
    rows = [
        [row.found_on, row.title, row.get_status_display(), row.corrected_on or "—"]
        for row in found
    ]
    heads = [_("发现日期"), _("发现的问题"), _("状态"), _("纠正日期")]
    return Section(
        _("发现、制止及纠正"), heads, rows, _("任职期间没有登记发现的问题。"), (10.5, 14, 5, 10.5)
    )
