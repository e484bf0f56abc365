"""Logging in and out, passwords, preferences."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import translation
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView, View

from . import services
from .forms import (
    ChangePasswordForm,
    ListSettingsForm,
    LoginForm,
    NewPasswordForm,
    PreferencesForm,
)
from .middleware import TIMED_OUT
from .roles import LOGGED_IN, PUBLIC

LANGUAGE_COOKIE_AGE = 365 * 24 * 3600


def safe_next(request: HttpRequest) -> str:
    """`next` of the request when it leads to this site, else ''."""
    target = request.POST.get("next") or request.GET.get("next") or ""
    hosts, secure = {request.get_host()}, request.is_secure()
    # A bare word is no address: redirect() would look for a view of that name.
    is_ours = url_has_allowed_host_and_scheme(target, hosts, require_https=secure)
    return target if is_ours and "/" in target else ""


class LoginView(auth.LoginView):
    """P0. The lock-out is django-axes'; `next` is followed only inside this site."""

    required_permission = PUBLIC
    template_name = "accounts/login.html"
    form_class = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: LoginForm) -> HttpResponse:
        ended = self.request.session.get(TIMED_OUT)
        response = super().form_valid(form)
        services.record_login(form.get_user())
        self.request.session.pop(TIMED_OUT, None)
        # A form that was sent too late: go to its page, not to its address, which takes only POST.
        if ended and self.get_redirect_url() == ended["asked"]:
            return redirect(ended["back"] or settings.LOGIN_REDIRECT_URL)
        return response

    def form_invalid(self, form: LoginForm) -> HttpResponse:
        if getattr(self.request, "axes_locked_out", False):
            services.record_lockout(form.data.get("username", ""))
        return super().form_invalid(form)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ended = TIMED_OUT in self.request.session
        note = _("登录已超时。登录后回到原处。") if ended else ""
        target = safe_next(self.request)
        return super().get_context_data(**{**kwargs, "note": note, "next": target})


class LogoutView(View):
    """POST only: a link on another site must not end somebody's work."""

    required_permission = LOGGED_IN
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        services.record_logout(request.user)
        logout(request)
        messages.success(request, _("已退出。"))
        return redirect("accounts:login")


@method_decorator(sensitive_post_parameters(), name="dispatch")
class PasswordView(FormView):
    """Changing the own password; also the only page open to somebody with a one-time password."""

    required_permission = LOGGED_IN
    template_name = "accounts/password.html"
    form_class = ChangePasswordForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.request.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        forced = self.request.user.must_change_password
        return super().get_context_data(**kwargs, forced=forced, next=safe_next(self.request))

    def form_valid(self, form: Form) -> HttpResponse:
        user = services.change_own_password(self.request.user, form.cleaned_data["new_password"])
        update_session_auth_hash(self.request, user)  # this session goes on, all others end
        messages.success(self.request, _("密码已修改。其他设备上的登录已退出。"))
        return redirect(safe_next(self.request) or settings.LOGIN_REDIRECT_URL)


class PreferencesView(FormView):
    required_permission = LOGGED_IN
    template_name = "accounts/preferences.html"
    form_class = PreferencesForm
    success_url = reverse_lazy("accounts:preferences")

    def get_initial(self) -> dict[str, Any]:
        user = self.request.user
        return {"language": user.language, "theme": user.theme, "density": user.density}

    def form_valid(self, form: Form) -> HttpResponse:
        services.set_preferences(self.request.user, **form.cleaned_data)
        language = form.cleaned_data["language"]
        with translation.override(language):
            messages.success(self.request, _("已保存。"))
        response = super().form_valid(form)
        response.set_cookie(  # the login page, too, speaks the language chosen
            settings.LANGUAGE_COOKIE_NAME,
            language,
            max_age=LANGUAGE_COOKIE_AGE,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
        return response


class ListSettingsView(View):
    """POST /preferences/list/: columns and row height of a list, and back to the same list."""

    required_permission = LOGGED_IN
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        form = ListSettingsForm(request.POST)
        if form.page is None or not form.is_valid():  # nothing that our own pages send
            raise Http404
        services.set_list(
            request.user,
            path=form.cleaned_data["path"],
            hidden=form.hidden,
            density=form.cleaned_data["density"],
        )
        return redirect(safe_next(request) or form.cleaned_data["path"])


@method_decorator([login_not_required, sensitive_post_parameters()], name="dispatch")
class FirstPasswordView(FormView):
    """The one-time link of a first account: choose a password, then log in with it."""

    required_permission = PUBLIC
    template_name = "accounts/first_password.html"
    form_class = NewPasswordForm

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.person = services.user_of_link(kwargs["uid"], kwargs["token"])
        if self.person is None:
            return render(request, "accounts/link_over.html", status=410)
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "user": self.person}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, person=self.person)

    def form_valid(self, form: Form) -> HttpResponse:
        services.change_own_password(self.person, form.cleaned_data["new_password"])
        logout(self.request)  # whoever was logged in here was not this person
        messages.success(self.request, _("密码已设好，用账号和新密码登录。"))
        return redirect(reverse("accounts:login"))
