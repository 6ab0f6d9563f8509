"""The bank's codes in words. Sources: ISO 20022 external code sets (payment status, status reason), 2025; EPC132-08."""

from django.utils.translation import gettext_lazy as _

from terreau.funding.rulebook.sepa.values import Verdict

STATUSES = {
    **dict.fromkeys(("ACCP", "ACTC", "ACSP", "ACWC", "ACFC", "ACWP", "PRES"), Verdict.ACCEPTED),
    **dict.fromkeys(("ACSC", "ACCC"), Verdict.SETTLED),
    **dict.fromkeys(("RJCT", "CANC", "BLCK"), Verdict.REJECTED),
    **dict.fromkeys(("RCVD", "PDNG", "PATC", "PART"), Verdict.PENDING),
}
REASONS = {
    "AB05": _("délai dépassé à la banque du bénéficiaire"),
    "AB06": _("délai dépassé à la banque intermédiaire"),
    "AC01": _("IBAN incorrect"),
    "AC02": _("compte débité incorrect"),
    "AC03": _("compte crédité incorrect"),
    "AC04": _("compte clos"),
    "AC06": _("compte bloqué"),
    "AC07": _("compte crédité clos"),
    "AC13": _("type de compte débité incorrect"),
    "AC14": _("type de compte crédité incorrect"),
    "AG01": _("opération interdite sur ce compte"),
    "AG02": _("code d’opération incorrect"),
    "AM01": _("montant nul"),
    "AM02": _("montant au-dessus du plafond"),
    "AM03": _("monnaie refusée"),
    "AM04": _("provision insuffisante"),
    "AM05": _("doublon"),
    "AM09": _("montant incorrect"),
    "AM10": _("total de contrôle incorrect"),
    "AM18": _("nombre de paiements incorrect"),
    "BE01": _("nom et compte qui ne vont pas ensemble"),
    "BE04": _("adresse du bénéficiaire manquante"),
    "BE05": _("émetteur inconnu"),
    "BE06": _("client inconnu"),
    "BE07": _("adresse du débiteur manquante"),
    "CNOR": _("banque du bénéficiaire hors du système"),
    "CURR": _("monnaie incorrecte"),
    "CUST": _("annulé à la demande du client"),
    "DNOR": _("banque du débiteur hors du système"),
    "DS02": _("ordre annulé"),
    "DT01": _("date incorrecte"),
    "DUPL": _("doublon"),
    "ED05": _("règlement impossible"),
    "ERIN": _("option demandée non prise en charge"),
    "FF01": _("format du fichier incorrect"),
    "FOCR": _("rappel accepté"),
    "FRAD": _("fraude supposée"),
    "MD07": _("titulaire décédé"),
    "MS02": _("refus du client, motif non précisé"),
    "MS03": _("motif non précisé par la banque"),
    "NOAS": _("pas de réponse du bénéficiaire"),
    "RC01": _("BIC incorrect"),
    "RC04": _("banque du bénéficiaire incorrecte"),
    "RF01": _("référence déjà utilisée"),
    "RR01": _("réglementation : compte du débiteur manquant"),
    "RR02": _("réglementation : nom ou adresse du débiteur manquant"),
    "RR03": _("réglementation : nom ou adresse du bénéficiaire manquant"),
    "RR04": _("réglementation"),
    "SL01": _("service refusé par la banque"),
    "TECH": _("incident technique"),
    "TM01": _("remis après l’heure limite"),
}


def in_words(code: str, told: str = "") -> str:
    """The reason of a code, followed by what the bank adds; the code itself where nothing is known of it."""
    known = str(REASONS.get(code, "")) or (code if code and not told else "")
    return " : ".join(part for part in (known, told) if part)
