"""What clients send about saved views."""

from core.api.inputs import InputSerializer, Seen, Text

from ..models import Programme


class KeepInput(InputSerializer):
    """A list's address (`path`) and its query (`query`, without `?`) under a name; `programme` shares
    it with all people of that programme."""

    name = Text(max_length=20)
    path = Text(max_length=200)
    query = Text(max_length=1000)
    programme = Seen(Programme, required=False, allow_null=True, default=None)


class SavedViewMendInput(InputSerializer):
    """What changes: the name, the programme it is shared with (null: nobody any more)."""

    name = Text(max_length=20)
    programme = Seen(Programme, allow_null=True)
