"""What several lists narrow by in the same way, on pages and in the API."""

from typing import Any

import django_filters as filters


class ChoicesFilter(filters.MultipleChoiceFilter):
    """Any of several values of a column of which a row has one, its own or that of what it belongs to.

    Without the DISTINCT of the library: it compares whole rows, and so works out every column of every
    row that there is before it gives the first fifty.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, distinct=False, **kwargs)
