"""Doors for the workers: the mails that invite people."""

from celery import shared_task

from accounts import invitations


@shared_task
def send_invitation(pk: int) -> None:
    invitations.send(pk)


@shared_task
def sweep_invitations() -> int:
    """Invitations whose wake-up was lost, or that the mail server refused."""
    waiting = invitations.due()
    for pk in waiting:
        send_invitation.delay(pk)
    return len(waiting)
