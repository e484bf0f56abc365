"""Signing on the page of the thing itself: what an app above has to write, and nothing more.

The page of the thing (reports, extensions, orders …) shows the rounds and the acts:

    class ReportPage(SignedPage, View):
        def signing_subject(self) -> str:
            return self.report.number

        def sign_url(self, act: str) -> str:  # act: agree, send-back, paper, recall
            return reverse("reports:sign", args=[self.report.number, act])

        def page(self, status: int = 200, **given) -> HttpResponse:
            return render(self.request, …, {**self.context(), "signing": self.signing(), **given},
                          status=status)

    in its template:
        {% block count %}{% if sent_back %}{% translate "错误：" %}{% endif %}{% endblock %}
        {% include "approvals/parts/refused.html" %}     at the top of the content
        {% include "approvals/parts/round.html" with signing=signing only %}    under an <h2>
        {% translate "同意并报送" as primary %}{% translate "报送后……" as effect %}
        {% include "approvals/parts/sign.html" with primary=primary effect=effect %}   at the end
    `signing.open`, `.may_sign`, `.who`, `.days` serve the page's own 「下一步」 box.

The acts are one more view at path("reports/<number>/sign/<slug:act>/"), with one hook each. A hook
calls the service of its app, which in one transaction locks its own row, calls `approvals.services`
with these very facts, moves its row when `approval.state` is SIGNED (or SENT_BACK, RECALLED), and
returns the approval:

    class ReportSign(SignMixin, ReportPage):
        def agree(self, approval, *, remark, version): …
        def send_back(self, approval, *, reason, version): …
        def paper(self, approval, signatures, *, scan, scan_name, version): …
        def recall(self, approval, *, version): …
        def said(self, act, approval): …                  # optional: the sentence of success

The mixin sees to the right (403 with who can), the version (412 with who was quicker), the moment
(409), the fields (422); whatever is refused, the page comes back as it is now, with `refusal` and
`sent_back` (the form) in its context, and everything that was typed, the scan too, is kept.
"""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.roles import Permission
from core.errors import MoveNotAllowed, PermissionRefused, Refused, StaleVersion
from core.forms import put_errors
from core.models import StoredFile
from core.views import RefusalMixin, posted_version

from .. import doors
from ..choices import State
from ..forms import AgreeForm, PaperForm, RecallForm, SendBackForm
from ..models import Approval
from ..queries import require_signer, require_writer
from ..services import PaperSignature
from .block import ACTS, Signing, already, waiting

SIGNED_ACTS = ("agree", "send-back")


class SignedPage:
    """The page of a thing that is put up for signing."""

    request: HttpRequest
    kwargs: dict[str, Any]

    def signing_subject(self) -> str:
        """The number of the thing, as it was given to `open_approval`."""
        raise NotImplementedError

    def sign_url(self, act: str) -> str:
        """Where the page takes an act: agree, send-back, paper, recall."""
        raise NotImplementedError

    def signing(self, **forms: Any) -> Signing:
        """Context `signing` of the parts; `forms` by act are those with faults."""
        return Signing(self.request.user, self.signing_subject(), self.sign_url, **forms)

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        """The page; `given` goes over its own context."""
        raise NotImplementedError


class SignMixin(RefusalMixin, SignedPage):
    """POST …/sign/<act>/: put before the page's own class, which gives `page(status, **given)`."""

    required_permission = Permission.SIGN_DOCUMENTS

    # --- hooks of the app that owns the thing -------------------------------------------------

    def agree(self, approval: Approval, *, remark: str, version: int) -> Approval:
        raise NotImplementedError

    def send_back(self, approval: Approval, *, reason: str, version: int) -> Approval:
        raise NotImplementedError

    def paper(
        self,
        approval: Approval,
        signatures: Sequence[PaperSignature],
        *,
        scan: StoredFile,
        scan_name: str,
        version: int,
    ) -> Approval:
        raise NotImplementedError

    def recall(self, approval: Approval, *, version: int) -> Approval:
        raise NotImplementedError

    def said(self, act: str, approval: Approval) -> str:
        """The sentence that the next page shows."""
        return said(act, approval)

    # --- the act ------------------------------------------------------------------------------

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return redirect(self.get_refusal_url())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        act, row = self.kwargs["act"], self.signing().last
        if act not in ACTS or row is None:
            raise Http404
        if row.current is None or posted_version(request) != row.version:
            return self.too_late(act, 409 if row.current is None else 412)
        (require_signer if act in SIGNED_ACTS else require_writer)(row, request.user)
        form = self.sign_form(act, row)
        try:
            done = self.attempt(act, row, form)
        except PermissionRefused:
            raise
        except (StaleVersion, MoveNotAllowed) as refusal:
            return self.too_late(act, refusal.status)
        except Refused as refusal:
            return self.sent_back(act, form, refusal.status, str(refusal))
        if done is None:
            return self.sent_back(act, form, 422)
        messages.success(request, self.said(act, done))
        return redirect(self.get_refusal_url())

    def attempt(self, act: str, row: Approval, form: Any) -> Approval | None:
        """None when something is wrong with the form, which says what."""
        form.is_valid()
        if isinstance(form, PaperForm):
            form.keep(self.request.user)
        if not form.is_valid():
            return None
        try:
            with transaction.atomic():
                return self.act(act, row, form)
        except ValidationError as error:
            put_errors(form, error)
            return None

    def act(self, act: str, row: Approval, form: Any) -> Approval:
        facts, version = form.cleaned_data, row.version
        if act == "agree":
            return self.agree(row, remark=facts["remark"], version=version)
        if act == "send-back":
            return self.send_back(row, reason=facts["reason"], version=version)
        if act == "recall":
            return self.recall(row, version=version)
        scan = {"scan": form.stored, "scan_name": form.stored_name}
        return self.paper(row, form.signatures(), **scan, version=version)

    def sign_form(self, act: str, row: Approval | None) -> Any:
        post = self.request.POST
        if act == "paper":
            files = self.request.FILES
            return PaperForm(post, files, prefix="paper", waiting=waiting(row))
        if act == "agree":
            return AgreeForm(post, prefix="agree")
        return SendBackForm(post, prefix="back") if act == "send-back" else RecallForm(post)

    def too_late(self, act: str, status: int) -> HttpResponse:
        """Somebody was quicker: the page as it is now, with who, when and what; a text that was
        typed stays in its form as far as the reader still has one."""
        for name in [name for name in self.__dict__ if _is_cached(self, name)]:
            del self.__dict__[name]
        forms = {_slot(act): self.sign_form(act, None)} if act in SIGNED_ACTS else {}
        block = self.signing(**forms)
        last = block.last
        refusal = already(last) if last is not None else ""
        return self.page(status, signing=block, refusal=refusal)

    def sent_back(self, act: str, form: Any, status: int, refusal: str = "") -> HttpResponse:
        block = self.signing(**{_slot(act): form})
        return self.page(status, signing=block, sent_back=form, refusal=refusal)

    def get_refusal_url(self) -> str:
        row = self.signing().last
        if row is None:
            raise Http404
        return doors.url_of(row)


def said(act: str, approval: Approval) -> str:
    """What came of an act, in words that fit whatever was signed."""
    facts = {"title": approval.title, "number": approval.number}
    step = approval.current
    if act == "recall":
        return _("已撤回“%(title)s”，可以修改后再提交审签。") % facts
    if act == "send-back":
        return _("已退回“%(title)s”，拟稿人会看到要改什么。") % facts
    if step is not None:
        return _("已登记，“%(title)s”的下一步是“%(step)s”。") % {
            **facts,
            "step": step.get_kind_display(),
        }
    if approval.state == State.SIGNED and act == "paper":
        return _("已登记纸质审签，“%(title)s”审签完毕。") % facts
    return _("已审签“%(title)s”。") % facts


def _is_cached(view: SignMixin, name: str) -> bool:
    """Whether the view read it from the database before somebody else was quicker."""
    return isinstance(getattr(type(view), name, None), cached_property)


def _slot(act: str) -> str:
    return act.replace("-", "_")
