"""Is this a gift in the tax sense? Yes or no, with the reason and its source (CGI art. 238 bis, 1).

An engagement that is no gift is worth an attestation, never a tax receipt. French templates; a door translates them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from terreau.methods.giving import parameters
from terreau.methods.giving.valuation import benefit_in_return

gettext_noop = str  # marks a template for the translators

LAW = "CGI, art. 238 bis, 1"


class Form(StrEnum):
    """How a firm engages. `SPONSORSHIP` is the commercial sense of « parrainage », `MENTORING` that of persons."""

    MONEY = "money"
    GOODS = "goods"
    SKILLS = "skills"
    MENTORING = "mentoring"
    VISIT = "visit"
    AWARENESS = "awareness"
    IMMERSION = "immersion"
    NETWORK = "network"
    GOVERNANCE_SEAT = "governance_seat"
    DIAGNOSIS = "diagnosis"
    VOLUNTEERING = "volunteering"
    SPONSORSHIP = "sponsorship"


GIFTS = {Form.MONEY, Form.GOODS, Form.SKILLS, Form.SPONSORSHIP}


@dataclass(frozen=True)
class Facts:
    """What decides. `gift` and `benefit`: the value of what is given and of what is given back, cents.

    `on_working_time`: the employee is paid by the firm while helping. `is_free`: nothing is invoiced.
    """

    on: date
    gift: int
    benefit: int = 0
    is_free: bool = True
    on_working_time: bool = True


@dataclass(frozen=True)
class Verdict:
    """`code` names the reason; `is_warned`: a gift all the same, whose return looks too large."""

    is_gift: bool
    code: str
    source: str = LAW
    is_warned: bool = False

    @property
    def template(self) -> str:
        """The reason as one French sentence, to be translated."""
        return WORDS[self.code]


WORDS: Mapping[str, str] = {
    "money": gettext_noop("C’est un don : il compte pour la somme versée."),
    "goods": gettext_noop("C’est un don en nature : il compte pour son coût de revient, pas pour son prix de vente."),
    "skills": gettext_noop("C’est un don en nature : le temps de travail offert compte pour ce qu’il coûte."),
    "sponsorship": gettext_noop("C’est un don : la contrepartie reste sans commune mesure avec la somme versée."),
    "return-large": gettext_noop(
        "C’est un don si la contrepartie reste sans commune mesure avec lui : elle dépasse le quart, faites vérifier."
    ),
    "return-equal": gettext_noop("Ce n’est pas un don : la contrepartie vaut autant, c’est un achat ou du parrainage."),
    "nothing-given": gettext_noop("Ce n’est pas un don : rien n’est donné qui ait une valeur."),
    "invoiced": gettext_noop("Ce n’est pas un don : l’entreprise facture ce qu’elle fait."),
    "own-time": gettext_noop(
        "Ce n’est pas un don de l’entreprise : hors du temps de travail, c’est du bénévolat du salarié."
    ),
    "volunteering": gettext_noop("Ce n’est pas un don de l’entreprise : le bénévolat est l’affaire de la personne."),
    "mentoring": gettext_noop("Ce n’est pas un don : un mentor s’engage auprès d’une personne. C’est un engagement."),
    "visit": gettext_noop("Ce n’est pas un don : l’entreprise reçoit chez elle, elle ne se défait de rien."),
    "awareness": gettext_noop("Ce n’est pas un don : la séance profite d’abord à l’entreprise et à ses salariés."),
    "immersion": gettext_noop("Ce n’est pas un don : l’immersion a sa propre convention, avant de commencer."),
    "network": gettext_noop("Ce n’est pas un don : une mise en relation n’a pas de coût de revient."),
    "governance_seat": gettext_noop("Ce n’est pas un don : siéger est une fonction bénévole de la personne."),
    "diagnosis": gettext_noop("Ce n’est pas un don : l’entreprise prend part à une réflexion commune."),
}


def qualify(form: Form, facts: Facts) -> Verdict:
    """Mentoring, visits, seats and volunteering are engagements; money, goods and paid time given free are gifts.

    Sponsorship is a gift as long as the return is manifestly disproportionate. Above a quarter: a warning, no refusal,
    because the quarter is accepted practice and not the law; a return worth the gift or more is a purchase.
    """
    if code := _refusal(form, facts):
        return Verdict(is_gift=False, code=code)
    if benefit_in_return(facts.gift, facts.benefit, facts.on).is_disproportionate:
        source = parameters.at(parameters.RETURN_SHARE, facts.on).source
        return Verdict(is_gift=True, code="return-large", source=source, is_warned=True)
    return Verdict(is_gift=True, code=str(form))


def _refusal(form: Form, facts: Facts) -> str:
    """Why it is no gift; empty where it is one."""
    if form not in GIFTS:
        return str(form)
    wrong = {
        "invoiced": not facts.is_free,
        "own-time": form == Form.SKILLS and not facts.on_working_time,
        "nothing-given": facts.gift <= 0,
        "return-equal": facts.benefit >= facts.gift,
    }
    return next((code for code, is_so in wrong.items() if is_so), "")
