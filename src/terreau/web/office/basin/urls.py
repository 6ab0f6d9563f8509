from django.urls import path

from terreau.web.office.basin import directory, lists, organisation, project, relays

urlpatterns = [
    path("", lists.basin, name="basin"),
    path("annuaire/", directory.directory, name="directory"),
    path("relais/", relays.relays, name="relays"),
    path("projets/<str:reference>/", project.project, name="basin-project"),
    path("projets/<str:reference>/annuaire/<str:siret>/", project.introduce_new, name="basin-directory"),
    path("<int:pk>/", organisation.organisation, name="basin-organisation"),
    path("<int:pk>/note/", organisation.note, name="basin-note"),
    path("<int:pk>/connaissance/", organisation.acquaintance, name="basin-acquaintance"),
    path("<int:pk>/presenter/", organisation.introduce, name="basin-introduce"),
]
