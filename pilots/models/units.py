"""Bodies, their names through time, and what became of them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core import clock
from core.models import ScopedManager, ScopedQuerySet, Versioned
from core.search import Bigrams, initials, matching, pinyin

from ..choices import Part, SuccessionKind, UnitKind
from .bases import PERIOD, PackManaged, Period, ends_after_it_starts, single
from .scope import own_units, sees_everything, units_of_wide_programmes

NAME_COLUMNS = ("full_name", "short_name", "initials", "name_en")
NAMED = ("full_name", "short_name", "name_en", "pinyin")  # of one day: `named_…` of a unit


class UnitQuerySet(ScopedQuerySet):
    def _visible_to(self, user: Any) -> "UnitQuerySet":
        if sees_everything(user):
            return self
        return self.filter(Q(pk__in=own_units(user)) | Q(pk__in=units_of_wide_programmes(user)))

    def with_name(self, on: date) -> "UnitQuerySet":
        """Adds `full_name`, `short_name`, `name_en`, `pinyin` of that day (else the nearest name)."""
        return self.annotate(**{f"named_{field}": NameOn("pk", on, field) for field in NAMED})

    def searched(self, text: str) -> "UnitQuerySet":
        """Units whose present or former name contains `text`, also as pinyin initials."""
        names = UnitName.objects.filter(
            matching(text, vector="vector", columns=NAME_COLUMNS), unit=OuterRef("pk")
        )
        return self.filter(Exists(names))


class NameOn(models.Func):
    """A column of the name that the unit at `unit` (a path to its key) bore on a day, in the order of
    `nearest_name`: the one that holds, then the latest begun before it, then the first after it; NULL
    for a unit without names. Nearly every list asks for it, so it is SQL that PostgreSQL reads as it
    stands: put together by the ORM it took a quarter of an API request."""

    output_field = models.CharField()
    COLUMNS = {
        "full_name": "n.full_name",
        "short_name": "n.short_name",
        "name_en": "n.name_en",
        "pinyin": "n.pinyin",
        "label": "n.short_name",
        "label_en": "COALESCE(NULLIF(n.name_en, ''), n.short_name)",
    }
    SQL = """(
        SELECT {column} FROM pilots_unitname n WHERE n.unit_id = {unit}
        ORDER BY
            CASE WHEN n.starts_on > %s THEN 2 WHEN n.ends_on < %s THEN 1 ELSE 0 END,
            CASE WHEN n.starts_on <= %s THEN n.starts_on END DESC NULLS LAST,
            n.starts_on
        LIMIT 1
    )"""

    def __init__(self, unit: str, on: date, field: str = "short_name", **extra: Any) -> None:
        super().__init__(unit, on=on, field=field, **extra)

    def as_sql(  # type: ignore[override]
        self, compiler: Any, _connection: Any, **_context: Any
    ) -> tuple[str, list[Any]]:
        unit, params = compiler.compile(self.source_expressions[0])
        sql = self.SQL.format(column=self.COLUMNS[self.extra["field"]], unit=unit)
        return sql, [*params, *[self.extra["on"]] * 3]


def named_on(on: date, unit: str = "pk") -> NameOn:
    """`Unit.display_name` on that day as a column, NULL for a unit without names."""
    return NameOn(unit, on, "label_en" if get_language() == "en" else "label")


class Unit(PackManaged, Versioned):
    """A body: a government, a department, a leading group. Its code is global and never changes;
    a rename is a new UnitName, a merger a new Unit and a Succession. Nothing is deleted."""

    code = models.SlugField(_("单位代码"), max_length=60, unique=True)
    kind = models.CharField(_("单位类型"), max_length=30, choices=UnitKind.choices)
    region_code = models.CharField(_("行政区划代码"), max_length=6, blank=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("上级"),
    )
    credit_code = models.CharField(
        _("统一社会信用代码"), max_length=18, null=True, blank=True, unique=True
    )
    is_slot = models.BooleanField(_("待补名"), default=False)
    established_on = models.DateField(_("成立日期"), null=True, blank=True)
    ceased_on = models.DateField(_("撤销日期"), null=True, blank=True)
    source = models.CharField(_("来源"), max_length=200, blank=True)

    objects = models.Manager.from_queryset(UnitQuerySet)()
    rows = ScopedManager.from_queryset(UnitQuerySet)()

    class Meta:
        verbose_name = verbose_name_plural = _("单位")
        ordering = ["code"]
        default_manager_name = "rows"
        constraints = [
            models.CheckConstraint(
                condition=Q(established_on=None)
                | Q(ceased_on=None)
                | Q(ceased_on__gte=models.F("established_on")),
                name="unit_ceases_after_it_is_established",
                violation_error_message=_("撤销日期不能早于成立日期。"),
            )
        ]

    def __str__(self) -> str:
        return self.short_name

    @property
    def name_row(self) -> "UnitName | None":
        """The name of the clock's day, else the nearest; `with_name(on)` serves lists and other days."""
        if "_name_row" not in self.__dict__:
            self.__dict__["_name_row"] = nearest_name(self.names.all(), clock.today())
        return self.__dict__["_name_row"]

    def _named(self, field: str) -> str:
        if f"named_{field}" in self.__dict__:
            return self.__dict__[f"named_{field}"] or self.code
        return getattr(self.name_row, field, "") or self.code

    @property
    def full_name(self) -> str:
        return self._named("full_name")

    @property
    def short_name(self) -> str:
        return self._named("short_name")

    @property
    def display_name(self) -> str:
        """Short name in the reader's language, the Chinese one where no English is known."""
        return self._english or self.short_name

    @property
    def display_full_name(self) -> str:
        """Full name in the reader's language, the Chinese one where no English is known."""
        return self._english or self.full_name

    @property
    def _english(self) -> str:
        """The English name for a reader of English, '' otherwise."""
        english = self._named("name_en") if get_language() == "en" else ""
        return english if english != self.code else ""

    def name_on(self, on: date) -> "UnitName | None":
        return nearest_name(self.names.all(), on)

    def exists_on(self, on: date) -> bool:
        return (self.established_on is None or self.established_on <= on) and (
            self.ceased_on is None or self.ceased_on >= on
        )


class UnitName(Period):
    """What a body was called from one day to another: 全称 and 规范简称."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="names", verbose_name=_("单位"))
    full_name = models.CharField(_("全称"), max_length=120)
    short_name = models.CharField(_("规范简称"), max_length=60)
    name_en = models.CharField(_("英文名"), max_length=120, blank=True)
    pinyin = models.CharField(_("拼音"), max_length=400, editable=False)
    initials = models.CharField(_("拼音首字母"), max_length=200, editable=False)
    basis = models.CharField(_("依据"), max_length=200, blank=True)
    vector = models.GeneratedField(
        expression=Bigrams("full_name", "short_name", "initials", "name_en"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("单位名称")
        ordering = ["unit_id", "starts_on"]
        indexes = [GinIndex(fields=["vector"], name="unit_name_bigrams")]
        constraints = [
            ends_after_it_starts("unit_name"),
            ExclusionConstraint(
                name="unit_name_one_at_a_time",
                expressions=[
                    (single("unit"), RangeOperators.OVERLAPS),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("这段时间该单位已有名称，名称的起止日期不能重叠。"),
            ),
        ]

    def __str__(self) -> str:
        return self.short_name

    def spell(self) -> None:
        """Fill the pinyin columns from the names; services call it before saving."""
        self.pinyin = pinyin(self.full_name)[:400]
        self.initials = f"{initials(self.full_name)} {initials(self.short_name)}"[:200]


def nearest_name(names: Iterable[UnitName], on: date) -> UnitName | None:
    """The name that holds on the day, else the last one before it, else the first one after it."""

    def nearness(name: UnitName) -> tuple[bool, bool, int]:
        starts = (name.starts_on or date.min).toordinal()
        begun = starts <= on.toordinal()
        return name.holds_on(on), begun, starts if begun else -starts

    return max(names, key=nearness, default=None)


class Succession(models.Model):
    """One body's work going over to another. It moves no rows by itself: people decide what does."""

    from_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="successions_out", verbose_name=_("原单位")
    )
    to_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="successions_in", verbose_name=_("承接单位")
    )
    on = models.DateField(_("日期"), null=True, blank=True)
    kind = models.CharField(_("方式"), max_length=20, choices=SuccessionKind.choices)
    note = models.CharField(_("说明"), max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("承接关系")
        ordering = ["on", "id"]
        constraints = [
            models.UniqueConstraint(fields=["from_unit", "to_unit"], name="succession_once"),
            models.CheckConstraint(
                condition=~Q(from_unit=models.F("to_unit")),
                name="succession_between_two",
                violation_error_message=_("原单位和承接单位不能相同。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.from_unit} → {self.to_unit}"


__all__ = [
    "NAME_COLUMNS",
    "Part",
    "Succession",
    "Unit",
    "UnitName",
    "UnitQuerySet",
]
