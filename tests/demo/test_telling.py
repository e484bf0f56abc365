"""Where the demonstration story is not told, and that nothing is left of it then."""

import pytest
from django.core.management import CommandError, call_command

from cdo_portal.demo import story, telling
from pilots.models import Programme
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


def test_without_the_pack_or_before_its_end_the_story_is_not_told(settings):
    settings.TODAY = str(story.ENDS_ON)
    with pytest.raises(telling.Unready, match="load_packs"):
        telling.tell()
    call_command("load_packs", verbosity=0)
    settings.TODAY = "2022-05-09"
    with pytest.raises(CommandError, match="2022-05-10"):
        call_command("load_demo")
    assert Programme.rows.get(code=story.PROGRAMME).phase == "draft"


def test_a_real_database_that_holds_accounts_refuses_the_story(settings):
    UserFactory()
    settings.TRIAL = False
    with pytest.raises(CommandError, match="已有账号"):
        call_command("load_demo")
