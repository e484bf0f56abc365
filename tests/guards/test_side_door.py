"""The setting by which pgtrigger's triggers look away does nothing once the rights are granted."""

import pgtrigger
import pytest
from django.db import DatabaseError, transaction

from core.management.commands.grant_rights import SIDE_DOOR
from tests.factories.reports import SupportReplyFactory

from .test_moves import run

pytestmark = pytest.mark.django_db
CHANGE = "UPDATE reports_supportreply SET text = '改过'"


@pytest.fixture
def looked_away():
    """The setting, for every trigger there is."""
    SupportReplyFactory()
    names = ",".join(trigger.get_pgid(model) for model, trigger in pgtrigger.registered())
    run(f"SELECT set_config('pgtrigger.ignore', '{{{names}}}', true)")


def test_no_session_makes_the_triggers_look_away(looked_away):
    run(SIDE_DOOR)
    with pytest.raises(DatabaseError, match="Cannot update"), transaction.atomic():
        run(CHANGE)


def test_before_the_rights_are_granted_it_would(looked_away):
    """The negative control."""
    run(CHANGE)
