"""述职/迎检材料: what one person did in one year, as one Word document.

A section is a function from a `Year` to a `Section`; the apps to come add theirs to SECTIONS.
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.generic import View

from accounts.roles import Permission
from core import clock, documents
from duties.choices import Nature
from duties.models import ItemProgress
from officers.choices import FilingStatus
from officers.models import Filing, Person, Team, TeamMember

from .year_facts import Section, Year
from .year_projects import findings, opinions

YEAR = re.compile(r"\d{4}", re.ASCII)
MEETINGS = (Nature.TRAINING, Nature.EXCHANGE)
REPORTS = (Nature.REPORT, Nature.OVERALL_REPORT)


# --- sections ------------------------------------------------------------------------------------


def appointments(year: Year) -> Section:
    """Posts, by which document, and whether filed by the end of the year."""
    numbers = [row.pk for row in year.tenures]
    filed = Filing.objects.visible_to(year.user).filter(
        appointment__in=numbers, status=FilingStatus.ACCEPTED, accepted_on__lte=year.last
    )
    receipts = {row.appointment_id: row for row in filed.order_by("accepted_on")}
    rows = []
    for row in year.tenures:
        receipt = receipts.get(row.pk)
        filing = (
            f"{receipt.receipt_number}\n{_day(receipt.accepted_on)}" if receipt else _("未登记")
        )
        until = _day(row.ends_on) or _("今")
        term = _("%(since)s\n至%(until)s") % {"since": _day(row.since), "until": until}
        post = f"{row.post.name}（{row.get_kind_display()}）"
        paper = row.document_number or row.document_title
        rows.append([row.unit.short_name, post, term, paper, filing])
    heads = [_("单位"), _("岗位"), _("任期"), _("任命文件"), _("备案")]
    return Section(_("任职"), heads, rows, _("本年度没有任职登记。"), (5, 7, 11, 8, 9))


def meetings(year: Year) -> Section:
    heads = [_("日期"), _("类别"), _("单位"), _("任务"), _("说明")]
    rows = [
        [
            row.happened_on,
            row.assignment.obligation.get_nature_display(),
            row.assignment.unit.short_name,
            row.assignment.obligation.title,
            row.note,
        ]
        for row in year.fulfilled(MEETINGS)
    ]
    widths = (10.5, 4, 6, 10, 9.5)
    return Section(_("组织培训和交流会"), heads, rows, _("任职期间没有登记培训和交流会。"), widths)


def reports(year: Year) -> Section:
    return Section(
        _("报送工作总结和报告"),
        [_("日期"), _("单位"), _("报告"), _("来文与说明")],
        [
            [
                row.happened_on,
                row.assignment.unit.short_name,
                row.assignment.obligation.title,
                row.note,
            ]
            for row in year.fulfilled(REPORTS)
        ],
        _("任职期间没有登记报送的报告。"),
        (10.5, 6, 12, 11.5),
    )


def other_tasks(year: Year) -> Section:
    return Section(
        _("完成的其他规定任务"),
        [_("日期"), _("单位"), _("任务"), _("说明")],
        [
            [
                row.happened_on,
                row.assignment.unit.short_name,
                row.assignment.obligation.title,
                row.note,
            ]
            for row in year.fulfilled((*MEETINGS, *REPORTS), others=True)
        ],
        _("任职期间没有登记其他完成的任务。"),
        (10.5, 6, 12, 11.5),
    )


def progress(year: Year) -> Section:
    """Accepted progress in the items of the duties."""
    found = (
        ItemProgress.objects.visible_to(year.user)
        .live()
        .filter(year.in_tenure("enrolment__unit_id", "happened_on"))
        .select_related("item__area", "enrolment__unit")
        .order_by("item__area__position", "item__position", "happened_on")
    )
    heads = [_("职责"), _("事项"), _("日期"), _("进展")]
    rows = [[row.item.area.name, row.item.name, row.happened_on, row.summary] for row in found]
    return Section(
        _("各项职责的进展"), heads, rows, _("任职期间没有登记事项进展。"), (8, 11, 9, 12)
    )


def teams(year: Year) -> Section:
    """Teams that support the person at the units of the posts, and those led or joined."""
    lasting = Q(ends_on=None) | Q(ends_on__gte=year.first)
    units = [row.unit_id for row in year.tenures]
    joined = TeamMember.objects.visible_to(year.user).filter(
        lasting, person=year.person, starts_on__lte=year.last, voided_at=None
    )
    mine = Q(leader=year.person) | Q(unit__in=units) | Q(pk__in=joined.values("team"))
    found = Team.objects.visible_to(year.user).filter(
        mine & lasting, starts_on__lte=year.last, voided_at=None
    )
    heads = [_("团队"), _("类别"), _("成立日期"), _("成立文号"), _("本人")]
    places = {row.team_id: row.duty or _("成员") for row in joined}
    rows = [
        [
            row.name,
            row.get_kind_display(),
            row.starts_on,
            row.document_number or "—",
            _("负责人") if row.leader_id == year.person.pk else places.get(row.pk, "—"),
        ]
        for row in found.order_by("starts_on", "number")
    ]
    return Section(
        _("工作机构和团队"), heads, rows, _("本年度没有登记团队。"), (9, 8, 10.5, 8, 4.5)
    )


SECTIONS: list[Callable[[Year], Section]] = [
    appointments,
    meetings,
    reports,
    progress,
    other_tasks,
    opinions,
    findings,
    teams,
]


# --- the document --------------------------------------------------------------------------------


def write(year: Year) -> bytes:
    """The .docx, in Chinese whoever reads."""
    with override(settings.LANGUAGE_CODE):
        facts = {"year": year.year, "person": year.person.name}
        document = documents.new(title=_("%(person)s履职材料（%(year)s年）") % facts)
        document.facts(_about(year))
        for section in SECTIONS:
            made = section(year)
            document.heading(1, made.title)
            if made.rows:
                document.table(made.headers, made.rows, made.widths)
            else:
                document.paragraph(made.nothing)
        return document.bytes()


def _about(year: Year) -> list[tuple[str, Any]]:
    person = year.person
    posts = dict.fromkeys(f"{row.unit.short_name}{row.post.name}" for row in year.tenures)
    return [
        (_("姓名"), person.name),
        (_("所在单位"), person.unit.full_name),
        (_("单位职务"), person.job_title or _("未登记")),
        (_("担任岗位"), "\n".join(posts) or _("无")),
        (_("材料范围"), f"{_day(year.first)}—{_day(year.last)}"),
    ]


def _day(value: date | None) -> str:
    return documents.chinese_day(value) if value else ""


class PersonYearView(View):
    """/officers/people/<uuid>/year.docx?year=2022"""

    required_permission = Permission.READ_OFFICERS

    def get(self, request: HttpRequest, uuid: Any) -> HttpResponse:
        people = Person.objects.visible_to(request.user).select_related("unit")
        person = get_object_or_404(people, uuid=uuid)
        year = Year(person, asked_year(request.GET.get("year", "")), request.user)
        response = HttpResponse(write(year), content_type=documents.MEDIA_TYPE)
        name = f"{person.name}履职材料{year.year}.docx"
        response["Content-Disposition"] = content_disposition_header(True, name)
        response["Cache-Control"] = "private, no-store"
        return response


def asked_year(text: str) -> int:
    """The year that was asked for, if it has begun and we can reckon with it; else this one."""
    today = clock.today().year
    asked = int(text) if YEAR.fullmatch(text) else today
    return asked if clock.FIRST_DAY.year < asked <= today else today
