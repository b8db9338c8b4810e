"""Every door of the portal, one literal line each."""

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.urls import include, path

from accounts.views import language
from portal.views import brand, errors, health, home, search, subaccount_new, subaccounts

admin.autodiscover()  # here and not as the app is loaded: workers show no pages

# Staff come in by the one sign-in page: Django's own for the admin knows neither the second factor nor any throttle.
admin.site.login = secure_admin_login(admin.site.login)

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("language/", language, name="language"),
    path("brand.css", brand.stylesheet, name="brand_css"),
    path("brand/<int:pk>/logo", brand.logo, name="brand_logo"),
    path("numbers/", include("numbering.urls")),
    path("messages/", include("messaging.urls")),
    path("billing/", include("billing.urls")),
    path("subaccounts/", subaccounts.index, name="subaccounts"),
    path("subaccounts/new/", subaccount_new.create, name="subaccount_new"),
    path("subaccounts/link/<int:pk>/", subaccount_new.link, name="subaccount_link"),
    path("subaccounts/<int:pk>/", subaccounts.detail, name="subaccount"),
    path("subaccounts/<int:pk>/retry/", subaccounts.retry, name="subaccount_retry"),
    path("subaccounts/<int:pk>/invite/", subaccounts.invite, name="subaccount_invite"),
    path("subaccounts/<int:pk>/suspend/", subaccounts.suspend, name="subaccount_suspend"),
    path("subaccounts/<int:pk>/resume/", subaccounts.resume, name="subaccount_resume"),
    path("subaccounts/<int:pk>/numbers/", subaccounts.move_numbers, name="subaccount_numbers"),
    path("accounts/", include("accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("", include("providers.urls")),
    path("health/live", health.live, name="live"),
    path("health/ready", health.ready, name="ready"),
    path("admin/", admin.site.urls),
]

handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.broken
