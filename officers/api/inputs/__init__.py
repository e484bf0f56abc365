"""What the write endpoints of the register take. Fields are named as the answers name them."""

from .appointments import (
    AppointmentInput,
    ConfirmInput,
    EndInput,
    FileInput,
    MendInput,
)
from .filings import AcceptInput, PlanInput, ResubmitInput
from .people import NewPersonInput, PersonInput, PersonMendInput
from .reasons import NothingInput, ReasonInput
from .teams import LeaveInput, MemberInput, MemberMendInput, TeamInput, TeamMendInput

__all__ = [
    "AcceptInput",
    "AppointmentInput",
    "ConfirmInput",
    "EndInput",
    "FileInput",
    "LeaveInput",
    "MemberInput",
    "MemberMendInput",
    "MendInput",
    "NewPersonInput",
    "NothingInput",
    "PersonInput",
    "PersonMendInput",
    "PlanInput",
    "ReasonInput",
    "ResubmitInput",
    "TeamInput",
    "TeamMendInput",
]
