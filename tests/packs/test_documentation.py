"""docs/packs.md: what it shows a bureau works as it stands."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from cdo_portal.packs.faults import PackBroken
from cdo_portal.packs.known import OWN_FOLDER
from cdo_portal.packs.loader import load
from cdo_portal.packs.schema import PostRuleEntry, RemindersEntry
from duties.models import Assignment
from officers.choices import PostLevel
from officers.models import Appointment, Post, PostRule
from pilots.choices import Part, UnitKind
from pilots.models import Enrolment

pytestmark = pytest.mark.django_db
TEXT = (Path(settings.BASE_DIR) / "docs/packs.md").read_text(encoding="utf-8")
EXAMPLE = re.search(r"```yaml\n(.*?)```", TEXT, re.DOTALL)[1]


@pytest.fixture
def written(tmp_path):
    def to_file(text: str) -> Path:
        path = tmp_path / "xincheng-2022.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return to_file


@pytest.fixture
def _posts():
    """The product's list of posts, to which a bureau's own pack refers."""
    load(OWN_FOLDER / "posts.yaml")


@pytest.mark.usefixtures("_posts")
def test_the_example_loads(written):
    difference = load(written(EXAMPLE))

    assert not difference.conflicts
    assert Enrolment.rows.filter(programme__code="xincheng-2022").pilots().count() == 5
    assert Assignment.rows.filter(obligation__code="xincheng-2022.ob-1").count() == 4
    assert PostRule.rows.filter(programme__code="xincheng-2022").count() == 2
    assert Appointment.rows.get().unit.code == "990200-jyj"


@pytest.mark.usefixtures("_posts")
def test_the_faults_it_shows_are_those_it_gets(written):
    broken = EXAMPLE.replace("short_title:", "short_titel:").replace(
        "latest_on: 2022-06-30", "latest_on: 2022-06-31"
    )

    with pytest.raises(PackBroken) as caught:
        load(written(broken))

    said = [str(fault) for fault in caught.value.faults]
    shown = re.findall(r"(xincheng-2022\.yaml:\d+: .*?)(?:…|$)", TEXT, re.MULTILINE)
    assert len(shown) == 2
    for line in shown:
        assert any(fault.startswith(line) for fault in said), line


def test_it_lists_every_kind_and_part():
    for choices in (UnitKind, Part):
        for value, label in choices.choices:
            assert f"{value}{label}" in TEXT, value


@pytest.mark.usefixtures("_posts")
def test_it_lists_every_post_and_level():
    for code, name in [*Post.objects.values_list("code", "name"), *PostLevel.choices]:
        assert f"{code}{name}" in TEXT, code


def test_it_explains_every_key_of_a_rule():
    keys = {*PostRuleEntry.model_fields, *RemindersEntry.model_fields}
    for key in keys - {"clause", "note", "title", "code", "source"}:
        assert f"`{key}`" in TEXT or f"`{key}:" in TEXT or f"    {key}: " in TEXT, key
