"""The office: /bureau/."""

from django.urls import include, path
from django.views.decorators.http import require_POST

from terreau.web.office.views import admissibility, barometer, exports, file, files, home, inbox, opinion, region, saved

app_name = "office"
urlpatterns = [
    path("", home.home, name="home"),
    path("dossiers/", files.files, name="files"),
    path("dossiers/export.csv", exports.as_csv, name="export-csv"),
    path("dossiers/export.xlsx", exports.as_xlsx, name="export-xlsx"),
    path("recevabilite/", admissibility.queue, name="queue"),
    path("dossiers/<str:reference>/", file.file, name="file"),
    path("comite/", include("terreau.web.office.committee.urls")),
    path("conventions/", include("terreau.web.office.agreements.urls")),
    path("courriers/", include("terreau.web.office.letters.urls")),
    path("", include("terreau.web.office.payments.urls")),
    path("jury/", include("terreau.web.office.reviewers.urls")),
    path("appels/", include("terreau.web.office.calls.urls")),
    path("dossiers/<str:reference>/recevabilite/", admissibility.admissibility, name="admissibility"),
    path("dossiers/<str:reference>/avis/", opinion.opinion, name="opinion"),
    path("dossiers/<str:reference>/message/", require_POST(file.message), name="message"),
    path("dossiers/<str:reference>/pieces/<int:pk>/", file.document, name="document"),
    path("dossiers/<str:reference>/<str:verb>/", file.act, name="act"),
    path("suivi/", include("terreau.web.office.follow.urls")),
    path("bassin/", include("terreau.web.office.basin.urls")),
    path("barometre/", barometer.years, name="barometer"),
    path("barometre/<int:number>/", barometer.year, name="barometer-year"),
    path("region/", region.region, name="region"),
    path("messages/", inbox.inbox, name="inbox"),
    path("vues/", saved.views, name="views"),
    path("vues/<int:pk>/renommer/", saved.rename, name="view-rename"),
    path("vues/<int:pk>/supprimer/", saved.delete, name="view-delete"),
]
