"""The mark of a demonstration site on every page of a document."""

from typing import Any

from .elements import element

MARK = "演示数据"


def mark_demo(document: Any) -> None:
    """Write 「演示数据」 at the top of every page header of a python-docx document, whatever headers
    its sections have: first pages and even pages of their own, or none at all."""
    has_even = document.settings.odd_and_even_pages_header_footer
    for number, section in enumerate(document.sections):
        headers = [section.header]
        if has_even:
            headers.append(section.even_page_header)
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
        for header in headers:
            # One that is linked to the section before shows that section's mark.
            if number == 0 or not header.is_linked_to_previous:
                header.is_linked_to_previous = False
                _write(header)


def _write(header: Any) -> None:
    font = element("rFonts", ascii="黑体", hAnsi="黑体", eastAsia="黑体")
    run = element("r", element("rPr", font, element("sz", val=28)))
    run.text = MARK
    mark = element("p", element("pPr", element("jc", val="center")), run)
    first = header.paragraphs[0]._p if header.paragraphs else None
    if first is not None and not len(first.r_lst) and len(header.paragraphs) == 1:
        header._element.replace(first, mark)
    else:
        header._element.insert(0, mark)
