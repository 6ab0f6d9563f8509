"""Agreements: /bureau/conventions/."""

from django.urls import path

from terreau.web.office.agreements import acts, amendments, clauses, lists, proofs, signing

urlpatterns = [
    path("", lists.agreements, name="agreements"),
    path("clauses/", clauses.clauses, name="clauses"),
    path("clauses/modeles/", clauses.seed, name="clauses-seed"),
    path("clauses/publier/", clauses.publish, name="clauses-publish"),
    path("clauses/echeancier/", clauses.terms, name="clauses-terms"),
    path("clauses/<int:pk>/", clauses.clause, name="clause"),
    path("clauses/<int:pk>/version/", clauses.revise, name="clause-revise"),
    path("dossiers/<str:reference>/", acts.draft, name="agreement-draft"),
    path("<int:pk>/", lists.agreement, name="agreement"),
    path("<int:pk>/texte.pdf", lists.paper, name="agreement-paper"),
    path("<int:pk>/modifier/", acts.edit, name="agreement-edit"),
    path("<int:pk>/signer/", signing.sign, name="agreement-sign"),
    path("<int:pk>/copie/", signing.copy, name="agreement-copy"),
    path("<int:pk>/copies/<int:document>/", signing.read_copy, name="agreement-read-copy"),
    path("<int:pk>/contrat-republicain/", proofs.contract, name="agreement-contract"),
    path("<int:pk>/aides/", proofs.aids, name="agreement-aids"),
    path("<int:pk>/avenant/", amendments.ask, name="agreement-amend"),
    path("<int:pk>/avenants/<int:number>/", amendments.answer, name="amendment"),
    path("<int:pk>/avenants/<int:number>/texte.pdf", amendments.paper, name="amendment-paper"),
    path("<int:pk>/avenants/<int:number>/signer/", amendments.sign, name="amendment-sign"),
    path("<int:pk>/<str:verb>/", acts.act, name="agreement-act"),
]
