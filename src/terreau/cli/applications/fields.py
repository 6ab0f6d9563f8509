"""What a column may feed, under the names that people give it."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Field:
    """A target of a column. `names` are headers that mean it, besides its key and its label."""

    key: str
    label: str
    names: tuple[str, ...] = field(default_factory=tuple)


FIELDS = (
    Field("external_id", "Numéro d’origine", ("id", "identifiant", "n° dossier", "numéro de dossier")),
    Field("reference", "Numéro", ("numéro terreau",)),
    Field("title", "Titre", ("titre du projet", "nom du projet", "intitulé du projet", "intitulé", "projet", "objet")),
    Field("summary", "Résumé", ("résumé du projet", "description", "présentation du projet", "description du projet")),
    Field("kind", "Type de projet", ("nature du projet",)),
    Field("domain", "Domaine", ("domaine d’intervention",)),
    Field("themes", "Thèmes", ("thématiques", "thème", "thématique")),
    Field("territories", "Territoires", ("territoires d’intervention", "territoire d’intervention")),
    Field("window", "Période", ("période de sélection", "session", "vague")),
    Field("state", "État", ("statut", "état du dossier", "décision", "avis")),
    Field("submitted_at", "Déposé le", ("date de dépôt", "date dépôt", "date de la demande", "date")),
    Field("email", "E-mail", ("email", "courriel", "adresse électronique", "mail", "email du demandeur")),
    Field(
        "holder",
        "Structure porteuse",
        (
            "entreprise raison sociale",
            "raison sociale",
            "structure",
            "nom de la structure",
            "porteur",
            "porteur de projet",
            "organisme",
            "nom de l’association",
            "bénéficiaire",
            "nombeneficiaire",
            "nom",
        ),
    ),
    Field("siret", "SIRET", ("établissement siret", "numéro siret", "n° siret", "siret du porteur", "idbeneficiaire")),
    Field("siren", "SIREN", ("entreprise siren", "numéro siren")),
    Field("rna", "Numéro RNA", ("rna", "association rna", "numéro rna", "rnabeneficiaire")),
    Field("legal_form", "Forme juridique", ("entreprise forme juridique", "statut juridique")),
    Field("commune", "Commune", ("code insee", "code commune", "commune du siège", "ville", "commune_code")),
    Field("departement", "Département", ("code département", "departement_code")),
    Field("region", "Région", ("code région", "region_code")),
    Field("requested", "Montant demandé", ("subvention demandée", "aide sollicitée", "montant sollicité", "demande")),
    Field("total", "Budget total", ("coût total", "montant total", "coût du projet", "budget du projet")),
    Field("granted", "Montant accordé", ("subvention accordée", "aide validée", "montant attribué", "montant")),
    Field("budget", "Lignes de budget"),
    Field("partners", "Partenaires"),
)
BY_KEY = {f.key: f for f in FIELDS}
IGNORED = "-"
