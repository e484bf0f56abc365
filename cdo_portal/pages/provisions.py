"""What a programme's documents say beyond units, duties and obligations, made ready for the page."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.words import listed
from pilots import queries
from pilots.choices import Part, UnitKind
from pilots.models import Clause, Programme

SELF = "self"  # in a post rule: the body itself appoints


class Clauses:
    """The clauses of a programme by code, for links from whatever rests on them."""

    def __init__(self, rows: Iterable[Clause]) -> None:
        self.by_code = {row.code: row for row in rows}

    def link(self, code: str | None) -> dict[str, str] | None:
        """{"label", "url"} of the clause; None where there is none."""
        row = self.by_code.get(code or "")
        return clause_link(row) if row else None


def clause_link(clause: Clause) -> dict[str, str]:
    address = reverse("pilots:document", args=[clause.document.code])
    return {"label": clause.label, "url": f"{address}#{clause.code}"}


def provisions_of(programme: Programme, clauses: Clauses) -> list[dict[str, Any]]:
    """Sections with content: {"key", "title", "note", "rows"}; a row is {"name", "text", "note",
    "points", "group", "clause"}."""
    given = programme.provisions
    builders = (
        ("powers", _("职权"), "", _power),
        ("evaluation_dimensions", _("评价的方面"), _("权重未定，不预设。"), _plain),
        ("post_rules", _("岗位设置"), "", _post_rule(programme)),
        ("teams", _("工作机构和队伍"), "", _plain),
        ("aims", _("目标和方向"), "", _aim),
        ("milestones", _("时间节点"), "", _milestone),
        ("expected", _("公布过的数目"), "", _expected),
        ("incentives", _("激励"), "", _plain),
        ("supports", _("保障"), "", _plain),
    )
    return [
        {
            "key": key,
            "title": title,
            "note": note,
            "rows": [{**build(row), "clause": clauses.link(row.get("clause"))} for row in rows],
        }
        for key, title, note, build in builders
        if (rows := given.get(key))
    ]


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {"name": row["name"], "text": row.get("text", ""), "note": row.get("note", "")}


def _power(row: dict[str, Any]) -> dict[str, Any]:
    words = {"approval": _("立项"), "acceptance": _("验收")}
    moments = listed(words[moment] for moment in row.get("moments", []))
    label = _("%(name)s（%(moments)s）") % {"name": row["name"], "moments": moments}
    return {**_plain(row), "name": label if moments else row["name"]}


def _aim(row: dict[str, Any]) -> dict[str, Any]:
    return {**_plain(row), "group": row.get("group", ""), "points": row.get("items", [])}


def _milestone(row: dict[str, Any]) -> dict[str, Any]:
    return {**_plain(row), "text": _("文件写“%(wording)s”") % {"wording": row["wording"]}}


def _expected(row: dict[str, Any]) -> dict[str, Any]:
    return {**_plain(row), "text": _("%(count)s个") % {"count": row["count"]}}


def _post_rule(programme: Programme) -> Any:
    """A builder that knows the names of all bodies that the rules mention: one query for all."""
    rules = programme.provisions.get("post_rules", [])
    codes = {code for row in rules for code in row.get("units", [])}
    codes |= {row.get(key) for row in rules for key in ("appointed_by", "removed_by", "filed_at")}
    names = queries.short_names(codes - {None, SELF})

    def build(row: dict[str, Any]) -> dict[str, Any]:
        sentences = [_whose(row, names), row.get("holder", ""), *_by_whom(row, names)]
        text = _("；").join(sentence for sentence in sentences if sentence)
        return {"name": row["title"], "text": text, "note": row.get("note", "")}

    return build


def _whose(row: dict[str, Any], names: dict[str, str]) -> str:
    kinds = [str(UnitKind(kind).label) for kind in row.get("kinds", [])]
    units = [names.get(code, code) for code in row.get("units", [])]
    part = [str(Part(row["part"]).label)] if row.get("part") else []
    where = listed([*kinds, *units, *part])
    count = _("各%(count)s名") % {"count": row["count"]} if row.get("count") else ""
    return f"{where}{count}"


def _by_whom(row: dict[str, Any], names: dict[str, str]) -> list[str]:
    def name(key: str) -> str:
        code = row.get(key) or ""
        return _("本单位") if code == SELF else names.get(code, code)

    said = []
    if row.get("appointed_by"):
        said.append(_("由%(unit)s任命") % {"unit": name("appointed_by")})
    if row.get("filed_at"):
        said.append(_("报%(unit)s备案") % {"unit": name("filed_at")})
    return said
