"""Scans of what was signed on paper."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.roles import Permission
from core.models import StoredFile
from core.uploads import DownloadView

from ..models import Approval


class ScanView(DownloadView):
    """/approvals/<number>/scan/<position>/"""

    required_permission = Permission.READ_REPORTS

    def get_file(self) -> tuple[StoredFile, str]:
        rows = Approval.objects.visible_to(self.request.user).for_lists()
        row = get_object_or_404(rows, number=self.kwargs["number"])
        for step in row.steps.all():
            if step.position == self.kwargs["position"] and step.scan is not None:
                return step.scan, step.scan_name
        raise Http404
