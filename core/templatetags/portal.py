"""The template toolbox: a builtin of every template, so no `{% load %}` is needed.

Days come as `datetime.date`; the day of reckoning is the context's `today`, else the clock's.
Block tags (`ledger`, `sticky`, `nextstep`, `confirm`, `banner`) wrap what stands between them.
"""

from datetime import date
from typing import Any

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import clock, words
from core.listing import Chip, applied, cleared, page_links, page_sizes, sort_link

from .icons import ICONS

register = template.Library()
register.filter("weekday", words.weekday)
register.filter("percent_of", words.percent_of)
register.filter("masked_phone", words.masked_phone)
register.filter("html_lang", words.html_lang)


def _today(context: Context) -> date:
    return context.get("today") or clock.today()


@register.filter
def day(value: date | None) -> str:
    """2026-10-11, or an em rule where there is none."""
    return value.strftime("%Y-%m-%d") if value else "—"


@register.filter
def relation(value: date | None, today: date) -> str:
    """「还剩2天」「今天截止」「逾期3天」 of a day, seen from `today`; calendar days."""
    return words.relation(value, today) if value else ""


@register.simple_tag(takes_context=True)
def deadline(context: Context, value: date | None, *, live: bool = True) -> SafeString:
    """A deadline with its relation; near ones carry the weekday. `live=False`: only the date."""
    if value is None:
        return format_html('<span class="quiet">{}</span>', _("文件未定时限"))
    today = _today(context)
    text = words.day_with_weekday(value, today)
    if not live:
        return format_html('<span class="nowrap">{}</span>', text)
    return format_html(
        '<span class="nowrap">{}</span> <span class="quiet nowrap">{}</span>',
        text,
        words.relation(value, today),
    )


@register.simple_tag
def light(state: str, word: str = "") -> SafeString:
    """The time light `state` (core.words.LIGHTS); `word` replaces the standard word."""
    sign = words.sign(state)
    return format_html(
        '<span class="light {}"><span aria-hidden="true">{}</span>{}</span>',
        sign.css,
        sign.glyph,
        word or sign.word,
    )


@register.inclusion_tag("components/legend.html")
def legend() -> dict[str, Any]:
    """The legend of all lights, for a page with a matrix or strips."""
    return {"states": list(words.LIGHTS)}


@register.simple_tag
def strip(cells: list[dict[str, Any]]) -> SafeString:
    """The six-cell strip: `cells` of {"name", "state"}, three to ten, in the programme's order."""
    signs = [words.sign(cell["state"]) for cell in cells]
    spoken = [
        _("%(name)s%(word)s") % {"name": cell["name"], "word": sign.word}
        for cell, sign in zip(cells, signs, strict=True)
    ]
    return format_html(
        '<span class="cells" role="img" aria-label="{}">{}</span>',
        _("%(count)d项职责：%(list)s") % {"count": len(cells), "list": _("，").join(spoken)},
        format_html_join(
            "",
            '<i class="{}" aria-hidden="true">{}</i>',
            ((sign.css, sign.glyph) for sign in signs),
        ),
    )


@register.simple_tag
def icon(name: str, size: int = 16) -> SafeString:
    """One of the twelve line icons, decorative: the text beside it names the act."""
    return format_html(
        '<svg width="{0}" height="{0}" viewBox="0 0 16 16" fill="none" stroke="currentColor" '
        'stroke-width="1.5" aria-hidden="true" focusable="false"><path d="{1}"/></svg>',
        size,
        ICONS[name],
    )


@register.simple_tag
def ratio(part: int, whole: int) -> SafeString:
    """61/64 with 95.3% beside it; a rate never stands without its numbers."""
    return format_html(
        '<span class="nowrap">{}/{} <small class="quiet">{}</small></span>',
        part,
        whole,
        words.percent_of(part, whole),
    )


@register.simple_tag(takes_context=True)
def sort_th(
    context: Context, field: str, label: str, css: str = "", param: str = "ordering"
) -> SafeString:
    """A header cell whose link sorts by `field`, then the other way round."""
    link = sort_link(context["request"].GET, field, param)
    arrow = {"ascending": " ↑", "descending": " ↓"}.get(link.direction, "")
    sort = format_html(' aria-sort="{}"', link.direction) if link.direction else ""
    return format_html(
        '<th scope="col" class="{}"{}><a href="{}">{}<span aria-hidden="true">{}</span></a></th>',
        css,
        sort,
        link.query,
        label,
        arrow,
    )


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: Context, page: Any) -> dict[str, Any]:
    """Page links and sizes 20/50/100 for a Django Page; nothing while one page holds all."""
    query = context["request"].GET
    return {
        "page": page,
        "links": page_links(query, page.number, page.paginator.num_pages),
        "sizes": page_sizes(query, page.paginator.per_page, page.paginator.count),
    }


@register.inclusion_tag("components/filters.html", takes_context=True)
def filters(
    context: Context, form: Any, visible: int = 4, target: str = "results", reset: str = ""
) -> dict[str, Any]:
    """The GET form of a list: `visible` fields in the row, the others behind 更多筛选."""
    request = context["request"]
    fields = form.visible_fields()
    more = fields[visible:]
    return {
        "form": form,
        "shown": fields[:visible],
        "more": more,
        "more_open": any(request.GET.get(field.name) for field in more),
        "target": target,
        "path": request.path,
        "reset": reset or request.path,
        "list_page": context.get("list_page"),
    }


@register.inclusion_tag("components/chips.html", takes_context=True)
def chips(context: Context, form: Any, keep: str = "", defaults: str = "") -> dict[str, Any]:
    """What is applied, each removable; `keep` names parameters that are no filter (a programme),
    `defaults` those that narrow without standing in the address."""
    query, kept, given = context["request"].GET, keep.split(), defaults.split()
    found: list[Chip] = applied(form, query, kept, given)
    return {
        "chips": found,
        "clear": cleared(query, kept, given),
        "list_page": context.get("list_page"),
    }


def _wrap(name: str, context: Context, **values: Any) -> str:
    return render_to_string(name, {**values, "csrf_token": context.get("csrf_token")})


@register.simple_block_tag(takes_context=True)
def ledger(
    context: Context, content: str, caption: str, css: str = "cards", *, show_caption: bool = False
) -> str:
    """The ledger frame around `<thead>` and `<tbody>`. css="" keeps a table on phones (scrolls)."""
    return _wrap(
        "components/ledger.html",
        context,
        content=content,
        caption=caption,
        css=css,
        show_caption=show_caption,
    )


@register.simple_block_tag(takes_context=True)
def sticky(context: Context, content: str, saved: str = "") -> str:
    """The action bar that stays at the lower edge; `saved` is the state of saving."""
    return _wrap("components/sticky.html", context, content=content, saved=saved)


@register.simple_block_tag(takes_context=True)
def nextstep(context: Context, content: str, say: str, note: str = "") -> str:
    """Whose turn it is, and between the tags the one button."""
    return _wrap("components/next_step.html", context, content=content, say=say, note=note)


@register.simple_block_tag(takes_context=True)
def confirm(context: Context, content: str, title: str, effect: str, *, grave: bool = False) -> str:
    """Object and effect of an act that cannot be undone; the form stands between the tags."""
    return _wrap(
        "components/confirm.html", context, content=content, title=title, effect=effect, grave=grave
    )


@register.simple_block_tag(takes_context=True)
def banner(context: Context, content: str, kind: str = "info") -> str:
    """A note in the page: info, success, warning, error."""
    return _wrap("components/banner.html", context, content=content, kind=kind)


@register.simple_tag
def errors_of(*forms: Any) -> list[dict[str, str]]:
    """Every error of the given forms and form sets as {"id", "text"}, for error_summary.html."""
    found: list[dict[str, str]] = []
    for form in forms:
        for one in getattr(form, "forms", [form] if form is not None else []):
            found += [{"id": "", "text": text} for text in one.non_field_errors()]
            found += [
                {"id": one[name].id_for_label or one[name].auto_id, "text": text}
                for name in one.fields  # in the order of the page
                for text in one.errors.get(name, ())
            ]
    return found


@register.simple_tag
def joined(values: list[Any], separator: str = "") -> SafeString:
    """Values with the list comma of the reader's language between them, or `separator`."""
    return format_html_join(separator or _("、"), "{}", ((value,) for value in values))
