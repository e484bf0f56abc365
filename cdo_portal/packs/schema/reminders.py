"""When a programme's deadlines are told, and to whom besides the clerks."""

from typing import Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import AfterValidator, Field

from reminders.models.wishes import LAST_STAGE, LAST_WEEK

from .words import Fact

OVERDUE = "overdue"  # the CDO hears of it only then


def _from_far_to_near(stages: list[int]) -> list[int]:
    if stages != sorted(set(stages), reverse=True):
        raise ValueError(_("阶段由大到小写，不重复，如14,7,3,1,0"))
    return stages


Stage = Annotated[int, Field(ge=0, le=LAST_STAGE)]
Stages = Annotated[list[Stage], Field(min_length=1), AfterValidator(_from_far_to_near)]


class RemindersEntry(Fact):
    """Working days ahead, as the document says them; the CDO and the bureau's desk come in where it
    says so."""

    stages: Stages
    cdo_from: Stage | Literal["overdue"] = 3
    desk_from_week: Annotated[int, Field(ge=0, le=LAST_WEEK)] | None = None

    def facts(self) -> dict[str, Any]:
        """The same as the columns of a ReminderRule know it."""
        return {
            "stages": self.stages,
            "cdo_from": None if self.cdo_from == OVERDUE else self.cdo_from,
            "desk_from_week": self.desk_from_week,
        }
