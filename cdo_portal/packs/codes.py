"""Codes: a pack writes short ones, the database holds global and stable ones (house.md §4.11)."""

import re
from collections.abc import Iterable


def of_document(programme: str, local: str) -> str:
    """`plan` of `shenzhen-2021` is `shenzhen-2021-plan`; `guangdong-2021.plan` names another's."""
    return local.replace(".", "-") if "." in local else f"{programme}-{local}"


def of_clause(programme: str, reference: str) -> str:
    """`plan.4-2-1` of `shenzhen-2021` is `shenzhen-2021-plan-4-2-1`."""
    return f"{programme}-{reference.replace('.', '-')}"


def of_part(programme: str, local: str) -> str:
    """Cohorts, areas, items: `shenzhen-2021-area-1`."""
    return f"{programme}-{local}"


def of_obligation(programme: str, local: str) -> str:
    return f"{programme}.{local}"


def of_post_rule(programme: str, local: str) -> str:
    """`shenzhen-2021-post-cdo-department`."""
    return f"{programme}-post-{local}"


def of_power(programme: str, local: str) -> str:
    """`shenzhen-2021-power-veto`."""
    return f"{programme}-power-{local}"


def of_holder(programme: str, local: str) -> str:
    """What an appointment remembers of the pack that brought it: `guangzhou-2023-holder-zsj`."""
    return f"{programme}-holder-{local}"


def of_slots(group: str, count: int) -> list[str]:
    """Unit codes of a group of slots: `440100-slot-01` …; a single one needs no number."""
    if count == 1:
        return [group]
    width = max(2, len(str(count)))
    return [f"{group}-{number:0{width}}" for number in range(1, count + 1)]


def in_slots(group: str, units: Iterable[str]) -> list[str]:
    """Those of `units` that belong to a group of slots, in order."""
    pattern = re.compile(rf"{re.escape(group)}(-\d+)?")
    return sorted(code for code in units if pattern.fullmatch(code))
