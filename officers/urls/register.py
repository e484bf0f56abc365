"""Addresses of the register: appointments and people."""

from django.urls import path, register_converter

from ..views import acts, appointing, appointments, contacts, people, register, vacancies


class AppointmentNumber:
    """RM-2022-0001: so that no other page below /officers/ is taken for an appointment."""

    regex = r"RM-\d{1,4}-\d{1,9}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(AppointmentNumber, "rm")

urlpatterns = [
    path("officers/", register.AppointmentList.as_view(), name="appointment-list"),
    path("officers/export.xlsx", register.AppointmentExport.as_view(), name="appointment-export"),
    path("officers/new/", appointing.AppointView.as_view(), name="appointment-new"),
    path("officers/vacancies/", vacancies.VacancyList.as_view(), name="vacancy-list"),
    path("officers/contacts/", contacts.ContactsView.as_view(), name="contacts"),
    path("officers/people/", people.PersonList.as_view(), name="person-list"),
    path("officers/people/<uuid:uuid>/", people.PersonPage.as_view(), name="person"),
    path("officers/people/<uuid:uuid>/edit/", people.PersonEdit.as_view(), name="person-edit"),
    path(
        "officers/people/<uuid:uuid>/account/",
        people.PersonAccount.as_view(),
        name="person-account",
    ),
    path(
        "officers/confirm/<slug:code>/",
        acts.ConfirmUnchangedView.as_view(),
        name="confirm-unchanged",
    ),
    path("officers/<rm:number>/", appointments.AppointmentPage.as_view(), name="appointment"),
    path(
        "officers/<rm:number>/file/",
        appointments.AppointmentFile.as_view(),
        name="appointment-file",
    ),
    path("officers/<rm:number>/confirm/", acts.ConfirmView.as_view(), name="appointment-confirm"),
    path("officers/<rm:number>/end/", acts.EndView.as_view(), name="appointment-end"),
    path("officers/<rm:number>/void/", acts.VoidView.as_view(), name="appointment-void"),
    path("officers/<rm:number>/mend/", acts.MendView.as_view(), name="appointment-mend"),
    path(
        "officers/<rm:number>/reinstate/",
        acts.ReinstateView.as_view(),
        name="appointment-reinstate",
    ),
]
