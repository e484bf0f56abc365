"""Reads across chains and rounds: who signs, what waits for whom, who may sign the step."""

from .chains import (
    Planned,
    chain_of,
    chain_units,
    chosen_chain,
    is_bureaus,
    people_of,
    seen_chains,
)
from .lending import borrowers, lending_units, lent_signatures
from .waiting import (
    deputies_of,
    last_round,
    lender_of,
    may_be_named,
    may_enter,
    may_sign,
    require_signer,
    require_writer,
    rounds_of,
    signed_by,
    signer_of,
    signers_of,
    waiting_for,
)

__all__ = [
    "Planned",
    "borrowers",
    "chain_of",
    "chain_units",
    "chosen_chain",
    "deputies_of",
    "is_bureaus",
    "last_round",
    "lender_of",
    "lending_units",
    "lent_signatures",
    "may_be_named",
    "may_enter",
    "may_sign",
    "people_of",
    "require_signer",
    "require_writer",
    "rounds_of",
    "seen_chains",
    "signed_by",
    "signer_of",
    "signers_of",
    "waiting_for",
]
