from uuid import uuid4

import pytest

from tests.conftest import City, make_city
from tests.officers.cast import Register, ruled


@pytest.fixture
def register(city) -> Register:
    """The city with rules for its CDOs."""
    return ruled(city)


@pytest.fixture
def elsewhere(db) -> City:
    """A second city."""
    return make_city("210100", "别市")


@pytest.fixture
def send(api):
    """`send(user, "appointments/RM-…/end", {…}, version=1)` gives the API's answer."""

    def sending(user, path, content=None, version=None, method="post"):
        headers = {"Idempotency-Key": str(uuid4())}
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        call = getattr(api(user), method)
        return call(f"/api/v1/{path}/", content or {}, format="json", headers=headers)

    return sending
