"""P15 评价结果: the table of those who read all, what one body got, what other weights would make."""

from decimal import Decimal
from functools import cached_property
from typing import Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.documents import MEDIA_TYPE as WORD
from core.listing import whole_number
from core.profile_charts import Measure, dots, profile, radar
from core.spreadsheets import MEDIA_TYPE, Column, workbook
from core.views import RefusalMixin

from .. import criteria, services
from ..choices import IndicatorKind, State
from ..criteria import said
from ..documents import report
from ..forms.results import WhatIfForm
from ..models import Edition, Indicator, Objection, Result, ResultQuerySet
from ..queries import standing
from ..queries.allowed import of_unit
from ..queries.earning import earnable
from ..queries.reading import own_cards_of, reads_detail
from ..queries.results import (
    Detail,
    LeafLine,
    Spreads,
    detail_of,
    provisional_of,
    published_result,
    spreads_of,
)
from ..queries.trees import rows_of
from .bases import CardMixin, RoundMixin, sheet_url

PAGE = 100


class TableMixin(RoundMixin):
    """The results of a round for those who may read all of them."""

    required_permission = Permission.READ_ROUNDS

    @cached_property
    def edition(self) -> Edition | None:
        if not self.rights.reads_results:
            return None
        reads_all = self.rights.reads_all
        return standing.edition_for(self.round, self.request.user, reads_all=reads_all)

    @cached_property
    def roots(self) -> list[Indicator]:
        return standing.roots_of(self.round)

    def rows(self, edition: Edition) -> ResultQuerySet:
        """What the reader sees, in the order that was asked for."""
        user = self.request.user
        rows = standing.results_of(edition, user, self.order, self.roots)
        return standing.with_totals_before(rows, self.round, user)

    @property
    def order(self) -> str:
        return self.request.GET.get("ordering", "place")

    @staticmethod
    def of_root(row: Result, root: Indicator) -> Decimal | None:
        return Decimal(row.roots[root.key]) if root.key in row.roots else None

    def lines(self, rows: Any) -> list[dict[str, Any]]:
        found = []
        for row in rows:
            roots = [{"name": root.name, "points": self.of_root(row, root)} for root in self.roots]
            found.append(
                {
                    "row": row,
                    "unit": row.scorecard.unit,
                    "roots": roots,
                    "change": None if row.before is None else row.total - row.before,
                }
            )
        return found


class Results(TableMixin, RefusalMixin, View):
    """/evaluations/<number>/results/: the table; people of a unit go to their own."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        if self.edition is None:
            return self.without_table()
        edition, user = self.edition, request.user
        totals = standing.all_totals(edition, user)
        size = whole_number(request.GET.get("page_size", "")) or PAGE
        pages = Paginator(self.rows(edition), min(max(size, 1), 500))
        pages.count = len(totals)
        page = pages.get_page(request.GET.get("page", "1"))
        lines = self.lines(page.object_list)
        full = self.round.scheme_version.full
        context = {
            "round": self.round,
            "edition": edition,
            "roots": [{"row": row, "sort": f"{standing.ROOT}{row.key}"} for row in self.roots],
            "lines": lines,
            "page_obj": page,
            "chart": dots(
                _("%(count)s个单位的总分分布") % {"count": len(totals)}, totals, full, _("总分")
            ),
            "manages": self.rights.manages,
            "query": request.GET.urlencode(),
            "proposals": standing.proposals_of(self.round, user, [line["unit"] for line in lines]),
        }
        return render(request, "evaluations/results.html", context)

    def without_table(self) -> HttpResponse:
        """A unit's own result, or what has to be waited for."""
        own = own_cards_of(self.round, self.request.user)
        if self.round.state == State.PUBLISHED and len(own) == 1:
            return redirect("evaluations:result", self.round.number, own[0].unit.code)
        context = {"round": self.round, "own": own if self.round.is_told else []}
        return render(self.request, "evaluations/results_wait.html", context)


class ResultsDraft(RoundMixin, View):
    """/evaluations/<number>/draft/: what 定稿 would freeze now, for those who put it up and sign it."""

    required_permission = Permission.READ_ROUNDS

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        if not self.rights.reads_all or self.round.state != State.OBJECTIONS:
            raise Http404
        roots = standing.roots_of(self.round)
        context = {"round": self.round, "roots": roots, "lines": standing.drafted(self.round)}
        return render(request, "evaluations/results_draft.html", context)


class ResultsExport(TableMixin, View):
    """/evaluations/<number>/results/export.xlsx: the rows of the table."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        if self.edition is None:
            raise Http404
        heads = [
            _("位次"), _("单位"), _("总分"), *(row.name for row in self.roots), _("加分"), _("减分"),
            _("等次"), _("与上期差"),
        ]  # fmt: skip
        cells = [
            [
                line["row"].place, line["unit"].full_name, line["row"].total,
                *(root["points"] for root in line["roots"]), line["row"].bonus, line["row"].deduction,
                line["row"].grade, line["change"],
            ]
            for line in self.lines(self.rows(self.edition))
        ]  # fmt: skip
        notes = [
            _("%(number)s，第%(edition)s版") % {"number": number, "edition": self.edition.number},
            _("导出人%(who)s，%(day)s") % {"who": request.user, "day": clock.today()},
        ]
        title = _("评价结果")
        book = workbook(title, [Column(head) for head in heads], cells, notes)
        services.note_export(self.round, by=request.user, count=len(cells))
        answer = HttpResponse(book, content_type=MEDIA_TYPE)
        name = _("评价结果_%(number)s.xlsx") % {"number": number}
        answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
        return answer


class ResultsWord(TableMixin, View):
    """/evaluations/<number>/results/report.docx: the evaluation report (GB/T 9704)."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        if self.edition is None or not self.rights.reads_all:
            raise Http404
        rows = standing.results_of(self.edition, request.user, "place", self.roots)
        content = report.write(self.round, self.edition, self.roots, list(rows), request.user)
        services.note_export(self.round, by=request.user, count=len(rows))
        answer = HttpResponse(content, content_type=WORD)
        answer["Content-Disposition"] = content_disposition_header(
            True, f"{self.round.title}报告_{number}.docx"
        )
        return answer


class ResultPage(CardMixin, View):
    """/evaluations/<number>/<unit>/result/: aligned bars against the median, or (`?view=radar`) a radar;
    lost points with their reason. No other body's score, and no place, is on it."""

    required_permission = Permission.READ_ROUNDS

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        reads = self.rights.reads_all
        if not (reads or reads_detail(request.user, self.card)):
            raise Http404
        detail, spreads, row = self.found()
        lost = [line for line in detail.leaves if line.lost]
        is_radar = request.GET.get("view") == "radar"
        asked = Objection.objects.visible_to(request.user).filter(scorecard=self.card)
        context = {
            "round": self.round,
            "card": self.card,
            "detail": detail,
            "result": row,
            "spread": spreads.total,
            "chart": self.chart(detail, spreads, is_radar=is_radar),
            "is_radar": is_radar,
            "lost": self.lost(lost),
            "extra": [line for line in detail.leaves if line.kind != IndicatorKind.NORMAL],
            "earnable": earnable(self.card, clock.today()) if self.round.is_told else [],
            "may_object": self.round.takes_objections(clock.today())
            and of_unit(self.card, request.user),
            "objections": asked.select_related("indicator").order_by("number"),
            "sheet_url": sheet_url(self.card),
            "place": row.place if row is not None and reads else None,
            "full": self.round.scheme_version.full,
        }
        return render(request, "evaluations/result.html", context)

    def found(self) -> tuple[Detail, Spreads, Result | None]:
        """The published result with the spread of all, else what was told so far."""
        if self.round.state == State.PUBLISHED:
            row = published_result(self.card, self.request.user)
            if row is not None:
                return detail_of(row), spreads_of(row.edition), row
        return provisional_of(self.card), Spreads(None, {}), None

    def lost(self, lines: list[LeafLine]) -> list[dict[str, Any]]:
        """Lost points, most first, and what earns them: the rule in words, else as it is written."""
        rows = {row.key: row for row in rows_of(self.round.scheme_version)}
        found = []
        for line in sorted(lines, key=lambda line: -line.lost):
            row = rows[line.key]
            written = criteria.write(row.rule, row.criteria)
            words = f"{row.get_rule_display()}：{written}" if written else row.get_rule_display()
            found.append({"line": line, "how": line.text or words})
        return found

    def chart(self, detail: Detail, spreads: Spreads, *, is_radar: bool) -> Any:
        measures = []
        for root in standing.roots_of(self.round):
            spread = spreads.roots.get(root.key)
            quarters = (spread.low, spread.median, spread.high) if spread else (None, None, None)
            value = detail.roots.get(root.key, Decimal(0))
            measures.append(Measure(root.name, value, root.weight or Decimal(0), *quarters))
        draw = radar if is_radar else profile
        return draw(finding(measures), measures)


def finding(measures: list[Measure]) -> str:
    """The title of the chart says what it shows: where most is lost."""
    if not measures:
        return _("各一级指标得分")
    worst = min(measures, key=lambda each: each.share(each.value))
    if worst.value >= worst.most:
        return _("各一级指标都是满分")
    facts = {"name": worst.label, "lost": said(worst.most - worst.value)}
    return _("“%(name)s”失分比例最高，失%(lost)s分") % facts


class WhatIf(TableMixin, View):
    """/evaluations/<number>/results/what-if/: other weights of first-level indicators, and what they
    would have made of the places. Nothing is written."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        if self.edition is None or not self.rights.reads_all:
            raise Http404
        full = self.round.scheme_version.full
        data = request.GET if any(key.startswith("w-") for key in request.GET) else None
        form = WhatIfForm(data, roots=self.roots, full=full)
        weights = form.weights() if form.is_bound and form.is_valid() else {}
        context = {
            "round": self.round,
            "form": form,
            "lines": [{"row": row, "field": form[f"w-{row.key}"]} for row in self.roots],
            "full": full,
            "shifts": standing.shifts(self.edition, weights),
            "is_moved": bool(weights),
        }
        return render(request, "evaluations/what_if.html", context)
