"""Payments: /bureau/versements/ and /bureau/enveloppe/."""

from django.urls import path

from terreau.web.office.payments import accounts, due, envelope, runs

urlpatterns = [
    path("versements/", due.due, name="payments"),
    path("versements/<int:pk>/retenir/", due.keep_back, name="payment-hold"),
    path("versements/ordres/", runs.runs, name="runs"),
    path("versements/ordres/<int:pk>/", runs.run, name="run"),
    path("versements/ordres/<int:pk>/approuver/", runs.approve, name="run-approve"),
    path("versements/ordres/<int:pk>/remettre/", runs.send, name="run-send"),
    path("versements/ordres/<int:pk>/annuler/", runs.cancel, name="run-cancel"),
    path("versements/ordres/<int:pk>/reponse/", runs.settle, name="run-settle"),
    path("versements/ordres/<int:pk>/ordre.xml", runs.xml, name="run-xml"),
    path("versements/ordres/<int:pk>/ordre.csv", runs.table, name="run-csv"),
    path("versements/retour/", runs.returns, name="bank-return"),
    path("versements/comptes/", accounts.accounts, name="accounts"),
    path("versements/comptes/<int:pk>/", accounts.account, name="account"),
    path("versements/comptes/<int:pk>/piece/", accounts.proof, name="account-proof"),
    path("enveloppe/", envelope.envelope, name="envelope"),
    path("enveloppe/editions/", envelope.editions, name="envelope-editions"),
    path("enveloppe/reserver/", envelope.reserve, name="envelope-reserve"),
    path("enveloppe/export.csv", envelope.as_csv, name="envelope-csv"),
    path("enveloppe/export.xlsx", envelope.as_xlsx, name="envelope-xlsx"),
]
