"""The committee room: /bureau/comite/<pk>/salle/."""

from django.urls import path

from terreau.web.office.committee.room import analyses, saved, solidity, views

urlpatterns = [
    path("", views.room, name="committee-room"),
    path("dossiers/<int:application>/", analyses.why, name="committee-why"),
    path("solidite/", solidity.robustness, name="committee-robustness"),
    path("prix/", analyses.prices, name="committee-prices"),
    path("scenarios/", saved.scenarios, name="committee-scenarios"),
    path("scenarios/<int:scenario>/", saved.scenario, name="committee-scenario"),
    path("scenarios/<int:scenario>/rejouer/", saved.replay, name="committee-replay"),
    path("scenarios/<int:scenario>/adopter/", saved.adopt, name="committee-adopt"),
]
