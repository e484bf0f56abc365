"""What the schema cannot see in post rules and holders: unknown posts, two holders at once, words
that the quoted clause does not say."""

from typing import Any

from django.utils.translation import gettext as _

from .checks import in_clause, meets_another
from .faults import Place, nearest
from .known import Known
from .reading import Tree


def check_officers(tree: Tree, known: Known) -> None:
    """Add every fault of this kind to the tree."""
    for section in ("post_rules", "holders"):
        for place, entry in tree.each(section):
            _post(tree, known, place, entry)
    for place, rule in tree.each("post_rules"):
        message = _("“由谁担任”的原话“%(words)s”不在所引条款的原文里。")
        in_clause(tree, place, rule, "holder", message)
        _count(tree, known, place, rule)
    seen: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for place, holder in tree.each("holders"):
        _named(tree, known, place, holder)
        key = (str(holder.get("unit")), str(holder.get("post")))
        if meets_another(seen.setdefault(key, []), holder, "starts_on", "known_on"):
            message = _("“%(unit)s”的这个岗位在同一时间写了两名任职的人。")
            tree.fault(place, message % {"unit": key[0]})


def _post(tree: Tree, known: Known, place: Place, entry: dict[str, Any]) -> None:
    code = entry.get("post")
    if isinstance(code, str) and code not in known.posts:
        fact = {"code": code, "guess": nearest(code, known.posts)}
        message = _("没有代码为“%(code)s”的岗位%(guess)s。先在posts.yaml里登记。")
        tree.fault((*place, "post"), message % fact)


def _count(tree: Tree, known: Known, place: Place, rule: dict[str, Any]) -> None:
    if rule.get("count") not in {None, "1"} and known.posts.get(str(rule.get("post"))):
        message = _("岗位“%(post)s”同一单位同时只有一名，count只能写1或不写。")
        tree.fault((*place, "count"), message % {"post": rule.get("post")})


def _named(tree: Tree, known: Known, place: Place, holder: dict[str, Any]) -> None:
    """Nobody holds a post in a body of which only the number is known."""
    if holder.get("unit") in known.slots:
        message = _("“%(unit)s”是待补名占位，还不能登记任职的人；写已有名称的单位。")
        tree.fault((*place, "unit"), message % {"unit": holder.get("unit")})
