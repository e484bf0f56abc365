"""A form in two steps: fill in, read what will happen, do it. Works without JavaScript."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.generic import FormView

from core.errors import PermissionRefused, Refused
from core.views import RefusalMixin


class ConfirmedFormView(RefusalMixin, FormView):
    """Subclasses give `prepare()` (find the object, check the right there), `heading()`,
    `confirmation()` and `act()`. A refusal is said above the form, which keeps everything that was filled in."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.prepare(request, **kwargs) or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.prepare(request, **kwargs) or super().post(request, *args, **kwargs)

    def prepare(self, request: HttpRequest, **kwargs: Any) -> HttpResponse | None:
        """Find the object; an answer instead of the form where the form makes no sense."""
        raise NotImplementedError

    def heading(self) -> str:
        """Title and h1 of the page."""
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**{"heading": self.heading(), **kwargs})

    def confirmation(self, values: dict[str, Any]) -> dict[str, Any]:
        """{"title", "effect", "label", "grave", "rows"} of the second step; rows as in summary.html."""
        raise NotImplementedError

    def act(self, values: dict[str, Any]) -> str:
        """Call the service; the sentence that the next page shows."""
        raise NotImplementedError

    def form_valid(self, form: Form) -> HttpResponse:
        if "back" in self.request.POST:
            return self.render_to_response(self.get_context_data(form=form))
        if "confirmed" not in self.request.POST:
            step = {"rows": [], "grave": False, **self.confirmation(form.cleaned_data)}
            return self.render_to_response(self.get_context_data(form=form, step=step))
        try:
            said = self.act(form.cleaned_data)
        except PermissionRefused:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
            return self.form_invalid(form, status=refusal.status)
        except ValidationError as error:
            form.add_error(None, error.messages)
            return self.form_invalid(form)
        messages.success(self.request, said)
        return redirect(self.get_success_url())

    def form_invalid(self, form: Form, status: int = 422) -> HttpResponse:
        return self.render_to_response(self.get_context_data(form=form), status=status)
