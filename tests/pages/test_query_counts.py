"""What the busiest pages ask of the database, at most: these numbers only ever go down."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("path", "most"), [("/help/", 4), ("/overview/", 21), ("/", 34), ("/units/{}/", 47)]
)
def test_a_page_asks_no_more_than_it_did(
    city, officer, browse, path, most, django_assert_max_num_queries
):
    client, address = browse(officer), path.format(city.department.code)
    client.get(address)  # the session remembers the moment and the programme
    with django_assert_max_num_queries(most):
        assert client.get(address).status_code == 200
