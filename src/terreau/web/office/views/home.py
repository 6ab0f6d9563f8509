"""The office's first page: what awaits, the funnel, the money."""

from django.db.models import Count, Q
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from terreau.calls.models import Call
from terreau.funding.lifecycle import AWAITED_REPORTS, ReportState
from terreau.funding.queries import reports as reporting
from terreau.projects.lifecycle import State
from terreau.projects.queries import dashboard, listing
from terreau.selection.lifecycle import WRITABLE, LetterState
from terreau.selection.models import Letter, Opinion, Review
from terreau.web.office.gate import files_of, office_only


@office_only
def home(request):
    scope = files_of(request.user)
    calls, call = call_of(request, scope)
    context = {"calls": calls, "call": call, "tasks": [*tasks(scope), *later(request, scope), *reports(scope)]}
    if call:
        files = scope.filter(call=call)
        context |= {"funnel": funnel(files, call), "windows": windows(files, call), "slices": slices(files, call)}
    return render(request, "office/home.html", context)


def call_of(request, scope):
    """The calls that have files here, and the one asked for: the newest unless the address says otherwise."""
    calls = list(Call.objects.filter(pk__in=scope.order_by().values("call")).defer("summary"))
    return calls, next((c for c in calls if str(c.pk) == request.GET.get("call")), calls[0] if calls else None)


def tasks(scope):
    """What waits for somebody, as cards: number, words, where to go."""
    waits = dashboard.awaiting(scope, today=timezone.localdate())
    files = reverse("office:files")
    answered = ngettext("dont %(n)s complété par son porteur", "dont %(n)s complétés par leur porteur", waits.answered)
    overdue = ngettext("dont %(n)s hors délai", "dont %(n)s hors délai", waits.overdue)
    return [
        {
            "number": waits.to_admit,
            "label": _("à admettre"),
            "hint": answered % {"n": waits.answered} if waits.answered else "",
            "url": f"{files}?state={State.SUBMITTED}",
        },
        {
            "number": waits.incomplete,
            "label": _("en attente de pièces"),
            "hint": overdue % {"n": waits.overdue} if waits.overdue else "",
            "late": waits.overdue,
            "url": f"{files}?state={State.INCOMPLETE}",
        },
        {"number": waits.messages, "label": _("messages sans réponse"), "url": reverse("office:inbox")},
    ]


def later(request, scope):
    """What waits further down the path: readings past their date and letters to read, or opinions to give."""
    if request.user.has_perm("selection.see_committee"):
        late = Review.objects.filter(
            application__in=scope.filter(state=State.IN_REVIEW),
            state__in=WRITABLE,
            due_on__lt=timezone.localdate(),
            juror__left_at=None,
        ).count()
        letters = Letter.objects.filter(decision__application__in=scope, state=LetterState.DRAFT).count()
        return [
            {"number": late, "label": _("lectures en retard"), "late": late, "url": reverse("office:assignments")},
            {"number": letters, "label": _("courriers à relire"), "url": reverse("office:letters")},
        ]
    waiting = scope.filter(state__in=[State.ADMITTED, State.IN_REVIEW])
    given = Opinion.objects.filter(delegate__user=request.user, rendered_at__isnull=False).values("application")
    asked = f"{reverse('office:files')}?state={State.ADMITTED}&state={State.IN_REVIEW}"
    return [{"number": waiting.exclude(pk__in=given).count(), "label": _("avis à donner"), "url": asked}]


def reports(scope):
    """The reports of the projects under way: to read, and past their date."""
    found, address = reporting.reports_of(scope), reverse("office:follow")
    overdue = Q(state__in=AWAITED_REPORTS, due_on__lt=timezone.localdate())
    waits = found.order_by().aggregate(
        to_read=Count("pk", filter=Q(state=ReportState.SUBMITTED)), late=Count("pk", filter=overdue)
    )
    return [
        {"number": waits["to_read"], "label": _("rapports à lire"), "url": f"{address}?etat=a-lire"},
        {
            "number": waits["late"],
            "label": _("rapports en retard"),
            "late": waits["late"],
            "url": f"{address}?etat=en-retard",
        },
    ]


def funnel(files, call):
    address = reverse("office:files")
    counted = dashboard.funnel(files).items()
    return [(state.label, number, f"{address}?call={call.pk}&state={state.value}") for state, number in counted]


def windows(files, call):
    """Each window, what is asked of its envelope and granted from it, and how many times over it is asked."""
    asked = {part.key: part for part in dashboard.money(files, "window")}
    rows = [(window, asked.get(str(window.pk))) for window in call.windows.all()]
    return [
        (w, part, part.requested_cents / w.envelope_cents if part and w.envelope_cents else None) for w, part in rows
    ]


def slices(files, call):
    names = listing.rule_labels(Call.objects.filter(pk=call.pk))
    return [
        (title, [(names.get(by, {}).get(part.key, part.key), part) for part in dashboard.money(files, by)])
        for by, title in [("region", _("Région")), ("theme", _("Thème")), ("kind", _("Type de projet"))]
    ]
