"""Every change to the register of officers."""

from .appointments import (
    Departure,
    Paper,
    Term,
    confirm_appointment,
    end_appointment,
    reinstate,
    report_appointment,
    void_appointment,
)
from .directory import close_directory, open_directory
from .filing_moves import resubmit_filing, return_filing, take_off_desk
from .filings import (
    Letter,
    accept_filing,
    file_appointment,
    file_plan,
    plan_title,
    reopen_filing,
)
from .letters import Acceptance, enter_appointment_letter, enter_plan_letter
from .mending import confirm_unchanged, mend_appointment
from .people import (
    Contact,
    check_person,
    mend_person,
    register_person,
    reveal_contacts,
    tie_account,
    untie_account,
)
from .registering import NewPerson, Registered, Registration, note_export, register, rehearse
from .rights import end_rights, give_rights
from .rules import set_own_days
from .team_members import Part, add_member, end_member, mend_member, void_member
from .teams import end_team, mend_team, set_up_team, void_team

__all__ = [
    "Acceptance",
    "Contact",
    "Departure",
    "Letter",
    "NewPerson",
    "Paper",
    "Part",
    "Registered",
    "Registration",
    "Term",
    "accept_filing",
    "add_member",
    "check_person",
    "close_directory",
    "confirm_appointment",
    "confirm_unchanged",
    "end_appointment",
    "end_member",
    "end_rights",
    "end_team",
    "enter_appointment_letter",
    "enter_plan_letter",
    "file_appointment",
    "file_plan",
    "give_rights",
    "mend_appointment",
    "mend_member",
    "mend_person",
    "mend_team",
    "note_export",
    "open_directory",
    "plan_title",
    "register",
    "register_person",
    "rehearse",
    "reinstate",
    "reopen_filing",
    "report_appointment",
    "resubmit_filing",
    "return_filing",
    "reveal_contacts",
    "set_own_days",
    "set_up_team",
    "take_off_desk",
    "tie_account",
    "untie_account",
    "void_appointment",
    "void_member",
    "void_team",
]
