"""Lint of what people see: `python -m cdo_portal.lint`. Says path:line: fault, and exits 1.

Templates, styles and scripts (ux.md §1.10, §9.1, §13.57), and the Chinese in Python's gettext calls.
Needs neither Django's settings nor a database.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 120
HAN = "\u4e00-\u9fff"
# Mail has its own rules: it may need what a page may not.
MAIL_FOLDER = "mail"
# Read by Django itself, or by name from settings.
KNOWN_BY_NAME = re.compile(
    r"errors/\d{3}\.html|(admin|registration|rest_framework|drf_spectacular)/.*"
)

PUNCTUATION = re.compile(rf"[{HAN}”）》〕][,:;!?()]\s?[{HAN}“（《〔]")
# “名称: 内容” quotes a piece of YAML, whose colon is half-width.
QUOTED_CODE = re.compile(r"“[^”]*: [^”]*”")
WORDS = {
    "请输入": "填写",
    "非法": "写明哪里不对",
    "无效": "写明哪里不对",
    "操作失败": "写明什么没有完成",
    "确定要": "写明对象和后果",
    "考核": "评价",
    "督办": "任务跟踪",
    "申诉": "复核申请",
    "驳回": "退回修改",
    "办结": "已完成",
    "主管局": "市政数局",
    "数据专员": "经办人",
}
MARKUP = {
    re.compile(r"\sstyle\s*=", re.I): "inline style; the CSP refuses it",
    re.compile(r"<style[\s>]", re.I): "style element; the CSP refuses it",
    re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I): "inline handler; the CSP refuses it",
    re.compile(r"<script(?![^>]*\bsrc=)", re.I): "inline script; the CSP refuses it",
    re.compile(r"href=[\"']javascript:", re.I): "javascript: address",
    re.compile(r"\bmaxlength\s*=", re.I): "maxlength cuts pinyin composition; use data-limit",
    re.compile(r"\s(popover|inert)[\s>=]", re.I): "newer than Chromium 90",
    re.compile(
        r"<form(?![^>]*\bnovalidate)(?![^>]*method=\"dialog\")", re.I
    ): "form without novalidate",
    re.compile(
        r"hx-on|hx-vals=.js:|\bhx-trigger=[\"'](?:[^\"']*,\s*)?\w+\[", re.I
    ): "htmx that needs eval",
}
STYLES = {
    re.compile(r":has\("): ":has() needs Chromium 105",
    re.compile(r"@layer\b"): "@layer needs Chromium 99",
    re.compile(r"@container\b|\bcontainer-type\s*:"): "container queries need Chromium 105",
    re.compile(r"@scope\b|@starting-style\b"): "newer than Chromium 90",
    re.compile(
        r"color-mix\(|oklch\(|oklab\(|light-dark\("
    ): "colour function newer than Chromium 90",
    re.compile(r"\bsubgrid\b|\d(dvh|svh|lvh|lh|cqw)\b"): "newer than Chromium 90",
    re.compile(r"\((width|height)\s*[<>]"): "range syntax needs Chromium 104",
    re.compile(r"url\(\s*[\"']?https?:"): "outside asset",
}
SCRIPTS = {
    re.compile(r"\beval\(|new Function\("): "the CSP refuses eval",
    re.compile(
        r"\.at\(|structuredClone|Object\.hasOwn|findLast|\.toSorted\("
    ): "newer than Chromium 90",
    re.compile(r"randomUUID|navigator\.clipboard|serviceWorker"): "works on https only",
    re.compile(r"setAttribute\(\s*['\"]style"): "the CSP refuses style attributes",
}
GETTEXT = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}

_COMMENT = re.compile(r"{% comment %}.*?{% endcomment %}|{#.*?#}|<!--.*?-->", re.S)
_TRANSLATED = re.compile(r"{% blocktrans(?:late)?\b.*?{% endblocktrans(?:late)? %}", re.S)
_TAG = re.compile(r"{%.*?%}|{{.*?}}", re.S)


@dataclass(frozen=True, order=True)
class Fault:
    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def _blank(pattern: re.Pattern[str], text: str) -> str:
    """`text` with every match replaced by blanks, so that line numbers stay."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)


def _find(rules: dict[re.Pattern[str], str], text: str, path: str) -> Iterator[Fault]:
    for pattern, fault in rules.items():
        for match in pattern.finditer(text):
            yield Fault(path, text.count("\n", 0, match.start()) + 1, fault)


def copy_faults(text: str, path: str, first_line: int = 1) -> Iterator[Fault]:
    """Half-width punctuation between Chinese characters, and words that are not ours."""
    for offset, line in enumerate(text.split("\n")):
        for match in PUNCTUATION.finditer(_blank(QUOTED_CODE, line)):
            yield Fault(path, first_line + offset, f"half-width punctuation in 「{match.group()}」")
        for word, better in WORDS.items():
            if word in line:
                yield Fault(path, first_line + offset, f"「{word}」 is not our word: {better}")


def template_faults(text: str, path: str) -> Iterator[Fault]:
    """Everything wrong with one template."""
    lines = text.count("\n") + 1
    if lines > MOST_LINES:
        yield Fault(path, MOST_LINES, f"{lines} lines; split it, {MOST_LINES} at most")
    if "/components/" in path and not text.lstrip().startswith("{% comment %}"):
        yield Fault(path, 1, "component without a comment that names its parameters")
    shown = _blank(_COMMENT, text)
    yield from _find(MARKUP, shown, path)
    yield from copy_faults(shown, path)
    bare = _blank(_TAG, _blank(_TRANSLATED, shown))
    for number, line in enumerate(bare.split("\n"), 1):
        if found := re.search(rf"[{HAN}]+", line):
            yield Fault(path, number, f"「{found.group()}」 is not in translate")


def style_faults(text: str, path: str) -> Iterator[Fault]:
    """CSS that Chromium 90 does not read, nesting included."""
    code = _blank(re.compile(r"/\*.*?\*/|\"[^\"\n]*\"", re.S), text)
    yield from _find(STYLES, code, path)
    stack: list[str] = []
    for match in re.finditer(r"([^{};]*)([{};])", code):
        if match.group(2) == "{":
            if stack and not stack[-1].startswith("@"):
                yield Fault(path, code.count("\n", 0, match.start(2)) + 1, "nested rule")
            stack.append(match.group(1).strip())
        elif match.group(2) == "}" and stack:
            stack.pop()


def script_faults(text: str, path: str) -> Iterator[Fault]:
    code = _blank(re.compile(r"/\*.*?\*/", re.S), text)
    yield from _find(SCRIPTS, code, path)
    for number, line in enumerate(code.split("\n"), 1):
        if re.search(rf"[{HAN}]", line):
            yield Fault(path, number, "Chinese in a script; hand it over in a data- attribute")


def python_faults(text: str, path: str) -> Iterator[Fault]:
    """The same words and punctuation in what gettext is called with."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and _name(node.func) in GETTEXT:
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    for fault in copy_faults(argument.value, path):
                        yield Fault(path, node.lineno, fault.text)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else getattr(node, "attr", "")


def unused_templates(root: Path) -> Iterator[Fault]:
    """Templates whose name stands in no template and in no Python file."""
    folder = root / "templates"
    sources = [*folder.rglob("*.html"), *folder.rglob("*.txt"), *_python_files(root)]
    written = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    for path in sorted(folder.rglob("*.html")):
        name = path.relative_to(folder).as_posix()
        if name not in written and not KNOWN_BY_NAME.fullmatch(name):
            yield Fault(path.relative_to(root).as_posix(), 1, "no view and no template uses it")


def _python_files(root: Path) -> list[Path]:
    apps = [path.parent for path in root.glob("*/__init__.py") if path.parent.name != "tests"]
    files = (path for app in apps for path in app.rglob("*.py"))
    return [path for path in files if path != Path(__file__) and "migrations" not in path.parts]


def faults(root: Path = ROOT) -> list[Fault]:
    """Every fault of the tree below `root`, in order."""
    readers = [
        (template_faults, [*(root / "templates").rglob("*.html")]),
        (style_faults, [*(root / "static").rglob("*.css")]),
        (script_faults, [*(root / "static").rglob("*.js")]),
        (python_faults, _python_files(root)),
    ]
    found = list(unused_templates(root))
    for read, paths in readers:
        for path in paths:
            if MAIL_FOLDER not in path.parts:
                text = path.read_text(encoding="utf-8")
                found += read(text, path.relative_to(root).as_posix())
    return sorted(found)


def main() -> int:
    found = faults()
    for fault in found:
        print(fault)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
