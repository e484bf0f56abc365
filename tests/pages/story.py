"""A small city in the middle of its work: two periods with reports in every state, orders, a granted
extension, trainings, progress. Everything came through the services; only the days on which it came
are set back, as services write today's."""

from datetime import date

import pgtrigger

from duties.choices import ExtensionState
from duties.models import Assignment, DutyItem
from duties.services import fulfil, record_progress, take_off
from reports import services
from reports.models import Report
from tests.conftest import _member
from tests.duties.chasing import extension_in
from tests.duties.ordering import issued
from tests.reports.cast import desk_of


class Story:
    """`tell()` makes it; the fixtures of the cast are handed in."""

    def __init__(self, city, officer, head, data_officer, unit_cdo):
        self.city, self.officer, self.head = city, officer, head
        self.data_officer, self.unit_cdo = data_officer, unit_cdo
        self.people = {
            unit: (_member(city, unit, "data_officer"), _member(city, unit, "unit_cdo"))
            for unit in (city.government, city.department, city.district)
        }

    def tell(self):
        city = self.city
        desk = desk_of(city)
        desk.open_period("2021Q4")
        desk.open_period("2022Q1")
        self._reports(desk)
        self._orders()
        self._duties()
        people = (self.officer, self.head, self.data_officer, self.unit_cdo)
        extension_in(ExtensionState.GRANTED, city, *people)
        return self

    def handed_in(self, desk, unit, code, on):
        writer, cdo = self.people[unit]
        report = services.start_report(self.city.assignment_of(unit, code), by=writer)
        services.put_up_and_sign(desk.fill(report), by=cdo)
        Report.rows.filter(pk=report.pk).update(handed_in_on=on)
        return Report.rows.for_lists().get(pk=report.pk)

    def accepted(self, report, on):
        came = report.handed_in_on
        services.accept(report, by=self.officer)
        Report.rows.filter(pk=report.pk).update(handed_in_on=came, decided_on=on)
        Assignment.rows.filter(pk=report.assignment_id).update(done_on=came)
        with pgtrigger.ignore("duties.Fulfilment:fulfilment_is_only_voided"):  # on its day of old
            report.assignment.fulfilments.update(happened_on=came)

    def returned(self, report, on):
        section = report.submissions.get().content["sections"][0]["key"]
        remark = services.Remark(section, "body", "", "写明完成时间。")
        services.return_report(report, [remark], by=self.officer)
        Report.rows.filter(pk=report.pk).update(decided_on=on)

    def _reports(self, desk):
        city = self.city
        self.accepted(
            self.handed_in(desk, city.department, "2021Q4", date(2022, 1, 12)), date(2022, 1, 20)
        )
        self.returned(
            self.handed_in(desk, city.district, "2021Q4", date(2022, 1, 18)), date(2022, 2, 10)
        )
        self.accepted(
            self.handed_in(desk, city.department, "2022Q1", date(2022, 4, 8)), date(2022, 4, 12)
        )
        self.handed_in(desk, city.government, "2022Q1", date(2022, 4, 11))
        services.start_report(
            city.assignment_of(city.district, "2022Q1"), by=self.people[city.district][0]
        )

    def _orders(self):
        city, people = self.city, (self.officer, self.head)
        row = issued(city, *people, units=[city.department, city.district])
        first = Assignment.rows.get(obligation=row.obligation, enrolment__unit=city.department)
        fulfil(first, source_key="order", happened_on=date(2022, 4, 13), by=self.officer)
        issued(city, *people, units=[city.district], title="自查数据目录", due_on=date(2022, 4, 22))

    def _duties(self):
        city, by = self.city, self.officer
        training = city.assignment(city.department, "training")
        for day in (date(2022, 1, 5), date(2022, 4, 1)):
            fulfil(training, source_key=f"t{day}", happened_on=day, by=by)
        other = city.assignment(city.district, "training")
        fulfil(other, source_key="t", happened_on=date(2022, 4, 14), by=by)
        fulfil(city.assignment(city.district), source_key="r", happened_on=date(2022, 4, 10), by=by)
        take_off(city.assignment(city.district, "plan"), "exempt", by=by, reason="由市里统一制订。")
        for name, unit, day in (
            ("行业特色数据应用", city.department, date(2022, 3, 10)),
            ("全员数据技能与安全培训", city.department, date(2022, 4, 12)),
            ("数据运营机构建设", city.district, date(2021, 12, 1)),
        ):
            record_progress(
                DutyItem.rows.get(name=name),
                city.enrolment(unit),
                source_key=f"{name}{day}",
                happened_on=day,
                summary="已办",
                by=by,
            )
