"""The office: /bureau/."""

from django.urls import include, path

from terreau.web.office.views import exports, file, files, home, inbox, saved

app_name = "office"
urlpatterns = [
    path("", home.home, name="home"),
    path("dossiers/", files.files, name="files"),
    path("dossiers/export.csv", exports.as_csv, name="export-csv"),
    path("dossiers/export.xlsx", exports.as_xlsx, name="export-xlsx"),
    path("dossiers/<str:reference>/", file.file, name="file"),
    path("comite/", include("terreau.web.office.committee.urls")),
    path("courriers/", include("terreau.web.office.letters.urls")),
    path("jury/", include("terreau.web.office.reviewers.urls")),
    path("appels/", include("terreau.web.office.calls.urls")),
    path("messages/", inbox.inbox, name="inbox"),
    path("vues/", saved.views, name="views"),
    path("vues/<int:pk>/renommer/", saved.rename, name="view-rename"),
    path("vues/<int:pk>/supprimer/", saved.delete, name="view-delete"),
]
