"""A section as the writer's page shows it: boxes with last period's words above, the remarks that
came back, figures with last period beside, files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from ..choices import LIMITS, TEXTS, Completion, Field
from ..forms.writing import SectionForm, anchor_of, prefix_of
from ..models import Section, SectionRevision
from ..queries import Fault, content_of
from ..queries.checking import count
from ..queries.writing import DONE, HALF, UNWRITTEN, Before, state_of


def state_word(state: str) -> str:
    return {UNWRITTEN: _("未写"), HALF: _("写了一半"), DONE: _("已写完")}[state]


@dataclass(frozen=True)
class TextBox:
    """One text: `before` is last period's, `origin` the report from which it was carried unchanged."""

    name: str
    bound: Any
    limit: int
    written: int
    before: str = ""
    origin: str = ""
    remarks: Sequence[Any] = ()
    faults: Sequence[str] = ()

    @property
    def left(self) -> int:
        return self.limit - self.written

    @property
    def over(self) -> int:
        return max(-self.left, 0)

    @property
    def may_carry(self) -> bool:
        return bool(self.before) and not (self.bound.value() or "").strip()


@dataclass(frozen=True)
class FigureRow:
    """One key figure; `before` is what was reported last period, never put into the box."""

    bound: Any
    name: str
    unit: str
    before: str


@dataclass(frozen=True)
class Contest:
    """Two texts of one section. The box holds one; `other` is the one that was kept aside: that of
    `revision`, or the saved one when it is None. `pairs`: [{"label", "here", "there"}]."""

    who: str
    at: str
    is_own: bool
    revision: SectionRevision | None
    pairs: list[dict[str, str]]


@dataclass
class Card:
    """Context of templates/reports/edit/section.html."""

    section: Section
    form: SectionForm
    state: str
    texts: list[TextBox] = field(default_factory=list)
    figures: list[FigureRow] = field(default_factory=list)
    remarks: dict[str, Sequence[Any]] = field(default_factory=dict)
    faults: dict[str, list[str]] = field(default_factory=dict)
    file_faults: Sequence[str] = ()
    contest: Contest | None = None
    is_unsaved: bool = False
    number: int = 0

    @property
    def prefix(self) -> str:
        return prefix_of(self.section)

    @property
    def own_remarks(self) -> Sequence[Any]:
        """Remarks on the section as a whole."""
        return self.remarks.get("", ())

    @property
    def state_word(self) -> str:
        return state_word(self.state)

    @property
    def completion(self) -> Any:
        return self.form["completion"] if "completion" in self.form.fields else None

    @property
    def items(self) -> Any:
        """The boxes of items, None where none applies."""
        found = self.form.fields.get("items")
        return self.form["items"] if found is not None and found.choices else None  # type: ignore[attr-defined]

    @property
    def figures_anchor(self) -> str:
        return anchor_of(self.section, Field.FIGURES)

    @property
    def files_anchor(self) -> str:
        return anchor_of(self.section, Field.EVIDENCE)

    @property
    def saved_at(self) -> str:
        return f"{localtime(self.section.updated_at):%H:%M}"


@dataclass(frozen=True)
class Known:
    """What the cards of one page share. `shows_faults` says that the writer came from the check."""

    before: Before
    faults: list[Fault]
    remarks: dict[tuple[str, str], list[Any]]
    unsettled: dict[int, SectionRevision]
    user: Any
    shows_faults: bool = False


def card(section: Section, form: SectionForm, known: Known, number: int = 0) -> Card:
    """The section with the form that holds what was saved, or what was sent."""
    made = Card(section, form, state_of(section, known.faults), number=number)
    made.remarks = {
        name: known.remarks.get((section.key, name), ()) for name in ("", *Field.values)
    }
    if known.shows_faults:
        for fault in known.faults:
            if fault.section == section.key:
                made.faults.setdefault(fault.field, []).append(fault.message)
    made.texts = [_text(made, name, known) for name in TEXTS if name.value in form.fields]
    made.figures = [
        FigureRow(
            form[f"figure-{figure.pk}"],
            figure.name,
            figure.unit_label,
            known.before.figures.get(section.key, {}).get(figure.name, ""),
        )
        for figure in form.figures
    ]
    kept = known.unsettled.get(section.pk)
    if kept is not None and not form.is_bound:
        made.contest = contest(made, kept, known.user)
    return made


def _text(made: Card, name: Field, known: Known) -> TextBox:
    section, bound = made.section, made.form[name.value]
    value = bound.value() or ""
    is_untouched = value == getattr(section, name.value)
    return TextBox(
        name=name.value,
        bound=bound,
        limit=int(bound.field.widget.attrs["data-limit"]),
        written=count(value),
        before=known.before.text(section.key, name.value),
        origin=section.origins.get(name.value, "") if is_untouched else "",
        remarks=made.remarks.get(name.value, ()),
        faults=made.faults.get(name.value, ()),
    )


def contest(made: Card, revision: SectionRevision | None, user: Any) -> Contest:
    """The other text: of `revision`, which came too late, or what is saved now."""
    section = made.section
    other = revision.content if revision is not None else content_of(section)
    here = content_of(section) if revision is not None else typed(made.form)
    by = revision.saved_by if revision is not None else section.updated_by
    moment = revision.saved_at if revision is not None else section.updated_at
    return Contest(
        who=str(by or ""),
        at=f"{localtime(moment):%H:%M}".lstrip("0") if moment else "",
        is_own=by is not None and by.pk == user.pk,
        revision=revision,
        pairs=pairs(made.form, here, other),
    )


def typed(form: SectionForm) -> dict[str, Any]:
    """What was sent, in the shape of `content_of` as far as people compare it."""
    form.is_valid()
    return content_of(form.section) | {
        key: value for key, value in form.content.items() if key != "figures"
    }


def pairs(form: SectionForm, here: dict[str, Any], there: dict[str, Any]) -> list[dict[str, str]]:
    """The fields in which two texts differ, in words."""
    names = (*(each.value for each in LIMITS), "completion", "items")
    return [
        {
            "label": str(form.fields[name].label),
            "here": _say(form, name, here.get(name)),
            "there": _say(form, name, there.get(name)),
        }
        for name in names
        if name in form.fields and _plain(here.get(name)) != _plain(there.get(name))
    ]


def is_same(form: SectionForm, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two contents say the same, key figures aside."""
    return not pairs(form, one, other)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return sorted(value)
    return str(value or "").replace("\r\n", "\n").rstrip()


def _say(form: SectionForm, name: str, value: Any) -> str:
    if name == "completion":
        return str(Completion(value).label) if value in Completion.values else ""
    if name == "items":
        labels = dict(form.fields["items"].choices)  # type: ignore[attr-defined]
        return _("、").join(str(labels.get(code, code)) for code in value or ())
    return str(value or "")


def all_remarks(cards: Iterable[Card]) -> int:
    """How many remarks of the last review stand on the page."""
    return sum(len(found) for each in cards for found in each.remarks.values())
