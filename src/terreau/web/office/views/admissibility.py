"""Admissibility and completeness on one screen, then the next file."""

from django.contrib import messages
from django.db.models import F, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from terreau.core.moves import WrongMoment
from terreau.projects import actions, queries
from terreau.projects.lifecycle import State
from terreau.projects.rulebook import Check
from terreau.web.office.forms import IneligibleForm, MissingForm
from terreau.web.office.gate import file_or_404, files_of, office_only, require


@office_only
def admissibility(request, reference):
    application = file_or_404(request, reference)
    require(request, "projects.decide_admissibility", application)
    complete, eligible = lines(application)
    verb = request.POST.get("verb", "")
    missing = MissingForm(request.POST if verb == "ask" else None, lines=complete)
    ineligible = IneligibleForm(request.POST if verb == "refuse" else None, lines=eligible)
    problem = ""
    if request.method == "POST":
        form = {"ask": missing, "refuse": ineligible}.get(verb)
        problem = decide(request, application, verb, form, [*complete, *eligible])
        if problem is None:
            return go_on(request, application)
    context = {
        "file": application,
        "complete": complete,
        "eligible": eligible,
        "missing": missing,
        "ineligible": ineligible,
        "ticked": request.POST.getlist("checked")
        if verb == "admit"
        else [c.key for c in [*complete, *eligible] if c.ok],
        "note": request.POST.get("note", ""),
        "problem": problem,
        "requests": application.missing_requests.select_related("asked_by"),
        "waiting": to_admit(request).exclude(pk=application.pk).count(),
        "documents": queries.papers(application),
    }
    return render(request, "office/admissibility.html", context)


def lines(application):
    """What is verified, completeness first then eligibility; the machine's word on each."""
    found = queries.checks(application)
    said = {check.label for check in found}
    absent = [
        Check(f"missing:{m.step}:{m.key}", ok=False, label=m.label, detail=m.detail)
        for m in queries.missing(application)
        if m.step not in {"documents", "budget"} and m.label not in said
    ]
    eligible = [check for check in found if check.key.startswith("eligibility:")]
    return [*absent, *(check for check in found if check not in eligible)], eligible


def decide(request, application, verb, form, checks):
    """Carry the decision out: None when it is done, otherwise what to say."""
    if form is not None and not form.is_valid():
        return _("La décision n’est pas prise : un point est à corriger ci-dessous.")
    if verb == "admit":
        return admit(request, application, checks)
    if form is None:
        raise Http404
    said = form.cleaned_data
    try:
        if verb == "ask":
            require(request, "projects.ask_for_missing", application)
            asked = {"items": said["asked"], "message": said["message"], "due_on": said["due_on"]}
            actions.ask_for_missing(application, **asked, by=request.user)
            messages.success(request, _("La demande est partie : %(file)s.") % {"file": application.reference})
        else:
            require(request, "projects.declare_ineligible", application)
            actions.declare_ineligible(application, rule=said["named"], reason=said["reason"], by=request.user)
            messages.success(request, _("Dossier inéligible : %(file)s.") % {"file": application.reference})
    except WrongMoment:
        return _("Quelqu’un vient de décider pour ce dossier.")
    return None


def admit(request, application, checks):
    """Every line is ticked, or a note says why not."""
    require(request, "projects.admit", application)
    ticked, note = set(request.POST.getlist("checked")), request.POST.get("note", "").strip()
    left = [check for check in checks if check.key not in ticked]
    if left and not note:
        return _("Cochez chaque point vérifié, ou écrivez pourquoi vous admettez le dossier sans lui.")
    try:
        actions.admit(
            application, by=request.user, checked=sorted(ticked), unchecked=[c.label for c in left], reason=note[:2000]
        )
    except WrongMoment:
        return _("Quelqu’un vient de décider pour ce dossier.")
    messages.success(request, _("Dossier recevable : %(file)s.") % {"file": application.reference})
    return None


def to_admit(request):
    return files_of(request.user).filter(state=State.SUBMITTED).order_by(F("submitted_at").asc(nulls_first=True), "pk")


def go_on(request, application):
    """To the next file of the queue, the oldest first, or back to this one."""
    if request.POST.get("then") == "next" and (following := next_file(request, application)):
        return redirect("office:admissibility", following.reference)
    return redirect("office:file", application.reference)


@office_only
def queue(request):
    """Start with the file that has waited longest, or go on after `apres`."""
    passed = files_of(request.user).filter(reference=request.GET.get("apres", "")).first()
    following = next_file(request, passed) if passed else to_admit(request).first()
    if following is None:
        messages.info(request, _("Aucun autre dossier n’attend."))
        return redirect("office:home")
    return redirect("office:admissibility", following.reference)


def next_file(request, application):
    """The file submitted just after this one; past the last, the oldest that still waits."""
    waiting = to_admit(request).exclude(pk=application.pk)
    at = application.submitted_at
    later = Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=application.pk) if at else Q(pk__gt=application.pk)
    return waiting.filter(later).first() or waiting.first()
