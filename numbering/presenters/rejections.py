"""Why carriers reject ports, and which field of the form mends it. Their words are free text, so this is only a hint."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


@dataclass(frozen=True, slots=True)
class Hint:
    text: str
    field: str  # of PortForm


# First match wins, so the narrower reasons come first.
_REASONS = (
    (r"btn|billing telephone|main number|numéro principal", "billing_number", gettext_lazy("Correct the main number of the bill, and see that it is among the numbers to bring over.")),
    (r"partial|partiel", "numbers_to_keep", gettext_lazy("If some numbers stay, say in the instructions which one becomes the main number.")),
    (r"not on (the )?account|number.{0,30}(inactive|disconnected|not active)|n'est pas (actif|au compte)", "numbers", gettext_lazy("Take out the numbers that are not active on that account.")),
    (r"duplicate|already (requested|in progress)|pending order|open order|commande en cours", "instructions", gettext_lazy("Ask the losing carrier to close the open order on the account, then send this again.")),
    (r"freeze|frozen|port.?protect|\block|\bgel", "instructions", gettext_lazy("Ask the losing carrier to lift the port protection, then send this again.")),
    (r"\bloa\b|letter of auth|authori[sz]ation|signature|unsigned|illegible|lettre", "loa", gettext_lazy("Attach a new letter of authorization, signed and dated within 30 days.")),
    (r"\b(bill|invoice|csr|facture)\b", "bill", gettext_lazy("Attach a complete bill of the last 30 days.")),
    (r"postal|zip", "postal_code", gettext_lazy("Correct the postal code: the service address counts, not where the bill goes.")),
    (r"civic|street number", "civic_number", gettext_lazy("Correct the civic number and the street: the service address counts, not where the bill goes.")),
    (r"address|adresse|street|\brue\b", "street", gettext_lazy("Give the service address that the losing carrier has on record, not where the bill goes.")),
    (r"\bpin\b|passcode|\bnip\b", "account_pin", gettext_lazy("Ask your provider for the PIN of the account, and write it here.")),
    (r"account (number|#|no)|numéro de compte|invalid account", "current_reseller_account", gettext_lazy("Correct the account number as it stands on the bill.")),
    (r"reseller|revendeur", "current_reseller", gettext_lazy("Name the reseller that sold you the service.")),
    (r"wrong (carrier|provider)|not (our|their) customer|fournisseur actuel", "current_provider", gettext_lazy("Check who your current provider is: the name at the top of the bill.")),
    (r"\bname|organization|\bnom\b|customer.{0,20}mismatch|end.?user", "organization", gettext_lazy("Write the name exactly as it stands on the bill of your current provider.")),
    (r"resp.?org|toll.?free|sans frais", "kind", gettext_lazy("Toll-free numbers need a request of their own and the RespOrg's name in the instructions.")),
    (r"dsl|contract|contrat|alarm", "instructions", gettext_lazy("Say what shall happen with the other service on this line.")),
    (r"date", "wanted_on", gettext_lazy("Choose another date.")),
)  # fmt: skip
REASONS = [(re.compile(pattern, re.IGNORECASE), field, text) for pattern, field, text in _REASONS]


DOCUMENTS, FALLBACK = ("loa", "bill", "other"), "organization"


def hint(rejection: str, says: frozenset[str] | None = None) -> Hint:
    """The first reason that fits. `says` are the fields of the upstream's form: one that it lacks cannot be opened."""
    for pattern, field, text in REASONS:
        if pattern.search(rejection[:2000]):
            known = says is None or field in says or field in DOCUMENTS
            return Hint(str(text), field if known else FALLBACK)
    return Hint(_("Compare every field with your last bill, letter by letter."), FALLBACK)
