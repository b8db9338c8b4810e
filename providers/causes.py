"""One catalogue of what can go wrong at an upstream: for each cause, what happened and what to do next (I5).

A client's table turns codes and texts of its upstream into a `Cause`; only here do causes become sentences. The upstream's
own words are for staff and stand beside them, never in place of them.
"""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from providers.clients.errors import Cause


@dataclass(frozen=True, slots=True)
class Explanation:
    """`what` happened and what to do `next`, each one short sentence; both may name %(upstream)s."""

    what: str
    next: str

    def of(self, upstream: str) -> "Explanation":
        named = {"upstream": upstream}
        return Explanation(str(self.what) % named, str(self.next) % named)

    def __str__(self):
        return f"{self.what} {self.next}"


_ASK = _("Ask your provider if it happens again.")
_TELL = _("Your provider has to mend this.")
_NOTHING = _("You need do nothing: it goes on by itself.")

CATALOGUE: dict[str, Explanation] = {
    Cause.UNREACHABLE: Explanation(_("%(upstream)s could not be reached."), _NOTHING),
    Cause.NO_ANSWER: Explanation(
        _("%(upstream)s gave no clear answer, so we are finding out what became of it."), _NOTHING
    ),
    Cause.UNREADABLE: Explanation(
        _("%(upstream)s answered something we cannot read, so we are finding out what became of it."), _NOTHING
    ),
    Cause.WAITING: Explanation(_("It waits its turn at %(upstream)s."), _NOTHING),
    Cause.LIMIT: Explanation(_("%(upstream)s takes no more requests for now."), _NOTHING),
    Cause.CREDENTIALS: Explanation(_("%(upstream)s does not accept our sign-in."), _TELL),
    Cause.PERMISSION: Explanation(_("%(upstream)s does not allow this for the account."), _TELL),
    Cause.ACCOUNT_CLOSED: Explanation(_("The account at %(upstream)s is closed or suspended."), _TELL),
    Cause.FUNDS: Explanation(
        _("There is not enough money on the account at %(upstream)s."), _("Top it up, then try again.")
    ),
    Cause.UNSUPPORTED: Explanation(_("%(upstream)s cannot do this."), _("Use a number of another upstream.")),
    Cause.NOT_FOUND: Explanation(
        _("%(upstream)s does not have this any more."), _("Reload the page to see what is there now.")
    ),
    Cause.TAKEN: Explanation(_("Somebody else has it, or it is in use."), _("Choose another one.")),
    Cause.DUPLICATE: Explanation(
        _("%(upstream)s has the very same request already."), _("Wait a minute before you repeat it.")
    ),
    Cause.INVALID: Explanation(_("%(upstream)s does not accept this value."), _("Change it and try again.")),
    Cause.MISSING: Explanation(_("%(upstream)s needs a value here."), _("Fill it in and try again.")),
    Cause.SOURCE: Explanation(_("This sender may not do that at %(upstream)s."), _("Choose another sender.")),
    Cause.DESTINATION: Explanation(_("This recipient cannot be reached."), _("Check the number.")),
    Cause.OPTED_OUT: Explanation(_("This person asked to get no more texts."), _("They can undo it by texting START.")),
    Cause.CONTENT: Explanation(
        _("%(upstream)s did not accept the text or the picture."), _("Change it and send it again.")
    ),
    Cause.ADDRESS: Explanation(
        _("%(upstream)s does not know this address."), _("Check it, or choose one of those nearby.")
    ),
    Cause.FILE: Explanation(_("%(upstream)s did not accept the file."), _("Choose another file.")),
    Cause.NOT_NOW: Explanation(
        _("%(upstream)s cannot do this at the moment: something else comes first."), _("Try again later.")
    ),
    Cause.NOT_ALLOWED: Explanation(
        _("Who asked for it may no longer do that here."), _("Somebody who may can ask for it again.")
    ),
    Cause.SUSPENDED: Explanation(
        _("This account is suspended, so nothing was changed."), _("Ask your provider, then try again.")
    ),
    Cause.NOT_YOURS: Explanation(
        _("This is no longer on your account."), _("Reload the page to see what is there now.")
    ),
    Cause.THEIR_FAULT: Explanation(_("Something failed at %(upstream)s."), _("Try again in a few minutes.")),
    Cause.UNKNOWN: Explanation(_("%(upstream)s refused it."), _ASK),
}


def explain(cause: str, upstream: str) -> Explanation:
    """The catalogue's entry, with the upstream's name in it. An empty or foreign cause is explained as unknown."""
    return CATALOGUE.get(cause, CATALOGUE[Cause.UNKNOWN]).of(upstream)
