"""The accounts of a trial: one of each role, with random passwords kept in <data>/accounts.tsv."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.db import transaction

from accounts import passwords
from accounts import services as accounts
from accounts.models import User
from accounts.roles import Role, SiteRoleKind
from core.errors import Refused
from pilots import services
from pilots.choices import Part
from pilots.models import Enrolment, Membership, Unit

POLICE, FUTIAN = "440300-gaj", "440304-zf"
HEADER = ("role", "username", "password")
NAME = "演示人员{:02d}"
# A domain that never receives mail (RFC 2606), should somebody configure a real server.
MAIL = "{}@demo.invalid"


@dataclass(frozen=True)
class Person:
    """One trial account: acts at `unit`, or at every unit that has `part` in a programme."""

    role: str
    username: str
    unit: str = ""
    part: str = ""


PEOPLE = (
    Person(Role.BUREAU_OFFICER, "bureau_officer", part=Part.BUREAU),
    Person(Role.BUREAU_HEAD, "bureau_head", part=Part.BUREAU),
    Person(Role.UNIT_CDO, "unit_cdo", unit=POLICE),
    Person(Role.DATA_OFFICER, "data_officer", unit=POLICE),
    Person(Role.EVALUATOR, "evaluator", part=Part.BUREAU),
    Person(SiteRoleKind.AUDITOR, "auditor"),
    Person(SiteRoleKind.SYSTEM_ADMIN, "system_admin"),
    Person(SiteRoleKind.SECURITY_ADMIN, "security_admin"),
    Person(Role.PROVINCIAL_READER, "provincial_reader", part=Part.SUPERIOR),
    Person(Role.API_CLIENT, "api_client", part=Part.BUREAU),
    Person(Role.UNIT_CDO, "unit_cdo_ft", unit=FUTIAN),
    Person(Role.DATA_OFFICER, "data_officer_ft", unit=FUTIAN),
)


class Command(BaseCommand):
    help = "建立试用账号（可重复运行），用户名和密码写入数据目录的accounts.tsv。只用于试用。"

    def handle(self, **options: Any) -> None:
        if not settings.TRIAL:
            raise CommandError(
                "这不是试用系统，不建立试用账号。第一个账号用create_first_account建立。"
            )
        path = Path(settings.DATA_DIR) / "accounts.tsv"
        known = _read(path)
        with transaction.atomic():
            lines = [
                (person.role, person.username, _prepare(place, person, known))
                for place, person in enumerate(PEOPLE, start=1)
            ]
            _write(path, lines)
        self.stdout.write(f"试用账号{len(lines)}个：{path}")


def _prepare(place: int, person: Person, known: dict[str, str]) -> str:
    """Make the account and its roles where they are missing; returns the password to write down."""
    user = User.objects.filter(username=person.username).first()
    password = known.get(person.username, "")
    if user is None:
        password = passwords.one_time()
        user = accounts.create_account(
            username=person.username,
            display_name=NAME.format(place),
            email=MAIL.format(person.username.replace("_", "-")),
            by=None,
            password=password,
            must_change_password=False,
        )
    elif not password:  # the file is lost: nobody knows the password any more
        password = passwords.one_time()
        accounts.change_own_password(user, password)
    _grant(user, person)
    return password


def _grant(user: User, person: Person) -> None:
    if person.role in SiteRoleKind.values:
        if user.site_role_kind != person.role:
            accounts.grant_site_role(user, person.role, by=None)
        return
    held = Membership.rows.filter(user=user, role=person.role, revoked_at=None, ends_on=None)
    for unit in _units(person).exclude(pk__in=held.values("unit_id")):
        try:
            services.add_membership(user, unit, person.role, by=None, origin="试用账号")
        except Refused:  # a body that is gone by now needs nobody who acts for it
            continue


def _units(person: Person) -> Any:
    if person.unit:
        return Unit.rows.filter(code=person.unit)
    parts = Enrolment.rows.filter(part=person.part, withdrawn_on=None)
    return Unit.rows.filter(pk__in=parts.values("unit_id")).order_by("code")


def _read(path: Path) -> dict[str, str]:
    """Passwords by user name of the file that was written before."""
    if not path.exists():
        return {}
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()[1:])
    return {row[1]: row[2] for row in rows if len(row) == len(HEADER)}


def _write(path: Path, lines: list[tuple[str, str, str]]) -> None:
    """Replace the file in one step; never readable for others, not even for a moment."""
    text = "\n".join("\t".join(line) for line in [HEADER, *lines]) + "\n"
    fresh = path.with_suffix(".new")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)
