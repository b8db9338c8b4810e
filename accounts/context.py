"""What templates know of the person's accounts and of the brand they see."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from accounts.models import Account, Brand

MOST_IN_SWITCHER = 30


@dataclass(frozen=True, slots=True)
class Look:
    """A brand as pages need it."""

    name: str
    hue: int = 255
    chroma: int = 15
    logo_url: str | None = None
    support_email: str = ""


def accounts(request: HttpRequest) -> dict:
    return {
        "brand": SimpleLazyObject(lambda: brand_of(request)),
        "switchable_accounts": SimpleLazyObject(lambda: _switchable(request)),
    }


def brand_of(request: HttpRequest) -> Look:
    """The brand of the account, else of the nearest account above, else of the host name, else the portal's own."""
    account = getattr(request, "account", None)
    chain = account.ancestor_ids() if account else []
    brands = {brand.account_id: brand for brand in Brand.objects.filter(account_id__in=chain)} if chain else {}
    for pk in reversed(chain):
        if pk in brands:
            return _look(brands[pk])
    host = request.get_host().split(":")[0].lower()
    brand = Brand.objects.filter(host=host).first()
    return _look(brand) if brand else Look(_("Portal"))


def _look(brand: Brand) -> Look:
    return Look(
        brand.name,
        brand.hue,
        brand.chroma,
        reverse("brand_logo", kwargs={"pk": brand.pk}) if brand.logo else None,
        brand.support_email,
    )


def _switchable(request: HttpRequest) -> list[Account]:
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return []
    return list(Account.objects.reachable_by(request.user).order_by("path")[:MOST_IN_SWITCHER])
