"""Browser tests: the system's Chromium, driven by Playwright.

Where Chromium is missing they are skipped by name; with CI=true a missing browser is a failure, so
that a broken machine never looks green.
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.browser.city import LivingCity
from tests.browser.tour import Tour

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next((path for path in map(shutil.which, NAMES) if path), None)
MISSING = "Chromium is not installed: apt install chromium fonts-noto-cjk"


def pytest_collection_modifyitems(items):
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if CHROMIUM is None and os.environ.get("CI") == "true":
        pytest.fail(MISSING)
    if CHROMIUM is None:
        pytest.skip(MISSING)
    # Chromium's sandbox refuses root.
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": options}


@pytest.fixture(scope="package")
def browser(launch_browser):
    """Closed after the last test of this folder: left open it would slow down those that follow."""
    opened = launch_browser()
    yield opened
    opened.close()


@pytest.fixture(scope="session", autouse=True)
def _database_beside_playwright():
    """Playwright's loop runs in this thread, and Django would refuse every query beside it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"


@pytest.fixture(scope="module")
def tour(browser: Browser, django_db_setup: Any, django_db_blocker: Any) -> Iterator[Tour]:
    """The city and the server stay for the whole file. pytest-django's own `live_server` would
    empty the database after each test."""
    with django_db_blocker.unblock():
        city, server = LivingCity.build(), LiveServer("localhost")
        made = Tour(browser, server.url, city)
        yield made
        for context in made.contexts.values():
            context.close()
        server.stop()
        LivingCity.clear()
