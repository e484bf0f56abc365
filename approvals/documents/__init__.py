"""What signing writes: 审签单, the paper on which a round is signed by hand."""

from .kinds import SLIP

__all__ = ["SLIP"]
