"""A scan that survives a form that is sent back, and the page where it is checked: it is stored
first, and travels as a signed word of its owner's."""

from typing import Any

from django import forms
from django.core import signing
from django.utils.translation import gettext_lazy as _

from ..models import StoredFile
from .fields import UploadField
from .receiving import receive

SALT = "core.kept_file"
LASTS = 24 * 3600  # seconds


class KeptFileMixin(forms.Form):
    """Put before a form with a scan. The view calls `keep(user)` after it looked at the form,
    whatever it found; `stored` and `stored_name` are the file then."""

    file = UploadField(label=_("文件扫描件"), required=False)
    kept = forms.CharField(widget=forms.HiddenInput, required=False)
    stored: StoredFile | None = None
    stored_name = ""

    def keep(self, user: Any) -> None:
        """Store what was sent, or find again what was sent before. Raises StorageFailed."""
        if not self.is_bound:
            return
        salt = f"{SALT}:{user.pk}"
        uploaded = self.cleaned_data.get("file")
        if uploaded:
            received = receive(uploaded)
            self.stored, self.stored_name = received.stored, received.name
            token = signing.dumps([received.stored.pk, received.name], salt=salt)
            self.data = self.data.copy()
            self.data[self.add_prefix("kept")] = token
            return
        self._find(self.cleaned_data.get("kept") or "", salt)

    def _find(self, token: str, salt: str) -> None:
        try:
            pk, name = signing.loads(token, salt=salt, max_age=LASTS)
        except signing.BadSignature:  # an old or foreign word: as if nothing had been sent
            return
        self.stored, self.stored_name = StoredFile.objects.filter(pk=pk).first(), str(name)
