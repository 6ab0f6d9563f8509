"""Gifts received and receipts issued by a structure: /dossiers/structure/<pk>/recus/."""

from django.urls import path

from terreau.web.applicant.receipts import gifts, receipts, register, right

urlpatterns = [
    path("", register.register, name="receipts"),
    path("registre.csv", register.as_csv, name="receipts-csv"),
    path("declaration/", register.declaration, name="receipts-declaration"),
    path("droit/", right.right, name="receipts-right"),
    path("droit/preuve/", right.proof, name="receipts-proof"),
    path("dons/nouveau/", gifts.record, name="receipts-record"),
    path("dons/<int:gift>/", gifts.gift, name="receipts-gift"),
    path("dons/<int:gift>/confirmer/", gifts.confirm, name="receipts-confirm"),
    path("dons/<int:gift>/corriger/", gifts.edit, name="receipts-edit"),
    path("dons/<int:gift>/retirer/", gifts.withdraw, name="receipts-withdraw"),
    path("dons/<int:gift>/recu/", gifts.issue, name="receipts-issue"),
    path("<int:receipt>/recu.pdf", receipts.paper, name="receipts-paper"),
    path("<int:receipt>/annuler/", receipts.void, name="receipts-void"),
]
