"""Where what was put up for signing is read and signed. The apps above know: each says it for its
purposes in `signing_doors.py`."""

from collections.abc import Callable

from .models import Approval

Door = Callable[[str], str]
_doors: dict[str, Door] = {}


def register(purpose: str, door: Door) -> None:
    """`door` makes the address of a page from the number of the thing. Raises ValueError when the
    purpose has one."""
    if purpose in _doors:
        raise ValueError(f"What is put up as {purpose} is read elsewhere already.")
    _doors[purpose] = door


def url_of(approval: Approval) -> str:
    """The page on which the approval's subject is read and signed."""
    return _doors[approval.purpose](approval.subject)
