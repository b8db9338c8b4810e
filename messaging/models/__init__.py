"""Conversations and texts; people, what they consented to and who asked to be left alone; templates and campaigns."""

from messaging.models.campaigns import Campaign, CampaignRow, Template
from messaging.models.exports import MessageExport
from messaging.models.imports import ContactImport
from messaging.models.media import Media, MediaQuerySet, media_path
from messaging.models.messages import Message, MessageQuerySet, SeenMessage
from messaging.models.people import Consent, Contact, ContactGroup, OptOut
from messaging.models.prices import TextPrices
from messaging.models.senders import SenderName
from messaging.models.threads import Draft, Note, Thread, ThreadQuerySet

__all__ = [
    "Campaign",
    "CampaignRow",
    "Consent",
    "Contact",
    "ContactGroup",
    "ContactImport",
    "Draft",
    "Media",
    "MediaQuerySet",
    "Message",
    "MessageExport",
    "MessageQuerySet",
    "Note",
    "OptOut",
    "SeenMessage",
    "SenderName",
    "Template",
    "TextPrices",
    "Thread",
    "ThreadQuerySet",
    "media_path",
]
