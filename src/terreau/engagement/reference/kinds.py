"""What Insee's codes mean here: legal category → kind and legal form, staff band and category → size of the decree."""

from terreau.accounts.models import LegalForm
from terreau.methods.company_size import Size, size_of

BANDS = {  # Insee, Sirene: trancheEffectifs → least number of employees; NN: no employee
    "NN": 0,
    "00": 0,
    "01": 1,
    "02": 3,
    "03": 6,
    "11": 10,
    "12": 20,
    "21": 50,
    "22": 100,
    "31": 200,
    "32": 250,
    "41": 500,
    "42": 1_000,
    "51": 2_000,
    "52": 5_000,
    "53": 10_000,
}
SIZES = ("", *(size.value for size in Size))  # from the unknown to the largest
CATEGORIES = {"PME": Size.SME, "ETI": Size.MIDCAP, "GE": Size.LARGE}  # Insee, for the whole enterprise
PROPERTY = ("6521", "6540", "6541", "6542", "6543", "6544")  # companies that hold buildings: nobody to meet there
FIRM, ASSOCIATION, PUBLIC, OTHER = "firm", "association", "public", "other"
REGISTERED = "registered"  # an association as the RNA has it, known to Sirene or not
COOPERATIVES = (
    "51", "5191", "5192", "5193", "5194", "5195", "5196", "5458", "5460", "5552", "5553", "5554", "5555", "5558",
    "5560", "5652", "5653", "5654", "5655", "5658", "5660", "6316", "6317", "6318",
)  # fmt: skip


def size(category: str | None, band: str | None, *, employs: bool | None = None) -> str:
    """The narrowest category that is sure. Insee's own, where given, knows turnover and groups; the band the staff.

    Insee's PME includes microenterprises: fewer than ten employees make the difference. Nothing where nothing is known.
    """
    persons = BANDS.get(band or "", 0 if employs is False else None)
    stated = CATEGORIES.get(category or "")
    if stated == Size.SME and persons is not None and size_of(persons) == Size.MICRO:
        return Size.MICRO.value
    if stated:
        return stated.value
    return "" if persons is None else size_of(persons).value


def employs(band: str | None, employer: bool | None) -> bool:
    return bool(employer) or BANDS.get(band or "", 0) > 0


def kind(legal_category: str) -> str:
    """Whom a list of the basin shows it among; `other`: co-ownerships, unions, companies that only hold buildings."""
    if legal_category[:1] in {"4", "7"}:
        return PUBLIC
    if legal_category[:2] in {"82", "92", "93"}:
        return ASSOCIATION
    if legal_category[:1] in {"1", "3", "5", "6"} and legal_category not in PROPERTY:
        return FIRM
    return OTHER


FORMS = {"9260": LegalForm.LOCAL_ASSOCIATION, "92": LegalForm.ASSOCIATION, "93": LegalForm.FOUNDATION}
FORMS |= {"82": LegalForm.MUTUAL, "4": LegalForm.PUBLIC_BODY, "7": LegalForm.PUBLIC_BODY}
FORMS |= dict.fromkeys(COOPERATIVES, LegalForm.COOPERATIVE)


def legal_form(legal_category: str, *, is_sse: bool) -> str:
    """The legal form of our accounts; whether a firm is certified ESUS, Sirene does not say."""
    for length in (4, 2, 1):
        if form := FORMS.get(legal_category[:length]):
            return form.value
    return (LegalForm.COMMERCIAL_SSE if is_sse else LegalForm.COMPANY).value
