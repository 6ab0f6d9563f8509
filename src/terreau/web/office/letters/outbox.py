from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from terreau.core import journal, mail
from terreau.core.moves import Refused
from terreau.selection import actions, queries
from terreau.selection.lifecycle import LetterState
from terreau.web.office.gate import office_only, require
from terreau.web.office.letters.forms import LetterForm

PAGE = 50
SHOWN = ("draft", "approved", "leaving", "trouble", "posted")  # the tabs of the outbox


def call_or_404(request, pk):
    return get_object_or_404(queries.letter_calls(request.user), pk=pk)


def letter_or_404(request, pk):
    return get_object_or_404(queries.letters_for(request.user), pk=pk)


@office_only
@require_GET
def calls(request):
    context = {"calls": queries.letter_calls_with_counts(request.user)}
    return render(request, "office/letters/calls.html", context)


@office_only
@require_GET
def outbox(request, pk):
    call = call_or_404(request, pk)
    counts = queries.letter_counts(call)
    wanted = request.GET.get("etat")
    shown = wanted if wanted in SHOWN else next((key for key in SHOWN if counts[key]), "draft")
    context = {
        "call": call,
        "counts": counts,
        "tabs": [(key, queries.LETTER_TABS[key], counts[key]) for key in SHOWN],
        "shown": shown,
        "page": Paginator(queries.outbox(call, shown), PAGE).get_page(request.GET.get("page")),
        "may_write": request.user.has_perm("selection.write_letters"),
        "may_send": request.user.has_perm("selection.send_letters"),
    }
    return render(request, "office/letters/outbox.html", context)


def ticked(request, call, state):
    """The letters of this call that were ticked, or all of them, in one state."""
    letters = queries.outbox(call).filter(state=state)
    if "all" in request.POST:
        return letters
    return letters.filter(pk__in=[key for key in request.POST.getlist("letters") if key.isdecimal()])


@office_only
@require_POST
def approve(request, pk):
    call = call_or_404(request, pk)
    require(request, "selection.write_letters")
    try:
        count = actions.approve_letters(ticked(request, call, LetterState.DRAFT), by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("office:outbox", pk)
    words = ngettext("%(count)d lettre relue.", "%(count)d lettres relues.", count) % {"count": count}
    (messages.success if count else messages.warning)(request, words if count else _("Cochez au moins une lettre."))
    return redirect("office:outbox", pk)


@office_only
@require_POST
def post(request, pk):
    """Asked first, then done: the letters leave."""
    call = call_or_404(request, pk)
    require(request, "selection.send_letters")
    letters = ticked(request, call, LetterState.APPROVED)
    if "confirmed" not in request.POST:
        if not letters.exists():
            messages.warning(request, _("Cochez au moins une lettre relue."))
            return redirect("office:outbox", pk)
        return render(request, "office/letters/post.html", {"call": call, "letters": letters})
    count = actions.post_letters(letters, by=request.user)
    words = ngettext("%(count)d lettre est partie.", "%(count)d lettres sont parties.", count) % {"count": count}
    (messages.success if count else messages.warning)(request, words if count else _("Ces lettres sont déjà parties."))
    return redirect("office:outbox", pk)


@office_only
@require_http_methods(["GET", "POST"])
def letter(request, pk):
    found = letter_or_404(request, pk)
    if request.method == "GET":
        return page(request, found, LetterForm.of(found))
    require(request, "selection.write_letters", found)
    form = LetterForm(request.POST)
    if not form.is_valid():
        return page(request, found, form, status=422)
    try:
        actions.edit_letter(found, **form.cleaned_data, by=request.user)
        if "approve" in request.POST:
            actions.approve_letters([found], by=request.user)
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return page(request, found, form, status=409)
    messages.success(request, _("La lettre est enregistrée."))
    if "approve" in request.POST:
        return redirect("office:outbox", found.decision.committee.window.call_id)
    return redirect("office:letter", pk)


def page(request, found, form, *, status=200):
    context = {
        "letter": found,
        "call": found.decision.committee.window.call,
        "form": form,
        "writable": request.user.has_perm("selection.write_letters", found),
        "explained": found.decision.outcome in queries.EXPLAINED,
        "may_send": request.user.has_perm("selection.send_letters"),
        "trouble": found.mail_id is not None and mail.in_trouble().filter(pk=found.mail_id).exists(),
        "history": journal.history(found),
    }
    return render(request, "office/letters/letter.html", context, status=status)


@office_only
@require_POST
def resend(request, pk):
    found = letter_or_404(request, pk)
    require(request, "selection.send_letters")
    if actions.resend_letter(found, to=request.POST.get("to", "").strip(), by=request.user):
        messages.success(request, _("La lettre repart."))
    else:
        messages.warning(request, _("Rien à renvoyer : la lettre est partie ou part en ce moment."))
    return redirect("office:letter", pk)


@office_only
@require_POST
def arrived(request, pk):
    found = letter_or_404(request, pk)
    require(request, "selection.send_letters")
    if actions.confirm_arrival(found, by=request.user):
        messages.success(request, _("La lettre est notée comme arrivée."))
    else:
        messages.warning(request, _("Cet envoi n’est pas en doute."))
    return redirect("office:letter", pk)


@office_only
@require_POST
def otherwise(request, pk):
    found = letter_or_404(request, pk)
    require(request, "selection.write_letters", found)
    try:
        actions.announce_otherwise(found, how=request.POST.get("how", ""), by=request.user)
    except (ValueError, Refused) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("La décision est annoncée. La lettre ne partira pas."))
    return redirect("office:letter", pk)
