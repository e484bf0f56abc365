"""Rows of core for tests."""

import factory

from core import clock, files
from core.models import DocumentTemplate, StoredFile


class DocumentTemplateFactory(factory.django.DjangoModelFactory):
    """`content` is the .docx itself; the test has to set DATA_DIR."""

    class Meta:
        model = DocumentTemplate

    class Params:
        content = b""

    kind = "filing-receipt"
    holder = "440300-zsj"
    file = factory.LazyAttribute(
        lambda row: files.store([row.content], media_type="application/octet-stream")
    )
    file_name = "回执模板.docx"
    uploaded_at = factory.LazyFunction(clock.now)
    uploaded_by = "测试人员"


class StoredFileFactory(factory.django.DjangoModelFactory):
    """A row of the store; its bytes are on no disk."""

    class Meta:
        model = StoredFile

    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    size = 1024
    media_type = "application/pdf"
    created_at = factory.LazyFunction(clock.now)
