"""Every change to programmes, bodies and who acts for them."""

from .bodies import create_unit, identify_slot, name_slot, rename_unit
from .members import (
    Opening,
    Slip,
    add_membership,
    claim,
    end_membership,
    open_unit_account,
    open_unit_accounts,
    require_own_person,
    reset_passwords,
    revoke_membership,
    revoke_unit_memberships,
    set_people_active,
)
from .programmes import close_programme, start_programme
from .successions import succeed_by_new_unit, succeed_unit

__all__ = [
    "Opening",
    "Slip",
    "add_membership",
    "claim",
    "close_programme",
    "create_unit",
    "end_membership",
    "identify_slot",
    "name_slot",
    "open_unit_account",
    "open_unit_accounts",
    "rename_unit",
    "require_own_person",
    "reset_passwords",
    "revoke_membership",
    "revoke_unit_memberships",
    "set_people_active",
    "start_programme",
    "succeed_by_new_unit",
    "succeed_unit",
]
