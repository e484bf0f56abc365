"""Appointments: a person, a unit, a post, from one day to another, by a document."""

from datetime import date
from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from core import document_numbers
from core.models import ScopedManager, ScopedQuerySet, StoredFile, Versioned
from core.models.guards import moves_by_table
from pilots.choices import Part
from pilots.models import Enrolment, Unit
from pilots.models.bases import Period, ends_after_it_starts, single
from pilots.models.scope import managed_units, own_units, sees_everything

from ..choices import MOVES, STAND_INS, STANDING, Ending, Kind, PostLevel, Status
from .people import Person
from .posts import Post

# An appointment whose first day no source tells counts from the day on which it is known to hold.
TERM = models.Func(
    "since", "ends_on", models.Value("[]"), function="daterange", output_field=DateRangeField()
)
WITHIN_LIFE = """
    -- FOR SHARE: a body must not cease while somebody is being appointed to it.
    SELECT code, established_on, ceased_on INTO body
    FROM pilots_unit WHERE id = NEW.unit_id FOR SHARE;
    -- `since` itself is computed only after this trigger.
    first_day := coalesce(NEW.starts_on, NEW.known_on);
    IF NEW.status IN ('appointed', 'ended') AND (
           first_day > body.ceased_on OR first_day < body.established_on
           OR (TG_OP = 'INSERT' AND body.ceased_on IS NOT NULL
               AND (NEW.ends_on IS NULL OR NEW.ends_on > body.ceased_on)))
    THEN
        RAISE EXCEPTION '% does not exist on every day of this appointment', body.code
            USING ERRCODE = 'check_violation', TABLE = 'officers_appointment',
                  CONSTRAINT = 'appointment_within_the_life_of_its_unit';
    END IF;
    RETURN NEW;
"""


class AppointmentQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "AppointmentQuerySet":
        if sees_everything(user):
            return self
        return self.filter(Q(unit_id__in=own_units(user)) | Q(unit_id__in=managed_units(user)))

    def standing(self) -> "AppointmentQuerySet":
        """Made by a document and not voided: those that history is made of."""
        return self.filter(status__in=STANDING)

    def in_office(self, on: date) -> "AppointmentQuerySet":
        """Whoever holds a post on that day in a body that exists then: the register."""
        return self.standing().filter(
            Q(ends_on=None) | Q(ends_on__gte=on),
            Q(unit__ceased_on=None) | Q(unit__ceased_on__gte=on),
            since__lte=on,
        )

    def left_behind(self, on: date) -> "AppointmentQuerySet":
        """Not ended although the body has ceased: a succession moves nobody by itself, so a person
        has to say how each of them left."""
        return self.filter(status=Status.APPOINTED, ends_on=None, unit__ceased_on__lt=on)

    def substantive(self) -> "AppointmentQuerySet":
        return self.filter(kind=Kind.SUBSTANTIVE)

    def of_programme(self, code: str, on: date, part: str = Part.PILOT) -> "AppointmentQuerySet":
        """At units that take that part in the programme on the day."""
        enrolled = Enrolment.rows.standing(on).filter(
            unit=OuterRef("unit_id"), programme__code=code, part=part
        )
        return self.filter(Exists(enrolled))

    def for_lists(self) -> "AppointmentQuerySet":
        """With what a row of a list shows, but the unit's name: `Unit.with_name(on)` gives that."""
        return self.select_related("person", "post").defer("person__email", "post__loaded")


class Appointment(Versioned, Period):
    """One person's tenure of one post at one unit.

    `starts_on` may be unknown; then `known_on` is the first day on which a source shows the holder,
    and `since` is whichever counts. `seat` numbers the places of a post that several may hold.
    """

    number = models.CharField(_("任命编号"), max_length=20, unique=True)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="appointments", verbose_name=_("人员")
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="appointments", verbose_name=_("单位")
    )
    post = models.ForeignKey(
        Post, models.PROTECT, related_name="appointments", verbose_name=_("岗位")
    )
    seat = models.PositiveSmallIntegerField(_("席位"), default=1)
    kind = models.CharField(
        _("任职方式"), max_length=20, choices=Kind.choices, default=Kind.SUBSTANTIVE
    )
    status = models.CharField(
        _("状态"), max_length=20, choices=Status.choices, default=Status.PROPOSED
    )
    job_title = models.CharField(_("任命时职务"), max_length=60, blank=True)
    level = models.CharField(_("职务层级"), max_length=10, choices=PostLevel.choices, blank=True)
    is_in_charge = models.BooleanField(_("分管数字政府建设"), default=False)
    rank_reason = models.CharField(_("不符合任职条件的说明"), max_length=300, blank=True)
    known_on = models.DateField(_("最早见于"), null=True, blank=True)
    since = models.GeneratedField(
        expression=Coalesce("starts_on", "known_on"),
        output_field=models.DateField(null=True),
        db_persist=True,
        verbose_name=_("任职起"),
    )
    document_number = models.CharField(
        _("任命文号"),
        max_length=document_numbers.LONGEST,
        blank=True,
        validators=[document_numbers.validate],
    )
    document_title = models.CharField(_("任命文件"), max_length=200, blank=True)
    signed_on = models.DateField(_("任命日期"), null=True, blank=True)
    authority = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments_made",
        verbose_name=_("任命机关"),
    )
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("任命文件扫描件"),
    )
    file_name = models.CharField(_("文件名"), max_length=200, blank=True)
    reason = models.CharField(_("说明"), max_length=300, blank=True)
    predecessor = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        verbose_name=_("前任"),
    )
    ending = models.CharField(_("离任方式"), max_length=20, choices=Ending.choices, blank=True)
    ending_number = models.CharField(
        _("免职文号"),
        max_length=document_numbers.LONGEST,
        blank=True,
        validators=[document_numbers.validate],
    )
    ending_signed_on = models.DateField(_("免职日期"), null=True, blank=True)
    ending_authority = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments_ended",
        verbose_name=_("免职机关"),
    )
    ending_reason = models.CharField(_("离任说明"), max_length=300, blank=True)
    void_reason = models.CharField(_("作废原因"), max_length=300, blank=True)
    filing_task = models.ForeignKey(
        "duties.Assignment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appointments",
        verbose_name=_("备案任务"),
    )
    confirmed_on = models.DateField(_("最近确认"), null=True, blank=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("确认人"),
    )
    pack_code = models.CharField(
        _("方案包代码"), max_length=80, null=True, blank=True, unique=True, editable=False
    )
    source = models.CharField(_("来源"), max_length=200, blank=True)
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
    appointed_at = models.DateTimeField(_("确认时间"), null=True, blank=True, editable=False)
    appointed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("确认的经手人"),
    )
    ended_at = models.DateTimeField(_("离任登记时间"), null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        editable=False,
        verbose_name=_("离任登记人"),
    )
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(AppointmentQuerySet)()
    rows = ScopedManager.from_queryset(AppointmentQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("任命")
        ordering = ["-since", "number"]
        default_manager_name = "rows"
        indexes = [
            models.Index(fields=["unit", "post", "since"], name="appointment_by_unit"),
            models.Index(fields=["person", "since"], name="appointment_by_person"),
        ]
        constraints = [
            ends_after_it_starts("appointment"),
            models.CheckConstraint(
                condition=~Q(status__in=["appointed", "ended"])
                | Q(starts_on__isnull=False)
                | Q(known_on__isnull=False),
                name="appointment_has_a_first_day",
                violation_error_message=_("写明起始日期；查不到的，写最早见于哪一天。"),
            ),
            models.CheckConstraint(
                condition=Q(known_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("known_on")),
                name="appointment_ends_after_it_is_known",
                violation_error_message=_("终止日期不能早于最早见到的日期。"),
            ),
            models.CheckConstraint(
                condition=Q(status="ended", ends_on__isnull=False, ended_at__isnull=False)
                | Q(~Q(status="ended"), ended_at=None, ended_by=None)
                | Q(status="voided"),
                name="appointment_ended_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(status="proposed", appointed_at=None)
                | Q(status__in=["appointed", "ended"], appointed_at__isnull=False)
                | Q(status="voided"),
                name="appointment_made_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(status="voided") | ~Q(void_reason=""),
                name="appointment_voided_with_a_reason",
                violation_error_message=_("写明作废原因。"),
            ),
            models.CheckConstraint(
                condition=Q(document_number="")
                | Q(document_number__regex=document_numbers.PATTERN),
                name="appointment_document_number",
                violation_error_message=document_numbers.HOW,
            ),
            models.CheckConstraint(
                condition=Q(ending_number="") | Q(ending_number__regex=document_numbers.PATTERN),
                name="appointment_ending_number",
                violation_error_message=document_numbers.HOW,
            ),
            models.CheckConstraint(condition=Q(seat__gte=1), name="appointment_has_a_seat"),
            ExclusionConstraint(
                name="appointment_one_substantive_holder",
                expressions=[
                    (single("unit"), RangeOperators.OVERLAPS),
                    (single("post"), RangeOperators.OVERLAPS),
                    (single("seat"), RangeOperators.OVERLAPS),
                    (TERM, RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=["appointed", "ended"], kind="substantive"),
                violation_error_message=_("这段时间该单位的这个岗位已有正式任职的人。"),
            ),
            ExclusionConstraint(
                name="appointment_one_stand_in",
                expressions=[
                    (single("unit"), RangeOperators.OVERLAPS),
                    (single("post"), RangeOperators.OVERLAPS),
                    (single("seat"), RangeOperators.OVERLAPS),
                    (TERM, RangeOperators.OVERLAPS),
                ],
                condition=Q(status__in=["appointed", "ended"], kind__in=["presiding", "acting"]),
                violation_error_message=_("这段时间该单位的这个岗位已有主持工作或代理的人。"),
            ),
        ]
        triggers = [
            *moves_by_table("appointment", "status", MOVES),
            pgtrigger.Trigger(
                name="within_the_life_of_its_unit",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert
                | pgtrigger.UpdateOf("unit_id", "status", "starts_on", "known_on"),
                declare=[("body", "record"), ("first_day", "date")],
                func=WITHIN_LIFE,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.person}"

    @property
    def is_stand_in(self) -> bool:
        return self.kind in STAND_INS

    @property
    def is_open(self) -> bool:
        """Whether the post is held with no last day known."""
        return self.status == Status.APPOINTED and self.ends_on is None

    def in_office_on(self, on: date) -> bool:
        """Whether he or she holds the post on that day."""
        begun = self.since is not None and self.since <= on
        return self.status in STANDING and begun and (self.ends_on is None or self.ends_on >= on)

    def lasts(self, on: date) -> bool:
        """Whether the post is held by it on that day, or will be later."""
        return self.status in STANDING and (self.ends_on is None or self.ends_on >= on)

    def needs_confirmation(self, on: date, since: date) -> bool:
        """Whether nobody has said since that day that the entry still holds."""
        return self.in_office_on(on) and (self.confirmed_on is None or self.confirmed_on < since)
