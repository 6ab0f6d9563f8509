from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.utils import timezone

from terreau.web.public.giving_form import GivingForm
from terreau.web.public.simulator import simulate


@login_not_required
def simulator(request):
    """A minute, no account: the figures are in the address and nowhere else."""
    asked = request.GET.keys() & GivingForm.base_fields.keys()
    form = GivingForm(request.GET if asked else None, today=timezone.localdate())
    context = {"form": form, "found": simulate(form.cleaned_data) if form.is_bound and form.is_valid() else None}
    return render(request, "public/giving_result.html" if request.htmx else "public/giving.html", context)
