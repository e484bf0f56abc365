"""Who came: boxes, pasted names, a workbook; a unit's declaration."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.forms import Form
from core.uploads import UploadField
from duties.forms import LimitedText
from officers.models import Person
from pilots.forms import VersionedForm
from pilots.models import Unit

from ..choices import Reading
from ..queries.people import Match
from ..services import Seat
from ..services.attendance import MOST, NAME

PARTS = re.compile(r"[\t,，、;；　 ]+")
OTHER, SKIP = "other", "skip"


class TickForm(VersionedForm):
    """Boxes for people in office on the event's days."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("参加人员"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, known: Iterable[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {str(row.uuid): row for row in known}
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (key, f"{row.name}（{getattr(row, 'unit_label', row.unit)}）")
            for key, row in self.known.items()
        ]

    def seats(self) -> list[Seat]:
        return [Seat(person=self.known[key]) for key in self.cleaned_data["people"]]


class PasteForm(VersionedForm):
    names = LimitedText(
        label=gettext_lazy("粘贴名单"),
        limit=40000,
        rows=8,
        help_text=gettext_lazy("每行一人，写姓名，后面可以写单位和职务，用空格或制表符隔开"),
    )

    def clean_names(self) -> list[tuple[str, str, str]]:
        rows = parse(self.cleaned_data["names"])
        if len(rows) > MOST:
            facts = {"most": MOST, "count": len(rows)}
            text = _("一次最多%(most)s人，这份名单有%(count)s人，分几次登记") % facts
            raise forms.ValidationError(text)
        for place, row in enumerate(rows, 1):
            if len(row[0]) > NAME:
                facts = {"line": place, "name": row[0][:20]}
                text = _("第%(line)s行“%(name)s…”不像姓名，每行一人，先写姓名") % facts
                raise forms.ValidationError(text)
        return rows


class SheetForm(VersionedForm):
    file = UploadField(
        label=gettext_lazy("名单文件"), help_text=gettext_lazy("用本页的模板填写，xlsx格式")
    )


class PickForm(Form):
    """What each line of a list means: somebody of the register, another person, or nobody."""

    def __init__(
        self, *args: Any, matches: list[Match], units: Iterable[Unit], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.matches = matches
        self.units = {unit.display_name: unit for unit in units}
        for place, match in enumerate(matches):
            known = {str(row.uuid): row for row in match.found}
            choices = [(key, _who(row)) for key, row in known.items()]
            choices += [(OTHER, _("其他人员，按姓名和单位登记")), (SKIP, _("不登记"))]
            self.fields[f"pick-{place}"] = forms.ChoiceField(
                label=match.name,
                choices=choices,
                initial=next(iter(known)) if match.is_sure else OTHER,
            )
            self.fields[f"unit-{place}"] = forms.CharField(
                label=_("%(name)s的单位") % {"name": match.name},
                required=False,
                max_length=120,
                initial=match.unit_name,
                widget=forms.TextInput({"list": "units"}),
            )

    def lines(self) -> list[dict[str, Any]]:
        """[{match, pick, unit}] for the table of the page."""
        return [
            {"match": match, "pick": self[f"pick-{place}"], "unit": self[f"unit-{place}"]}
            for place, match in enumerate(self.matches)
        ]

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        for place, match in enumerate(self.matches):
            wants_unit = values.get(f"pick-{place}") == OTHER
            if wants_unit and not values.get(f"unit-{place}", "").strip():
                text = _("“%(name)s”没有写单位，写明所在单位，或者选“不登记”")
                self.add_error(f"unit-{place}", text % {"name": match.name})
        return values

    def seats(self) -> list[Seat]:
        found = []
        for place, match in enumerate(self.matches):
            pick = self.cleaned_data[f"pick-{place}"]
            known = {str(row.uuid): row for row in match.found}
            if pick in known:
                found.append(Seat(person=known[pick]))
            elif pick == OTHER:
                named = self.cleaned_data[f"unit-{place}"].strip()
                unit = self.units.get(named)
                found.append(Seat(match.name, unit=unit, unit_name=named, duty=match.duty))
        return found


class DeclareForm(VersionedForm):
    headcount = forms.IntegerField(
        label=gettext_lazy("参加人数"),
        min_value=1,
        max_value=1_000_000,
        error_messages={
            "min_value": gettext_lazy("“参加人数”要在1到1000000之间"),
            "max_value": gettext_lazy("“参加人数”要在1到1000000之间"),
        },
        help_text=gettext_lazy("本单位参加的总人数"),
    )
    people = forms.MultipleChoiceField(
        label=gettext_lazy("其中在册人员"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = LimitedText(
        label=gettext_lazy("其他人员"),
        required=False,
        limit=20000,
        rows=4,
        help_text=gettext_lazy("每行一人，写姓名，后面可以写职务；人多的可以只填人数"),
    )
    note = LimitedText(label=gettext_lazy("情况说明"), required=False, rows=2)

    def __init__(self, *args: Any, known: Iterable[Person], unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        self.known = {str(row.uuid): row for row in known}
        self.fields["people"].choices = [  # type: ignore[attr-defined]
            (key, _who(row)) for key, row in self.known.items()
        ]

    def seats(self) -> list[Seat]:
        ticked = [Seat(person=self.known[key]) for key in self.cleaned_data["people"]]
        rows = parse(self.cleaned_data["others"])
        others = [Seat(name, unit=self.unit, duty=" ".join(rest)) for name, *rest in rows]
        return ticked + others


class CountingForm(VersionedForm):
    exchange_reading = forms.ChoiceField(
        label=gettext_lazy("“组织2次首席数据官业务交流会”的读法"),
        choices=Reading.choices,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("各组织2次：每个单位自己的次数；合计2次：任何一次都计入各单位"),
    )
    note = LimitedText(label=gettext_lazy("读法的依据"), rows=3)


def parse(text: str) -> list[tuple[str, str, str]]:
    """(name, unit, duty) of each line that is not empty."""
    rows = []
    for line in text.splitlines():
        parts = [part for part in PARTS.split(line.strip()) if part]
        if parts:
            rows.append((parts[0], parts[1] if len(parts) > 1 else "", " ".join(parts[2:])))
    return rows


def _who(row: Person) -> str:
    place = getattr(row, "unit_label", "") or str(row.unit)
    return "，".join(filter(None, (row.name, place, row.job_title)))
