"""People: entering, mending, tying to an account, telling their sealed contacts."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from core import audit, clock
from core.errors import PermissionRefused, Refused
from core.sealed import matching, normal_email, normal_mobile, normal_phone
from pilots.models import Membership, Unit

from ..models import Person
from ..queries.contacts import may_reveal
from .rights import give_rights
from .writing import PERSON_FACTS, lock_person, save_person

HAN = re.compile(r"[\u3400-\u9fff·]+")
MENDABLE = frozenset(
    {
        "name",
        "unit",
        "job_title",
        "level",
        "is_in_charge",
        "rank",
        "office_phone",
        "mobile",
        "email",
    }
)

TAKEN_ELSEWHERE = gettext_lazy(
    "这个联系方式已登记在其他单位的人名下。核对号码；确实是同一个人的，请市政数局处理。"
)


@dataclass(frozen=True)
class Contact:
    """The plain contacts of one person, for the one answer that may show them; written in a log or a
    traceback it shows none."""

    person: Person
    mobile: str = field(repr=False)
    email: str = field(repr=False)


@transaction.atomic
def register_person(
    *,
    name: str,
    unit: Unit,
    by: Any,
    job_title: str = "",
    level: str = "",
    is_in_charge: bool = False,
    rank: str = "",
    office_phone: str = "",
    mobile: str = "",
    email: str = "",
    source: str = "",
) -> Person:
    """Enter a person. A mobile or e-mail that another person has is refused by that person's name
    and unit, where `by` may see them. Raises ValidationError by field."""
    row = Person(
        name=_name(name),
        unit=unit,
        job_title=job_title.strip(),
        level=level,
        is_in_charge=is_in_charge,
        rank=rank,
        office_phone=_phone(office_phone),
        source=source,
    )
    _seal(row, by, mobile=mobile, email=email)
    return save_person(row, "register", by=by, before=None)


def check_person(
    person: Person | None = None, *, by: Any = None, unit: Unit | None = None, **typed: str
) -> None:
    """Look at name, mobile, e-mail and office telephone as they were typed, before anything is
    entered; `person` is the one whom they are meant for, or `unit` where somebody new works. Raises
    one ValidationError by field with all that is wrong; whom `by` does not see is not named."""
    row, faults = person or Person(unit=unit), {}
    for what, text in typed.items():
        try:
            if what == "name":
                _name(text)
            elif what == "office_phone":
                _phone(text)
            elif plain := _plain_contact(what, text):
                _refuse_taken(row, what, plain, by)
        except ValidationError as error:
            faults.update(error.message_dict)
    if faults:
        raise ValidationError(faults)


@transaction.atomic
def mend_person(person: Person, *, by: Any, version: int | None = None, **values: Any) -> Person:
    """Change what is known of a person; `values` are names of `MENDABLE`. What an appointment says
    of the day on which it was made stays with the appointment.

    Raises ValidationError by field, StaleVersion, ValueError for another name.
    """
    if unknown := values.keys() - MENDABLE:
        raise ValueError(f"These are not mended here: {sorted(unknown)}")
    row = lock_person(person, version)
    before = audit.facts(row, PERSON_FACTS)
    contacts = {name: values.pop(name) for name in ("mobile", "email") if name in values}
    if "name" in values:
        values["name"] = _name(values["name"])
    if "office_phone" in values:
        values["office_phone"] = _phone(values["office_phone"])
    for name, value in values.items():
        setattr(row, name, value)
    _seal(row, by, **contacts)
    return save_person(row, "mend", by=by, before=before)


@transaction.atomic
def tie_account(person: Person, user: User, *, by: Any, version: int | None = None) -> Person:
    """Say that this account is this person's; a holder of a CDO post gets the rights of one.

    Raises Refused when the account or the person is tied already or the account acts for no body
    of the person's, StaleVersion.
    """
    row = lock_person(person, version)
    if row.user_id is not None:
        raise Refused(_("%(person)s已关联账号%(user)s。") % {"person": row, "user": row.user})
    other = Person.rows.filter(user=user).first()
    if other is not None:
        facts = {"user": user.username, "person": other, "unit": other.unit}
        raise Refused(_("账号%(user)s已关联%(unit)s的%(person)s。") % facts)
    _require_same_unit(row, user)
    before = audit.facts(row, PERSON_FACTS)
    row.user = user
    row = save_person(row, "tie_account", by=by, before=before)
    give_rights(row, by=by)
    return row


@transaction.atomic
def untie_account(person: Person, *, by: Any, version: int | None = None) -> Person:
    """The account is not this person's after all. Rights stay as they are: ending them is another
    act. Raises Refused when there is none, StaleVersion."""
    row = lock_person(person, version)
    if row.user_id is None:
        raise Refused(_("%(person)s没有关联账号。") % {"person": row})
    before = audit.facts(row, PERSON_FACTS)
    row.user = None
    return save_person(row, "untie_account", by=by, before=before)


@transaction.atomic
def reveal_contacts(people: Iterable[Person], *, by: Any, purpose: str) -> list[Contact]:
    """Mobile and e-mail in plain text of all these people, with one audit entry for the list that
    names them and not their numbers. `purpose` is what the reader wants them for.

    Raises Refused without a purpose, PermissionRefused when one of them is not the reader's.
    """
    rows = list(people)
    if not purpose.strip():
        raise Refused(_("写明查看联系方式的用途，会记入日志。"))
    if not may_reveal(by, rows):
        raise PermissionRefused
    after = {"people": [str(row.uuid) for row in rows], "count": len(rows), "purpose": purpose}
    unit = rows[0].unit if len({row.unit_id for row in rows}) == 1 else None
    audit.record("person.reveal", by=by, subject="contacts", unit=unit, after=after)
    return [Contact(row, _plain(row.mobile), _plain(row.email)) for row in rows]


def _plain(sealed: Any) -> str:
    return sealed.reveal() if sealed else ""


def _require_same_unit(person: Person, user: User) -> None:
    units = {person.unit_id, *person.appointments.standing().values_list("unit_id", flat=True)}
    live = Membership.rows.live(clock.today()).filter(user=user)
    if not live.filter(unit_id__in=units).exists():
        facts = {"user": user.username, "person": person, "unit": person.unit}
        raise Refused(_("账号%(user)s不是%(unit)s的账号，不能关联到%(person)s。") % facts)


def _name(text: str) -> str:
    """Without the spaces that people set into two-character names, with those of other scripts."""
    words = text.split()
    name = ("" if HAN.fullmatch("".join(words)) else " ").join(words)
    if not name:
        raise ValidationError({"name": _("填写“姓名”")})
    return name


def _phone(text: str) -> str:
    return _worded("office_phone", normal_phone, text) if text.strip() else ""


def _seal(row: Person, by: Any, **contacts: str) -> None:
    """Seal what was typed, unless another person has it: then say who."""
    for what, text in contacts.items():
        plain = _plain_contact(what, text)
        if plain:
            _refuse_taken(row, what, plain, by)
        setattr(row, what, plain or None)


def _plain_contact(field: str, text: str) -> str:
    rules = {"mobile": normal_mobile, "email": normal_email}
    return _worded(field, rules[field], text) if text.strip() else ""


def _worded(field: str, rule: Any, text: str) -> str:
    try:
        return rule(text)
    except ValidationError as error:
        raise ValidationError({field: error.messages}) from None


def _refuse_taken(row: Person, field: str, plain: str, by: Any) -> None:
    """Whoever types numbers must not find out to whom of another unit they belong. That one is
    taken cannot be hidden; so it stays on record that somebody asked."""
    same = Person.rows.filter(matching(Person, field, plain)).exclude(pk=row.pk)
    other = same.select_related("unit").first()
    if other is None:
        return
    if by is not None and not Person.objects.visible_to(by).filter(pk=other.pk).exists():
        subject = row if row.pk else "person"
        unit, asked = row.unit if row.unit_id else None, {"contact": field}
        audit.record_refusal("person.contact_taken", by=by, subject=subject, unit=unit, after=asked)
        raise ValidationError({field: TAKEN_ELSEWHERE})
    words = {
        "mobile": _("这个手机号是%(unit)s%(person)s的。是同一个人就选已有人员，不是就核对号码。"),
        "email": _("这个邮箱是%(unit)s%(person)s的。是同一个人就选已有人员，不是就核对邮箱。"),
    }
    raise ValidationError({field: words[field] % {"unit": other.unit, "person": other}})
