"""What reports write: the kinds of documents, and the portal's own form of each."""

from .kinds import BRIEF, BULLETIN, OVERALL, REPORT

__all__ = ["BRIEF", "BULLETIN", "OVERALL", "REPORT"]
