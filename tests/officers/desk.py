"""A filing that waits at its desk, and what its forms send."""

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

SEPTEMBER, REPORTED, TODAY = date(2021, 9, 16), date(2021, 9, 28), date(2022, 4, 15)
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def scan(name="任命文件.pdf"):
    return SimpleUploadedFile(name, PDF)


def address(filing, act=""):
    return f"/filings/{filing.number}/{act}"


def send(client, filing, act, **data):
    """Send one of the forms of the filing's page, on the version that the test read."""
    return client.post(address(filing, f"{act}/"), {"version": filing.version, **data})


def accepted(filing, **given):
    """What the form of 准予备案 holds when nobody changes anything."""
    return {"receipt_number": filing.number, "accepted_on": "2022-04-15", **given}


def numbers(client, query=""):
    """The numbers of the list, in its order."""
    return [row.number for row in client.get(f"/filings/{query}").context["rows"]]
