"""Anybody who holds a receipt may check it: number, digest, in force or voided, and nothing else."""

from functools import wraps

from allauth.core.internal.ratelimit import consume
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from terreau.engagement.models import Receipt

RATE = "60/m/ip"


class CheckForm(forms.Form):
    number = forms.RegexField(
        r"^\s*\d{4}-\d{1,9}\s*$",
        label=gettext_lazy("Numéro du reçu"),
        error_messages={"invalid": gettext_lazy("Un numéro s’écrit ainsi : 2026-0001.")},
        widget=forms.TextInput({"class": "short", "autocomplete": "off"}),
    )
    digest = forms.RegexField(
        r"^\s*[0-9a-fA-F]{64}\s*$",
        label=gettext_lazy("Empreinte SHA-256"),
        help_text=gettext_lazy("Les 64 signes au bas de chaque page du reçu."),
        error_messages={"invalid": gettext_lazy("Une empreinte compte 64 signes, chiffres et lettres de a à f.")},
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )


def kept_back(view):
    """At most sixty checks a minute and an address; never in a search engine, never kept on the way."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        if not consume(request, app="terreau", action="receipt", config={"receipt": RATE}, limit_get=True):
            response = render(request, "public/receipt_wait.html", status=429)
        else:
            response = view(request, *args, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        response["Cache-Control"] = "no-store"
        return response

    return checked


@login_not_required
@require_GET
@kept_back
def receipt(request, token):
    found = get_object_or_404(Receipt.objects.defer("content"), token=token)
    return render(request, "public/receipt.html", {"receipt": found})


@login_not_required
@require_GET
@kept_back
def check(request):
    """The number and the digest at the foot of a PDF: is there such a receipt, and is it in force?"""
    form = CheckForm(request.GET or None)
    context = {"form": form}
    if form.is_valid():
        year, number = form.cleaned_data["number"].strip().split("-")
        same = Receipt.objects.filter(year=year, number=number, digest=form.cleaned_data["digest"].strip().lower())
        context |= {"asked": True, "receipt": same.defer("content").first()}
    return render(request, "public/receipt_check.html", context, status=422 if form.errors else 200)
