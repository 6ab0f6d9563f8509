"""Identifiers that pass every check and belong to nobody.

SIREN: 999 followed by six digits, with a right Luhn key. Insee hands numbers out in blocks that have not come near
the end of the space. RNA: W00, then seven digits: numbers begin with a département, and none is 00.
"""


def luhn(digits: str) -> str:
    """The digit that closes a SIREN or a SIRET."""
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def siret(number: int) -> str:
    """The SIRET of the head office of the fictitious organisation `number`, below 100 000."""
    siren = f"999{number:05d}"
    siren += luhn(siren)
    return siren + "0001" + luhn(siren + "0001")


def rna(number: int) -> str:
    return f"W00{number:07d}"


BANK, BRANCH = "99999", "00000"  # a bank code that no bank bears


def iban(number: int) -> str:
    """A French IBAN right by both of its keys, in a bank that does not exist."""
    account = f"{number:011d}"
    key = 97 - (89 * int(BANK) + 15 * int(BRANCH) + 3 * int(account)) % 97
    national = f"{BANK}{BRANCH}{account}{key:02d}"
    return f"FR{98 - int(national + '152700') % 97:02d}{national}"
