"""Every change to programmes, bodies and who acts for them."""

from .bodies import create_unit, identify_slot, name_slot, rename_unit
from .leaving import (
    Left,
    acts_only_at,
    delegated_at,
    hand_over_liaisons,
    leave_unit,
    liaisons_of,
    live_at,
    may_be_liaison,
)
from .members import (
    Opening,
    Slip,
    add_membership,
    claim,
    end_membership,
    open_unit_account,
    open_unit_accounts,
    prolong_membership,
    require_own_person,
    reset_passwords,
    revoke_membership,
    revoke_unit_memberships,
    set_people_active,
)
from .programmes import close_programme, start_programme
from .saved_views import keep_view, mend_view, remove_view, restore_view
from .successions import succeed_by_new_unit, succeed_unit

__all__ = [
    "Left",
    "Opening",
    "Slip",
    "acts_only_at",
    "add_membership",
    "claim",
    "close_programme",
    "create_unit",
    "delegated_at",
    "end_membership",
    "hand_over_liaisons",
    "identify_slot",
    "keep_view",
    "leave_unit",
    "liaisons_of",
    "live_at",
    "may_be_liaison",
    "mend_view",
    "name_slot",
    "open_unit_account",
    "open_unit_accounts",
    "prolong_membership",
    "remove_view",
    "rename_unit",
    "require_own_person",
    "reset_passwords",
    "restore_view",
    "revoke_membership",
    "revoke_unit_memberships",
    "set_people_active",
    "start_programme",
    "succeed_by_new_unit",
    "succeed_unit",
]
