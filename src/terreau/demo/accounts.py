"""The accounts that a visitor of the demonstration may use: one for each role, one password for all.

The password is public, the addresses lead nowhere: such an instance must never hold anything true.
"""

from dataclasses import dataclass

PASSWORD = "terreau-demonstration"  # noqa: S105 - public on purpose
DOMAIN = "demo.example"


@dataclass(frozen=True)
class Account:
    """`key` is how the builder finds it; `role` is said in French, on the terminal."""

    key: str
    role: str
    first_name: str
    last_name: str

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


ACCOUNTS = (
    Account("programme", "chargée de programme", "Solène", "Aubry"),
    Account("delegation", "délégué régional, Grand Est", "Hugo", "Marchal"),
    Account("jury", "jurée", "Nadia", "Texier"),
    Account("presidence", "présidente de comité", "Hélène", "Castel"),
    Account("administration", "administrateur", "Yann", "Morvan"),
    Account("porteuse", "porteuse de projet, responsable du dossier", "Claire", "Weber"),
    Account("redaction", "porteur de projet, rédacteur du dossier", "Karim", "Schmitt"),
    Account("lecture", "porteuse de projet, lectrice du dossier", "Odile", "Keller"),
    Account("entreprise", "contact d’entreprise", "Benoît", "Klein"),
    Account("mentor", "mentor", "Émile", "Rocher"),
    Account("participante", "participante", "Inès", "Vallet"),
)
