"""A kind of document made for these tests, and a place for the files."""

import pytest

from core.documents import kinds
from tests.factories.accounts import UserFactory

from .templates import FIELDS, KIND, SAMPLE


@pytest.fixture
def kind():
    declared = kinds.register(KIND, "备案回执", FIELDS, SAMPLE)
    yield declared
    del kinds._kinds[KIND]


@pytest.fixture
def folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def by():
    return UserFactory(display_name="王芳")
