"""Conversations."""

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Account, AccountOwnedQuerySet, User


class ThreadQuerySet(AccountOwnedQuerySet):
    def inbox(self):
        return self.open().order_by("-last_at", "-id")

    def open(self):
        """What is neither put away nor blocked."""
        return self.filter(~_is_blocked(), archived_at=None)

    def unread(self):
        return self.filter(unread__gt=0, archived_at=None)

    def archived(self):
        return self.filter(archived_at__isnull=False)

    def blocked(self):
        return self.filter(_is_blocked())


def _is_blocked() -> Exists:
    contacts = apps.get_model("messaging", "Contact").objects.filter(blocked_at__isnull=False)
    return Exists(contacts.filter(account=OuterRef("account"), number=OuterRef("contact_number")))


class Thread(models.Model):
    """The conversation of one of our numbers with one contact."""

    account = models.ForeignKey(Account, models.PROTECT, related_name="threads", verbose_name=_("account"))
    our_number = models.CharField(_("our number"), max_length=16)
    contact_number = models.CharField(_("contact"), max_length=16)
    contact_name = models.CharField(_("name"), max_length=80, blank=True)
    last_at = models.DateTimeField(_("last message"), default=timezone.now)
    last_text = models.CharField(_("last text"), max_length=160, blank=True)
    last_direction = models.CharField(_("last direction"), max_length=10, blank=True)
    last_state = models.CharField(_("last state"), max_length=10, blank=True)
    unread = models.PositiveIntegerField(_("unread"), default=0)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    assigned_to = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("assigned to")
    )
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)  # open pages ask for what is newer

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name, verbose_name_plural = _("conversation"), _("conversations")
        constraints = [
            models.UniqueConstraint(fields=["account", "our_number", "contact_number"], name="one_thread_per_pair")
        ]
        indexes = [
            models.Index(fields=["account", "-last_at", "-id"], name="threads_of_inbox"),
            models.Index(
                fields=["account", "-last_at", "-id"],
                condition=Q(archived_at__isnull=True),
                name="threads_not_archived",
            ),
            models.Index(
                fields=["account", "-last_at", "-id"], condition=Q(archived_at__isnull=False), name="threads_archived"
            ),
            models.Index(fields=["account", "-last_at", "-id"], condition=Q(unread__gt=0), name="threads_unread"),
            # Every page counts the unread: from this index alone, however many there are.
            models.Index(
                fields=["account", "archived_at", "unread"], condition=Q(unread__gt=0), name="threads_unread_counted"
            ),
            models.Index(
                fields=["account", "assigned_to", "-last_at", "-id"],
                condition=Q(archived_at__isnull=True),
                name="threads_of_person",
            ),
            models.Index(fields=["account", "contact_number"], name="threads_of_contact"),
        ]

    def __str__(self):
        return f"{self.our_number} – {self.contact_name or self.contact_number}"


class Note(models.Model):
    """A note that only our side sees, standing in the conversation at its time.

    One that was taken back keeps its row without its words, so that open pages hear of it.
    """

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="notes", verbose_name=_("conversation"))
    author = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+", verbose_name=_("author"))
    body = models.TextField(_("note"), max_length=2000)
    at = models.DateTimeField(_("at"), default=timezone.now)
    deleted_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name, verbose_name_plural = _("note"), _("notes")
        indexes = [models.Index(fields=["thread", "-at"], name="notes_of_thread")]

    def __str__(self):
        return self.body[:60]


class Draft(models.Model):
    """What a person typed into a conversation and did not send; "replying" while it is fresh."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="drafts")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    body = models.TextField(max_length=4000, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["thread", "user"], name="one_draft_a_person_and_thread")]

    def __str__(self):
        return self.body[:60]
