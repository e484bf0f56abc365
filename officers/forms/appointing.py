"""F2 任命/变更: one form for who, which post, by which document, and whoever leaves (ux.md §7)."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import clock
from core.forms import DayField, Form
from core.uploads import KeptFileMixin
from duties.forms import LimitedText, PastDay
from pilots.forms import day_input, new_key
from pilots.models import Unit

from .. import services
from ..choices import Ending, Kind, PostLevel
from ..models import Appointment, Person, Post
from ..queries.present import free_seat
from ..queries.rules import Ruling
from ..services.checks import misfit
from ..services.writing import tidy_number
from .register import NONE, NumberField, add_errors

NEW_PERSON = ("name", "mobile", "email", "office_phone")
DAY = timedelta(days=1)
LEAVING = (Ending.REPLACED, Ending.REMOVED, Ending.LEFT, Ending.MOVED, Ending.RETIRED)


class AppointForm(KeptFileMixin, Form):
    """Built for one unit and whoever fills it in: `people` known there, `rulings` of the day,
    `holders` in office now."""

    once = forms.CharField(max_length=64, widget=forms.HiddenInput)
    person = forms.ChoiceField(label=gettext_lazy("人员"), required=False)
    name = forms.CharField(label=gettext_lazy("姓名"), max_length=40, required=False)
    mobile = forms.CharField(label=gettext_lazy("手机"), max_length=40, required=False)
    email = forms.CharField(label=gettext_lazy("电子邮箱"), max_length=120, required=False)
    office_phone = forms.CharField(
        label=gettext_lazy("办公电话"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("区号-号码，如0755-12345678"),
    )
    job_title = forms.CharField(
        label=gettext_lazy("职务"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("任命时在单位的行政职务，如副局长"),
    )
    level = forms.ChoiceField(
        label=gettext_lazy("职务层级"), choices=[*NONE, *PostLevel.choices], required=False
    )
    is_in_charge = forms.BooleanField(label=gettext_lazy("分管数字政府建设"), required=False)
    post = forms.ChoiceField(label=gettext_lazy("岗位"))
    kind = forms.ChoiceField(
        label=gettext_lazy("任职方式"),
        choices=Kind.choices,
        widget=forms.RadioSelect,
        initial=Kind.SUBSTANTIVE,
    )
    document_number = NumberField(label=gettext_lazy("任命文号"))
    signed_on = PastDay(label=gettext_lazy("任命日期"), required=False)
    starts_on = DayField(
        label=gettext_lazy("起始日期"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("不填按任命日期"),
    )
    known_on = DayField(
        label=gettext_lazy("最早见于"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("查不到起始日期的，写哪一天起有来源可查"),
    )
    reason = LimitedText(
        label=gettext_lazy("说明"),
        required=False,
        limit=300,
        rows=2,
        help_text=gettext_lazy("没有文号也没有扫描件的，在这里写明依据"),
    )
    leaves_on = DayField(
        label=gettext_lazy("前任的最后任职日"),
        required=False,
        widget=day_input(),
        help_text=gettext_lazy("不填按新任起始日期的前一天"),
    )
    ending = forms.ChoiceField(
        label=gettext_lazy("前任的离任方式"),
        choices=[(ending.value, ending.label) for ending in LEAVING],
        initial=Ending.REPLACED,
        required=False,
    )
    ending_number = NumberField(label=gettext_lazy("前任的免职文号"))
    replaces = forms.ChoiceField(label=gettext_lazy("接替谁"), required=False)
    relieves = forms.BooleanField(required=False, initial=True)
    rank_reason = LimitedText(
        label=gettext_lazy("不符合任职条件的说明"), required=False, limit=300, rows=2
    )

    field_order = (
        *("once", "person", "name", "office_phone", "mobile", "email"),
        *("job_title", "level", "is_in_charge", "rank_reason", "post", "kind"),
        *("document_number", "signed_on", "starts_on", "known_on", "file", "kept", "reason"),
        *("replaces", "leaves_on", "ending", "ending_number", "relieves"),
    )
    # Asked for unless another answer makes up for them: not marked （选填）.
    CONDITIONAL = ("person", "name", "document_number", "starts_on")
    LEAVERS = ("leaves_on", "ending", "ending_number", "replaces", "relieves")

    def __init__(
        self,
        *args: Any,
        unit: Unit,
        by: Any,
        people: list[Person],
        posts: dict[str, Post],
        rulings: list[Ruling],
        holders: list[Appointment],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.unit, self.by, self.posts, self.holders = unit, by, posts, holders
        self.people = {str(row.uuid): row for row in people}
        self.rulings: dict[str, Ruling] = {}
        for ruling in rulings:
            self.rulings.setdefault(ruling.rule.post.code, ruling)
        self.fields["once"].initial = new_key
        for name in self.CONDITIONAL:
            self.fields[name].is_conditional = True  # type: ignore[attr-defined]
        self._offer()

    def _offer(self) -> None:
        """The choices that only the unit knows; no question about leaving where nobody can."""
        known = [(key, _titled(row)) for key, row in self.people.items()]
        self._choose("person", [("", _("登记新的人员")), *known])
        ruled = [(code, ruling.rule.post.display_name) for code, ruling in self.rulings.items()]
        others = [
            (code, row.display_name) for code, row in self.posts.items() if code not in self.rulings
        ]
        groups = [(_("方案为本单位设置的"), ruled), (_("其他岗位"), others)]
        self._choose("post", [group for group in groups if group[1]])
        if ruled:
            self.fields["post"].initial = ruled[0][0]
        substantive = [row for row in self.holders if not row.is_stand_in]
        stand_ins = [row for row in self.holders if row.is_stand_in]
        several = len({(row.post_id, row.seat) for row in substantive}) > len(
            {row.post_id for row in substantive}
        )
        labels = [(row.number, _("%(person)s（%(post)s）") % _named(row)) for row in substantive]
        self._choose("replaces", [("", _("有空席的不接替谁；没有的接替现任")), *labels])
        if not self.holders:
            self._drop(*self.LEAVERS)
            return
        if not several:
            self._drop("replaces")
        if stand_ins:
            words = {"people": _("、").join(row.person.name for row in stand_ins)}
            label = _("正式任命后，主持工作或代理的%(people)s同日结束") % words
            self.fields["relieves"].label = label
        else:
            self._drop("relieves")

    def _choose(self, name: str, choices: list[Any]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _drop(self, *names: str) -> None:
        for name in names:
            del self.fields[name]

    # --- looking at what was typed -------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """All faults at once: a person, a first day, a document, the rank rule."""
        facts = self.cleaned_data
        for look in (self._look_at_person, self._look_at_term, self._look_at_paper):
            look(facts)
        if message := self._misfit(facts):
            self.add_error("rank_reason", message)
        return facts

    def _look_at_person(self, facts: dict[str, Any]) -> None:
        if facts.get("person"):
            if facts.get("name"):
                self.add_error(
                    "name", _("已选了已有人员；登记新的人员就在“人员”里选“登记新的人员”")
                )
            return
        typed = {name: facts.get(name, "") for name in NEW_PERSON if name not in self.errors}
        try:
            services.check_person(by=self.by, unit=self.unit, **typed)
        except ValidationError as error:
            add_errors(self, error)

    def _look_at_term(self, facts: dict[str, Any]) -> None:
        if not {"starts_on", "known_on", "signed_on"} & self.errors.keys() and not self.first_day:
            text = _("填写“起始日期”；查不到的，填“最早见于”")
            self.add_error("starts_on", text)
        last = facts.get("leaves_on")
        if (
            last
            and self.first_day
            and last >= self.first_day
            and facts.get("kind") == Kind.SUBSTANTIVE
        ):
            words = {"day": self.first_day}
            self.add_error("leaves_on", _("前任的最后任职日要早于新任的起始日期%(day)s") % words)

    def _look_at_paper(self, facts: dict[str, Any]) -> None:
        for name in ("document_number", "ending_number"):
            try:
                facts[name] = tidy_number(facts.get(name) or "", name)
            except ValidationError as error:
                add_errors(self, error)
        has_file = bool(facts.get("file") or facts.get("kept"))
        if not (facts.get("document_number") or has_file or facts.get("reason")) and not (
            {"document_number", "file", "reason"} & self.errors.keys()
        ):
            text = _("填写“任命文号”；没有文号的上传扫描件，或在“说明”里写明依据")
            self.add_error("document_number", text)

    def _misfit(self, facts: dict[str, Any]) -> str:
        """The rank rule's objection that has no answer yet."""
        if facts.get("rank_reason") or {"post", "person", "kind"} & self.errors.keys():
            return ""
        return misfit(self.ruling, facts["kind"], self.held_level, is_in_charge=self.leads_it)

    # --- what it means -------------------------------------------------------------------------

    @property
    def known_person(self) -> Person | None:
        return self.people.get(self.cleaned_data.get("person", ""))

    @property
    def held_level(self) -> str:
        known = self.known_person
        return self.cleaned_data.get("level") or (known.level if known else "")

    @property
    def leads_it(self) -> bool:
        known = self.known_person
        return bool(self.cleaned_data.get("is_in_charge") or (known and known.is_in_charge))

    @property
    def post_row(self) -> Post:
        return self.posts[self.cleaned_data["post"]]

    @property
    def ruling(self) -> Ruling | None:
        return self.rulings.get(self.cleaned_data.get("post", ""))

    @property
    def first_day(self) -> date | None:
        facts = self.cleaned_data
        signed = None if facts.get("known_on") else facts.get("signed_on")
        return facts.get("starts_on") or signed or facts.get("known_on")

    def registration(self, *, files: bool) -> services.Registration:
        """What goes to `services.register`; `files` sends the filing along."""
        facts = self.cleaned_data
        given = {name: facts[name] for name in ("job_title", "level", "is_in_charge")}
        new = {name: facts[name] for name in NEW_PERSON}
        seat, departure = self._seat_and_departure()
        starts_on = None if facts["known_on"] and not facts["starts_on"] else self.first_day
        return services.Registration(
            person=self.known_person or services.NewPerson(**new, **given),
            unit=self.unit,
            post=self.post_row,
            term=services.Term(
                starts_on=starts_on,
                known_on=facts["known_on"],
                kind=facts["kind"],
                seat=seat,
                rank_reason=facts["rank_reason"],
                **given,
            ),
            paper=services.Paper(
                facts["document_number"],
                signed_on=facts["signed_on"],
                file=self.stored,
                file_name=self.stored_name,
            ),
            departure=departure,
            relieves=facts.get("relieves", False),
            files=files,
            reason=facts["reason"],
        )

    def _seat_and_departure(self) -> tuple[int, services.Departure | None]:
        """The seat to take, and how whoever is in it leaves."""
        facts, post = self.cleaned_data, self.post_row
        chosen = next((row for row in self.holders if row.number == facts.get("replaces")), None)
        seat: int | None = chosen.seat if chosen and chosen.post_id == post.pk else None
        if seat is None and facts["kind"] == Kind.SUBSTANTIVE:
            limit = self.ruling.seats if self.ruling else None
            seat = free_seat(self.unit, post, 1 if limit is None and post.is_single else limit)
        departure = None
        if self.holders:
            on = facts["leaves_on"] or (self.first_day or clock.today()) - DAY
            paper = services.Paper(facts["ending_number"])
            departure = services.Departure(on, facts["ending"] or Ending.REPLACED, paper)
        return seat or 1, departure


def _titled(row: Person) -> str:
    return f"{row.name}　{row.job_title}" if row.job_title else row.name


def _named(row: Appointment) -> dict[str, Any]:
    return {"person": row.person.name, "post": row.post.display_name}
