"""Numbers as this upstream writes them and as the network does."""


def bare(number):
    """Ten digits of a North American number; other numbers as their digits, sender names as they are."""
    text = str(number)
    if any(c.isalpha() for c in text):
        return text
    digits = "".join(c for c in text if c.isdigit())
    return digits[1:] if len(digits) == 11 and digits.startswith("1") else digits


def shown(bare_number):
    """As the log and the webhook have it: eleven digits in North America."""
    return "1" + bare_number if len(bare_number) == 10 and bare_number.isdigit() else bare_number


def e164(bare_number):
    return bare_number if not bare_number.isdigit() else "+" + shown(bare_number)
