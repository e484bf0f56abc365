"""What the page of a thing shows of its signing: the rounds so far, and what the reader may do."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core import audit, clock
from core.models import AuditEntry

from ..choices import Decision, Route
from ..forms import AgreeForm, PaperForm, SendBackForm
from ..models import Approval, ApprovalStep
from ..queries import lender_of, may_enter, may_sign, signer_of
from ..words import APPROVALS

ACTS = ("agree", "send-back", "paper", "recall")


class Signing:
    """Context `signing` of templates/approvals/parts/round.html and sign.html.

    `subject` is the number of the thing, `address` gives where the owner's page takes an act of
    ACTS; `forms` (by act) are those that were sent back with faults.
    """

    def __init__(
        self, user: Any, subject: str, address: Callable[[str], str], **forms: Any
    ) -> None:
        self.user, self.subject, self.forms = user, subject, forms
        self.urls = {act.replace("-", "_"): address(act) for act in ACTS}

    @cached_property
    def rounds(self) -> list[Approval]:
        """The rounds that the reader may see, the first one first."""
        return list(Approval.objects.visible_to(self.user).of(self.subject).for_lists())

    @property
    def last(self) -> Approval | None:
        return self.rounds[-1] if self.rounds else None

    @property
    def has_titles(self) -> bool:
        """Whether the rounds were about different things of the same row, so that each says its own."""
        return len({row.title for row in self.rounds}) > 1

    @cached_property
    def open(self) -> Approval | None:
        """The round that waits, None when none does."""
        last = self.last
        return last if last is not None and last.current is not None else None

    @cached_property
    def may_sign(self) -> bool:
        return self.open is not None and may_sign(self.open, self.user)

    @cached_property
    def may_enter(self) -> bool:
        """Whether the reader may take the round back, or enter what was signed on paper."""
        return self.open is not None and may_enter(self.open, self.user)

    @cached_property
    def who(self) -> str:
        """Names of those whose turn it is."""
        return signer_of(self.open) if self.open is not None else ""

    @property
    def days(self) -> int:
        """How many days the step has been waiting."""
        return (clock.today() - self.open.waiting_since).days if self.open is not None else 0

    @property
    def lender(self) -> str:
        """On whose behalf the reader would sign; '' for the own right."""
        return lender_of(self.open.current, self.user) if self.open and self.may_sign else ""

    @cached_property
    def agree(self) -> Any:
        return self.forms.get("agree") or AgreeForm(prefix="agree")

    @cached_property
    def send_back(self) -> Any:
        return self.forms.get("send_back") or SendBackForm(prefix="back")

    @cached_property
    def paper(self) -> Any:
        return self.forms.get("paper") or PaperForm(prefix="paper", waiting=waiting(self.open))

    @cached_property
    def trails(self) -> list[dict[str, Any]]:
        """The rounds for round.html, the newest first: [{"row", "steps"}]."""
        return [{"row": row, "steps": self._steps(row)} for row in reversed(self.rounds)]

    def _steps(self, row: Approval) -> list[dict[str, Any]]:
        opened = {"what": _("提交审签"), "who": str(row.opened_by or ""), "on": row.opened_on}
        current = row.current
        steps = [self._step(row, step, current) for step in row.steps.all()]
        return [opened, *(step for step in steps if step)]

    def _step(
        self, row: Approval, step: ApprovalStep, current: ApprovalStep | None
    ) -> dict[str, Any] | None:
        """None for a step that the round never came to."""
        found = {"what": step.get_kind_display(), "step": step}
        if not step.decision:
            if current is None:
                return None
            is_now = step.pk == current.pk
            who = self.who if is_now else str(step.signer or "")
            return found | {"who": who, "state": "now" if is_now else "wait"}
        is_back = step.decision == Decision.SENT_BACK
        return found | {
            "who": step.signed_name,
            "on": step.signed_on,
            "said": step.get_decision_display(),
            "note": step.remark,
            "state": "back" if is_back else "",
            "is_paper": step.route == Route.PAPER,
        }


def waiting(row: Approval | None) -> list[ApprovalStep]:
    """The steps of an open round that are not decided."""
    steps = row.steps.all() if row is not None and row.current is not None else ()
    return [step for step in steps if not step.decision]


def already(row: Approval) -> str:
    """Who did what meanwhile, for whoever came second."""
    last = AuditEntry.objects.of(audit.label(row)).order_by("-id").first()
    if last is None:
        return _("这件刚被别人办理过。核对后再办。")
    facts = {
        "who": last.actor_shown,
        "at": f"{localtime(last.at):%Y-%m-%d %H:%M}",
        "what": APPROVALS.verb(last.verb),
    }
    if row.current is None:
        return _("%(who)s在%(at)s已办理：%(what)s。无须再办。") % facts
    return _("%(who)s在%(at)s已办理：%(what)s。核对后再办。") % facts
