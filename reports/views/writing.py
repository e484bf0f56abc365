"""P9 填报: the page on which a report is written, and the saving of one section by itself."""

from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from core import clock
from core.errors import PermissionRefused, Refused
from core.uploads import ACCEPT, HINT, NOTICE
from core.words import relation

from .. import services
from ..choices import Saving
from ..forms.writing import anchor_of, fingerprint
from ..models import Report, Section
from ..queries import content_of, faults_of
from ..queries.writing import (
    before,
    may_carry_all,
    minutes_left,
    remarks_of,
    sections_of,
    state_of,
    unsettled,
)
from .writing_base import Posted, WritingView
from .writing_cards import (
    Card,
    Known,
    all_remarks,
    card,
    contest,
    is_same,
    state_word,
    typed,
)


class EditPage(WritingView):
    """/reports/<number>/edit/"""

    template_name = "reports/edit.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        report = self.report
        if not report.is_writable:
            messages.info(request, closed_words(report))
            return redirect("reports:report", report.number)
        services.sync_sections(report)
        left = self.left_over()
        if not left:
            return self.page()
        said = _("登录已超时，下面是超时前填写的内容，还没有保存。核对后按“保存”。")
        return self.page(posted={each.section.pk: each for each in left}, refusal=said)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        posted, refusal = self.saved()
        if refusal is not None or not all(each.is_good for each in posted):
            return self.sent_back(posted, refusal)
        if "check" in request.POST:
            return redirect("reports:report-check", self.report.number)
        now = {"at": f"{localtime(clock.now()):%H:%M}"}
        messages.success(request, _("已保存%(at)s。") % now)
        return redirect("home" if "leave" in request.POST else self.edit_url())

    # --- the page -----------------------------------------------------------------------------

    def sent_back(self, posted: list[Posted], refusal: Refused | None = None) -> HttpResponse:
        """What was sent, with what became of it: 409 for a choice between two texts."""
        found = {each.section.pk: each for each in posted}
        conflict = refusal is not None or any(each.is_conflict for each in posted)
        context = {"refusal": str(refusal or ""), "posted": found}
        return self.page(409 if conflict else 422, **context)

    def page(self, status: int = 200, **given: Any) -> HttpResponse:
        posted = given.pop("posted", {})
        cards = self.cards(posted)
        report, faults = self.report, self.known.faults
        sections = [each.section for each in cards]
        context = {
            "report": report,
            "cards": cards,
            "tab": self.tab,
            "minutes": minutes_left(report, sections, faults),
            "may_carry_all": may_carry_all(report),
            "before": self.known.before,
            "general": self.known.remarks.get(("", ""), ()),
            "remarks_count": all_remarks(cards),
            "faults": self.faults(cards),
            "accept": ACCEPT,
            "file_hint": HINT,
            "notice": NOTICE,
            "due": report.assignment.due_on,
            "due_words": relation(report.assignment.due_on, clock.today())
            if report.assignment.due_on
            else "",
            **given,
        }
        return render(self.request, self.template_name, context, status=status)

    @cached_property
    def known(self) -> Known:
        report = self.report
        return Known(
            before=before(report),
            faults=faults_of(report),
            remarks=remarks_of(report),
            unsettled=unsettled(report, self.request.user),
            user=self.request.user,
            shows_faults="check" in self.request.GET,
        )

    def cards(self, posted: dict[int, Posted]) -> list[Card]:
        sections = sections_of(self.report)
        known = {row.pk for row in sections}
        sections += [each.section for pk, each in posted.items() if pk not in known]
        return [self._card(row, posted.get(row.pk), at) for at, row in enumerate(sections, 1)]

    def _card(self, section: Section, sent: Posted | None, at: int) -> Card:
        form = sent.form if sent else self.form(section)
        form.section = section
        made = card(section, form, self.known, at)
        if sent is None:
            return made
        made.file_faults = sent.file_faults
        if sent.is_conflict:
            made.contest = contest(made, None, self.request.user)
        made.is_unsaved = sent.is_unsaved
        if form.is_bound and not sent.is_unsaved:
            # The next saving goes on from what the page shows now.
            base = "" if sent.is_conflict else fingerprint(content_of(section))
            data = QueryDict(mutable=True)
            data.update(form.data)
            data[form.add_prefix("version")] = str(section.version)
            data[form.add_prefix("base")] = base
            form.data = data
        return made

    def faults(self, cards: list[Card]) -> list[dict[str, str]]:
        """Everything that is wrong, as {"id", "text"}, for the summary above the form."""
        found: list[dict[str, str]] = []
        for each in cards:
            for name, texts in each.faults.items():
                found += [{"id": anchor_of(each.section, name), "text": text} for text in texts]
            for name, errors in each.form.errors.items() if each.form.is_bound else ():
                found += [
                    {"id": each.form[name].id_for_label, "text": str(text)} for text in errors
                ]
            found += [{"id": each.files_anchor, "text": text} for text in each.file_faults]
        return found


def closed_words(report: Report) -> str:
    """Why nothing can be written now, and what to do about it."""
    if report.is_locked:
        return _("%(period)s已定稿，不能再改。需要更正时联系市政数局。") % {"period": report.period}
    facts = {"number": report.number, "status": report.get_status_display()}
    return _("%(number)s%(status)s，现在不能改。需要改动时先撤回。") % facts


class SectionSave(WritingView):
    """POST /reports/<number>/sections/<key>/: one section, from the page that is being written.

    Answers JSON: {"state": "saved" | "conflict" | "refused", "version", "at", "word", "section",
    "errors": {field id: sentence}, "panel": HTML of the choice}. GET tells where the section stands
    and gives a fresh token after a new login.
    """

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.section(self.kwargs["key"])
        newest = row.revisions.order_by("-id").first()
        facts = {
            "version": row.version,
            "tab": newest.tab if newest else "",
            "token": get_token(request),
        }
        return JsonResponse(facts)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.section(self.kwargs["key"])
        form = self.form(row, request.POST)
        form.is_valid()
        if "restored" in request.POST and self.was_saved(row, form):
            return JsonResponse({"state": "known"}, status=409)
        try:
            saved = services.save_section(
                row, form.content, by=request.user, version=form.posted_version, tab=self.tab
            )
        except PermissionRefused:
            raise
        except Refused as refusal:
            facts = {"state": "refused", "message": str(refusal)}
            return JsonResponse(facts, status=refusal.status)
        saved.section.report = self.report
        if saved.is_conflict:
            return self.conflict(saved.section)
        return JsonResponse(self.told(saved.section, form))

    def was_saved(self, row: Section, form: Any) -> bool:
        """Whether a text that comes out of a tab's memory had reached the portal after all, and
        something newer stands there now."""
        if form.posted_version == row.version:
            return False
        sent = typed(form)
        rows = row.revisions.filter(saved_by=self.request.user.pk).exclude(kind=Saving.CONFLICT)
        return any(is_same(form, sent, each.content) for each in rows[:20])

    def told(self, row: Section, form: Any) -> dict[str, Any]:
        state = state_of(row, faults_of(self.report))
        return {
            "state": "saved",
            "version": row.version,
            "base": fingerprint(content_of(row)),
            "at": f"{localtime(clock.now()):%H:%M}",
            "section": state,
            "word": state_word(state),
            "origins": sorted(row.origins),
            "errors": {form[name].id_for_label: errors[0] for name, errors in form.errors.items()},
        }

    def conflict(self, row: Section) -> HttpResponse:
        known = Known(before(self.report), [], {}, {}, self.request.user)
        made = card(row, self.form(row, self.request.POST), known)
        made.contest = contest(made, None, self.request.user)
        newest = row.revisions.exclude(kind=Saving.CONFLICT).order_by("-id").first()
        facts = {
            "state": "conflict",
            "version": row.version,
            "tab": newest.tab if newest else "",
            "panel": render_to_string(
                "reports/edit/contest.html", {"card": made, "report": self.report}, self.request
            ),
        }
        return JsonResponse(facts, status=409)
