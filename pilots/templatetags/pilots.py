"""`{% load pilots %}`: the programme switch of the pages that show one programme."""

from typing import Any

from django import template
from django.template import Context

from .. import current

register = template.Library()


@register.inclusion_tag("pilots/_switch.html", takes_context=True)
def programme_switch(context: Context) -> dict[str, Any]:
    """The programmes that the person may see, as links that keep the page's other parameters;
    nothing for somebody who sees one."""
    return current.switch(context["request"])
