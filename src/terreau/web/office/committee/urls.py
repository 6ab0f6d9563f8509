"""Committees: /bureau/comite/."""

from django.urls import include, path

from terreau.web.office.committee import decisions, jurors, pack, pages, reserve, sealing

urlpatterns = [
    path("", pages.committees, name="committees"),
    path("<int:pk>/", pages.committee, name="committee"),
    path("<int:pk>/salle/", include("terreau.web.office.committee.room.urls")),
    path("<int:pk>/jurys/", jurors.jurors, name="committee-jurors"),
    path("<int:pk>/enveloppe/", pages.envelope, name="committee-envelope"),
    path("<int:pk>/lot/", decisions.batch, name="committee-batch"),
    path("<int:pk>/dossiers/<int:application>/", decisions.file, name="committee-file"),
    path("<int:pk>/dossiers/<int:application>/decision/", decisions.decide, name="committee-decide"),
    path("<int:pk>/dossiers/<int:application>/deport/", decisions.recuse, name="committee-recuse"),
    path("<int:pk>/sceller/", sealing.seal, name="committee-seal"),
    path("<int:pk>/liste-attente/", reserve.reserve, name="committee-reserve"),
    path("<int:pk>/liste-attente/<int:application>/", reserve.settle, name="committee-settle"),
    path("<int:pk>/journal/", sealing.log, name="committee-log"),
    path("<int:pk>/export.csv", sealing.export, name="committee-export"),
    path("<int:pk>/dossier-de-seance.pdf", pack.pack, name="committee-pack"),
]
