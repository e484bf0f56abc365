"""How forms are written: `{{ form }}` and `{{ form.name.as_field_group }}` give our field markup."""

from typing import Any

from django.forms import BoundField, CheckboxInput
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe


class PortalBoundField(BoundField):
    """A field that knows whether it is to be marked （选填） and whether it stands beside its box."""

    @property
    def is_optional(self) -> bool:
        """Not where another answer decides: such a field carries `is_conditional`."""
        is_free = not self.field.required and not getattr(self.field, "is_conditional", False)
        return is_free and not self.is_check and not self.field.disabled

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

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        if template_name == "django/forms/widgets/select.html":
            return _select(context["widget"])
        return super().render(template_name, context, request)


def _select(widget: dict[str, Any]) -> SafeString:
    """What Django's templates write, without two of them for each option: with 64 units to choose
    from, the filters were the dearest part of a list."""
    name = conditional_escape(widget["name"])
    groups = [_group(label, options) for label, options, _place in widget["optgroups"]]
    inner = "\n".join(groups)
    return mark_safe(f'<select name="{name}"{flatatt(widget["attrs"])}>\n{inner}\n</select>')  # noqa: S308 - every part is escaped


def _group(label: str | None, options: list[dict[str, Any]]) -> str:
    found = "\n".join(
        f'<option value="{conditional_escape(str(option["value"]))}"{flatatt(option["attrs"])}>'
        f"{conditional_escape(option['label'])}</option>"
        for option in options
    )
    return (
        f'<optgroup label="{conditional_escape(label)}">\n{found}\n</optgroup>' if label else found
    )
