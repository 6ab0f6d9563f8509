"""A juror's profile, kept by the office for them."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from terreau.selection import actions, queries
from terreau.selection.forms import JurorProfileForm
from terreau.web.office.gate import office_only, require


@office_only
@require_http_methods(["GET", "POST"])
def profile(request, pk):
    juror = get_object_or_404(queries.jurors_of(request.user), pk=pk)
    require(request, "selection.assign")
    form = JurorProfileForm(juror, request.POST if request.method == "POST" else None)
    if form.is_valid():
        actions.save_profile(juror, **form.cleaned_data, by=request.user)
        messages.success(request, _("Le profil est enregistré."))
        return redirect("office:reviewers-profile", pk)
    context = {"juror": juror, "form": form}
    return render(request, "office/reviewers/profile.html", context, status=422 if form.errors else 200)
