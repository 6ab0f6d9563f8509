"""The applicant's space: files being written, submitted, followed."""

from django.urls import include, path

from terreau.web.applicant.views import (
    agreement,
    bank,
    conflicts,
    documents,
    files,
    follow,
    reports,
    steps,
    submission,
)

app_name = "applicant"
urlpatterns = [
    path("", files.home, name="home"),
    path("nouveau/<slug:slug>/", files.start, name="start"),
    path("structure/<int:pk>/recus/", include("terreau.web.applicant.receipts.urls")),
    path("<slug:reference>/", files.file, name="file"),
    path("<slug:reference>/etape/<slug:key>/", steps.step, name="step"),
    path("<slug:reference>/enregistrer/<slug:key>/", steps.save, name="save"),
    path("<slug:reference>/textes-a-choisir/", conflicts.conflicts, name="conflicts"),
    path("<slug:reference>/compte-bancaire/", bank.bank, name="bank"),
    path("<slug:reference>/relecture/", submission.review, name="review"),
    path("<slug:reference>/deposer/", submission.submit, name="submit"),
    path("<slug:reference>/recu/<int:number>/", submission.receipt, name="receipt"),
    path("<slug:reference>/pieces/<int:pk>/", documents.download, name="document"),
    path("<slug:reference>/pieces/<int:pk>/retirer/", documents.remove, name="document_remove"),
    path("<slug:reference>/suivi/", follow.follow, name="follow"),
    path("<slug:reference>/rapports/<int:pk>/", follow.open_report, name="report-open"),
    path("<slug:reference>/rapports/<int:pk>/choix/", reports.choose, name="report-choose"),
    path("<slug:reference>/rapports/<int:pk>/envoyer/", reports.submit, name="report-submit"),
    path("<slug:reference>/rapports/<int:pk>/enregistrer/<slug:key>/", reports.save, name="report-save"),
    path("<slug:reference>/rapports/<int:pk>/retirer/<int:document>/", reports.detach, name="report-detach"),
    path("<slug:reference>/rapports/<int:pk>/<slug:key>/", reports.step, name="report-step"),
    path("<slug:reference>/messages/", files.message, name="message"),
    path("<slug:reference>/acces/", files.share, name="share"),
    path("<slug:reference>/acces/<int:pk>/retirer/", files.unshare, name="unshare"),
    path("<slug:reference>/convention/", agreement.agreement, name="agreement"),
    path("<slug:reference>/convention/texte.pdf", agreement.paper, name="agreement-paper"),
    path("<slug:reference>/convention/signer/", agreement.sign, name="agreement-sign"),
    path("<slug:reference>/convention/copie/", agreement.copy, name="agreement-copy"),
    path("<slug:reference>/convention/avenant/", agreement.amend, name="agreement-amend"),
    path("<slug:reference>/convention/contrat-republicain/", agreement.contract, name="agreement-contract"),
    path("<slug:reference>/convention/avenants/<int:number>/texte.pdf", agreement.paper, name="amendment-paper"),
    path("<slug:reference>/convention/avenants/<int:number>/signer/", agreement.sign, name="amendment-sign"),
    path("<slug:reference>/convention/avenants/<int:number>/copie/", agreement.copy, name="amendment-copy"),
    path("<slug:reference>/partenaires/", include("terreau.web.applicant.board.urls")),
    path("<slug:reference>/retirer/", files.withdraw, name="withdraw"),
]
