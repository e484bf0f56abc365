"""Loading whom the trainings that a programme demands train: business staff, or the CDOs themselves."""

from trainings import services
from trainings.choices import EventKind
from trainings.models import CountingRule

from .programmes import Load


def load_counting(load: Load) -> None:
    """Set the rule where the pack says otherwise than by default and nobody has set one: what a bureau
    decides afterwards stays."""
    is_set = CountingRule.rows.filter(programme=load.programme).exists()
    if load.pack.trains != EventKind.TRAINING and not is_set:
        services.set_counting(load.programme, by=None, trains=load.pack.trains)
