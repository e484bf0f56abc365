"""What the desk writes: the kinds of documents, and the portal's own form of each."""

from .order_kind import ORDER
from .slip_kind import SLIP

__all__ = ["ORDER", "SLIP"]
