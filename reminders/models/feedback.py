"""意见反馈: what people tell the operators."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.roles import Permission, SiteRoleKind
from core.models import ScopedManager, ScopedQuerySet
from pilots.models import Membership
from pilots.models.scope import wide_programmes

from ..choices import FeedbackState


class FeedbackQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "FeedbackQuerySet":
        """The own; a bureau officer also what people of the programmes' bodies said, and the system
        administrator what anybody said: they answer it."""
        if getattr(user, "site_role_kind", "") == SiteRoleKind.SYSTEM_ADMIN:
            return self
        programmes = wide_programmes(user, Permission.ANSWER_FEEDBACK)
        asked = Membership.rows.filter(
            user=models.OuterRef("user"), unit__enrolments__programme_id__in=programmes
        )
        return self.filter(Q(user=user) | Q(models.Exists(asked)))


class Feedback(models.Model):
    """意见反馈: what somebody told the operators from a page; the answer comes as a notice."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="feedback", verbose_name=_("提出人")
    )
    page = models.CharField(_("页面"), max_length=500, blank=True)
    text = models.TextField(_("意见"))
    state = models.CharField(
        _("状态"), max_length=10, choices=FeedbackState.choices, default=FeedbackState.OPEN
    )
    created_at = models.DateTimeField(_("提出时间"))
    answer = models.TextField(_("答复"), blank=True)
    answered_at = models.DateTimeField(_("答复时间"), null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("答复人"),
    )

    objects = models.Manager.from_queryset(FeedbackQuerySet)()
    rows = ScopedManager.from_queryset(FeedbackQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("意见反馈")
        ordering = ["-id"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", answered_at=None, answered_by=None)
                | Q(state="answered", answered_at__isnull=False, answered_by__isnull=False),
                name="feedback_answered_at_and_by_go_together",
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]
