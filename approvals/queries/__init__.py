"""Reads across chains and rounds: who signs, what waits for whom, who may sign the step."""

from .chains import Planned, chain_of
from .waiting import (
    deputies_of,
    last_round,
    lender_of,
    may_enter,
    may_sign,
    require_signer,
    require_writer,
    rounds_of,
    signer_of,
    signers_of,
    waiting_for,
)

__all__ = [
    "Planned",
    "chain_of",
    "deputies_of",
    "last_round",
    "lender_of",
    "may_enter",
    "may_sign",
    "require_signer",
    "require_writer",
    "rounds_of",
    "signer_of",
    "signers_of",
    "waiting_for",
]
