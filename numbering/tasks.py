"""Doors for the workers: 911 addresses for many numbers, changes of many numbers, numbers to give back, and what people must be told of."""

from celery import shared_task

from numbering import gone_numbers, leaving_numbers, port_mails, port_preparing
from numbering.batches import running
from numbering.emergencies import alerting, assigning, calls, noticing
from numbering.upstream import back_orders, releases, searching


@shared_task(soft_time_limit=500, time_limit=540)
def begin_assignment(pk: int) -> None:
    assigning.begin(pk)


@shared_task
def sweep_assignments() -> int:
    """Assignments whose wake-up was lost, or whose worker died among them."""
    waiting = assigning.waiting()
    for pk in waiting:
        begin_assignment.delay(pk)
    return len(waiting)


@shared_task
def tell_staff_of_doubts() -> int:
    return alerting.tell_staff()


@shared_task
def send_yearly_911_notices() -> int:
    return noticing.send_due()


@shared_task
def tell_of_emergency_calls() -> int:
    """Mail those whose numbers 911 was called from."""
    return sum(calls.tell(account, is_test) for account, is_test in calls.accounts_to_tell())


@shared_task
def sweep_releases() -> int:
    """Numbers whose days of grace are over."""
    return releases.hand_over_due()


@shared_task
def run_batch(pk: int) -> None:
    running.work(pk, run_batch.delay)


@shared_task
def sweep_batches() -> int:
    """Go on with changes of many numbers that nobody works on, and delete files that are a week old."""
    waiting = running.waiting()
    for pk in waiting:
        run_batch.delay(pk)
    running.forget_old()
    return len(waiting)


@shared_task
def match_back_orders() -> int:
    """Numbers that came since, for the orders that wait for them."""
    return back_orders.match_arrivals()


@shared_task
def sweep_port_notices() -> int:
    """Send the mails that are owed about ports."""
    return sum(port_mails.send(pk) for pk in port_mails.due())


@shared_task
def begin_port_plans() -> int:
    """Set what was prepared for numbers that have come."""
    return sum(port_preparing.begin(pk) for pk in port_preparing.due())


@shared_task
def tell_of_gone_numbers() -> int:
    """Mail those whose numbers a provider lists no more, or another one is about to take."""
    return leaving_numbers.tell_all() + sum(gone_numbers.tell(pk) for pk in gone_numbers.accounts_to_tell())


@shared_task
def forget_searches() -> int:
    """Numbers for sale that somebody looked for last week."""
    return searching.forget_old()
