"""The door: sign in and come back to what one was doing; a second factor for the funder's staff."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from terreau.accounts.models import FUNDER_ROLES

STASH = "unsent"  # the session's key for a form sent after the session had ended
LARGEST = 200_000  # characters kept; beyond, the page before is still one click back in the browser


class SignInMiddleware(LoginRequiredMiddleware):
    """Closed by default. Nothing sent by an expired session is lost: it waits behind the sign-in page.

    A view marked `forgets` is the exception: what is sent to it is kept nowhere.
    """

    def handle_no_permission(self, request, view_func):
        if request.htmx:
            return signed_out_in_the_middle(request)
        if request.method == "POST" and not getattr(view_func, "forgets", False) and stash(request):
            return redirect_to_login(reverse("member:resume"), settings.LOGIN_URL)
        if request.method != "GET":
            return redirect_to_login(page_before(request), settings.LOGIN_URL)
        return super().handle_no_permission(request, view_func)


def page_before(request):
    """The page that the person was looking at, if it is one of ours."""
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}):
        return reverse("home")
    parts = urlsplit(page)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def signed_out_in_the_middle(request):
    """What a background request gets: 401, so that nothing on the page is replaced, and where to sign in."""
    where = redirect_to_login(page_before(request), settings.LOGIN_URL).url
    return HttpResponse(status=401, headers={"HX-Trigger": "signed-out", "X-Sign-In": where})


def stash(request):
    """Keep a form sent too late in the (anonymous) session; django hands it over to the person who signs in."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values]
    fields = [(name, value) for name, value in fields if name != "csrfmiddlewaretoken"]
    if not fields or sum(len(value) for _name, value in fields) > LARGEST:
        return False
    request.session[STASH] = {
        "path": request.get_full_path(),
        "page": page_before(request),
        "fields": fields,
        "files": bool(request.FILES),
    }
    return True


class SecondFactorMiddleware:
    """The funder's staff set up a passkey or one-time codes before anything else (settings.REQUIRE_MFA)."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, _args, _kwargs):
        if not settings.REQUIRE_MFA or not getattr(view_func, "login_required", True):
            return None
        own = (request.resolver_match.url_name or "").startswith(("mfa_", "account_"))  # allauth's pages
        if own or not lacks_second_factor(request.user):
            return None
        messages.warning(
            request,
            _("Votre rôle donne accès à des dossiers confidentiels : ajoutez une clé d’accès ou des codes."),
        )
        return redirect("mfa_index")


def lacks_second_factor(user):
    if not user.is_authenticated or not user.has_role(*FUNDER_ROLES):
        return False
    return not user.authenticator_set.filter(type__in=["totp", "webauthn"]).exists()
