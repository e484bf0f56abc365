"""Every Chinese sentence has its English one, and the compiled file is up to date.

python -m cdo_portal.checks.translations [--update]

Babel does what xgettext and msgfmt do elsewhere, for a bare machine has neither.
"""

import io
import os
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parents[2]
PO = ROOT / "locale/en/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
OUTSIDE = {".venv", "tests", "node_modules", "staticfiles"}
SHOWN = 40
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def sources() -> list[Path]:
    found = [
        *ROOT.rglob("*.py"),
        *ROOT.glob("templates/**/*.html"),
        *ROOT.glob("templates/**/*.txt"),
    ]
    return sorted(path for path in found if not belongs_elsewhere(path.relative_to(ROOT)))


def belongs_elsewhere(path: Path) -> bool:
    return any(part in OUTSIDE or part.startswith(".") for part in path.parts)


def messages_of(path: Path):
    """(line, message, comments, context) of one Python file or template."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        # Django turns a template into gettext calls amid filling; indentation would upset Babel.
        text = "\n".join(line.strip() for line in templatize(text).splitlines())
    yield from extract("python", io.BytesIO(text.encode()), KEYWORDS, (), {"encoding": "utf-8"})


def wanted() -> Catalog:
    """All messages of the code, with the files that hold them."""
    catalog = Catalog(locale="en", charset="utf-8")
    for path in sources():
        for _line, message, comments, context in messages_of(path):
            if message and message != ("", ""):
                place = [(str(path.relative_to(ROOT)), None)]
                catalog.add(message, None, place, auto_comments=comments, context=context)
    return catalog


def kept() -> Catalog:
    if not PO.exists():
        return Catalog(locale="en", charset="utf-8", project="cdo-portal")
    with PO.open("rb") as file:
        return read_po(file, locale="en")


def compiled(catalog: Catalog) -> bytes:
    output = io.BytesIO()
    write_mo(output, catalog)
    return output.getvalue()


def update(catalog: Catalog) -> None:
    """Take new messages in, drop what the code no longer says, compile.

    The date of creation stays: a run that finds nothing new leaves both files as they are."""
    catalog.update(
        wanted(), no_fuzzy_matching=True, keep_user_comments=True, update_creation_date=False
    )
    catalog.obsolete.clear()
    PO.parent.mkdir(parents=True, exist_ok=True)
    output = io.BytesIO()
    write_po(output, catalog, width=100, sort_output=True, omit_header=False)
    replace(PO, output.getvalue())
    replace(MO, compiled(kept()))


def replace(path: Path, content: bytes) -> None:
    """Whole or not at all: who reads at the same moment must not take half a file for the rest."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.write_bytes(content)
    draft.replace(path)


def is_translated(message: Message | None) -> bool:
    if message is None or message.fuzzy:  # the compiled file leaves out what is only guessed
        return False
    return all(message.string if isinstance(message.string, tuple) else [message.string])


def faults(catalog: Catalog) -> list[str]:
    """What is missing, one line each."""
    found = []
    for message in wanted():
        if not message.id:
            continue
        if not is_translated(catalog.get(message.id, message.context)):
            found.append(f"not translated: {message.id}  ({message.locations[0][0]})")
    found += [
        f"wrong: {message.id}: {error}" for message, errors in catalog.check() for error in errors
    ]
    if not MO.exists() or MO.read_bytes() != compiled(catalog):
        found.append(f"{MO.relative_to(ROOT)} is not compiled from {PO.name}")
    return found


def main(argv: list[str]) -> int:
    if "--update" in argv:
        update(kept())
    found = faults(kept())
    if not found:
        return 0
    advice = "./portal check --update takes new sentences into locale/en; the English is yours."
    print("\n".join(found[:SHOWN]))
    print(f"{len(found)} in all. {advice}")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
