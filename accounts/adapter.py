"""How the sign-in library behaves here: nobody signs up, people are invited."""

from allauth.account.adapter import DefaultAccountAdapter

from accounts.middleware import set_language_cookie


class PortalAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request) -> bool:
        return False

    def post_login(self, request, user, **kwargs):
        """Pages speak the person's language from the first one on."""
        response = super().post_login(request, user, **kwargs)
        set_language_cookie(response, user.language)
        return response
