"""The list of files: one address holds its filters, its order and its page."""

from django.core.paginator import Paginator
from django.db.models import Count, Sum
from django.http import QueryDict
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from terreau.projects.queries import listing
from terreau.web.office.gate import files_of, office_only

PAGE = 50
TITLES = {
    "call": _("Appel"),
    "window": _("Période"),
    "region": _("Région"),
    "kind": _("Type de projet"),
    "theme": _("Thème"),
    "public": _("Public"),
    "state": _("État"),
}
HEADS = [
    ("reference", _("Dossier")),
    ("holder", _("Structure")),
    ("region", _("Région")),
    ("window", _("Période")),
    ("requested", _("Demandé")),
    ("state", _("État")),
    ("submitted", _("Déposé le")),
]


@office_only
def files(request):
    filters = listing.read_filters(request.GET)
    scope = listing.searched(files_of(request.user), filters.text)
    groups = listing.options(scope, filters)
    found = listing.narrowed(scope, filters)
    sums = found.aggregate(files=Count("pk"), requested=Sum("requested_cents"))
    paginator = Paginator(listing.rows(listing.ordered(found, filters.sort)), PAGE)
    paginator.count = sums["files"]
    kinds = {option.value: option.label for option in groups["kind"]}
    context = {
        "filters": filters,
        "groups": [(key, TITLES[key], groups[key], len(filters.chosen.get(key, ()))) for key in TITLES],
        "chips": chips(request, filters, groups),
        "heads": [head(request, filters.sort, key, title) for key, title in HEADS],
        "page": paginator.get_page(request.GET.get("page")),
        "kinds": kinds,
        "sums": sums,
        "query": query(request),
        "views": request.user.saved_views.all(),
    }
    partial = request.htmx and request.htmx.target == "files"
    return render(request, "office/files.html#files" if partial else "office/files.html", context)


def query(request, **changes):
    """The filters of this address as a query string; `changes` replace or, with None, remove."""
    data = request.GET.copy()
    for key, value in changes.items():
        data.pop(key, None)
        if value is not None:
            data[key] = value
    return canonical(data)


def canonical(data):
    """A query string without its page and its empty values."""
    kept = QueryDict(mutable=True)
    for key, values in data.lists():
        if key != "page" and any(values):
            kept.setlist(key, [v for v in values if v])
    return kept.urlencode()


def chips(request, filters, groups):
    """Each active filter in words, with the address of the list without it."""
    found = []
    for key, values in filters.chosen.items():
        words = {option.value: option.label for option in groups[key]}
        for value in values:
            data = request.GET.copy()
            data.setlist(key, [v for v in data.getlist(key) if v != value])
            found.append((TITLES[key], words.get(value, value), canonical(data)))
    if filters.text:
        found.append((_("Recherche"), filters.text, query(request, q=None)))
    return found


def head(request, sort, key, title):
    """A column's title and, where it sorts, the address that sorts by it and the order in force."""
    if key not in listing.SORTS:
        return {"title": title}
    descending = sort == f"-{key}"
    order = {key: "ascending", f"-{key}": "descending"}.get(sort, "")
    return {
        "title": title,
        "order": order,
        "query": query(request, sort=key if descending or not order else f"-{key}"),
        "number": key == "requested",
    }
