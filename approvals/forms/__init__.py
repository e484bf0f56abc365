"""What people write when something is signed, a chain is chosen, a signature is lent."""

from .signing import AgreeForm, PaperForm, RecallForm, SendBackForm

__all__ = ["AgreeForm", "PaperForm", "RecallForm", "SendBackForm"]
