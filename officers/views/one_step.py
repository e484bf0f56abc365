"""A form that is done when it is sent."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView

from accounts.roles import Permission
from core.errors import PermissionRefused, Refused
from core.forms import put_errors
from core.views import RefusalMixin


class OneStepFormView(RefusalMixin, FormView):
    """A form that is done when it is sent. Subclasses give `heading()` and `act()`; a refusal is said
    at its field, or above the form, which keeps everything that was filled in."""

    required_permission = Permission.READ_OFFICERS
    template_name = "officers/team_form.html"
    label: Any = ""

    def heading(self) -> str:
        raise NotImplementedError

    def back_url(self) -> str:
        raise NotImplementedError

    def act(self, form: Any) -> tuple[str, str]:
        """Call the service: (the sentence that the next page shows, its address)."""
        raise NotImplementedError

    def get_refusal_url(self) -> str:
        return self.back_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {"heading": self.heading(), "back_url": self.back_url(), "label": self.label}
        return super().get_context_data(**{**context, **kwargs})

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            said, address = self.act(form)
        except PermissionRefused:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form, refusal.status)
        except ValidationError as error:
            put_errors(form, error)
            return self.form_invalid(form)
        messages.success(self.request, said)
        return redirect(address)

    def form_invalid(self, form: Form, status: int = 422) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=status)
