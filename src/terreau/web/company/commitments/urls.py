from django.urls import path

from terreau.web.company.commitments import hours, pages, papers

urlpatterns = [
    path("", pages.commitments, name="commitments"),
    path("attestation-<int:year>.pdf", papers.certificate, name="commitments-certificate"),
    path("nouveau/<str:reference>/", pages.commit, name="commit"),
    path("<int:commitment>/", pages.commitment, name="commitment"),
    path("<int:commitment>/<str:sheet>.pdf", papers.sheet, name="commitment-sheet"),
    path("<int:commitment>/heures/", hours.log, name="commitment-log"),
    path("<int:commitment>/heures/<int:line>/retirer/", hours.strike, name="commitment-strike"),
    path("<int:commitment>/<str:word>/", pages.act, name="commitment-act"),
]
