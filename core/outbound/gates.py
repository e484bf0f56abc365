"""The allow-list: who may be asked at all, proposed by one person and approved by another."""

from ipaddress import ip_network
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from .. import audit, clock
from ..errors import MoveNotAllowed, PermissionRefused
from ..models.outbound import OutboundGate
from .addresses import Target, is_never, read_host
from .errors import Blocked

FACTS = ("host", "port", "purpose", "networks", "is_plain", "reason")


def gate_of(target: Target, purpose: str) -> OutboundGate:
    """The approved gate for this place and purpose; raises Blocked."""
    rows = OutboundGate.objects.approved().filter(host=target.host, port=target.port)
    gate = rows.filter(purpose=purpose).first()
    if gate is None:
        text = _("“%(place)s”不在允许连接的地址里，由系统管理员提出、安全管理员批准后再用。")
        raise Blocked(text % {"place": target.place})
    if target.scheme == "http" and not gate.is_plain:
        raise Blocked(_("“%(place)s”只批准了https，地址改为https开头。") % {"place": target.place})
    return gate


@transaction.atomic
def propose(
    *,
    host: str,
    port: int,
    purpose: str,
    by: Any,
    reason: str,
    networks: str = "",
    is_plain: bool = False,
) -> OutboundGate:
    """Ask for a place to be let through. Raises ValidationError for what is written wrongly, is
    there already, or no approval could open."""
    gate = OutboundGate(
        host=host.strip().lower().strip("[]"),
        port=port,
        purpose=purpose,
        networks=networks,
        is_plain=is_plain,
        reason=reason.strip(),
        proposed_at=clock.now(),
        proposed_by_id=getattr(by, "pk", None),
        proposed_by=audit.actor(by),
    )
    _must_be_possible(gate)
    gate.full_clean()
    gate.save()
    audit.record("outbound.propose", by=by, subject=gate, after=audit.facts(gate, FACTS))
    return gate


@transaction.atomic
def approve(gate: OutboundGate, *, by: Any) -> OutboundGate:
    """Let it through from now on. Raises PermissionRefused for whoever proposed it, MoveNotAllowed
    unless it waits."""
    row = _locked(gate)
    if row.approved_at or row.ended_at:
        raise MoveNotAllowed(_("这条申请已经办过，刷新页面后再看。"))
    if row.proposed_by_id == by.pk:
        raise PermissionRefused(_("自己提出的地址由另一名安全管理员批准。"))
    row.approved_at, row.approved_by_id, row.approved_by = clock.now(), by.pk, audit.actor(by)
    row.save(update_fields=["approved_at", "approved_by_id", "approved_by"])
    audit.record("outbound.approve", by=by, subject=row, after=audit.facts(row, FACTS))
    return row


@transaction.atomic
def withdraw(gate: OutboundGate, *, by: Any) -> OutboundGate:
    """Refuse it, or close it again: the next message is held back already. Raises MoveNotAllowed
    when it is closed."""
    row = _locked(gate)
    if row.ended_at:
        raise MoveNotAllowed(_("这个地址已经停用，刷新页面后再看。"))
    row.ended_at, row.ended_by_id, row.ended_by = clock.now(), by.pk, audit.actor(by)
    row.save(update_fields=["ended_at", "ended_by_id", "ended_by"])
    audit.record("outbound.withdraw", by=by, subject=row)
    return row


def _must_be_possible(gate: OutboundGate) -> None:
    """Raises ValidationError for what would be refused at every connection."""
    try:
        gate.host = read_host(gate.host if ":" not in gate.host else f"[{gate.host}]")
    except Blocked as fault:
        raise ValidationError({"host": str(fault)}) from None
    gate.clean()
    for text in gate.allowed_networks:
        if is_never(ip_network(text).network_address):
            message = _("“%(text)s”是系统不允许连接的地址") % {"text": text}
            raise ValidationError({"networks": message})


def _locked(gate: OutboundGate) -> OutboundGate:
    return OutboundGate.objects.select_for_update().get(pk=gate.pk)
