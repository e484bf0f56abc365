"""What is said of a project: opinions at its gates, what was done before them, other records. Rows
are added, never changed: a new opinion is a new row, and the latest stands."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import document_numbers
from core.models import ScopedManager, ScopedQuerySet, StoredFile
from core.models.guards import append_only
from pilots.models.scope import of_enrolments

from ..choices import Condition, Decision, Gate, RecordKind, Route
from .powers import Power
from .projects import Project

REASON = 500


class OfProjectQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "OfProjectQuerySet":
        return self.filter(of_enrolments(user, "project__enrolment__"))


class Entry(models.Model):
    """What every added row carries: its paper, and who entered it when."""

    document_number = models.CharField(
        _("文号"),
        max_length=document_numbers.LONGEST,
        blank=True,
        validators=[document_numbers.validate],
    )
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("扫描件"),
    )
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    entered_at = models.DateTimeField(_("登记时间"), editable=False)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("登记人"),
    )

    class Meta:
        abstract = True


def numbered(label: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(document_number="") | Q(document_number__regex=document_numbers.PATTERN),
        name=f"{label}_document_number",
        violation_error_message=document_numbers.HOW,
    )


class OpinionQuerySet(OfProjectQuerySet):
    def newest_first(self) -> "OpinionQuerySet":
        """The order in which opinions stand: the day they were given, then the order of entry."""
        return self.order_by("-given_on", "-pk")


class Opinion(Entry):
    """A CDO's opinion of one project at one gate: 同意, or by the veto that `power` grants 否决.
    `cdo_name` is who held the post on that day, as text, so that it stays when people move on.
    """

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="opinions", verbose_name=_("项目")
    )
    power = models.ForeignKey(
        Power, models.PROTECT, related_name="opinions", verbose_name=_("职权依据")
    )
    gate = models.CharField(_("环节"), max_length=20, choices=Gate.choices)
    decision = models.CharField(_("意见"), max_length=20, choices=Decision.choices)
    reason = models.CharField(_("理由"), max_length=REASON, blank=True)
    basis = models.CharField(_("依据"), max_length=300, blank=True)
    given_on = models.DateField(_("出具日期"))
    cdo_name = models.CharField(_("出具意见的首席数据官"), max_length=40)
    route = models.CharField(_("出具方式"), max_length=10, choices=Route.choices)

    objects = models.Manager.from_queryset(OpinionQuerySet)()
    rows = ScopedManager.from_queryset(OpinionQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("首席数据官意见")
        ordering = ["project_id", "gate", "given_on", "id"]
        default_manager_name = "rows"
        indexes = [
            models.Index(fields=["project", "gate", "-given_on", "-id"], name="opinion_standing"),
            models.Index(fields=["given_on"], name="opinion_by_day"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(gate__in=Gate.values), name="opinion_at_one_of_two_gates"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=Decision.values), name="opinion_is_yes_or_veto"
            ),
            models.CheckConstraint(
                condition=~Q(decision="veto") | (~Q(reason="") & ~Q(basis="")),
                name="opinion_veto_with_reason_and_basis",
                violation_error_message=_("否决要写明理由和依据。"),
            ),
            models.CheckConstraint(condition=~Q(cdo_name=""), name="opinion_names_the_cdo"),
            models.CheckConstraint(
                condition=Q(route="online")
                | (Q(route="paper") & (~Q(document_number="") | Q(file__isnull=False))),
                name="opinion_on_paper_has_its_paper",
                violation_error_message=_("书面意见要有文号或扫描件。"),
            ),
            numbered("opinion"),
        ]
        triggers = append_only("opinion")

    def __str__(self) -> str:
        return f"{self.get_gate_display()}{self.get_decision_display()} {self.given_on}"

    @property
    def is_veto(self) -> bool:
        return self.decision == Decision.VETO


class GateCheck(Entry):
    """What a unit says of one precondition of a gate: done, by which evidence; or, where that was
    wrong, not done. The latest of its kind stands."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="checks", verbose_name=_("项目")
    )
    gate = models.CharField(_("环节"), max_length=20, choices=Gate.choices)
    condition = models.CharField(_("审批要件"), max_length=20, choices=Condition.choices)
    is_met = models.BooleanField(_("已完成"))
    evidence = models.CharField(_("佐证说明"), max_length=REASON)
    checked_on = models.DateField(_("核对日期"))

    objects = models.Manager.from_queryset(OfProjectQuerySet)()
    rows = ScopedManager.from_queryset(OfProjectQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("审批要件")
        ordering = ["project_id", "gate", "condition", "checked_on", "id"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(gate__in=Gate.values, condition__in=Condition.values),
                name="check_of_a_gate_and_a_condition",
            ),
            models.CheckConstraint(
                condition=~Q(evidence=""),
                name="check_with_evidence",
                violation_error_message=_("写明佐证。"),
            ),
            numbered("check"),
        ]
        triggers = append_only("check")

    def __str__(self) -> str:
        return f"{self.get_gate_display()} {self.get_condition_display()} {self.checked_on}"


class ProjectRecord(Entry):
    """What a CDO did for a project beside its gates: 项目评价意见, 重大问题协调. `result` is what
    became of it."""

    project = models.ForeignKey(
        Project, models.PROTECT, related_name="records", verbose_name=_("项目")
    )
    kind = models.CharField(_("类别"), max_length=20, choices=RecordKind.choices)
    text = models.CharField(_("内容"), max_length=REASON)
    result = models.CharField(_("结果"), max_length=REASON, blank=True)
    happened_on = models.DateField(_("日期"))

    objects = models.Manager.from_queryset(OfProjectQuerySet)()
    rows = ScopedManager.from_queryset(OfProjectQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("项目评价和协调")
        ordering = ["project_id", "happened_on", "id"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=RecordKind.values), name="record_of_a_known_kind"
            ),
            models.CheckConstraint(condition=~Q(text=""), name="record_says_something"),
            numbered("record"),
        ]
        triggers = append_only("record")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on}"
