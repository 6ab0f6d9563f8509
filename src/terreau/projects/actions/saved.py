"""Views of the list of files that somebody keeps under a name."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from terreau.core import journal
from terreau.projects.models import Application, SavedView

LARGEST = 40  # views a person


@transaction.atomic
def save_view(*, name: str, query: str, by: Any) -> SavedView:
    """Keep filters under a name; the same name again replaces them."""
    if not SavedView.objects.filter(user=by, name=_named(name)).exists() and by.saved_views.count() >= LARGEST:
        raise ValueError(_("Vous avez déjà beaucoup de vues : supprimez-en une."))
    if len(query) > 500:
        raise ValueError(_("Il y a trop de filtres pour les enregistrer."))
    view, _created = SavedView.objects.update_or_create(user=by, name=_named(name), defaults={"query": query})
    journal.record(view, "save_view", by=by, query=view.query)
    return view


@transaction.atomic
def rename_view(view: SavedView, *, name: str, by: Any) -> SavedView:
    if SavedView.objects.filter(user=view.user_id, name=_named(name)).exclude(pk=view.pk).exists():
        raise ValueError(_("Une autre vue porte déjà ce nom."))
    view.name = _named(name)
    view.save(update_fields=["name"])
    journal.record(view, "rename_view", by=by, name=view.name)
    return view


@transaction.atomic
def delete_view(view: SavedView, *, by: Any) -> None:
    journal.record(view, "delete_view", by=by, name=view.name)
    view.delete()


def _named(name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise ValueError(_("Donnez un nom à cette vue."))
    if len(name) > 80:
        raise ValueError(_("Ce nom est trop long : 80 signes au plus."))
    return name


@transaction.atomic
def record_export(applications: QuerySet[Application], *, form: str, query: str, by: Any) -> None:
    """Files are about to leave with every answer: the journal keeps who took which, and how many."""
    journal.record(by, "export_applications", by=by, form=form, query=query, files=applications.count())
