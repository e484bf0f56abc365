"""Loading packs: check everything, then write everything or nothing."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext as _

from core import audit, clock
from core.models import AuditEntry

from .bodies import load_bodies
from .checks import check
from .counting import load_counting
from .difference import Difference
from .duties import load_duties
from .faults import Fault, PackBroken
from .known import OWN_FOLDER, REGISTER, known_to
from .officer_checks import check_officers
from .officers import load_officers, load_posts
from .powers import load_powers
from .programmes import Load, load_pilots
from .reading import Tree, read
from .reminders import load_reminders
from .schema import Bodies, Pack, Posts, Schemes
from .schemes import load_schemes
from .shape import shaped

# Goes up when the same file would give other rows, so that unchanged files are loaded once more.
EDITION = 3
VERB = "pack.load"


@dataclass(frozen=True)
class Checked:
    """A file that may be loaded."""

    tree: Tree
    content: Posts | Bodies | Pack | Schemes

    @property
    def name(self) -> str:
        return (
            self.content.programme.code if isinstance(self.content, Pack) else self.tree.path.stem
        )

    @property
    def subject(self) -> str:
        return f"pack:{self.name}"

    @property
    def digest(self) -> str:
        """SHA-256 of what the file says; comments and layout do not count."""
        said = json.dumps([EDITION, self.tree.data], ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(said.encode()).hexdigest()


def load(path: Path | str, *, by: Any = None, dry_run: bool = False) -> Difference:
    """Load one pack, whether it changed or not; returns what changed. With `dry_run` nothing stays.

    Raises PackBroken with every fault; then nothing was written.
    """
    return load_all([Path(path)], by=by, dry_run=dry_run)[0]


def load_all(
    paths: Sequence[Path] | None = None,
    *,
    by: Any = None,
    dry_run: bool = False,
    only_changed: bool = False,
) -> list[Difference]:
    """Load packs (by default those of the product) in the order in which they need each other, in
    one transaction. Raises PackBroken with the faults of all of them; then nothing was written."""
    chosen = in_order(checked(own_packs() if paths is None else paths))
    with transaction.atomic():
        # Two web servers starting at once would both find the packs missing.
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cdo_portal.packs'))")
        known = _digests(chosen) if only_changed else {}
        wanted = [pack for pack in chosen if known.get(pack.subject) != pack.digest]
        differences = [_load(pack, by=by) for pack in wanted]
        if dry_run:
            transaction.set_rollback(True)
    return differences


def own_packs() -> list[Path]:
    """The packs that come with the product."""
    return sorted(path for path in OWN_FOLDER.glob("*.yaml") if path.name != REGISTER)


def checked(paths: Iterable[Path]) -> list[Checked]:
    """Read and check all files together: one may refer to what another defines."""
    trees, faults = [], []
    for path in paths:
        try:
            trees.append(read(path))
        except PackBroken as broken:
            faults += broken.faults
    contents = [shaped(tree) for tree in trees]
    known = known_to(trees)
    for tree in trees:
        check(tree, known)
        check_officers(tree, known)
        faults += tree.faults
    if faults:
        raise PackBroken(faults)
    return [
        Checked(tree, content)
        for tree, content in zip(trees, contents, strict=True)
        if isinstance(content, Posts | Bodies | Pack | Schemes)
    ]


def in_order(packs: Sequence[Checked]) -> list[Checked]:
    """Posts and bodies first, then programmes, each after those whose documents it builds on, schemes
    last. A circle of programmes that build on each other's documents is a PackBroken."""
    ordered: list[Checked] = []
    formats = (Posts, Bodies, Pack, Schemes)
    waiting = sorted(packs, key=lambda pack: (formats.index(type(pack.content)), pack.name))
    while waiting:
        names = {pack.name for pack in waiting}
        ready = [pack for pack in waiting if not (_needed(pack) & names)]
        # A scheme belongs to a programme: it waits for all of them.
        if first := [pack for pack in ready if not isinstance(pack.content, Schemes)]:
            ready = first
        if not ready:
            raise PackBroken([_circle(pack) for pack in waiting])
        ordered += ready
        waiting = [pack for pack in waiting if pack not in ready]
    return ordered


def _needed(pack: Checked) -> set[str]:
    """Programmes whose documents this one builds on."""
    if not isinstance(pack.content, Pack):
        return set()
    references = (ref for row in pack.content.documents for ref in row.based_on if "." in ref)
    return {reference.split(".")[0] for reference in references} - {pack.name}


def _circle(pack: Checked) -> Fault:
    return Fault(pack.tree.name, 1, "documents", _("based_on: 方案之间互为依据，无法确定先后。"))


def _digests(packs: Iterable[Checked]) -> dict[str, str]:
    """What was last loaded under each name: the audit record knows, so no table has to."""
    entries = (
        AuditEntry.objects.filter(verb=VERB, subject__in=[pack.subject for pack in packs])
        .order_by("subject", "-id")
        .distinct("subject")
    )
    return {entry.subject: (entry.after or {}).get("digest", "") for entry in entries}


def _load(pack: Checked, *, by: Any) -> Difference:
    difference = Difference(pack.name, pack.tree.name, pack.digest)
    on = clock.today()
    programme = None
    if isinstance(pack.content, Posts):
        load_posts(pack.content, difference, on)
    elif isinstance(pack.content, Schemes):
        load_schemes(pack.content, difference, by=by)
    else:
        load_bodies(pack.content, difference, on)
    if isinstance(pack.content, Pack):
        section = Load(pack.content, difference, on)
        load_pilots(section)
        load_duties(section, by=by)
        load_powers(section)
        load_counting(section)
        load_reminders(section, by=by)
        load_officers(section, by=by)
        programme = section.programme
    if difference.writes:
        audit.record(
            VERB, by=by, subject=pack.subject, programme=programme, after=difference.as_facts()
        )
    return difference


__all__ = ["Checked", "checked", "in_order", "load", "load_all", "own_packs"]
