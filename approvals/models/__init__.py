"""Chains of a unit, and the rounds of signing that went by them."""

from .approvals import Approval, ApprovalQuerySet, ApprovalStep
from .chains import ChainStep

__all__ = ["Approval", "ApprovalQuerySet", "ApprovalStep", "ChainStep"]
