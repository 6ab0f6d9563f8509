"""Where the story happens: an open call with a condition in its questions, a team, a jury, a piece of France."""

import re
from dataclasses import dataclass, field
from typing import Any

from tests import factories, geography

from terreau.accounts.models import Role
from terreau.calls import rulebook

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
TITLE = "Visites d’entreprises en Haute-Marne"


@dataclass
class Setting:
    call: Any
    officer: Any
    chair: Any
    jurors: list[Any] = field(default_factory=list)

    @property
    def window(self):
        return self.call.windows.get()


def rules():
    choice, question = rulebook.Choice, rulebook.Question
    ways = (choice("no", "Non, il commence"), choice("yes", "Oui, il tourne déjà"))
    asked = (
        question("need", "long_text", "À quel besoin répondez-vous ?", required=True, limit=300),
        question("grown", "choice", "Le projet existe-t-il déjà ?", choices=ways, required=True),
        question(
            "years",
            "number",
            "Depuis combien d’années ?",
            required=True,
            show_if={"question": "grown", "is": "yes"},
        ),
    )
    return factories.rules(sections=(rulebook.Section("project", "Le projet en détail", questions=asked),))


def prepare() -> Setting:
    geography.grand_est()
    return Setting(
        call=factories.call(slug="appel-2025", title="L’appel de 2025", rulebook_=rules()),
        officer=factories.person(Role.OFFICER),
        chair=factories.person(Role.CHAIR),
        jurors=[
            factories.person(Role.JUROR, person=factories.user(last_name=name)) for name in ("Aubry", "Binet", "Colin")
        ],
    )


def euros(amount):
    """An amount as a page shows it, whatever space it puts between thousands."""
    return re.compile(amount.replace(" ", r"\s") + r"(,00)?\s€")
