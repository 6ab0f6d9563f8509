"""Identifiers that pass every check and belong to nobody.

SIREN: 999 followed by six digits, with a right Luhn key. Insee hands numbers out in blocks that have not come near
the end of the space. RNA: W00, then seven digits: numbers begin with a département, and none is 00.

The 100 000 numbers are shared out so that none serves twice: structures from 1, the directory from 10 000 and again
from 62 000, partners named in files from 50 000, firms with an account from 61 000, the funder and the visitors' firm.
"""

RESERVED = "999"  # the first digits of every SIREN
PARTNERS, FIRMS = 50_000, 61_000  # partner firms named in the files; firms that take part
DIRECTORY = ((10_000, 50_000), (62_000, 99_900))  # the rest of the directory


def luhn(digits: str) -> str:
    """The digit that closes a SIREN or a SIRET."""
    total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(reversed(digits)))
    return str(-total % 10)


def siret(number: int) -> str:
    """The SIRET of the head office of the fictitious organisation `number`, below 100 000."""
    siren = f"{RESERVED}{number:05d}"
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
