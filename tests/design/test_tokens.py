"""Contrast of the colour tokens in both themes, computed from the stylesheet (WCAG 2.2 1.4.3, 1.4.11)."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS = ROOT / "static" / "css"
TEXT, CONTROL = 4.5, 3.0
PAPERS = ("paper", "surface", "sunken")
TEXT_PAIRS = [
    *[(ink, paper) for ink in ("ink", "ink-2", "ink-3", "dai", "dai-deep") for paper in PAPERS],
    *[("seal-ink", paper) for paper in ("paper", "surface", "seal-wash")],
    *[("amber-ink", paper) for paper in ("paper", "surface", "amber-wash")],
    ("pine-ink", "pine-wash"),
    ("ink", "dai-wash"),
    ("dai-deep", "dai-wash"),
    ("on-dai", "dai"),
    ("on-dai", "dai-deep"),
    ("paper", "seal-ink"),
]
CONTROL_PAIRS = [
    *[("line-strong", paper) for paper in ("paper", "surface")],
    *[("focus", paper) for paper in ("paper", "surface")],
    *[(colour, "paper") for colour in ("dai", "seal", "amber", "ochre", "plum", "pine")],
]


def block(selector: str, text: str) -> dict[str, str]:
    """Colour tokens of the rule of `selector`."""
    found = re.search(re.escape(selector) + r"\s*{([^}]*)}", text)
    assert found, selector
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", found.group(1)))


def themes() -> dict[str, dict[str, str]]:
    text = (CSS / "tokens.css").read_text(encoding="utf-8")
    light = block(":root", text)
    dark = block(':root[data-theme="dark"]', text)
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("ink", "paper"), TEXT_PAIRS)
def test_text_is_readable(theme: str, ink: str, paper: str) -> None:
    tokens = themes()[theme]
    assert contrast(tokens[ink], tokens[paper]) >= TEXT


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("colour", "paper"), CONTROL_PAIRS)
def test_controls_and_focus_stand_out(theme: str, colour: str, paper: str) -> None:
    tokens = themes()[theme]
    assert contrast(tokens[colour], tokens[paper]) >= CONTROL


def test_the_two_dark_sets_agree() -> None:
    text = (CSS / "tokens.css").read_text(encoding="utf-8")
    assert block(':root[data-theme="dark"]', text) == block(':root[data-theme="auto"]', text)


def test_every_variable_used_is_defined() -> None:
    text = "\n".join(path.read_text(encoding="utf-8") for path in CSS.glob("*.css"))
    defined = set(re.findall(r"(--[\w-]+)\s*:", text))
    assert set(re.findall(r"var\((--[\w-]+)", text)) <= defined


def linked(template: Path) -> set[str]:
    """Names of the stylesheets that a template links itself."""
    return set(re.findall(r"css/([\w-]+\.css)", template.read_text(encoding="utf-8")))


def test_styles_of_a_page_stay_below_15_kilobytes() -> None:
    shared = linked(ROOT / "templates" / "components" / "styles.html")
    for template in (ROOT / "templates").rglob("*.html"):
        names = shared | linked(template)
        packed = sum(len(gzip.compress((CSS / name).read_bytes(), 9)) for name in names)
        assert packed < 15_000, template


def test_scripts_stay_below_40_kilobytes_with_htmx() -> None:
    import django_htmx

    folder = Path(django_htmx.__file__).parent / "static" / "django_htmx"
    paths = [folder / "htmx-2.min.js", *(ROOT / "static" / "js").glob("*.js")]
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in paths) < 40_000
