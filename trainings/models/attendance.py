"""Who came to an event, by list."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet
from core.models.guards import marked_once
from officers.models import Person
from pilots.models import Unit
from pilots.models.scope import own_units, sees_everything, wide_programmes

from ..choices import DeclarationState, Route
from .declarations import Declaration
from .events import Event

# Whoever is named from the register held a post or a place in a team on a day of the event.
IN_OFFICE = """
    SELECT starts_on, ends_on INTO body FROM trainings_event WHERE id = NEW.event_id;
    IF NEW.person_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM officers_appointment AS post
        WHERE post.person_id = NEW.person_id AND post.status IN ('appointed', 'ended')
          AND post.since <= body.ends_on
          AND (post.ends_on IS NULL OR post.ends_on >= body.starts_on)
    ) AND NOT EXISTS (
        SELECT FROM officers_teammember AS place JOIN officers_team AS team ON team.id = place.team_id
        WHERE place.person_id = NEW.person_id
          AND place.voided_at IS NULL AND team.voided_at IS NULL
          AND place.starts_on <= body.ends_on AND team.starts_on <= body.ends_on
          AND (place.ends_on IS NULL OR place.ends_on >= body.starts_on)
          AND (team.ends_on IS NULL OR team.ends_on >= body.starts_on)
    ) THEN
        RAISE EXCEPTION 'the person was not in office on a day of the event'
            USING ERRCODE = 'check_violation', TABLE = 'trainings_attendance',
                  CONSTRAINT = 'attendance_of_somebody_in_office';
    END IF;
    RETURN NEW;
"""


class AttendanceQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "AttendanceQuerySet":
        """Those of events that the user's unit organises or the user's programme holds, and of other
        events one's own unit's people: names are told no further than that."""
        if sees_everything(user):
            return self
        return self.filter(
            Q(event__programme_id__in=wide_programmes(user))
            | Q(unit_id__in=own_units(user))
            | Q(event__in=Event.rows.filter(organisers__enrolment__unit_id__in=own_units(user)))
        )

    def live(self) -> "AttendanceQuerySet":
        """On the list now, also those whom a declaration names that still waits."""
        return self.filter(removed_at=None)

    def counted(self) -> "AttendanceQuerySet":
        """On the list, and confirmed where the unit itself declared them."""
        return self.live().filter(
            Q(declaration=None) | Q(declaration__state=DeclarationState.CONFIRMED)
        )


class Attendance(models.Model):
    """One person on the list of one event. `person` is whoever is in the register of officers and
    teams; anybody else is a name with a unit: `unit` of the portal, or `unit_name` as it was written.
    Struck out it is marked so."""

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="attendance", verbose_name=_("培训和会议")
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="attendance",
        verbose_name=_("人员"),
    )
    name = models.CharField(_("姓名"), max_length=40)
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位")
    )
    unit_name = models.CharField(_("单位名称"), max_length=120, blank=True)
    duty = models.CharField(_("职务"), max_length=60, blank=True)
    route = models.CharField(_("录入方式"), max_length=10, choices=Route.choices)
    declaration = models.ForeignKey(
        Declaration,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("单位申报"),
    )
    added_at = models.DateTimeField(_("录入时间"))
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("录入人"),
    )
    removed_at = models.DateTimeField(_("划去时间"), null=True, blank=True)
    remove_reason = models.CharField(_("划去原因"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(AttendanceQuerySet)()
    rows = ScopedManager.from_queryset(AttendanceQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("参加人员")
        ordering = ["event_id", "id"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="attendance_has_a_name"),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | ~Q(unit_name=""),
                name="attendance_of_some_unit",
                violation_error_message=_("写明所在单位。"),
            ),
            models.CheckConstraint(
                condition=Q(route__in=Route.values), name="attendance_by_a_known_route"
            ),
            models.CheckConstraint(
                condition=Q(declaration__isnull=False, route="declared")
                | (Q(declaration=None) & ~Q(route="declared")),
                name="attendance_declared_in_a_declaration",
            ),
            models.CheckConstraint(
                condition=Q(removed_at=None, remove_reason="")
                | (Q(removed_at__isnull=False) & ~Q(remove_reason="")),
                name="attendance_struck_out_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["event", "person"],
                condition=Q(removed_at=None, person__isnull=False),
                name="attendance_of_a_person_once",
                violation_error_message=_("这个人已在名单中。"),
            ),
            models.UniqueConstraint(
                fields=["event", "name", "unit", "unit_name"],
                condition=Q(removed_at=None, person=None),
                name="attendance_of_a_name_once",
                nulls_distinct=False,
                violation_error_message=_("这个单位的同名人员已在名单中。"),
            ),
        ]
        triggers = [
            *marked_once("attendance", "struck_out", "removed_at", "remove_reason"),
            pgtrigger.Trigger(
                name="attendance_of_somebody_in_office",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("body", "RECORD")],
                func=IN_OFFICE,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def unit_label(self) -> str:
        return self.unit.display_name if self.unit is not None else self.unit_name
