from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from terreau.core.money import euros
from terreau.core.moves import WrongMoment
from terreau.funding.actions import reports as actions
from terreau.funding.lifecycle import ReportState
from terreau.funding.queries import reports as queries
from terreau.funding.rulebook import financial_report
from terreau.projects import actions as projects
from terreau.projects import queries as files
from terreau.projects.models import Revision
from terreau.web.applicant import report_form
from terreau.web.applicant.report_form import FIGURES, PAPERS, PEOPLE, REVIEW, TEXT
from terreau.web.applicant.views.follow import report_or_404
from terreau.web.applicant.views.page import base, clock, load, session_ended, unsaved
from terreau.web.applicant.views.steps import keep_and_sign_in


@login_not_required
def step(request, reference, pk, key):
    if not request.user.is_authenticated:
        return keep_and_sign_in(request)
    report = report_or_404(load(request, reference), pk)
    if key not in report_form.steps_of(report):
        raise Http404
    if report.state == ReportState.EXPECTED:
        return redirect("applicant:follow", reference)
    if request.method == "POST" and not request.user.has_perm("funding.write_report", report):
        raise PermissionDenied
    views = {TEXT: text, FIGURES: figures, PEOPLE: people, PAPERS: papers, REVIEW: review}
    try:
        return views[key](request, report)
    except WrongMoment:
        messages.error(request, _("Ce rapport n’est plus modifiable."))
        return redirect("applicant:follow", reference)


def frame(request, report, key):
    """What every step shows around its questions."""
    missing = queries.missing(report)
    return {
        "application": report.agreement.application,
        "draft_key": f"{report.agreement.application.reference}-{report.prefix}",
        "report": report,
        "steps": report_form.navigation(report, key, missing),
        "here": {"label": report_form.STEPS[key]},
        "missing": missing,
        "lacking": [item for item in missing if item.step == key],
        "unmerged": [item for item in missing if item.step == "choix"],
        "writable": request.user.has_perm("funding.write_report", report),
        "present": files.present(report.agreement.application, besides=request.user),
        "asked": report.reviews.last() if report.state == ReportState.RETURNED else None,
        "writer": uuid4().hex[:12],
    }


def text(request, report):
    said = queries.answers(report)
    keys = [section.key for section in queries.rules_of(report).asked(report.kind)]
    if request.method == "POST":
        changes = {k: (request.POST.get(k, ""), base(request.POST, k)) for k in keys if f"base-{k}" in request.POST}
        saved = actions.save(report, changes, by=request.user, writer=request.POST.get("writer", "")[:16])
        return onwards(request, report, TEXT, saved)
    posted = unsaved(request)
    typed = {k: posted.get(k, "") for k in keys if f"base-{k}" in posted} if posted else {}
    items = report_form.texts_of(report, said, typed)
    context = frame(request, report, TEXT) | {"items": items, "given_back": bool(typed)}
    return render(request, "applicant/report_text.html", context)


def onwards(request, report, key, saved, *, mended=True):
    """After a save without a script: choose between two texts, stay, or go on."""
    reference = report.agreement.application.reference
    if any(one.status == "conflict" for one in saved):
        messages.warning(request, _("Quelqu’un a changé la même chose en même temps. Rien n’est perdu : choisissez."))
        return redirect("applicant:report-choose", reference, report.pk)
    messages.success(request, _("Enregistré à %(time)s.") % {"time": clock()})
    steps = report_form.steps_of(report)
    following = steps[steps.index(key) + 1] if request.POST.get("go") == "next" and mended else key
    return redirect("applicant:report-step", reference, report.pk, following)


def save_table(request, report, key, value):
    """One table saved as one answer; a table kept aside after two people wrote at once stays aside."""
    aside = request.POST.get(f"aside-{key}", "")
    if aside.isdecimal():
        kept = get_object_or_404(aside_of(report, key, request.user), pk=aside)
        projects.save_aside(kept, value, by=request.user)
        return projects.Saved(key, kept.answer.version, "conflict", None, value, kept.pk, base(request.POST, key))
    change = {key: (value, base(request.POST, key))}
    (saved,) = actions.save(report, change, by=request.user, writer=request.POST.get("writer", "")[:16])
    return saved


def aside_of(report, key, user):
    kept = Revision.objects.filter(answer__application=report.agreement.application, by=user, unmerged=True)
    return kept.filter(answer__key=report.prefix + key)


def figures(request, report):
    saved = None
    if request.method == "POST":
        saved = save_table(request, report, queries.FIGURES, report_form.figures_of(request.POST))
        report = report_or_404(report.agreement.application, report.pk)
    answer = queries.answers(report).get(queries.FIGURES)
    posted = unsaved(request)
    typed = report_form.figures_of(posted) if posted else (answer.value if answer else {}) or {}
    sides = report_form.sides_of(report, typed)
    if saved and not request.htmx:
        mended = not any(row["wrong"] for side in sides for row in side["rows"])
        return onwards(request, report, FIGURES, [saved], mended=mended)
    context = frame(request, report, FIGURES) | {
        "sides": sides,
        "rules": queries.rules_of(report),
        "version": saved.base if saved else answer.version if answer else 0,
        "saved": saved,
        "time": clock(),
        "given_back": bool(posted),
    }
    part = "#figures-state" if request.htmx else ""
    return render(request, f"applicant/report_figures.html{part}", context)


def people(request, report):
    saved = None
    if request.method == "POST":
        saved = save_table(request, report, queries.PEOPLE, report_form.people_of(request.POST))
        report = report_or_404(report.agreement.application, report.pk)
        if not request.htmx:
            return onwards(request, report, PEOPLE, [saved])
    answer = queries.answers(report).get(queries.PEOPLE)
    posted = unsaved(request)
    typed = report_form.people_of(posted) if posted else (answer.value if answer else {}) or {}
    counts = [{"count": c, "label": label, "typed": typed.get(c.public, "")} for c, label in queries.counts(report)]
    context = frame(request, report, PEOPLE) | {
        "counts": counts,
        "total": sum(row["count"].reached or 0 for row in counts),
        "expected": sum(row["count"].expected for row in counts),
        "version": saved.base if saved else answer.version if answer else 0,
        "saved": saved,
        "time": clock(),
        "given_back": bool(posted),
    }
    return render(request, f"applicant/report_people.html{'#people-state' if request.htmx else ''}", context)


def papers(request, report):
    form = report_form.UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            document = actions.attach(report, form.cleaned_data["file"], by=request.user)
        except ValueError as problem:
            form.add_error("file", str(problem))
        else:
            messages.success(request, _("« %(name)s » est enregistré.") % {"name": document.name})
            return redirect(request.path)
    context = frame(request, report, PAPERS) | {"form": form, "documents": queries.attachments(report)}
    return render(request, "applicant/report_papers.html", context, status=422 if form.errors else 200)


def review(request, report):
    """The whole report as it will be read; once sent, as it was."""
    said = queries.answers(report)
    sections = queries.rules_of(report).asked(report.kind)
    context = frame(request, report, REVIEW) | {
        "texts": [(s.title, said[s.key].value if s.key in said else "") for s in sections],
        "sides": financial_report.sides(queries.lines(report)) if queries.has_figures(report) else [],
        "counts": queries.counts(report),
        "documents": queries.attachments(report),
        "submissions": report.submissions.defer("content").select_related("by"),
        "reviews": report.reviews.all(),
    }
    return render(request, "applicant/report_review.html", context)


@require_POST
@login_not_required
def save(request, reference, pk, key):
    """One text, saved by a script while it is being typed."""
    if not request.user.is_authenticated:
        return session_ended()
    report = report_or_404(load(request, reference), pk)
    if not request.user.has_perm("funding.write_report", report):
        raise PermissionDenied
    if key not in {section.key for section in queries.rules_of(report).asked(report.kind)}:
        raise Http404
    saved = save_table(request, report, key, request.POST.get(key, ""))
    choose = reverse("applicant:report-choose", args=[reference, pk])
    context = {"key": key, "saved": saved, "time": clock(), "choose_url": choose}
    return render(request, "applicant/saved.html", context)


@require_POST
def submit(request, reference, pk):
    report = report_or_404(load(request, reference), pk)
    if not request.user.has_perm("funding.write_report", report):
        raise PermissionDenied
    try:
        actions.submit(report, by=request.user)
    except actions.NotReady as refusal:
        count = len(refusal.args[0])
        messages.error(request, _("Il reste %(count)s point(s) à compléter avant l’envoi.") % {"count": count})
        return redirect("applicant:report-step", reference, pk, REVIEW)
    messages.success(request, _("Votre rapport est envoyé. Vous serez prévenu·e quand il aura été lu."))
    return redirect("applicant:follow", reference)


@require_POST
def detach(request, reference, pk, document):
    report = report_or_404(load(request, reference), pk)
    if not request.user.has_perm("funding.write_report", report):
        raise PermissionDenied
    found = get_object_or_404(queries.attachments(report), pk=document)
    actions.detach(report, found, by=request.user)
    messages.success(request, _("« %(name)s » est retiré.") % {"name": found.name})
    return redirect("applicant:report-step", reference, pk, PAPERS)


def choose(request, reference, pk):
    """Texts of a report written at the same time, side by side, until somebody chooses."""
    application = load(request, reference)
    report = report_or_404(application, pk)
    writable = request.user.has_perm("funding.write_report", report)
    waiting = files.unmerged(application, report.prefix)
    if request.method == "POST":
        if not writable:
            raise PermissionDenied
        return settle(request, report, get_object_or_404(waiting, pk=request.POST.get("revision") or 0))
    titles = {s.key: s.title for s in queries.rules_of(report).sections}
    titles |= {queries.FIGURES: report_form.STEPS[FIGURES], queries.PEOPLE: report_form.STEPS[PEOPLE]}
    pairs = [
        {
            "revision": revision,
            "answer": revision.answer,
            "label": titles.get(revision.answer.key.removeprefix(report.prefix), ""),
            "current": in_words(report, revision.answer.value),
            "other": in_words(report, revision.value),
            "is_text": isinstance(revision.value, str) and isinstance(revision.answer.value, str),
        }
        for revision in waiting
    ]
    back = reverse("applicant:report-step", args=[reference, pk, REVIEW])
    context = {"application": application, "pairs": pairs, "writable": writable, "back_url": back}
    return render(request, "applicant/conflicts.html", context)


def settle(request, report, revision):
    choices = {"current": revision.answer.value, "other": revision.value, "joined": request.POST.get("text", "")}
    value = choices.get(request.POST.get("keep", ""), revision.answer.value)
    reference = report.agreement.application.reference
    try:
        saved = actions.reconcile(report, revision, value, base=base(request.POST, "answer"), by=request.user)
    except WrongMoment:
        messages.error(request, _("Ce rapport n’est plus modifiable."))
        return redirect("applicant:follow", reference)
    if saved.status == "conflict":
        messages.warning(request, _("Le texte a encore changé pendant votre choix : regardez une dernière fois."))
        return redirect("applicant:report-choose", reference, report.pk)
    messages.success(request, _("C’est réglé. L’autre version reste dans l’historique."))
    return redirect("applicant:report-step", reference, report.pk, REVIEW)


def in_words(report, value):
    """A value as people read it, one line a row for tables."""
    if not isinstance(value, dict):
        return value or ""
    labels = {line.key: f"{line.rubric[:2]} {line.label}" for line in report.lines.all()}
    labels |= {count.public: label for count, label in queries.counts(report)}
    named = [(labels.get(key.partition("-")[0], key.partition("-")[0]), v) for key, v in sorted(value.items())]
    tables = any(key in labels and key.startswith("l") for key in value)
    return "\n".join(f"{label} : {euros(v) if tables and isinstance(v, int) else v}" for label, v in named)
