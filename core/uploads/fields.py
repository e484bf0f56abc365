"""The form field of an upload."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from .kinds import ACCEPT, HINT
from .receiving import inspect


class UploadField(forms.FileField):
    """One file of a kind that is taken; its clean value goes to `receive()`. A template shows it with
    `components/upload.html`, which adds the standing notice."""

    def __init__(self, **kwargs: Any) -> None:
        # An empty file is refused by inspect(), which names it.
        super().__init__(**{"help_text": HINT, "allow_empty_file": True, **kwargs})

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": ACCEPT}

    def clean(self, data: Any, initial: Any = None) -> Any:
        uploaded = super().clean(data, initial)
        if isinstance(uploaded, UploadedFile):
            inspect(uploaded)
        return uploaded
