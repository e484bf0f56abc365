"""What every run must come to."""

from reminders.models import Delivery


def all_sent() -> bool:
    return not Delivery.rows.exclude(state="sent").exists()


def assert_clean(report: dict[str, dict[str, int]], channels: int = 4) -> None:
    """Nothing lost, nothing twice, nothing in limbo on any of so many channels."""
    assert len(report) == channels
    for one in report.values():
        assert (one["lost"], one["twice"], one["limbo"]) == (0, 0, 0)
