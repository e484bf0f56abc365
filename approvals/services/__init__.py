"""Every change to chains, rounds of signing, and lent signatures."""

from .chains import ChainChoice, choose_chain
from .delegating import end_delegation, lend_signature
from .leaving import following, replace_signer, reserved_steps
from .signing import PaperSignature, agree, drop, open_approval, recall, record_paper, send_back

__all__ = [
    "ChainChoice",
    "PaperSignature",
    "agree",
    "choose_chain",
    "drop",
    "end_delegation",
    "following",
    "lend_signature",
    "open_approval",
    "recall",
    "record_paper",
    "replace_signer",
    "reserved_steps",
    "send_back",
]
