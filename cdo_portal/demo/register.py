"""The scenes of the register: appointed, filed, planned, staffed."""

from functools import singledispatch

from accounts.models import User
from accounts.roles import Role
from officers import services as officers
from officers.choices import TeamKind, TeamMode
from officers.models import Appointment, Filing, Post
from officers.models.posts import CDO
from pilots.models import Unit

from . import people, story


@singledispatch
def act(scene: story.Scene, teller: User | None) -> None:
    raise TypeError(f"The register knows no scene such as {scene}.")


@act.register
def _appointed(scene: story.Appointed, teller: User | None) -> None:
    unit = Unit.rows.get(code=scene.unit)
    officers.report_appointment(
        people.holder(unit),
        unit,
        Post.objects.get(code=CDO),
        term=officers.Term(starts_on=scene.on),
        paper=officers.Paper(
            number=scene.document, title="关于任命首席数据官的通知（演示）", signed_on=scene.on
        ),
        source=people.SOURCE,
        by=teller,
    )


@act.register
def _filed(scene: story.Filed, teller: User | None) -> None:
    clerk = people.account(scene.unit, Role.DATA_OFFICER)
    appointment = Appointment.rows.get(unit__code=scene.unit, post__code=CDO)
    letter = officers.Letter(
        document_number=appointment.document_number,
        note="演示数据",
        reported_on=scene.on,
    )
    filing = officers.file_appointment(appointment, letter=letter, by=clerk)
    if scene.returned_for:
        officers.return_filing(filing, reason=scene.returned_for, by=teller)
        officers.resubmit_filing(filing, note="已补齐（演示）", by=clerk)
    if scene.accepted_on:
        _accept(filing, scene.accepted_on, teller, "任命")


@act.register
def _planned(scene: story.Planned, teller: User | None) -> None:
    clerk = people.account(scene.unit, Role.DATA_OFFICER)
    row = people.enrolment(scene.unit)
    filing = officers.file_plan(
        row,
        title=f"{row.unit.short_name}首席数据官制度试点实施方案（演示）",
        letter=officers.Letter(note="演示数据", reported_on=scene.on),
        by=clerk,
    )
    _accept(filing, scene.accepted_on, teller, "方案")


def _accept(filing: Filing, on: object, teller: User | None, what: str) -> None:
    place = Filing.rows.filter(kind=filing.kind, status="accepted").count() + 1
    officers.accept_filing(
        filing, receipt_number=f"演示{what}备〔2021〕{place}号", on=on, by=teller
    )


@act.register
def _staffed(scene: story.Staffed, teller: User | None) -> None:
    unit = Unit.rows.get(code=scene.unit)
    officers.set_up_team(
        unit,
        kind=scene.kind,
        name=f"{unit.short_name}{TeamKind(scene.kind).label}（演示）",
        modes=[TeamMode.PART_TIME],
        leader=Appointment.rows.in_office(scene.on).get(unit=unit, post__code=CDO).person,
        starts_on=scene.on,
        note="演示数据",
        by=teller,
    )
