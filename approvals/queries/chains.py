"""The chain that a body goes by, its own or the usual one, and who may choose it."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.roles import UNIT_ROLES, Role
from core import clock
from pilots.access import memberships_of
from pilots.models import Membership, Unit
from pilots.models.scope import managed_units, sees_everything

from ..choices import BUREAU_PURPOSES, StepKind
from ..models import ChainStep
from ..models.approvals import SIGNING_ROLES


@dataclass(frozen=True)
class Planned:
    """One step as it will be asked for; `signer` is the account it is reserved for, or None."""

    kind: str
    signer: Any = None

    @property
    def label(self) -> str:
        return str(StepKind(self.kind).label)


def chain_of(unit: Unit, purpose: str) -> list[Planned]:
    """The steps after 经办人拟稿, in their order; never empty. The usual chain is one step: the
    unit's CDO (「首席数据官审签」), for what a bureau issues its head in charge.

    A bureau that is a pilot too has one chain, for what ends as that chain does."""
    chosen = chosen_chain(unit)
    usual = StepKind.BUREAU_HEAD if purpose in BUREAU_PURPOSES else StepKind.CDO
    return chosen if chosen and chosen[-1].kind == usual else [Planned(usual)]


def chosen_chain(unit: Unit) -> list[Planned]:
    """The steps that the unit has chosen; empty for the usual chain."""
    rows = ChainStep.rows.filter(unit=unit).select_related("signer").order_by("position")
    return [Planned(row.kind, row.signer) for row in rows]


def chain_units(user: Any) -> list[Unit]:
    """The bodies whose chain the user may choose: the own unit's for its people, the bureau's for its
    officers. Nobody chooses it for a unit whose signature he or she only borrows (授权代签)."""
    held = memberships_of(user)
    lent = {row.unit_id for row in held if row.delegated_by_id is not None}
    choosers = (*UNIT_ROLES, Role.BUREAU_OFFICER)
    found = {
        row.unit_id: row.unit
        for row in held
        if row.role in choosers and row.unit_id not in lent and not row.unit.is_slot
    }
    return list(found.values())


def is_bureaus(user: Any, unit: Unit) -> bool:
    """Whether the user would choose the chain of what the body issues as a bureau."""
    roles = {row.role for row in memberships_of(user) if row.unit_id == unit.pk}
    return Role.BUREAU_OFFICER in roles


def people_of(unit: Unit) -> QuerySet[User]:
    """Those who act for the unit now: a step may be reserved for one of them."""
    live = Membership.rows.live(clock.today()).filter(unit=unit, role__in=SIGNING_ROLES)
    own = live.filter(delegated_by=None)
    return User.objects.filter(pk__in=own.values("user_id")).order_by("display_name", "username")


def seen_chains(user: Any) -> list[tuple[Unit, list[ChainStep]]]:
    """Bodies that have chosen a chain of their own, as far as a bureau sees them, with its steps."""
    rows = ChainStep.rows.select_related("signer").order_by("unit_id", "position")
    if not sees_everything(user):
        rows = rows.filter(Q(unit_id__in=managed_units(user)))
    found: dict[int, list[ChainStep]] = {}
    for row in rows:
        found.setdefault(row.unit_id, []).append(row)
    units = Unit.rows.filter(pk__in=found).prefetch_related("names").order_by("code")
    return [(unit, found[unit.pk]) for unit in units]
