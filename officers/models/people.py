"""People: whoever holds or held a post, with or without an account."""

import uuid
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from core.models import ScopedManager, ScopedQuerySet, Versioned
from core.sealed import SealedField, mask_email, mask_mobile, normal_email, normal_mobile
from core.search import Bigrams, initials, matching, pinyin
from pilots.models import Unit
from pilots.models.scope import managed_units, own_units, sees_everything

from ..choices import PostLevel, Rank

NAME_COLUMNS = ("name", "initials")
MOBILE_TAKEN = _("这个手机号已登记在另一个人名下。")
EMAIL_TAKEN = _("这个电子邮箱已登记在另一个人名下。")


class PersonQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "PersonQuerySet":
        """People of units that the user sees, and those who hold or held something there."""
        if sees_everything(user):
            return self
        units = Q(unit_id__in=own_units(user)) | Q(unit_id__in=managed_units(user))
        held = apps.get_model("officers", "Appointment")._base_manager
        sat = apps.get_model("officers", "TeamMember")._base_manager
        posts = held.filter(units, person=OuterRef("pk"))
        teams = sat.filter(
            Q(team__unit_id__in=own_units(user)) | Q(team__unit_id__in=managed_units(user)),
            person=OuterRef("pk"),
        )
        return self.filter(units | Q(user=user) | Exists(posts) | Exists(teams))

    def searched(self, text: str) -> "PersonQuerySet":
        """People whose name contains `text`, also as pinyin initials."""
        return self.filter(matching(text, vector="vector", columns=NAME_COLUMNS))


class Person(Versioned):
    """Somebody who holds, held or may hold a post, or helps who does. No ID number, no gender.

    The office telephone is public; mobile and e-mail are sealed, shown masked, and told only by
    `services.reveal_contacts` (个人信息保护法 art. 51). An account is tied when there is one.
    """

    uuid = models.UUIDField(_("标识"), default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(_("姓名"), max_length=40)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="people", verbose_name=_("所在单位")
    )
    job_title = models.CharField(_("单位职务"), max_length=60, blank=True)
    level = models.CharField(_("职务层级"), max_length=10, choices=PostLevel.choices, blank=True)
    is_in_charge = models.BooleanField(_("分管数字政府建设"), default=False)
    rank = models.CharField(_("职级"), max_length=20, choices=Rank.choices, blank=True)
    office_phone = models.CharField(_("办公电话"), max_length=30, blank=True)
    mobile = SealedField(
        _("手机"),
        null=True,
        blank=True,
        mask=mask_mobile,
        normal=normal_mobile,
        digest_field="mobile_digest",
        purpose="person.mobile",
    )
    mobile_digest = models.CharField(
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        editable=False,
        error_messages={"unique": MOBILE_TAKEN},
    )
    email = SealedField(
        _("电子邮箱"),
        null=True,
        blank=True,
        mask=mask_email,
        normal=normal_email,
        digest_field="email_digest",
        purpose="person.email",
    )
    email_digest = models.CharField(
        max_length=64,
        null=True,
        blank=True,
        unique=True,
        editable=False,
        error_messages={"unique": EMAIL_TAKEN},
    )
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("账号"),
    )
    pinyin = models.CharField(_("拼音"), max_length=200, editable=False)
    initials = models.CharField(_("拼音首字母"), max_length=60, editable=False)
    vector = models.GeneratedField(
        expression=Bigrams("name", "initials"),
        output_field=SearchVectorField(),
        db_persist=True,
    )
    source = models.CharField(_("来源"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("登记时间"), editable=False)
    updated_at = models.DateTimeField(_("更新时间"), editable=False)

    objects = models.Manager.from_queryset(PersonQuerySet)()
    rows = ScopedManager.from_queryset(PersonQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("人员")
        ordering = ["pinyin", "id"]
        default_manager_name = "rows"
        indexes = [GinIndex(fields=["vector"], name="person_name_bigrams", fastupdate=False)]

    def __str__(self) -> str:
        return self.name

    @property
    def audit_key(self) -> str:
        return str(self.uuid)

    def spell(self) -> None:
        """Fill the pinyin columns from the name; services call it before saving."""
        self.pinyin = pinyin(self.name)[:200]
        self.initials = "".join(initials(self.name).split())[:60]
