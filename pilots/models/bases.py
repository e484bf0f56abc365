"""What rows that come from a pack, and rows that hold from one day to another, have in common."""

from datetime import date
from typing import Any

from django.contrib.postgres.fields import BigIntegerRangeField, DateRangeField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class DateRange(models.Func):
    """`daterange(starts_on, ends_on, '[]')`: both ends belong to the period, an empty one is open."""

    function = "daterange"
    output_field = DateRangeField()


PERIOD = DateRange("starts_on", "ends_on", models.Value("[]"))


class PackManaged(models.Model):
    """A row that a pack defines. A field that still equals `loaded` follows the pack; any other
    was changed here and is kept, and the next load lists it as a conflict."""

    loaded = models.JSONField(_("方案包载入值"), default=dict, blank=True, editable=False)
    withdrawn_on = models.DateField(_("撤回日期"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True


class Period(models.Model):
    """From one day to another, both included; an empty end is open, an empty start is unknown."""

    starts_on = models.DateField(_("起始日期"), null=True, blank=True)
    ends_on = models.DateField(_("终止日期"), null=True, blank=True)

    class Meta:
        abstract = True

    def clean(self) -> None:
        # Before any constraint is asked: daterange() itself would raise a DataError.
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            message = _("终止日期不能早于起始日期%(starts_on)s。")
            raise ValidationError({"ends_on": message % {"starts_on": self.starts_on}})
        super().clean()

    def holds_on(self, on: date) -> bool:
        return (self.starts_on is None or self.starts_on <= on) and (
            self.ends_on is None or self.ends_on >= on
        )


def holding(on: date, prefix: str = "") -> Q:
    """Condition that a period holds on that day; `prefix` such as `enrolments__`."""
    starts, ends = f"{prefix}starts_on", f"{prefix}ends_on"
    began = Q(**{f"{starts}__isnull": True}) | Q(**{f"{starts}__lte": on})
    lasts = Q(**{f"{ends}__isnull": True}) | Q(**{f"{ends}__gte": on})
    return began & lasts


def ends_after_it_starts(label: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
        name=f"{label}_ends_after_it_starts",
        violation_error_message=_("终止日期不能早于起始日期。"),
    )


def single(field: str) -> Any:
    """A one-value range of an integer column: equality for EXCLUDE without btree_gist."""
    return models.Func(
        field,
        field,
        models.Value("[]"),
        function="int8range",
        output_field=BigIntegerRangeField(),
    )


def single_text(field: str) -> Any:
    """The same for a text column."""
    return models.Func(field, function="portal_text_range", output_field=BigIntegerRangeField())
