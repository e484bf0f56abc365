"""What reports write: the kinds of documents, and the portal's own form of each."""

from .kinds import OVERALL, REPORT

__all__ = ["OVERALL", "REPORT"]
