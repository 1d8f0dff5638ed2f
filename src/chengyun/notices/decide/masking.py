"""How an address is shown to somebody who need not know it."""


def masked_mail(mail: str) -> str:
    """First letter and the house: `m•••@example.org`."""
    name, at, house = mail.partition("@")
    return f"{name[:1]}•••{at}{house}" if mail else ""


def masked_phone(phone: str) -> str:
    """The last two digits."""
    return f"•••{phone[-2:]}" if phone else ""
