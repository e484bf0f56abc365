"""The small city with reports: a period of progress reports, and people who write, sign and review."""

from dataclasses import dataclass
from datetime import date

from accounts.models import User
from pilots.models import Unit
from reports import services
from reports.choices import Kind
from reports.models import Period, Report, Section
from tests.conftest import City, _member

BASIS = "关于报送履职进展的通知"
QUARTERS = {
    "2021Q4": ("2021年第四季度", date(2021, 10, 1), date(2021, 12, 31), date(2022, 1, 14)),
    "2022Q1": ("2022年第一季度", date(2022, 1, 1), date(2022, 3, 31), date(2022, 4, 22)),
    "2022Q2": ("2022年第二季度", date(2022, 4, 1), date(2022, 6, 30), date(2022, 7, 15)),
}


@dataclass
class Desk:
    """A city whose units report. Everything goes through the services."""

    city: City
    officer: User
    data_officer: User
    unit_cdo: User

    def open_period(self, code: str = "2022Q1", *, figures=(), **facts) -> Period:
        title, starts_on, ends_on, due_on = QUARTERS[code]
        opening = services.Opening(
            code=code,
            title=title,
            starts_on=starts_on,
            ends_on=ends_on,
            opens_on=ends_on,
            due_on=due_on,
            basis_title=BASIS,
            **facts,
        )
        return services.open_period(self.city.programme, opening, figures=figures, by=self.officer)

    def report(self, unit: Unit | None = None, code: str = "2022Q1") -> Report:
        """The unit's report of the period, in draft."""
        task = self.city.assignment_of(unit or self.city.department, code)
        return services.start_report(task, by=self.data_officer)

    def summary(self, unit: Unit | None = None) -> Report:
        task = self.city.assignment(unit or self.city.department)
        return services.start_report(task, by=self.data_officer)

    def fill(self, report: Report, **facts) -> Report:
        """Write what is needed, so that nothing stands in the way of a signature."""
        for section in report.sections.standing():
            content = {"body": f"{section.heading}有进展。", **facts}
            if report.kind == Kind.PROGRESS:
                content.setdefault("completion", "under_way")
            services.save_section(section, content, by=self.data_officer, version=None)
        report.refresh_from_db()
        return report

    def handed_in(self, report: Report | None = None, **facts) -> Report:
        """A report that waits for the bureau."""
        report = self.fill(report or self.report(), **facts)
        services.put_up_and_sign(report, by=self.unit_cdo)
        return Report.rows.for_lists().get(pk=report.pk)

    def section(self, report: Report, place: int = 0) -> Section:
        return report.sections.standing().order_by("position")[place]


def desk_of(city: City) -> Desk:
    return Desk(
        city,
        officer=_member(city, city.bureau, "bureau_officer"),
        data_officer=_member(city, city.department, "data_officer"),
        unit_cdo=_member(city, city.department, "unit_cdo"),
    )
