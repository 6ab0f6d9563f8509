from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from terreau.accounts import actions as accounts
from terreau.accounts.models import Role
from terreau.calls import queries as calls
from terreau.calls import rulebook
from terreau.core.moves import WrongMoment
from terreau.engagement.queries.entitlements import held_by
from terreau.funding.models import Agreement
from terreau.projects import actions, lifecycle, queries
from terreau.web.applicant.forms import MessageForm, ShareForm, WithdrawForm
from terreau.web.applicant.views.page import load


def home(request):
    """Every file that this person works on, with what each lacks, in a constant number of queries."""
    files = queries.with_content(queries.for_holder(request.user).select_related("call", "window", "holder"))
    files = list(files)
    rules = queries.rules_by_call(f.call_id for f in files)
    rows = [
        {
            "file": f,
            "state": f.shown_state,
            "lacking": len(queries.missing(f, rules.get(f.call_id) or f.call.rules)) if f.state == "draft" else None,
        }
        for f in files
    ]
    context = {
        "rows": rows,
        "open_calls": calls.open_calls(),
        "may_start": bool(queries.holder_memberships(request.user)),
        "structures": held_by(request.user),
    }
    return render(request, "applicant/home.html", context)


def start(request, slug):
    """A file begins in the name of one organisation."""
    call = get_object_or_404(calls.open_calls(), slug=slug)
    memberships = queries.holder_memberships(request.user)
    if request.method == "POST":
        chosen = next((m for m in memberships if str(m.pk) == request.POST.get("membership")), None)
        if chosen is None:
            messages.error(request, _("Choisissez la structure qui porte le projet."))
            return redirect(request.path)
        application = actions.start(call, chosen.organisation, by=request.user, membership=chosen)
        begin_with(application, request.session.get("eligibility", {}).get(slug, {}), by=request.user)
        return redirect("applicant:step", application.reference, "project")
    kept = request.session.get("eligibility", {}).get(slug, {})
    context = {
        "call": call,
        "choices": [{"membership": m, "reasons": reasons_for(call, m.organisation)} for m in memberships],
        "checked": kept,
        "create_url": address("member:organisation-new"),
        "windows": [w for w in call.windows.all() if w.is_open()],
    }
    return render(request, "applicant/start.html", context)


def begin_with(application, checked, by):
    """The amount told to the public check of eligibility is the first line of the budget."""
    if amount := checked.get("amount_cents"):
        line = {"rubric": "74", "label": application.call.funder.name, "amount_cents": amount, "status": "sought"}
        actions.save_budget(application, [line | {"requested": True}], by=by)


def reasons_for(call, organisation):
    """What the rules of the call say of an organisation already known."""
    code = organisation.commune.code if organisation.commune else None
    facts = {
        "legal_form": organisation.legal_form,
        "founded_on": organisation.founded_on,
        "accounts_closed": organisation.accounts_closed,
        "seat": rulebook.seat_of(code),
    }
    return [reason for reason in calls.eligibility(call.rules, facts) if not reason.ok]


def address(name, *args):
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def file(request, reference):
    """One file: where it stands, what to do next, who works on it, what was said."""
    application = load(request, reference)
    writable = request.user.has_perm("projects.write", application)
    missing = queries.missing(application) if writable else []
    draft = application.state == lifecycle.State.DRAFT
    context = {
        "application": application,
        "state": application.shown_state,
        "writable": writable,
        "missing": missing,
        "late": draft and actions.is_late(application),
        "changes": calls.changes_since(application.version) if draft else [],
        "asked": application.missing_requests.filter(answered_at=None).first(),
        "submissions": application.submissions.defer("content"),
        "thread": application.messages.select_related("author"),
        "people": application.collaborators.filter(membership__left_at=None).select_related("membership__user"),
        "history": queries.history(application),
        "present": queries.present(application, besides=request.user),
        "message_form": MessageForm(),
        "agreement": agreement_of(request, application),
        "may": {verb: request.user.has_perm(f"projects.{verb}", application) for verb in MAY}
        | {"bank": request.user.has_perm("funding.enter_account", application)},
    }
    return render(request, "applicant/file.html", context)


def agreement_of(request, application):
    """The agreement of a file, once its text was offered."""
    if application.shown_state != lifecycle.State.SELECTED:
        return None
    found = Agreement.objects.filter(application=application).first()
    return found if request.user.has_perm("funding.read_as_holder", found) else None


MAY = ("submit", "complete", "withdraw", "share", "message")


@require_POST
def message(request, reference):
    application = load(request, reference, "projects.message")
    form = MessageForm(request.POST)
    if form.is_valid():
        actions.write_message(application, form.cleaned_data["body"], by=request.user, from_office=False)
        messages.success(request, _("Votre message est parti."))
    else:
        messages.error(request, _("Écrivez votre message."))
    return redirect(f"{reverse('applicant:file', args=[reference])}#messages-dossier")


def share(request, reference):
    """Open the file to a colleague, or invite somebody into the organisation."""
    application = load(request, reference, "projects.share")
    colleagues = queries.colleagues(application)
    form = ShareForm(request.POST or None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        done = open_to(request, application, form.cleaned_data, colleagues)
        if done:
            messages.success(request, done)
            return redirect("applicant:share", reference)
    people = application.collaborators.filter(membership__left_at=None).select_related("membership__user")
    return render(request, "applicant/share.html", {"application": application, "form": form, "people": people})


def open_to(request, application, chosen, colleagues):
    if chosen["email"]:
        accounts.invite(application.holder, email=chosen["email"], role=Role.HOLDER, by=request.user)
        return _("Une invitation est partie à %(email)s.") % {"email": chosen["email"]}
    membership = get_object_or_404(colleagues, pk=chosen["member"])
    actions.share(application, membership, chosen["role"], by=request.user)
    return _("%(person)s a maintenant accès au dossier.") % {"person": membership.user}


@require_POST
def unshare(request, reference, pk):
    application = load(request, reference, "projects.share")
    collaborator = get_object_or_404(application.collaborators.select_related("membership__user"), pk=pk)
    try:
        actions.unshare(collaborator, by=request.user)
        messages.success(request, _("%(person)s n’a plus accès au dossier.") % {"person": collaborator.membership.user})
    except ValueError as problem:
        messages.error(request, str(problem))
    return redirect("applicant:share", reference)


def withdraw(request, reference):
    """A confirmation first. Where the office has gone further than it says, it is asked instead."""
    application = load(request, reference, "projects.withdraw")
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        try:
            actions.withdraw(application, by=request.user, reason=reason)
            messages.success(request, _("Votre dossier est retiré."))
        except WrongMoment:
            asked = _("Nous demandons le retrait de ce dossier. %(reason)s") % {"reason": reason}
            actions.write_message(application, asked, by=request.user, from_office=False)
            messages.success(request, _("Votre demande de retrait est transmise au financeur."))
        return redirect("applicant:file", reference)
    context = {
        "title": _("Retirer le dossier %(reference)s ?") % {"reference": reference},
        "text": _("Il ne sera plus étudié. Vous pourrez toujours le relire, mais plus le déposer."),
        "action": _("Retirer le dossier"),
        "danger": True,
        "form": form,
        "back": reverse("applicant:file", args=[reference]),
    }
    return render(request, "ui/confirm.html", context)
