"""Views of lists that people keep under a name, for themselves or for a programme."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, Versioned

from .programmes import Programme
from .scope import programmes_of_own_units, sees_everything, wide_programmes

NAME_TAKEN = _("这个列表上已有同名的常用筛选，换一个名称。")


class SavedViewQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "SavedViewQuerySet":
        """The own ones, also those removed, and what was shared with a programme that the user
        sees."""
        shared = Q(programme__isnull=False)
        if not sees_everything(user):
            shared = Q(programme__in=wide_programmes(user)) | Q(
                programme__in=programmes_of_own_units(user)
            )
        return self.filter(Q(owner_id=user.pk) | (shared & Q(removed_at=None)))

    def live(self) -> "SavedViewQuerySet":
        return self.filter(removed_at=None)

    def in_order(self) -> "SavedViewQuerySet":
        """Shared ones first, each kind as it grew."""
        return self.order_by(F("programme").asc(nulls_last=True), "id")


class SavedView(Versioned):
    """The query of a list's address under a name, and nothing more: opening it is following a link.

    It belongs to who kept it; shared with a programme, all its people see it on the same list.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="saved_views",
        verbose_name=_("保存人"),
    )
    path = models.CharField(_("列表"), max_length=200)
    name = models.CharField(_("名称"), max_length=20)
    query = models.CharField(_("筛选"), max_length=1000)
    programme = models.ForeignKey(
        Programme,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="saved_views",
        verbose_name=_("共享给方案"),
    )
    created_at = models.DateTimeField(_("保存时间"), editable=False)
    updated_at = models.DateTimeField(_("更新时间"), editable=False)
    removed_at = models.DateTimeField(_("移除时间"), null=True, blank=True, editable=False)

    objects = models.Manager.from_queryset(SavedViewQuerySet)()
    rows = ScopedManager.from_queryset(SavedViewQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("常用筛选")
        ordering = ["path", "id"]
        default_manager_name = "rows"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "path", "name"],
                condition=Q(removed_at=None),
                name="saved_view_name_once",
                violation_error_message=NAME_TAKEN,
            ),
        ]
        indexes = [models.Index(fields=["path", "programme"], name="saved_view_by_programme")]

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """Where it leads, from the root of the site."""
        return f"{self.path}?{self.query}"
