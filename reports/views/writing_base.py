"""What every page of the writer has in common: the report of the address, and saving what was sent."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.generic import View

from accounts.middleware import LEFT_OVER
from accounts.roles import Permission
from core.errors import PermissionRefused, Refused
from core.listing import whole_number
from core.uploads import receive
from core.views import RefusalMixin

from .. import services
from ..choices import Saving
from ..forms.writing import SectionForm, anchor_of, prefix_of
from ..models import Report, Section, SectionRevision
from ..queries.allowed import require_writer
from ..queries.writing import figures_by_area, items_by_area, revisions_for, sections_of
from ..services.revisions import restore_revision, settle

POSTED = re.compile(r"s(\d+)-version")
KEEP, TAKE = "keep", "take"


@dataclass
class Posted:
    """What became of one section of a form that was sent."""

    section: Section
    form: SectionForm
    is_conflict: bool = False
    is_unsaved: bool = False
    file_faults: tuple[str, ...] = ()
    files: int = 0

    @property
    def is_good(self) -> bool:
        return not (self.is_conflict or self.file_faults or self.form.errors)


class WritingView(RefusalMixin, View):
    """The report of the address, for those who write it."""

    keeps_drafts = True  # accounts.middleware: what is sent too late comes back after the login
    required_permission = Permission.READ_REPORTS
    request: HttpRequest
    kwargs: dict[str, Any]

    @cached_property
    def report(self) -> Report:
        rows = Report.objects.visible_to(self.request.user).for_lists()
        found = get_object_or_404(rows, number=self.kwargs["number"])
        require_writer(found, self.request.user)
        return found

    @cached_property
    def sections(self) -> list[Section]:
        return sections_of(self.report)

    @cached_property
    def tab(self) -> str:
        """Tells the windows apart in which one person writes the same report."""
        return self.request.POST.get("tab", "")[:40] or secrets.token_hex(8)

    def section(self, key: str) -> Section:
        """Raises Http404."""
        row = get_object_or_404(self.report.sections.select_related("area"), key=key)
        row.report = self.report
        return row

    def revisions(self, section: Section) -> Any:
        """The former texts of the section, as far as the writer may read them."""
        return revisions_for(self.report, self.request.user).filter(section=section)

    def form(self, section: Section, data: QueryDict | None = None) -> SectionForm:
        area = section.area_id or 0
        return SectionForm(
            data,
            section=section,
            figures=self._figures.get(area, ()),
            items=self._items.get(area, ()),
        )

    @cached_property
    def _figures(self) -> dict[int, Any]:
        return figures_by_area(self.report)

    @cached_property
    def _items(self) -> dict[int, Any]:
        return items_by_area(self.report)

    def edit_url(self, section: Section | None = None, name: str = "") -> str:
        address = reverse("reports:report-edit", args=[self.report.number])
        return f"{address}#{anchor_of(section, name)}" if section else address

    def get_refusal_url(self) -> str:
        return self.edit_url()

    # --- saving what was sent -----------------------------------------------------------------

    def save_all(self) -> list[Posted]:
        """Save every section of the form, each by itself: files first, since a browser does not keep
        them. Raises MoveNotAllowed, PeriodClosed."""
        return [self._save(section) for section in self._posted()]

    def saved(self) -> tuple[list[Posted], Refused | None]:
        """The same for a page that shows the text again: with the refusal, if there was one."""
        try:
            return self.save_all(), None
        except PermissionRefused:
            raise
        except Refused as refusal:
            unsaved = [(row, self.form(row, self.request.POST)) for row in self._posted()]
            return [Posted(row, form, is_unsaved=True) for row, form in unsaved], refusal

    def left_over(self) -> list[Posted]:
        """What was sent after the session had ended, to be shown again after the login, once."""
        held = self.request.session.get(LEFT_OVER)
        base = reverse("reports:report", args=[self.report.number])
        if not held or not held["path"].startswith(base):
            return []
        del self.request.session[LEFT_OVER]
        if held["user"] != self.request.user.pk:
            return []
        data = QueryDict(mutable=True)
        for name, values in held["sent"].items():
            data.setlist(name, values)
        return [Posted(row, self.form(row, data), is_unsaved=True) for row in self._posted(data)]

    def _posted(self, data: QueryDict | None = None) -> Iterable[Section]:
        """Also those that stepped aside while the page was open: their text is kept."""
        names = self.request.POST if data is None else data
        numbers = {int(found[1]) for found in map(POSTED.fullmatch, names) if found}
        for row in self.report.sections.filter(pk__in=numbers).select_related("area"):
            row.report = self.report
            yield row

    def _save(self, section: Section) -> Posted:
        form = self.form(section, self.request.POST)
        form.is_valid()
        files, faults = self.keep_files(section)
        done = Posted(section, form, file_faults=tuple(faults), files=files)
        choice = self.request.POST.get(f"{prefix_of(section)}-choose", "")
        other = self._other(section)
        if choice == TAKE:
            self._take(section, other)
            done.form = self.form(self.section(section.key))
        elif choice != KEEP and self._was_asked(section):
            done.is_conflict = True
        elif choice or not form.is_untouched:
            saved = services.save_section(
                section,
                form.content,
                by=self.request.user,
                version=form.posted_version,
                tab=self.tab,
            )
            if saved.is_conflict and self._is_ours(section):
                saved = self._save_again(section, form)
            done.is_conflict, done.section = saved.is_conflict, saved.section
            if choice == KEEP and not saved.is_conflict:
                settle(section, by=self.request.user, tab=self.tab)
        return done

    def _is_ours(self, section: Section) -> bool:
        """Whether this very window saved last: its script was quicker than its own button."""
        newest = section.revisions.exclude(kind=Saving.CONFLICT).order_by("-id").first()
        by = self.request.user
        return newest is not None and (newest.tab, newest.saved_by_id) == (self.tab, by.pk)

    def _save_again(self, section: Section, form: SectionForm) -> services.Saved:
        by = self.request.user
        return services.save_section(section, form.content, by=by, version=None, tab=self.tab)

    def _was_asked(self, section: Section) -> bool:
        return f"{prefix_of(section)}-other" in self.request.POST

    def _other(self, section: Section) -> SectionRevision | None:
        """The kept text that was offered instead of the one in the boxes; None for the saved one."""
        number = whole_number(self.request.POST.get(f"{prefix_of(section)}-other", ""))
        return self.revisions(section).filter(pk=number).first() if number else None

    def _take(self, section: Section, other: SectionRevision | None) -> None:
        by, tab = self.request.user, self.tab
        if other is not None:
            restore_revision(other, by=by, version=None, tab=tab)
        settle(section, by=by, tab=tab)

    def keep_files(self, section: Section) -> tuple[int, list[str]]:
        """(how many were kept, the sentences about those that were not)."""
        kept, faults = 0, []
        for uploaded in self.request.FILES.getlist(f"{prefix_of(section)}-files"):
            try:
                received = receive(uploaded)
                evidence = services.keep_evidence(
                    received,
                    unit=self.report.unit,
                    programme=self.report.programme,
                    by=self.request.user,
                )
                services.attach(section, evidence, by=self.request.user)
                kept += 1
            except ValidationError as error:
                faults += error.messages
        return kept, faults
