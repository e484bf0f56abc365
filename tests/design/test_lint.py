"""The lint finds what it is there to find, and the tree has none of it."""

import pytest

from cdo_portal import lint


def texts(found: object) -> list[str]:
    return [fault.text for fault in found]  # type: ignore[attr-defined]


def test_the_tree_is_clean() -> None:
    assert [str(fault) for fault in lint.faults()] == []


@pytest.mark.parametrize(
    "line",
    [
        '<p style="color:red">x</p>',
        "<style>p{}</style>",
        '<a onclick="go()">x</a>',
        "<script>go()</script>",
        '<a href="javascript:go()">x</a>',
        '<input maxlength="5">',
        '<form method="post"></form>',
        '<div popover id="a">x</div>',
        '<p hx-on:click="go()">x</p>',
        '<p hx-trigger="keyup[key==1]">x</p>',
        "<p>没有翻译</p>",
        '{% translate "截止,还剩2天" %}',
        '{% translate "单位: 市局" %}',
        '{% translate "请输入名称" %}',
        '{% translate "申诉" %}',
        "<p>\n</p>" * 130,
    ],
)
def test_template_faults(line: str) -> None:
    assert texts(lint.template_faults(line, "templates/pages/x.html"))


@pytest.mark.parametrize(
    "line",
    [
        '{% comment %}说明, 名称{% endcomment %}<p>{% translate "截止，还剩2天" %}</p>',
        '<script defer src="x.js"></script>',
        '<form method="post" novalidate></form>',
        '<form hx-trigger="submit, refilter" novalidate></form>',
        "{% blocktranslate %}共{{ count }}项{% endblocktranslate %}",
    ],
)
def test_clean_templates(line: str) -> None:
    assert texts(lint.template_faults(line, "templates/pages/x.html")) == []


def test_a_component_names_its_parameters() -> None:
    assert texts(lint.template_faults("<p></p>", "templates/components/x.html"))


@pytest.mark.parametrize(
    "rule",
    [
        "a:has(b) { color: red; }",
        "@layer x { a { color: red; } }",
        "a { b { color: red; } }",
        "a { color: color-mix(in srgb, red, blue); }",
        "@container (min-width: 1px) { a { color: red; } }",
        "@media (width > 600px) { a { color: red; } }",
        "a { height: 100dvh; }",
    ],
)
def test_style_faults(rule: str) -> None:
    assert texts(lint.style_faults(rule, "x.css"))


def test_media_rules_are_no_nesting() -> None:
    assert (
        texts(lint.style_faults("@media print { @page { margin: 0; } a { color: red; } }", "x.css"))
        == []
    )


@pytest.mark.parametrize("code", ["[1].at(-1)", "eval('1')", "x = '提交'", "crypto.randomUUID()"])
def test_script_faults(code: str) -> None:
    assert texts(lint.script_faults(code, "x.js"))


def test_python_texts() -> None:
    assert texts(lint.python_faults('x = _("操作失败")', "x.py"))
    assert texts(lint.python_faults('x = "操作失败"  # a key, not shown', "x.py")) == []
