"""评价报告: the evaluation report of a round as an official document (GB/T 9704-2012)."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db.models import Count
from django.utils.translation import override

from core import documents
from duties.queries.extensions import bureau_of

from .. import scoring
from ..choices import IndicatorKind, ObjectionState
from ..criteria import said
from ..models import BonusProposal, Edition, Indicator, Objection, Result, Round
from ..queries.trees import rows_of

LISTED = 5  # indicators on which most is lost


def write(
    round_: Round, edition: Edition, roots: Sequence[Indicator], rows: Sequence[Result], user: Any
) -> bytes:
    """The .docx for who may read all results. A document is Chinese, whoever reads English."""
    edition.round = round_
    with override(settings.LANGUAGE_CODE):
        document = documents.new(title=f"{round_.title}报告", number=round_.number)
        _work(document, round_, edition, len(rows))
        _results(document, roots, rows)
        _analysis(document, edition, roots, rows, user)
        _objections(document, round_, user)
        _proposals(document, round_, user)
        _method(document, round_)
        day = edition.published_on or edition.made_on
        document.sign(bureau_of(round_.programme).full_name, day)
        _annex(document, round_)
        return document.bytes()


def _day(value: Any) -> str:
    return documents.chinese_day(value)


def _work(document: Any, round_: Round, edition: Edition, count: int) -> None:
    version = round_.scheme_version
    document.heading(1, "评价工作情况")
    document.paragraph(
        f"按照《{round_.programme.display_full_name}》，组织{count}个单位对首席数据官{_day(round_.starts_on)}"
        f"至{_day(round_.ends_on)}的履职情况进行评价。评价使用“{version.scheme.title}”第{version.number}版，"
        f"满分{said(version.full)}分。"
    )
    read_on = f"系统数据取自{_day(round_.facts_on)}。" if round_.facts_on else ""
    document.paragraph(
        "评价依次经过首席数据官自评、本单位评价、市政数局复核和复核申请。每张评分表由两人分别评分，"
        f"相差超过分值{said(version.tolerance)}%的，由未参与评分的人裁定。{read_on}"
        f"本报告依据第{edition.number}版结果，{_day(edition.made_on)}定稿。"
    )
    if edition.reason:
        document.paragraph(f"本版更正原因：{edition.reason.rstrip('。')}。")


def _results(document: Any, roots: Sequence[Indicator], rows: Sequence[Result]) -> None:
    document.heading(1, "评价结果")
    has_grades = any(row.grade for row in rows)
    heads = [
        "位次",
        "单位",
        "总分",
        *(root.name for root in roots),
        *(["等次"] if has_grades else []),
    ]
    cells = [
        [
            row.place,
            row.scorecard.unit.display_name,
            said(row.total),
            *(
                said(Decimal(row.roots[root.key])) if root.key in row.roots else ""
                for root in roots
            ),
            *([row.grade] if has_grades else []),
        ]
        for row in rows
    ]
    document.table(heads, cells, [3, 8, 6, *[5] * len(roots), *([4] if has_grades else [])])


def _analysis(
    document: Any,
    edition: Edition,
    roots: Sequence[Indicator],
    rows: Sequence[Result],
    user: Any,
) -> None:
    totals = [row.total for row in rows]
    document.heading(1, "总体情况")
    if not totals:
        document.paragraph("没有评价对象。")
        return
    mean = scoring.rounded(sum(totals, scoring.ZERO) / len(totals))
    median = scoring.quantile(totals, Decimal("0.5")) or scoring.ZERO
    document.paragraph(
        f"{len(totals)}个单位平均{said(mean)}分，中位数{said(median)}分，"
        f"最高{said(max(totals))}分，最低{said(min(totals))}分。"
    )
    rates = [(root.name, _rate(root, rows)) for root in roots]
    told = "，".join(f"{name}{said(rate)}%" for name, rate in rates)
    document.paragraph(f"各一级指标平均得分率：{told}。")
    if lost := _lost(edition, user):
        named = "；".join(f"{name}，平均失{said(points)}分" for name, points in lost)
        document.paragraph(f"失分较多的指标：{named}。")


def _rate(root: Indicator, rows: Sequence[Result]) -> Decimal:
    """Share of the full mark that all got together, in per cent."""
    got = sum((Decimal(row.roots.get(root.key, 0)) for row in rows), scoring.ZERO)
    most = (root.weight or scoring.ZERO) * len(rows)
    return (got * 100 / most).quantize(Decimal("0.1")) if most else scoring.ZERO


def _lost(edition: Edition, user: Any) -> list[tuple[str, Decimal]]:
    """The leaves on which most was lost on average."""
    normal = {
        row.key: row
        for row in rows_of(edition.round.scheme_version)
        if row.is_leaf and row.kind == IndicatorKind.NORMAL
    }
    sums: dict[str, list[Decimal]] = {}
    seen = Result.objects.visible_to(user).filter(edition=edition).order_by()
    for leaves in seen.values_list("leaves", flat=True):
        for key, leaf in leaves.items():
            if key in normal and leaf["points"] is not None:
                gap = Decimal(leaf["weight"]) - Decimal(leaf["points"])
                sums.setdefault(key, []).append(gap)
    means = [
        (normal[key].name, scoring.rounded(sum(gaps, scoring.ZERO) / len(gaps)))
        for key, gaps in sums.items()
    ]
    found = sorted((pair for pair in means if pair[1]), key=lambda pair: -pair[1])
    return found[:LISTED]


def _objections(document: Any, round_: Round, user: Any) -> None:
    rows = Objection.objects.visible_to(user).filter(scorecard__round=round_).order_by()
    counts = dict(rows.values_list("state").annotate(n=Count("pk")))
    document.heading(1, "复核申请办理情况")
    if not counts:
        document.paragraph("没有单位提出复核申请。")
        return
    named = (
        (ObjectionState.UPHELD, "采纳"),
        (ObjectionState.PARTLY, "部分采纳"),
        (ObjectionState.REFUSED, "不采纳"),
        (ObjectionState.WITHDRAWN, "申请单位撤回"),
        (ObjectionState.ASKED, "正在处理"),
    )
    told = "，".join(f"{word}{counts[state]}件" for state, word in named if counts.get(state))
    document.paragraph(f"共收到复核申请{sum(counts.values())}件：{told}。")


def _proposals(document: Any, round_: Round, user: Any) -> None:
    rows = (
        BonusProposal.objects.visible_to(user)
        .filter(result__edition__round=round_, withdrawn_on=None)
        .select_related("result__scorecard__enrolment__unit")
        .order_by("pk")
    )
    found = list(rows)
    if not found:
        return
    document.heading(1, "加分建议")
    for row in found:
        unit = row.result.scorecard.unit.full_name
        document.paragraph(
            f"{unit}：在{row.assessment}中，{row.proposal.rstrip('。')}。理由：{row.reason.rstrip('。')}。"
        )


def _method(document: Any, round_: Round) -> None:
    document.heading(1, "计分方法")
    document.paragraph(scoring.FORMULA)


def _annex(document: Any, round_: Round) -> None:
    """指标表."""
    document.annex(f"{round_.scheme_version.scheme.title}（指标表）")
    cells = [
        [
            "　" * (row.level - 1) + row.name,
            "" if row.weight is None else said(row.weight),
            row.get_source_display() if row.source else "",
            row.text or (row.get_rule_display() if row.rule else ""),
        ]
        for row in rows_of(round_.scheme_version)
    ]
    document.table(["指标", "分值", "数据来源", "评分规则"], cells, [9, 3, 5, 11])
