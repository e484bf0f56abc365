"""The writer's form as a browser without JavaScript holds and sends it."""

from html.parser import HTMLParser
from typing import Any

from reports.models import Report, Section


class _Fields(HTMLParser):
    """Names and values of what a form would send, without its buttons."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, Any] = {}
        self.area = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        name, kind = facts.get("name") or "", facts.get("type") or "text"
        if tag == "textarea":
            self.area = name
            self.found[name] = ""
        if tag != "input" or not name or kind in {"file", "search"}:
            return
        if kind in {"radio", "checkbox"}:
            if "checked" in facts:
                self.found.setdefault(name, []).append(facts["value"])
        else:
            self.found[name] = facts.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self.area:
            self.found[self.area] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            # HTML drops the first line break after the tag.
            self.found[self.area] = self.found[self.area].removeprefix("\n").removeprefix("\r\n")
            self.area = ""


class Form:
    """The page of one report in one window."""

    def __init__(self, client: Any, report: Report) -> None:
        self.client, self.report = client, report
        self.base = f"/reports/{report.number}/"
        self.url = f"{self.base}edit/"

    @property
    def sections(self) -> list[Section]:
        rows = list(self.report.sections.standing().order_by("position", "id"))
        for row in rows:
            row.report = self.report
        return rows

    def shown(self) -> str:
        answer = self.client.get(self.url)
        assert answer.status_code == 200
        return answer.content.decode()

    def checked(self) -> str:
        answer = self.client.get(f"{self.base}check/")
        assert answer.status_code == 200
        return answer.content.decode()

    def read(self, answer: Any) -> dict[str, Any]:
        html = answer.content.decode()
        at = html.index('<form class="writing"')
        fields = _Fields(html[at : html.index("</form>", at)]).found
        fields.pop("csrfmiddlewaretoken", None)
        return fields

    def fields(self, typed: dict[Section, dict[str, Any]]) -> dict[str, Any]:
        """What the window would send now, with what was typed in it."""
        found = self.read(self.client.get(self.url))
        for section, values in typed.items():
            found |= {f"s{section.pk}-{name}": value for name, value in values.items()}
        return found

    def send(
        self,
        typed: dict[Section, dict[str, Any]],
        *,
        url: str = "",
        follow: bool = False,
        **button: str,
    ) -> Any:
        return self.client.post(url or self.url, self.fields(typed) | button, follow=follow)

    def put_up(self, *, follow: bool = False, **button: str) -> Any:
        self.report.refresh_from_db()
        facts = {"version": self.report.version, **button}
        return self.client.post(f"{self.base}check/", facts, follow=follow)
