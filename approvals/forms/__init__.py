"""What people write when something is signed, a chain is chosen, a signature is lent."""

from .chains import ChainForm, LendForm
from .signing import AgreeForm, PaperForm, RecallForm, SendBackForm

__all__ = ["AgreeForm", "ChainForm", "LendForm", "PaperForm", "RecallForm", "SendBackForm"]
