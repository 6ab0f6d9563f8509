from django.urls import path

from terreau.web.office.follow import lists, money, parameters, project, report

urlpatterns = [
    path("", lists.reports, name="follow"),
    path("a-risque/", lists.risks, name="follow-risks"),
    path("parametres/", parameters.parameters, name="follow-rules"),
    path("rapports/<int:pk>/", report.report, name="follow-report"),
    path("reversements/<int:pk>/recu/", money.recover, name="follow-recover"),
    path("reversements/<int:pk>/abandon/", money.waive, name="follow-waive"),
    path("<str:reference>/", project.project, name="follow-project"),
    path("<str:reference>/clore/", money.close, name="follow-close"),
]
