"""The door for upstreams, from the root on: what asks for an address by this list alone gets the portal's own."""

from django.urls import path

from providers.views import webhook

urlpatterns = [path("webhooks/<slug:slug>/<str:token>/", webhook, name="webhook")]
