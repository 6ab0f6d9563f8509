"""The columns of SCDL 2.1.1 in words: what each holds here, for whoever reads the file."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TEXT, DATE, NUMBER, YES_NO = _("texte"), _("date"), _("nombre"), _("oui ou non")


@dataclass(frozen=True)
class Column:
    name: str
    kind: str | Promise
    required: bool
    meaning: str | Promise


DICTIONARY = (
    Column("nomAttribuant", TEXT, True, _("nom du financeur")),
    Column("idAttribuant", TEXT, True, _("SIRET du financeur")),
    Column("dateConvention", DATE, True, _("date de la dernière signature de la convention")),
    Column("referenceDecision", TEXT, False, _("numéro de la convention")),
    Column("nomBeneficiaire", TEXT, True, _("nom de la structure qui porte le projet")),
    Column("idBeneficiaire", TEXT, False, _("SIRET de cette structure ; sans SIRET, son RNA est donné")),
    Column("rnaBeneficiaire", TEXT, False, _("numéro RNA de l’association, s’il suit le motif du standard")),
    Column("objet", TEXT, True, _("objet de la convention, 256 caractères au plus")),
    Column("montant", NUMBER, True, _("montant accordé en euros, avenants compris ; ce n’est pas le montant versé")),
    Column("nature", TEXT, True, _("toujours « aide en numéraire » ici")),
    Column("conditionsVersement", TEXT, True, _("« unique » ou « échelonné »")),
    Column("datesPeriodeVersement", TEXT, True, _("premier et dernier versement, faits ou prévus")),
    Column("idRAE", TEXT, False, _("vide : ces aides ne sont pas au répertoire des aides aux entreprises")),
    Column("notificationUE", YES_NO, True, _("aide accordée sous un règlement de minimis")),
    Column("pourcentageSubvention", NUMBER, True, _("part de ce bénéficiaire : toujours 1.00 ici")),
    Column("dispositifAide", TEXT, False, _("vide : l’appel n’a pas d’identifiant de dispositif")),
)
