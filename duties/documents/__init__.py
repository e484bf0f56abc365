"""What the desk writes: the kinds of documents, and the portal's own form of each."""

from .slip_kind import SLIP

__all__ = ["SLIP"]
