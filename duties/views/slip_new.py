"""F7 发提醒单: level, words and day for the tasks that were ticked; shown before anything is sent."""

import hashlib
import json
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.generic import View

from accounts.roles import Permission
from core import clock
from core.errors import PermissionRefused
from core.views import RefusalMixin
from pilots.current import current_programme
from pilots.models import Programme

from .. import services
from ..choices import SlipLevel
from ..models import Assignment
from ..queries.merging import TEMPLATES, listed_fields
from ..queries.slips import Line, labels_of, may_issue, people_told, previewed
from ..services import Draft, Issued
from ..slip_forms import SlipForm, starting

MOST = 500  # slips at once


class SlipNew(RefusalMixin, View):
    """/slips/new/?tasks=RW-…&tasks=RW-… The first POST without `act` comes from the ledger with the
    ticked tasks; `preview` shows, `send` sends exactly what was shown."""

    required_permission = Permission.ISSUE_DOCUMENTS
    template_name = "duties/slip_new.html"
    request: HttpRequest

    def get(self, request: HttpRequest) -> HttpResponse:
        return self.begin()

    def post(self, request: HttpRequest) -> HttpResponse:
        act = request.POST.get("act", "")
        if not act:
            return self.begin()
        form = self.form(self.data())
        if not form.is_valid() or not self.tasks:
            return self.page(form, 422 if form.errors else 200)
        draft = form.draft()
        if act != "send" or request.POST.get("seen") != self.seal(draft):
            return self.page(form, draft=draft, changed=act == "send")
        issued = services.issue_slips(self.tasks, draft, by=request.user)
        return self.done(issued)

    def begin(self) -> HttpResponse:
        level = self.asked("level") or SlipLevel.HINT
        start = starting(level if level in SlipLevel.values else SlipLevel.HINT)
        form = self.form(initial=start)
        draft = Draft(start["level"], start["template"], start["reply_by"])
        return self.page(form, draft=draft if self.tasks else None)

    # --- what was asked -------------------------------------------------------------------------

    def asked(self, name: str) -> str:
        return self.request.POST.get(name) or self.request.GET.get(name) or ""

    @cached_property
    def numbers(self) -> list[str]:
        """The posted ids and no other, each once."""
        given = self.request.POST.getlist("tasks") or self.request.GET.getlist("tasks")
        parts = [part.replace("\x00", "").strip() for text in given for part in text.split(",")]
        return list(dict.fromkeys(part for part in parts if part))[:MOST]

    @cached_property
    def tasks(self) -> Sequence[Assignment]:
        """Those of them that the bureau may remind of, in the order of the list."""
        rows = Assignment.objects.visible_to(self.request.user).for_lists()
        found = list(rows.select_related("enrolment__liaison").filter(number__in=self.numbers))
        for programme in {task.programme for task in found}:
            if not may_issue(programme, self.request.user):
                raise PermissionRefused(_("提醒单由该方案的牵头单位发，当前账号不能发。"))
        return sorted(found, key=lambda task: self.numbers.index(task.number))

    @cached_property
    def programme(self) -> Programme | None:
        return self.tasks[0].programme if self.tasks else current_programme(self.request)

    def data(self) -> Any:
        """What was posted; where the level was changed and the words were not, those of the level."""
        data = self.request.POST.copy()
        level = data.get("level", "")
        plain = data.get("template", "").replace("\r\n", "\n").strip()
        if level in TEMPLATES and plain in TEMPLATES.values():
            data["template"] = TEMPLATES[level]
        return data

    def form(self, data: Any = None, **kwargs: Any) -> SlipForm:
        labels = labels_of(self.programme)
        return SlipForm(data, tasks=self.tasks, labels=labels, **kwargs)

    def seal(self, draft: Draft) -> str:
        """What was shown, so that nothing else is sent."""
        shown = [draft.level, draft.template, str(draft.reply_by), draft.is_at_once]
        shown += self.numbers
        return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]

    # --- what is shown --------------------------------------------------------------------------

    def page(
        self,
        form: SlipForm,
        status: int = 200,
        *,
        draft: Draft | None = None,
        changed: bool = False,
    ) -> HttpResponse:
        lines = self.lines(draft) if draft else []
        going = [line for line in lines if not line.refusal]
        context = {
            "form": form,
            "sent_back": form if form.errors else None,
            "tasks": self.tasks,
            "lines": lines,
            "shown": self.shown(lines),
            "changed": changed,
            "seen": self.seal(draft) if draft else "",
            "fields": listed_fields(),
            "programme": self.programme,
            **self.counts(going),
        }
        return render(self.request, self.template_name, context, status=status)

    def lines(self, draft: Draft) -> list[Line]:
        on, by = clock.today(), self.request.user
        return previewed(self.tasks, draft.level, draft.template, by=by, on=on)

    def shown(self, lines: list[Line]) -> Line | None:
        """The one that was asked for, else the first that would go out."""
        wanted = self.asked("show")
        found = [line for line in lines if line.task.number == wanted]
        return next(iter([*found, *(line for line in lines if not line.refusal), *lines]), None)

    def counts(self, going: list[Line]) -> dict[str, Any]:
        tasks = [line.task for line in going]
        units = {task.enrolment.unit_id for task in tasks}
        return {"count": len(tasks), "units": len(units), "people": people_told(tasks)}

    def done(self, issued: Issued) -> HttpResponse:
        request = self.request
        if issued.sent:
            messages.success(request, _("已发出%(count)s张。") % {"count": len(issued.sent)})
        if issued.to_approve:
            facts = {"count": len(issued.to_approve)}
            messages.success(request, _("已提交审定%(count)s张，审定后发出。") % facts)
        for task, why in issued.left_out:
            said = {"unit": task.unit.display_name, "why": why}
            messages.warning(request, _("没有发给%(unit)s：%(why)s。") % said)
        made = [*issued.sent, *issued.to_approve]
        if len(made) == 1:
            return redirect("duties:slip", made[0].number)
        code = self.programme.code if self.programme else ""
        query = urlencode({"programme": code})
        return redirect(f"{reverse('duties:slip-list')}?{query}")
