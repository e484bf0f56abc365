"""Input of saved views."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import Form
from core.lists import page_at, query_for

NAME = 20


def name_field() -> forms.CharField:
    return forms.CharField(
        label=_("名称"), max_length=NAME, help_text=_("如“本周到期的区”，不超过20个字")
    )


class KeepForm(Form):
    """「存为常用」: the query of a list under a name; `share` shows it to the whole programme."""

    name = name_field()
    share = forms.BooleanField(label=_("共享给本方案人员"), required=False)
    path = forms.CharField(max_length=200, widget=forms.HiddenInput)
    query = forms.CharField(max_length=4000, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, may_share: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["share"]

    def clean_query(self) -> str:
        """Of an address that somebody wrote by hand, what the list did not understand is left out:
        it narrowed nothing."""
        page = page_at(self.data.get("path", ""))
        query = self.cleaned_data["query"]
        return query_for(page, query).query if page else query


class MendForm(Form):
    """Another name, and whether the view is shared."""

    name = name_field()
    share = forms.BooleanField(label=_("共享给本方案人员"), required=False)

    def __init__(self, *args: Any, may_share: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_share:
            del self.fields["share"]
