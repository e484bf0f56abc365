"""./portal demo: tell the demonstration's story into the trial's own database."""

from ..environment import DEMO_TODAY
from ..messages import Problem
from ..place import Place
from ..servers import given
from .arguments import take_data
from .manage import manage


def run(argv: list[str]) -> int:
    data, words = take_data(argv)
    if given("DATABASE_URL"):
        raise Problem("external-demo")
    place = Place.of(data)
    place.make()
    place.remember(today=DEMO_TODAY)
    code = manage(place, ["load_demo", *words])
    if code == 0:
        place.remember(demo=True)
    return code
