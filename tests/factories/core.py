"""Rows of core for tests."""

import factory

from core import clock, files
from core.models import DocumentTemplate


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
