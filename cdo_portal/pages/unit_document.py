"""单位档案 as Word, about two pages by GB/T 9704-2012: what the unit's page shows, for a meeting or a
visit."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import override

from core import documents
from duties.choices import Light

from .unit import UnitView

MOST = 12  # tasks in the table; the others are counted


class UnitDocument(UnitView):
    """/units/<code>/dossier.docx, of today or of `?on=`."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        with override(settings.LANGUAGE_CODE):
            context = self.context(code)
            content = write(context)
            name = _("%(unit)s单位档案%(day)s.docx") % {
                "unit": self.unit.display_name,
                "day": f"{self.on:%Y%m%d}",
            }
        response = HttpResponse(content, content_type=documents.MEDIA_TYPE)
        response["Content-Disposition"] = content_disposition_header(True, name)
        response["Cache-Control"] = "private, no-store"
        return response


def write(context: Mapping[str, Any]) -> bytes:
    """The .docx of what pages.unit.UnitView.context found; all its lines are of what the reader sees."""
    unit = context["unit"]
    document = documents.new(title=_("%(unit)s单位档案") % {"unit": unit.display_full_name})
    document.facts(_facts(context))
    _people(document, context["officers"])
    _duties(document, context)
    _tasks(document, [*context["open_rows"], *context["closed_rows"]])
    if context["reports"]:
        _reports(document, context["reports"])
    document.note(_("%(day)s摘自首席数据官履职管理平台") % {"day": context["on"]})
    return document.bytes()


def _facts(context: Mapping[str, Any]) -> list[tuple[Any, Any]]:
    unit, part = context["unit"], context["enrolment"]
    found = [
        (_("规范简称"), unit.short_name),
        (_("单位类型"), unit.get_kind_display()),
    ]
    if part is not None:
        found += [
            (_("试点方案"), part.programme.display_name),
            (_("参与方式"), f"{part.get_part_display()}（{part.get_certainty_display()}）"),
            (_("承办机构"), part.handled_by or "—"),
        ]
    return [*found, (_("资料日期"), context["on"])]


def _people(document: Any, officers: Mapping[str, Any]) -> None:
    document.heading(1, _("首席数据官与团队"))
    for seat in officers["vacant"]:
        document.paragraph(f"{seat['say']}。")
    rows = [
        [
            line.row.person.name,
            line.row.post.display_name,
            line.row.job_title or "—",
            line.row.starts_on or line.row.since,
            line.row.document_number or "—",
        ]
        for line in officers["lines"]
    ]
    if rows:
        heads = [_("姓名"), _("岗位"), _("职务"), _("任期起"), _("任命文号")]
        document.table(heads, rows, (4, 6, 7, 5, 6))
    elif not officers["vacant"]:
        document.paragraph(_("没有在任人员。"))
    for team in officers["teams"]:
        words = {"name": team.name, "count": team.headcount or team.member_count}
        document.paragraph(_("团队：%(name)s，%(count)s人。") % words)


def _duties(document: Any, context: Mapping[str, Any]) -> None:
    shown = [cell for cell in context["areas"] if cell["total"]]
    if not shown:
        return
    document.heading(1, _("履职进展"))
    lines = [_("%(name)s%(done)s/%(total)s项有进展") % cell for cell in shown]
    document.paragraph("；".join(lines) + "。")


def _tasks(document: Any, lines: list[dict[str, Any]]) -> None:
    document.heading(1, _("规定任务"))
    if not lines:
        document.paragraph(_("没有任务。"))
        return
    rows = [
        [
            line["title"],
            line["row"].due_on or _("文件未定时限"),
            line["row"].get_status_display(),
            Light(line["state"]).label,
        ]
        for line in lines[:MOST]
    ]
    document.table([_("任务"), _("截止日期"), _("办理状态"), _("时限")], rows, (13, 5, 5, 5))
    if len(lines) > MOST:
        document.paragraph(_("另有%(count)s件。") % {"count": len(lines) - MOST})


def _reports(document: Any, reports: Mapping[str, Any]) -> None:
    document.heading(1, _("报告和办理情况"))
    if reports["rates"]:
        document.paragraph(reports["rates"])
    rows = [
        [row["title"], row["word"], row["handed_in_on"] or "—", row["punctual"], row["items"]]
        for row in reports["periods"]
    ]
    if rows:
        heads = [_("报告期"), _("状态"), _("报送日期"), _("按时"), _("有进展的事项")]
        document.table(heads, rows, (9, 4, 5, 5, 5))
    for row in reports["others"]:
        document.paragraph(_("%(title)s，%(word)s，%(handed_in_on)s报送。") % row)
    for group in reports["exchanges"]:
        lines = [f"{item['title']}（{item['note']}）" for item in group["items"]]
        document.paragraph(f"{group['title']}：" + "；".join(lines) + "。")
