from django.urls import include, path

from terreau.web.public.views import barometer, calls, eligibility, figures, giving, open_data, projects, receipts, site

app_name = "public"
urlpatterns = [
    path("", site.home, name="home"),
    path("healthz", site.healthz, name="healthz"),
    path("appels/", calls.calls, name="calls"),
    path("appels/<slug:slug>/", calls.call, name="call"),
    path("appels/<slug:slug>/versions/", calls.versions, name="call-versions"),
    path("appels/<slug:slug>/eligibilite/", eligibility.check, name="eligibility"),
    path("projets/", projects.projects, name="projects"),
    path("projets/<str:reference>/", projects.project, name="project"),
    path("chiffres/", figures.latest, name="figures"),
    path("editions/<slug:slug>/chiffres/", figures.figures, name="edition-figures"),
    path("editions/<slug:slug>/chiffres.csv", figures.figures_csv, name="edition-figures-csv"),
    path("barometre/", barometer.latest, name="barometer"),
    path("barometre/<int:year>/", barometer.edition, name="barometer-edition"),
    path("barometre/<int:year>.csv", barometer.as_csv, name="barometer-csv"),
    path("donnees/subventions/", open_data.page, name="grants"),
    path("donnees/subventions/<str:name>", open_data.download, name="grants-file"),
    path("donnees/subventions/<int:edition>/<str:name>", open_data.download, name="edition-grants-file"),
    path("simulateur-de-don/", giving.simulator, name="giving"),
    path("recus/verifier/", receipts.check, name="receipt-check"),
    path("recus/<str:token>/", receipts.receipt, name="receipt"),
    path("mentions-legales/", site.legal, name="legal"),
    path("accessibilite/", site.accessibility, name="accessibility"),
    path("donnees-personnelles/", site.privacy, name="privacy"),
    path("plan-du-site/", site.sitemap, name="sitemap"),
    path("territoires/", include("terreau.web.public.territories_urls")),
]
