"""What reports write: the kinds of documents, and the portal's own form of each."""

from .kinds import OVERALL

__all__ = ["OVERALL"]
