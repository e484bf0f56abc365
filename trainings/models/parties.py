"""Who organises an event, and which bodies are invited to it."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet
from pilots.models import Enrolment, Unit

from ..choices import Answer
from .events import Event

SAME_PROGRAMME = """
    IF (SELECT programme_id FROM trainings_event WHERE id = NEW.event_id)
       <> (SELECT programme_id FROM pilots_enrolment WHERE id = NEW.enrolment_id)
    THEN
        RAISE EXCEPTION 'the body takes no part in the programme of the event'
            USING ERRCODE = 'check_violation', TABLE = TG_TABLE_NAME,
                  CONSTRAINT = 'event_and_body_of_one_programme';
    END IF;
    RETURN NEW;
"""


def of_one_programme(label: str) -> list[pgtrigger.Trigger]:
    """A row that ties an event to a body's part: both of one programme."""
    return [
        pgtrigger.Trigger(
            name=f"{label}_of_the_events_programme",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert | pgtrigger.Update,
            func=SAME_PROGRAMME,
        )
    ]


class Organiser(models.Model):
    """One body that holds an event, alone or with others (联合举办)."""

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="organisers", verbose_name=_("培训和会议")
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="events_organised", verbose_name=_("举办单位")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("举办单位")
        ordering = ["event_id", "enrolment__position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "enrolment"], name="event_organiser_once")
        ]
        triggers = of_one_programme("organiser")

    def __str__(self) -> str:
        return str(self.enrolment.unit)


class ParticipantQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "ParticipantQuerySet":
        return self.filter(event__in=Event.objects.visible_to(user).values("pk"))


class Participant(models.Model):
    """One body invited to an event, with its answer (参会回执): whether it comes and with how many."""

    event = models.ForeignKey(
        Event, models.PROTECT, related_name="participants", verbose_name=_("培训和会议")
    )
    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="events_invited", verbose_name=_("参加单位")
    )
    answer = models.CharField(_("回执"), max_length=10, choices=Answer.choices, blank=True)
    people = models.CharField(_("参加人员"), max_length=300, blank=True)
    headcount = models.PositiveSmallIntegerField(_("参加人数"), null=True, blank=True)
    answer_note = models.CharField(_("回执说明"), max_length=200, blank=True)
    answered_at = models.DateTimeField(_("回执时间"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("回执人"),
    )

    objects = models.Manager.from_queryset(ParticipantQuerySet)()
    rows = ScopedManager.from_queryset(ParticipantQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("参加单位")
        ordering = ["event_id", "enrolment__position", "id"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(fields=["event", "enrolment"], name="event_participant_once"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | Q(answer__in=Answer.values, answered_at__isnull=False),
                name="participant_answered_at_a_moment",
            ),
            models.CheckConstraint(
                condition=~Q(answer="away") | ~Q(answer_note=""),
                name="participant_away_for_a_reason",
                violation_error_message=_("不参加的，写明原因。"),
            ),
        ]
        triggers = of_one_programme("participant")

    def __str__(self) -> str:
        return str(self.enrolment.unit)

    @property
    def unit(self) -> Unit:
        return self.enrolment.unit
