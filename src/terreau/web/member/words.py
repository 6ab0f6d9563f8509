"""The verbs of the journal, in plain words; those of a file are told by its own history."""

from django.utils.translation import gettext_lazy as _

from terreau.projects.queries.history import WORDS

VERBS = {
    **WORDS,
    "account_created": _("Compte créé"),
    "account_erased": _("Compte effacé"),
    "announce_otherwise": _("Décision annoncée autrement"),
    "approve_letter": _("Lettre relue"),
    "ask_analysis": _("Analyse demandée"),
    "assign_reviewers": _("Lectures confiées"),
    "confirm_arrival": _("Arrivée d’une lettre confirmée"),
    "convene": _("Comité réuni"),
    "create": _("Appel créé"),
    "delete_view": _("Vue supprimée"),
    "describe": _("Présentation de l’appel changée"),
    "discard": _("Version abandonnée"),
    "edit_letter": _("Lettre corrigée"),
    "export_applications": _("Dossiers exportés"),
    "invitation_accepted": _("Invitation acceptée"),
    "invitation_revoked": _("Invitation annulée"),
    "join_answered": _("Demande d’accès répondue"),
    "join_requested": _("Accès demandé"),
    "mail_confirmed": _("Arrivée d’un e-mail confirmée"),
    "mail_retried": _("E-mail envoyé de nouveau"),
    "member_invited": _("Personne invitée"),
    "member_joined": _("Accès ouvert"),
    "member_left": _("Accès terminé"),
    "organisation_corrected": _("Organisation corrigée"),
    "organisation_created": _("Organisation inscrite"),
    "post_letter": _("Lettre envoyée"),
    "profile_changed": _("Profil changé"),
    "propose": _("Décision proposée"),
    "publish": _("Règles publiées"),
    "record_opinion": _("Avis rendu"),
    "recuse": _("Déport d’un lecteur"),
    "recuse_member": _("Déport au comité"),
    "regions_changed": _("Régions changées"),
    "remind_jurors": _("Jurés relancés"),
    "rename_view": _("Vue renommée"),
    "render_review": _("Lecture rendue"),
    "resend_letter": _("Lettre renvoyée"),
    "save_review": _("Lecture enregistrée"),
    "save_view": _("Vue enregistrée"),
    "seal": _("Comité scellé"),
    "settle_reserve": _("Suite de la liste d’attente"),
    "unassign": _("Lecture retirée"),
    "withdraw_proposal": _("Proposition retirée"),
    "write_rules": _("Règles écrites"),
    "write_template": _("Modèle de lettre écrit"),
}


def told(verb):
    return VERBS.get(verb, verb)
