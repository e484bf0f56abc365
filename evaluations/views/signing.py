"""定稿 and 公布 signed on the page of the round. POST only."""

from django.utils.translation import gettext as _

from approvals.choices import State as Signing
from approvals.models import Approval
from duties.views.signing import RowSignMixin
from duties.views.signing import Signing as Services

from .. import services
from ..models import Round
from .rounds import RoundPage


class RoundSign(RowSignMixin, RoundPage):
    """POST /evaluations/<number>/sign/<act>/"""

    signs_with = Services(
        services.sign_result,
        services.send_back_result,
        services.sign_result_on_paper,
        services.recall_result,
    )

    def row(self) -> Round:
        return self.round

    def said(self, act: str, approval: Approval) -> str:
        """With the last signature the round moved: where it stands now is said."""
        if approval.state != Signing.SIGNED:
            return super().said(act, approval)
        del self.round  # read anew, as the signature left it
        facts = {"title": self.round.title, "state": self.round.get_state_display()}
        return _("审签完毕，“%(title)s”进入“%(state)s”。") % facts
