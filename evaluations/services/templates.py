"""A scheme as a workbook: its columns, and a template to fill in."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.spreadsheets import Column, workbook

from .. import criteria
from ..choices import LEVELS
from ..models import SchemeVersion
from ..queries.trees import rows_of

HEADS = (
    gettext_lazy("一级指标"),
    gettext_lazy("二级指标"),
    gettext_lazy("三级指标"),
    gettext_lazy("类别"),
    gettext_lazy("分值"),
    gettext_lazy("数据来源"),
    gettext_lazy("评分方式"),
    gettext_lazy("评分标准"),
    gettext_lazy("自动取数"),
    gettext_lazy("评分规则"),
    gettext_lazy("要有佐证材料"),
    gettext_lazy("佐证材料要求"),
    gettext_lazy("依据"),
)


def template_of(version: SchemeVersion) -> bytes:
    """The .xlsx of a version: one row an indicator, its name in the column of its level."""
    columns = [Column(str(head)) for head in HEADS]
    notes = [_("一行一个指标，名称写在它那一级的列里；评分标准的写法见帮助。")]
    return workbook(str(version), columns, map(_row, rows_of(version)), notes)


def _row(row: Any) -> list[Any]:
    names = [row.name if level == row.level else None for level in range(1, LEVELS + 1)]
    return [
        *names,
        row.get_kind_display(),
        row.weight,
        row.get_source_display() if row.source else None,
        row.get_rule_display() if row.rule else None,
        criteria.write(row.rule, row.criteria),
        row.get_fact_display() if row.fact else None,
        row.text,
        _("是") if row.needs_evidence else None,
        row.evidence_note,
        row.basis,
    ]
