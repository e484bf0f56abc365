"""The working copy of a report: sections, their figures, and every text that was ever saved."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, Versioned
from core.models.guards import never_deleted
from duties.models import DutyArea, DutyItem
from pilots.models.scope import sees_everything

from ..choices import ONE_SITTING, TEXTS, Completion, Kind, Saving
from .periods import PeriodFigure
from .reports import Report, acts_for


class SectionQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "SectionQuerySet":
        """The working copy is its own body's; everybody else reads editions."""
        if sees_everything(user):
            return self
        mine = Q(report__assignment__enrolment__unit_id__in=acts_for(user))
        return self.filter(mine | Q(report__in=Report.entered_by(user)))

    def standing(self) -> "SectionQuerySet":
        return self.filter(dropped_on=None)


class Section(Versioned):
    """One section of a report: of a duty area, or a chapter (工作进度, 存在问题, 意见建议).

    `origins` names for each text that was carried over and not changed since the number of the report
    it came from: {"body": "BG-2021-0007"}. A section whose area no longer applies keeps its text and
    gets `dropped_on`.
    """

    report = models.ForeignKey(
        Report, models.PROTECT, related_name="sections", verbose_name=_("报告")
    )
    key = models.CharField(_("部分"), max_length=80)
    area = models.ForeignKey(
        DutyArea,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sections",
        verbose_name=_("职责"),
    )
    heading = models.CharField(_("标题"), max_length=80)
    position = models.PositiveSmallIntegerField(_("排序"), default=0)
    body = models.TextField(_("本期进展"), blank=True)
    problems = models.TextField(_("主要问题"), blank=True)
    next_steps = models.TextField(_("下步打算"), blank=True)
    completion = models.CharField(
        _("完成情况"), max_length=20, choices=Completion.choices, blank=True
    )
    items = models.ManyToManyField(
        DutyItem, blank=True, related_name="sections", verbose_name=_("本期有进展的事项")
    )
    origins = models.JSONField(_("沿用自"), default=dict, blank=True)
    dropped_on = models.DateField(_("不再适用"), null=True, blank=True)
    updated_at = models.DateTimeField(_("更新时间"))
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("更新人"),
    )

    objects = models.Manager.from_queryset(SectionQuerySet)()
    rows = ScopedManager.from_queryset(SectionQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("报告各部分")
        ordering = ["report_id", "position", "id"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(fields=["report", "key"], name="section_once"),
        ]

    def __str__(self) -> str:
        return self.heading

    @property
    def is_chapter(self) -> bool:
        """One text, without the other fields."""
        return self.area_id is None or self.report.kind == Kind.OVERALL

    @property
    def is_empty(self) -> bool:
        return not (self.body.strip() or self.problems.strip() or self.next_steps.strip())

    @property
    def audit_key(self) -> str:
        return f"{self.report.number}/{self.key}"


class FigureValue(models.Model):
    """A key figure as a unit gave it in one section; empty until it is known."""

    section = models.ForeignKey(
        Section, models.PROTECT, related_name="figures", verbose_name=_("报告部分")
    )
    figure = models.ForeignKey(
        PeriodFigure, models.PROTECT, related_name="values", verbose_name=_("关键数字")
    )
    value = models.DecimalField(_("本期"), max_digits=16, decimal_places=2, null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("关键数字的值")
        ordering = ["section_id", "figure__position", "figure_id"]
        constraints = [
            models.UniqueConstraint(fields=["section", "figure"], name="figure_value_once")
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.value}"


# What a page saves on and on in one window replaces its newest revision, as long as it only grows
# (`services.drafting`); any other change of a revision is refused. The database's own clock may differ
# from the portal's, but not by an hour.
OTHER_SITTING = " OR ".join(
    [
        f"OLD.kind <> '{Saving.SAVED}'",
        "OLD.tab = ''",
        "NEW.version < OLD.version",
        "NEW.saved_at < OLD.saved_at",
        f"NEW.saved_at >= OLD.saved_at + interval '{ONE_SITTING.total_seconds():.0f} s'",
        "portal_now() >= OLD.saved_at + interval '1 hour'",
        *(
            f"length(NEW.content->>'{text}') < length(OLD.content->>'{text}')"
            for text in map(str, TEXTS)
        ),
    ]
)
NOT_THE_NEWEST = """
    IF EXISTS (SELECT FROM reports_sectionrevision
               WHERE section_id = OLD.section_id AND id > OLD.id) THEN
        RAISE EXCEPTION 'Only the newest revision of a section is ever rewritten'
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME;
    END IF;
    RETURN NEW;
"""


class SectionRevision(models.Model):
    """What a section held at a moment: nothing that the page had called saved is ever lost. Saving on
    and on in one tab rewrites its newest row; a conflict keeps the text that lost."""

    section = models.ForeignKey(
        Section, models.PROTECT, related_name="revisions", verbose_name=_("报告部分")
    )
    version = models.PositiveIntegerField(_("版本"))
    kind = models.CharField(_("保存方式"), max_length=10, choices=Saving.choices)
    content = models.JSONField(_("内容"))
    tab = models.CharField(_("窗口"), max_length=40, blank=True)
    saved_at = models.DateTimeField(_("保存时间"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("保存人"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("报告部分的历次稿")
        ordering = ["section_id", "-id"]
        indexes = [models.Index(fields=["section", "saved_at"], name="revision_by_section")]
        triggers = [
            *never_deleted("revision"),
            pgtrigger.Protect(
                name="revision_stays_its_windows",
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange(exclude=["version", "content", "saved_at"]),
            ),
            pgtrigger.Protect(
                name="revision_is_rewritten_in_one_sitting",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"({OTHER_SITTING})"),
            ),
            pgtrigger.Trigger(
                name="revision_is_rewritten_as_the_newest",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=NOT_THE_NEWEST,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section} {self.version}"
