"""The audit record: part of every change, in the same transaction."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _


class CurrentTransaction(models.Field):
    """`xid8` filled by the database: a feed that reads `tx < pg_snapshot_xmin(...)` has no gaps."""

    def db_type(self, connection: object) -> str:
        return "xid8"

    def from_db_value(self, value: object, *_args: object) -> int | None:
        return None if value is None else int(str(value))


class PgCurrentTransaction(models.Func):
    function = "pg_current_xact_id"
    output_field = CurrentTransaction()


SYSTEM = "系统"  # who acts when no person does, as the record keeps it


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def of(self, subject: str) -> "AuditEntryQuerySet":
        """History of one object, oldest first; `subject` is its label, such as `unit:440300-gaj`."""
        return self.filter(subject=subject).order_by("id")


class AuditEntry(models.Model):
    """Who did what to which object, when and from where. Text labels, no foreign keys: the record
    outlives the rows it speaks of. Never changed, never deleted."""

    at = models.DateTimeField(_("时间"))
    actor_id = models.BigIntegerField(_("账号编号"), null=True)
    actor = models.CharField(_("人员"), max_length=200)
    role = models.CharField(_("身份"), max_length=60, blank=True)
    verb = models.CharField(_("动作"), max_length=60)
    subject = models.CharField(_("对象"), max_length=200)
    subject_label = models.CharField(_("对象名称"), max_length=300, blank=True)
    unit_code = models.CharField(_("单位"), max_length=60, blank=True)
    programme_code = models.CharField(_("方案"), max_length=60, blank=True)
    before = models.JSONField(_("变更前"), null=True)
    after = models.JSONField(_("变更后"), null=True)
    request_id = models.CharField(_("请求号"), max_length=40, blank=True)
    ip = models.GenericIPAddressField(_("来源地址"), null=True)
    tx = CurrentTransaction(db_default=PgCurrentTransaction(), editable=False)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("操作日志")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["subject", "id"], name="audit_by_subject"),
            models.Index(fields=["programme_code", "-id"], name="audit_by_programme"),
            models.Index(fields=["actor_id", "-id"], name="audit_by_actor"),
            models.Index(fields=["at"], name="audit_by_moment"),
        ]
        triggers = [
            pgtrigger.Protect(
                name="audit_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.actor} {self.verb} {self.subject}"

    @property
    def actor_shown(self) -> str:
        """The person; the system itself in the reader's language."""
        return gettext("系统") if self.actor_id is None and self.actor == SYSTEM else self.actor

    @property
    def changes(self) -> list[tuple[str, object, object]]:
        """(field, before, after) of every field that differs."""
        before, after = self.before or {}, self.after or {}
        names = [*after, *(name for name in before if name not in after)]
        return [
            (name, before.get(name), after.get(name))
            for name in names
            if before.get(name) != after.get(name)
        ]
