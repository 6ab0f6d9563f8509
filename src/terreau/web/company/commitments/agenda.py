"""The firm's agenda, as a page and for a calendar program: a secret in its address opens it, changed when it leaks."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from terreau.accounts.models import Organisation
from terreau.engagement.actions.agenda import renew_token
from terreau.engagement.queries import calendar
from terreau.engagement.queries import commitments as queries
from terreau.engagement.rulebook.commitments import BY_DAY
from terreau.web.company.scope import company_of, contact_only, is_contact


@require_GET
def agenda(request, pk):
    """What has begun, what is planned month by month, and the address that a calendar program follows."""
    company = company_of(request, pk)
    today = timezone.localdate()
    shown = list(queries.coming(company, today)[:200])
    profile = getattr(company, "company_profile", None)
    feed = reverse("company:agenda-feed", args=[profile.calendar_token]) if profile else ""
    context = {
        "company": company,
        "begun": [one for one in shown if queries.first_day(one) < today],
        "coming": [one for one in shown if queries.first_day(one) >= today],
        "by_day": BY_DAY,
        "feed": request.build_absolute_uri(feed) if feed else "",
        "is_contact": is_contact(request.user, company),
        "here_label": _("Agenda"),
    }
    return render(request, "company/commitments/agenda.html", context)


@require_POST
def renew(request, pk):
    company = contact_only(request, pk)
    renew_token(company, by=request.user)
    messages.success(request, _("L’agenda a une nouvelle adresse ; l’ancienne ne répond plus."))
    return redirect("company:agenda", pk)


@login_not_required
@require_GET
def feed(_request, token):
    company = get_object_or_404(Organisation, company_profile__calendar_token=token)
    answer = HttpResponse(calendar.feed(company), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="agenda.ics"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Robots-Tag"] = "noindex"
    return answer
