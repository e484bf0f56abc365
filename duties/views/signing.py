"""Signing what lies at a chain: orders, requests for a later day, slips."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from django.http import Http404, HttpRequest

from approvals.models import Approval
from approvals.queries import last_round
from approvals.services import PaperSignature
from approvals.views.signing import SignMixin
from core.models import StoredFile


class Signing(NamedTuple):
    """The services that move a row together with its round: each takes the row, `by` and
    `round_version`."""

    agree: Callable[..., Any]
    send_back: Callable[..., Any]
    paper: Callable[..., Any]
    recall: Callable[..., Any]


class RowSignMixin(SignMixin):
    """POST …/<number>/sign/<act>/ for a row whose own services do the signing."""

    request: HttpRequest
    signs_with: Signing

    def row(self) -> Any:
        raise NotImplementedError

    def agree(self, approval: Approval, *, remark: str, version: int) -> Approval:
        return self._done(self.signs_with.agree, remark=remark, round_version=version)

    def send_back(self, approval: Approval, *, reason: str, version: int) -> Approval:
        return self._done(self.signs_with.send_back, reason=reason, round_version=version)

    def paper(
        self,
        approval: Approval,
        signatures: Sequence[PaperSignature],
        *,
        scan: StoredFile,
        scan_name: str,
        version: int,
    ) -> Approval:
        facts = {"scan": scan, "scan_name": scan_name, "round_version": version}
        return self._done(self.signs_with.paper, signatures, **facts)

    def recall(self, approval: Approval, *, version: int) -> Approval:
        return self._done(self.signs_with.recall, round_version=version)

    def _done(self, service: Callable[..., Any], *given: Any, **facts: Any) -> Approval:
        """The round as the act left it."""
        row = self.row()
        service(row, *given, by=self.request.user, **facts)
        found = last_round(row.number)
        if found is None:
            raise Http404
        return found
