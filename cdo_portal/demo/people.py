"""The story's people: invented, named 演示人员NN, and marked so wherever they show."""

from accounts import services as accounts
from accounts.models import User
from accounts.roles import Role
from officers import services as officers
from officers.models import Person
from pilots import services as pilots
from pilots.choices import Part
from pilots.models import Enrolment, Membership, Programme, Unit

from . import story

FIRST_NUMBER = 20  # the accounts of a trial have the numbers before it
SOURCE = "演示数据"


def open_accounts() -> None:
    """A clerk and a CDO for each unit that has none. They cannot log in until somebody resets
    their password: the story needs recipients, not doors."""
    number = FIRST_NUMBER
    for code in story.PILOTS:
        unit = Unit.rows.get(code=code)
        for role in (Role.DATA_OFFICER, Role.UNIT_CDO):
            if Membership.rows.filter(unit=unit, role=role).exists():
                continue
            number += 1
            user = accounts.create_account(
                username=f"demo-{code}-{role.value.replace('_', '-')}",
                display_name=f"演示人员{number}",
                by=None,
            )
            pilots.add_membership(
                user, unit, role, by=None, starts_on=story.STARTS_ON, origin=SOURCE
            )


def account(code: str, role: str) -> User:
    """Whoever acts for that unit in that role."""
    held = Membership.rows.filter(unit__code=code, role=role).select_related("user")
    return held.order_by("id")[0].user


def bureau(programme: Programme) -> Unit:
    """The body that leads the programme."""
    rows = Enrolment.rows.filter(programme=programme, part=Part.BUREAU, withdrawn_on=None)
    return rows.select_related("unit").order_by("id")[0].unit


def bureau_head(unit: Unit) -> User:
    """Whoever signs for the bureau; somebody invented where nobody does."""
    return _of_bureau(unit, Role.BUREAU_HEAD, "演示人员19")


def bureau_officer(unit: Unit) -> User:
    """Whoever writes for the bureau; somebody invented where nobody does."""
    return _of_bureau(unit, Role.BUREAU_OFFICER, "演示人员18")


def _of_bureau(unit: Unit, role: Role, name: str) -> User:
    held = Membership.rows.filter(unit=unit, role=role).select_related("user")
    row = held.order_by("id").first()
    if row is not None:
        return row.user
    user = accounts.create_account(
        username=f"demo-{unit.code}-{role.value.replace('_', '-')}", display_name=name, by=None
    )
    pilots.add_membership(user, unit, role, by=None, starts_on=story.STARTS_ON, origin=SOURCE)
    return user


def enrolment(code: str) -> Enrolment:
    rows = Enrolment.rows.select_related("unit", "programme")
    return rows.get(programme__code=story.PROGRAMME, unit__code=code, part=Part.PILOT)


def holder(unit: Unit) -> Person:
    """The person behind the unit's CDO account, entered and tied to it. Numbers and addresses are
    made up."""
    user = account(unit.code, Role.UNIT_CDO)
    place = story.PILOTS.index(unit.code) + 1
    titles = {"city_government": "副市长", "district_government": "副区长"}
    person = officers.register_person(
        name=user.display_name,
        unit=unit,
        job_title=f"{titles.get(unit.kind, '副局长')}（演示）",
        level="deputy",
        is_in_charge=True,
        office_phone=f"0755-8800{place:04d}",
        mobile=f"1390000{place:04d}",
        email=f"cdo{place:02d}@demo.invalid",
        source=SOURCE,
        by=None,
    )
    return officers.tie_account(person, user, by=None)
