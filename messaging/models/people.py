"""Contacts, what they consented to, and who asked to be left alone."""

import unicodedata

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet
from messaging.models.messages import Message
from providers.models import Connection


def fold(text: str) -> str:
    """A name as it is sorted and searched: "  Élise CÔTÉ" is "elise cote", on every database alike."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())[:120]


class FoldedField(models.CharField):
    """The folded name of its row, kept in step by every way of saving; who has no name comes last, by number."""

    def pre_save(self, model_instance, add):
        value = fold(model_instance.name) or f"~{model_instance.number}"
        setattr(model_instance, self.attname, value)
        return value


class ContactQuerySet(AccountOwnedQuerySet):
    def search(self, text: str):
        words = self
        for word in text.split()[:6]:
            digits = "".join(filter(str.isdigit, word))
            found = Q(folded__contains=fold(word)) | Q(tags__icontains=word)
            words = words.filter(found | Q(number__contains=digits) if len(digits) > 2 else found)
        return words


class Contact(models.Model):
    """Somebody an account texts with: one row a number. What the law asks for stands in `Consent` and `OptOut`."""

    class Language(models.TextChoices):
        UNKNOWN = "", _("Not known")
        ENGLISH = "en", _("English")
        FRENCH = "fr", _("French")

    account = models.ForeignKey(Account, models.PROTECT, related_name="contacts", verbose_name=_("account"))
    number = models.CharField(_("number"), max_length=16)
    name = models.CharField(_("name"), max_length=80, blank=True)
    folded = FoldedField(max_length=120, editable=False, default="")
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.UNKNOWN, blank=True)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    tags = models.CharField(_("tags"), max_length=200, blank=True)
    notes = models.TextField(_("notes"), max_length=2000, blank=True)
    fields = models.JSONField(_("more fields"), default=dict, blank=True)  # further columns of a CSV, for templates
    blocked_at = models.DateTimeField(_("blocked"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ContactQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("contact"), _("contacts")
        constraints = [models.UniqueConstraint(fields=["account", "number"], name="one_contact_a_number")]
        indexes = [
            models.Index(fields=["account", "folded", "id"], name="contacts_in_order"),
            models.Index(fields=["account", "birthday"], condition=Q(birthday__isnull=False), name="birthdays"),
            models.Index(fields=["account", "number"], condition=Q(blocked_at__isnull=False), name="blocked_contacts"),
        ]

    def __str__(self):
        return self.name or self.number


class ContactGroup(models.Model):
    account = models.ForeignKey(Account, models.PROTECT, related_name="contact_groups", verbose_name=_("account"))
    name = models.CharField(_("name"), max_length=60)
    contacts = models.ManyToManyField(Contact, related_name="groups", blank=True, verbose_name=_("contacts"))
    greeting_en = models.TextField(_("birthday greeting, English"), max_length=480, blank=True)
    greeting_fr = models.TextField(_("birthday greeting, French"), max_length=480, blank=True)
    greeting_from = models.CharField(_("birthday greeting, from"), max_length=16, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AccountOwnedQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("group"), _("groups")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["account", "name"], name="one_group_of_a_name")]

    def __str__(self):
        return self.name


class Consent(models.Model):
    """That a contact agreed to be texted: how, when, in which words, and until when. Rows are added, never changed."""

    class Kind(models.TextChoices):
        EXPRESS = "express", _("Express")
        IMPLIED = "implied", _("Implied")

    contact = models.ForeignKey(Contact, models.CASCADE, related_name="consents", verbose_name=_("contact"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    source = models.CharField(_("how it was given"), max_length=200)
    given_on = models.DateField(_("given on"))
    expires_on = models.DateField(_("ends on"), null=True, blank=True)
    recorded_by = models.CharField(_("recorded by"), max_length=160, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), default=timezone.now)

    class Meta:
        verbose_name, verbose_name_plural = _("consent"), _("consents")
        ordering = ["-given_on", "-id"]

    def __str__(self):
        return f"{self.get_kind_display()} {self.given_on}"


class OptOutQuerySet(AccountOwnedQuerySet):
    def in_force(self):
        return self.filter(lifted_at=None)

    def of(self, account: Account | int, number: str):
        pk = account.pk if isinstance(account, Account) else account
        return self.in_force().filter(account_id=pk, number=number)


class OptOut(models.Model):
    """Somebody asked an account to be left alone: said by a keyword, told by an upstream, or recorded by a person.

    IN FORCE (`lifted_at` is empty) -> LIFTED by START from the same handset or by a person with a reason. A lifted row
    stays: who asked what and when can be told for good.
    """

    class Source(models.TextChoices):
        KEYWORD = "keyword", _("Keyword in a text")
        PERSON = "person", _("Recorded by a person")
        UPSTREAM = "upstream", _("Told by the upstream")

    account = models.ForeignKey(Account, models.PROTECT, related_name="opt_outs", verbose_name=_("account"))
    number = models.CharField(_("number"), max_length=16)
    our_number = models.CharField(_("said to"), max_length=16, blank=True)
    source = models.CharField(_("how"), max_length=10, choices=Source)
    word = models.CharField(_("word"), max_length=40, blank=True)
    message = models.ForeignKey(
        Message, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("message")
    )
    connection = models.ForeignKey(
        Connection, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("upstream")
    )
    recorded_by = models.CharField(_("recorded by"), max_length=160, blank=True)
    at = models.DateTimeField(_("since"), default=timezone.now)
    lifted_at = models.DateTimeField(_("lifted"), null=True, blank=True)
    lifted_by = models.CharField(_("lifted by"), max_length=160, blank=True)
    lift_reason = models.CharField(_("why"), max_length=200, blank=True)

    objects = OptOutQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("opt-out"), _("opt-outs")
        constraints = [
            models.UniqueConstraint(
                fields=["account", "number"], condition=Q(lifted_at=None), name="one_opt_out_in_force"
            )
        ]
        indexes = [models.Index(fields=["account", "-at", "-id"], name="opt_outs_of_account")]

    def __str__(self):
        return self.number
