"""What a juror says of themselves: it guides which files they are asked to read."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from terreau.accounts.models import Role
from terreau.selection import actions
from terreau.selection.forms import JurorProfileForm


@require_http_methods(["GET", "POST"])
def profile(request):
    """The profile of the person's own jury; `pour` tells which one where they sit in several."""
    mine = {str(m.pk): m for m in request.user.active_memberships if m.role == Role.JUROR}
    if not mine:
        raise Http404
    asked = request.GET.get("pour") or next(iter(mine))
    if asked not in mine:
        raise Http404
    form = JurorProfileForm(mine[asked], request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.save_profile(mine[asked], **form.cleaned_data, by=request.user)
        messages.success(request, _("Votre profil est enregistré. Merci."))
        return redirect("jury:home")
    context = {"form": form, "juror": mine[asked], "others": [m for key, m in mine.items() if key != asked]}
    return render(request, "jury/profile.html", context, status=422 if form.errors else 200)
