from django.urls import path

from terreau.web.applicant.board import commitments, needs, pages, proposals

urlpatterns = [
    path("", pages.board, name="partners"),
    path("chercher/", proposals.refresh, name="partners-refresh"),
    path("propositions/<int:pk>/", proposals.answer, name="partners-answer"),
    path("besoins/nouveau/", needs.new, name="partners-need-new"),
    path("besoins/<int:pk>/", needs.change, name="partners-need"),
    path("besoins/<int:pk>/<str:verb>/", needs.move, name="partners-need-move"),
    path("engagements/avec/<int:company>/", commitments.ask, name="partners-ask"),
    path("engagements/<int:pk>/", commitments.commitment, name="partners-commitment"),
    path("engagements/<int:pk>/<str:sheet>.pdf", commitments.sheet, name="partners-commitment-sheet"),
    path("engagements/<int:pk>/<str:word>/", commitments.act, name="partners-commitment-act"),
]
