"""How forms are written: `{{ form }}` and `{{ form.name.as_field_group }}` give our field markup."""

from typing import Any

from django.forms import BoundField, CheckboxInput
from django.forms.renderers import TemplatesSetting


class PortalBoundField(BoundField):
    """A field that knows whether it is to be marked （选填） and whether it stands beside its box."""

    @property
    def is_optional(self) -> bool:
        return not self.field.required and not self.is_check and not self.field.disabled

    @property
    def is_check(self) -> bool:
        return isinstance(self.field.widget, CheckboxInput)

    @property
    def limit(self) -> str:
        """The number of characters that the counter counts to, from the attribute data-limit."""
        return str(self.field.widget.attrs.get("data-limit", ""))

    def build_widget_attrs(self, attrs: dict[str, Any], widget: Any = None) -> dict[str, Any]:
        """No maxlength: it cuts a word while pinyin is being composed (ux.md §2.3)."""
        built = super().build_widget_attrs(attrs, widget)
        (widget or self.field.widget).attrs.pop("maxlength", None)
        return built


class PortalRenderer(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
    bound_field_class = PortalBoundField
