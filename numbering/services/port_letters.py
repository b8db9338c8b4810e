"""Signing the letter of authorization of a port on screen: kept as a document that says who signed, when and from where."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from accounts.actor import Actor, audit
from accounts.suspension import check as check_suspension
from numbering import letters, uploads
from numbering.models import PortDocument, PortRequest
from numbering.services.ports import Paper, check_editable, keep, locked, resend

KIND = PortDocument.Kind.LOA


def file_name(port: PortRequest) -> str:
    return f"LOA-{port.pon or str(port.public_id)[:8]}.pdf"


@transaction.atomic
def sign(actor: Actor, port: PortRequest, language: str, signature: letters.Signature, intent: str) -> PortRequest:
    """Write the signed letter. Where upstream has the request already, it gets the letter too.

    Raises `Busy`, `NotEditable`, `IntentUsed`. A second click within the same form changes nothing.
    """
    port = locked(port)
    said = letters.said_in(port)
    if newest(port, said=said, signed_by=signature.name):
        return port
    check_suspension(actor)
    check_editable(port)
    upload = SimpleUploadedFile(file_name(port), letters.write(port, language, signature), "application/pdf")
    document = keep(actor, port, Paper(KIND, upload, uploads.check(upload)))
    PortDocument.objects.filter(pk=document.pk).update(signed_by=signature.name, said=said)
    audit(actor, "port.letter_signed", str(port), after={"name": signature.name, "numbers": port.numbers})
    if port.external_id:
        resend(actor, port, intent)
    return port


def newest(port: PortRequest, **narrow) -> PortDocument | None:
    return PortDocument.objects.filter(port=port, kind=KIND, **narrow).order_by("-id").first()


def is_outdated(port: PortRequest) -> bool:
    """Whether the letter in force was signed on screen for other numbers or names than the request has now."""
    letter = newest(port)
    return bool(letter and letter.said and letter.said != letters.said_in(port))
