"""One's own account: name and language, what is held, export, erasure."""

import json

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from terreau.accounts import actions, queries
from terreau.accounts.forms import EraseForm, ProfileForm
from terreau.web.member.adapter import remember_language
from terreau.web.member.middleware import STASH


def account(request):
    context = {
        "memberships": request.user.active_memberships,
        "waiting": queries.awaiting(request.user),
        "invitations": queries.invitations_for(request.user),
        "has_second_factor": request.user.authenticator_set.exists(),
    }
    return render(request, "member/account.html", context)


def profile(request):
    user = request.user
    known = {"first_name": user.first_name, "last_name": user.last_name, "language": user.language}
    form = ProfileForm(request.POST or None, initial=known)
    if not form.is_valid():
        return render(request, "member/profile.html", {"form": form})
    actions.change_profile(user, by=user, **form.cleaned_data)
    with translation.override(user.language):
        messages.success(request, _("Vos informations sont enregistrées."))
    return remember_language(redirect("member:account"), user.language)


def data(request):
    """Everything held about this person, in words."""
    memberships = request.user.memberships.select_related("organisation")
    return render(
        request, "member/data.html", {"held": queries.personal_data(request.user), "memberships": memberships}
    )


def export(request):
    held = queries.personal_data(request.user) | {"exported_at": timezone.now().isoformat()}
    response = HttpResponse(json.dumps(held, ensure_ascii=False, indent=2), content_type="application/json")
    response["Content-Disposition"] = 'attachment; filename="mes-donnees.json"'
    response["Cache-Control"] = "private, no-store"
    return response


def erase(request):
    form = EraseForm(request.POST or None)
    if form.is_valid():
        try:
            actions.erase(request.user, by=request.user)
        except actions.Refused as refused:
            form.add_error(None, str(refused))
        else:
            logout(request)
            return redirect("member:erased")
    alone = [m.organisation for m in request.user.active_memberships if queries.is_last(m)]
    return render(request, "member/erase.html", {"form": form, "alone": alone})


def resume(request):
    """The form that was sent after the session had ended: one click sends it again, now that one is signed in."""
    if request.method == "POST":
        request.session.pop(STASH, None)
        return redirect("home")
    unsent = request.session.get(STASH)
    if not unsent:
        return redirect("home")
    texts = [value for _name, value in unsent["fields"] if len(value) > 40]
    return render(request, "member/resume.html", {"unsent": unsent, "texts": texts})
