"""What a programme's documents say beyond units, duties and obligations, made ready for the page."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from core.words import listed
from officers.models import PostRule
from pilots.models import Clause, Programme

from .post_rules import said_of, shown_to


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


def provisions_of(programme: Programme, clauses: Clauses, user: Any) -> list[dict[str, Any]]:
    """Sections with content: {"key", "title", "note", "rows"}; a row is {"name", "text", "note",
    "points", "group", "clause"}. All but the posts stand in the programme's own `provisions`."""
    rules = [_ruled(rule) for rule in shown_to(user, programme)]
    given = {**programme.provisions, "post_rules": rules}
    builders = (
        ("powers", _("职权"), "", _power),
        ("evaluation_dimensions", _("评价的方面"), _("权重未定，不预设。"), _plain),
        ("post_rules", _("岗位设置"), "", lambda row: row),
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


def _ruled(rule: PostRule) -> dict[str, Any]:
    """A rule about a post, as the row that the template knows."""
    code = rule.clause.code if rule.clause else ""
    return {"name": rule.title, "text": said_of(rule), "note": rule.note, "clause": code}


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
