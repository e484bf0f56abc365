"""培训和会议: what was planned or held, and the files that show it."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core import document_numbers
from core.models import ScopedManager, ScopedQuerySet, StoredFile, Versioned
from core.models.guards import marked_once, moves_by_table
from pilots.models import Programme
from pilots.models.scope import own_units, sees_everything, wide_programmes

from ..choices import EVENT_MOVES, EVIDENCE, EventForm, EventKind, EventStatus, FileKind

MOST_HOURS = Decimal("999.5")
MINUTES = 8000


class EventQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "EventQuerySet":
        """Those of the programmes that the user sees as a whole; a unit's own people see those that
        their unit organises or is invited to."""
        if sees_everything(user):
            return self
        mine = Q(programme_id__in=wide_programmes(user))
        for name in ("Organiser", "Participant"):
            rows = apps.get_model("trainings", name)._base_manager
            mine |= Q(
                Exists(rows.filter(event=OuterRef("pk"), enrolment__unit_id__in=own_units(user)))
            )
        return self.filter(mine)

    def held(self) -> "EventQuerySet":
        return self.filter(status=EventStatus.HELD)

    def of_kind(self, *kinds: str) -> "EventQuerySet":
        return self.filter(kind__in=kinds)

    def organised_by(self, unit_id: Any) -> "EventQuerySet":
        rows = apps.get_model("trainings", "Organiser")._base_manager
        return self.filter(Exists(rows.filter(event=OuterRef("pk"), enrolment__unit_id=unit_id)))

    def counting(self) -> "EventQuerySet":
        """Those that count towards a demand now."""
        rows = apps.get_model("trainings", "Credit")._base_manager
        return self.filter(Exists(rows.filter(event=OuterRef("pk"), mark__voided_at=None)))

    def for_lists(self) -> "EventQuerySet":
        return self.select_related("programme").prefetch_related(
            "organisers__enrolment__unit__names"
        )


class Event(Versioned):
    """One training or meeting, on one or several days. `hours` are 学时 as its organiser states them;
    nobody's learning time is counted (domain.md C.6). What was planned by mistake is cancelled with
    its reason, never deleted."""

    number = models.CharField(_("编号"), max_length=20, unique=True)
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="events", verbose_name=_("试点方案")
    )
    kind = models.CharField(_("类别"), max_length=20, choices=EventKind.choices)
    title = models.CharField(_("名称"), max_length=120)
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"))
    begins_at = models.TimeField(_("开始时间"), null=True, blank=True)
    form = models.CharField(
        _("形式"), max_length=10, choices=EventForm.choices, default=EventForm.OFFLINE
    )
    hours = models.DecimalField(_("学时"), max_digits=4, decimal_places=1, null=True, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    audience = models.CharField(_("参加对象"), max_length=200, blank=True)
    expected = models.PositiveIntegerField(_("应参加人数"), null=True, blank=True)
    content = models.CharField(_("内容"), max_length=2000, blank=True)
    document_number = models.CharField(
        _("通知文号"),
        max_length=document_numbers.LONGEST,
        blank=True,
        validators=[document_numbers.validate],
    )
    reply_by_on = models.DateField(_("回执截止日期"), null=True, blank=True)
    minutes = models.TextField(_("纪要"), max_length=MINUTES, blank=True)
    note = models.CharField(_("说明"), max_length=500, blank=True)
    status = models.CharField(
        _("状态"), max_length=20, choices=EventStatus.choices, default=EventStatus.PLANNED
    )
    held_at = models.DateTimeField(_("登记举办时间"), null=True, blank=True, editable=False)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("登记举办人"),
    )
    cancelled_on = models.DateField(_("取消日期"), null=True, blank=True, editable=False)
    cancel_reason = models.CharField(_("取消原因"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("登记时间"), editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("登记人"),
    )
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(EventQuerySet)()
    rows = ScopedManager.from_queryset(EventQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("培训和会议")
        ordering = ["-number"]
        default_manager_name = "rows"
        indexes = [
            models.Index(fields=["programme", "kind", "-starts_on"], name="event_of_a_programme")
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=EventKind.values), name="event_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(form__in=EventForm.values), name="event_in_a_known_form"
            ),
            models.CheckConstraint(condition=~Q(title=""), name="event_has_a_title"),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="event_ends_after_it_starts",
                violation_error_message=_("结束日期不能早于开始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(hours=None) | Q(hours__gt=0, hours__lte=MOST_HOURS),
                name="event_hours_are_some",
                violation_error_message=_("学时要大于0。"),
            ),
            models.CheckConstraint(
                condition=Q(reply_by_on=None) | Q(reply_by_on__lte=F("starts_on")),
                name="event_replies_before_it_begins",
                violation_error_message=_("回执截止日期不能晚于开始日期。"),
            ),
            models.CheckConstraint(
                condition=Q(status="held", held_at__isnull=False)
                | (~Q(status="held") & Q(held_at=None, held_by=None)),
                name="event_held_at_a_moment",
            ),
            models.CheckConstraint(
                condition=(Q(status="cancelled", cancelled_on__isnull=False) & ~Q(cancel_reason=""))
                | (~Q(status="cancelled") & Q(cancelled_on=None, cancel_reason="")),
                name="event_cancelled_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(document_number="")
                | Q(document_number__regex=document_numbers.PATTERN),
                name="event_document_number",
                violation_error_message=document_numbers.HOW,
            ),
        ]
        triggers = moves_by_table("event", "status", EVENT_MOVES)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @property
    def is_held(self) -> bool:
        return self.status == EventStatus.HELD

    @property
    def is_meeting(self) -> bool:
        return self.kind in {EventKind.EXCHANGE, EventKind.MEETING}

    def is_forgotten(self, on: date) -> bool:
        """Planned for a day that is over: was it held?"""
        return self.status == EventStatus.PLANNED and self.ends_on < on


class EventFileQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "EventFileQuerySet":
        return self.filter(event__in=Event.objects.visible_to(user).values("pk"))

    def live(self) -> "EventFileQuerySet":
        return self.filter(removed_at=None)

    def evidence(self) -> "EventFileQuerySet":
        """Those with which an event that was held counts."""
        return self.live().filter(kind__in=EVIDENCE)


class EventFile(models.Model):
    """A file of an event. Taken out it is marked so, with its reason, and stays."""

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="files", verbose_name=_("培训和会议")
    )
    kind = models.CharField(_("材料类别"), max_length=10, choices=FileKind.choices)
    stored = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name=_("文件"))
    name = models.CharField(_("文件名"), max_length=200)
    added_at = models.DateTimeField(_("上传时间"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("上传人"),
    )
    removed_at = models.DateTimeField(_("移除时间"), null=True, blank=True)
    remove_reason = models.CharField(_("移除原因"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(EventFileQuerySet)()
    rows = ScopedManager.from_queryset(EventFileQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("培训和会议材料")
        ordering = ["event_id", "id"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=FileKind.values), name="event_file_of_a_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, remove_reason="")
                | (Q(removed_at__isnull=False) & ~Q(remove_reason="")),
                name="event_file_removed_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["event", "kind", "stored"],
                condition=Q(removed_at=None),
                name="event_file_once",
                violation_error_message=_("这份材料已经上传过。"),
            ),
        ]
        triggers = marked_once("event_file", "removed", "removed_at", "remove_reason")

    def __str__(self) -> str:
        return self.name
