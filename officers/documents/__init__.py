"""What the register writes: the kinds of documents, and the portal's own form of each."""

from .kinds import RECEIPT, SLIP

__all__ = ["RECEIPT", "SLIP"]
