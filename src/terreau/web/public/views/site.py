from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render

from terreau.calls import queries as calls
from terreau.projects.queries import public


@login_not_required
def home(request):
    edition = public.latest_edition()
    context = {
        "calls": calls.open_calls(),
        "edition": edition,
        "figures": public.edition_figures(edition) if edition else None,
        "projects": public.selected().order_by("-announced_at", "pk")[:3],
    }
    return render(request, "public/home.html", context)


@login_not_required
def healthz(_request):
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def legal(request):
    context = {"publisher": settings.PUBLISHER, "contact": settings.CONTACT, "hosting": settings.HOSTING}
    return render(request, "public/legal.html", context)


@login_not_required
def accessibility(request):
    return render(request, "public/accessibility.html", {"contact": settings.CONTACT})


@login_not_required
def privacy(request):
    return render(request, "public/privacy.html", {"publisher": settings.PUBLISHER, "contact": settings.CONTACT})


@login_not_required
def sitemap(request):
    context = {"calls": calls.public_calls(), "edition": public.latest_edition()}
    return render(request, "public/sitemap.html", context)
