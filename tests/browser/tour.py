"""Every page of the portal with what it stands on in the demo world: where the crawl with axe and the pictures go."""

import uuid
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from tests.browser import gotten, outgoing
from tests.stack import Stack
from tests.visitor import PASSWORD, Visitor

OWNER, AGENT, RESELLER, NOBODY = "owner@demo.test", "agent@demo.test", "reseller@demo.test", ""


@dataclass(frozen=True)
class Stop:
    """A page, who looks at it, and what it answers."""

    name: str
    path: str
    person: str = OWNER
    status: int = 200


def stops(stack: Stack) -> list[Stop]:
    """The tour through a stack's world; ids come from its database."""
    return [
        *_entrance(),
        *_portal(stack),
        *_outgoing(stack),
        *_own_pages(),
        *_refusals(stack),
        *_reseller(stack),
        *_book(stack),
    ]


def _entrance() -> list[Stop]:
    return [
        Stop("sign-in", "/accounts/login/", NOBODY),
        Stop("reset", "/accounts/password/reset/", NOBODY),
        Stop("reset-sent", "/accounts/password/reset/done/", NOBODY),
        Stop("reset-old-link", "/accounts/password/reset/key/1-gone/", NOBODY),
        Stop("reset-finished", "/accounts/password/reset/key/done/", NOBODY),
        Stop("mail-old-link", "/accounts/confirm-email/gone/", NOBODY),
        Stop("no-sign-up", "/accounts/signup/", NOBODY),
        Stop("switched-off", "/accounts/inactive/", NOBODY),
    ]


def _portal(stack: Stack) -> list[Stop]:
    account = account_of(stack, OWNER)
    number = _id(stack, "numbers_number", account, "label = 'Urgences 24 h'")
    thread = _id(stack, "messaging_thread", account, "last_direction = 'inbound' ORDER BY last_at DESC, id DESC")
    ports = {
        status: _public_id(stack, account, status)
        for status in ("rejected_by_provider", "firm_confirm", "not_ready", "completed")
    }
    return [
        Stop("home", "/"),
        Stop("search", "/search/?q=514"),
        Stop("search-nothing", "/search/?q=zebra"),
        Stop("messages", f"/messages/{thread}/"),
        Stop("inbox", "/messages/"),
        Stop("inbox-nothing", "/messages/?q=zebra"),
        Stop("contact", f"/messages/{thread}/?panel=1"),
        Stop("inbox-hits", "/messages/?q=bonjour"),
        Stop("inbox-archived", "/messages/?folder=archived"),
        Stop("failed-again", "/messages/failed/again/"),
        Stop("compose", "/messages/compose/"),
        *_people(stack, account, thread),
        Stop("opt-outs", "/messages/opt-outs/"),
        Stop(
            "opt-out-undo",
            f"/messages/opt-outs/{_id(stack, 'messaging_optout', account, 'lifted_at IS NULL ORDER BY id')}/undo/",
        ),
        Stop("exports", "/messages/exports/"),
        Stop("export-new", f"/messages/exports/new/?thread={thread}"),
        Stop("numbers", "/numbers/"),
        Stop("numbers-nothing", "/numbers/?q=zebra"),
        Stop("numbers-columns", "/numbers/?col=name&col=cost&col=since&col=note&sort=city"),
        Stop("numbers-porting", "/numbers/?state=porting_in"),
        Stop("number-change-many", f"/numbers/change/?n={number}"),
        Stop("number-batches", "/numbers/batches/"),
        Stop("number", f"/numbers/{number}/"),
        Stop("number-name", f"/numbers/{number}/name/"),
        Stop("number-calls", f"/numbers/{number}/calls/"),
        Stop("number-texts", f"/numbers/{number}/texts/"),
        Stop("number-notes", f"/numbers/{number}/notes/"),
        Stop("number-directory", f"/numbers/{number}/directory/"),
        Stop("number-port-out", f"/numbers/{number}/port-out/"),
        Stop("number-release", f"/numbers/{number}/release/"),
        *_getting_numbers(),
        *(Stop(name, path) for name, path in gotten.paths(stack, OWNER, number).items()),
        Stop("ports", "/numbers/ports/"),
        Stop("port-rejected", f"/numbers/ports/{ports['rejected_by_provider']}/"),
        Stop("port-firm", f"/numbers/ports/{ports['firm_confirm']}/"),
        Stop("port-completed", f"/numbers/ports/{ports['completed']}/"),
        Stop("port-ask", f"/numbers/ports/{ports['firm_confirm']}/ask/"),
        Stop("port-prepare", f"/numbers/ports/{ports['firm_confirm']}/prepare/"),
        Stop("port-new", "/numbers/ports/new/"),
        Stop("port-whole", "/numbers/ports/new/whole/"),
        *(
            Stop(f"port-page-{page}", f"/numbers/ports/{ports['not_ready']}/page/{page}/")
            for page in ("numbers", "account", "address", "documents", "review")
        ),
        Stop("port-letter", f"/numbers/ports/{ports['not_ready']}/letter/sign/"),
        Stop("port-edit", f"/numbers/ports/{ports['not_ready']}/edit/"),
        Stop("e911", "/numbers/e911/"),
        Stop("e911-active", f"/numbers/e911/{number}/"),
        Stop("e911-change", f"/numbers/e911/{number}/?edit=1"),
        Stop("e911-review", "/numbers/e911/review/"),
        Stop("e911-history", f"/numbers/e911/{number}/history/"),
        Stop("e911-book", "/numbers/e911/book/"),
        Stop("e911-place-new", "/numbers/e911/book/new/"),
        Stop("e911-assign", "/numbers/e911/assign/?numbers=gaps"),
        Stop("e911-remove", f"/numbers/e911/{number}/remove/"),
        Stop("billing", "/billing/"),
        Stop("activity", "/accounts/activity/"),
    ]


def _people(stack: Stack, account: int, thread: int) -> list[Stop]:
    """Contacts, groups, templates and an import, with what the stack's world has written down of them."""
    contact, group = (
        _id(stack, f"messaging_{table}", account, "1 = 1 ORDER BY id") for table in ("contact", "contactgroup")
    )
    template = _id(stack, "messaging_template", account, "1 = 1 ORDER BY id")
    job = _upload(stack)
    return [
        Stop("contacts", "/messages/contacts/"),
        Stop("contacts-nothing", "/messages/contacts/?q=zebra"),
        Stop("contact-card", f"/messages/contacts/{contact}/"),
        Stop("contact-new", "/messages/contacts/new/"),
        Stop("contact-merge", f"/messages/contacts/{contact}/merge/?q=a"),
        Stop("contact-delete", f"/messages/contacts/{contact}/delete/"),
        Stop("imports", "/messages/contacts/import/"),
        Stop("import", f"/messages/contacts/import/{job}/"),
        Stop("groups", "/messages/groups/"),
        Stop("group", f"/messages/groups/{group}/"),
        Stop("greeting", f"/messages/groups/{group}/greeting/"),
        Stop("group-delete", f"/messages/groups/{group}/delete/"),
        Stop("templates", "/messages/templates/"),
        Stop("template-new", "/messages/templates/new/"),
        Stop("template", f"/messages/templates/{template}/"),
        Stop("template-delete", f"/messages/templates/{template}/delete/"),
        Stop("insert-template", f"/messages/templates/menu/?thread={thread}"),
    ]


def _upload(stack: Stack) -> str:
    """The address part of an import whose columns wait to be chosen, from an earlier tour or made now."""
    visitor = Visitor(stack.base_url).sign_in(OWNER)
    form = visitor.form("/messages/contacts/import/", "intent")
    file = {"file": ("people.csv", "phone,name,city\n514 555-0101,Anne Roy,Laval\n")}
    intent = str(uuid.uuid5(uuid.NAMESPACE_URL, stack.base_url))
    answer = visitor.post("/messages/contacts/import/", form.values | {"intent": intent}, files=file)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"].rstrip("/").rpartition("/")[2]


def _getting_numbers() -> list[Stop]:
    return [
        Stop("number-find", "/numbers/find/"),
        Stop("number-orders", "/numbers/orders/"),
        Stop("number-lookup", "/numbers/lookup/"),
        Stop("back-order", "/numbers/back-orders/new/"),
    ]


def _outgoing(stack: Stack) -> list[Stop]:
    """Campaigns and scheduled texts, made over the pages themselves."""
    visitor = Visitor(stack.base_url).sign_in(OWNER)
    ready, running = outgoing.ready_campaign(visitor), outgoing.running_campaign(visitor)
    return [
        Stop("scheduled-edit", outgoing.scheduled_text(visitor)),
        Stop("scheduled", "/messages/scheduled/"),
        Stop("text-delete", outgoing.settled_text(visitor, answerable(stack)[0])),
        Stop("campaigns", "/messages/campaigns/"),
        Stop("campaign-new", outgoing.NEW),
        Stop("campaign-ready", ready),
        Stop("campaign-edit", f"{ready}edit/"),
        Stop("campaign-running", running),
        Stop("campaign-stop", f"{running}stop/"),
    ]


def _own_pages() -> list[Stop]:
    return [
        Stop("profile", "/accounts/profile/"),
        Stop("email", "/accounts/email/"),
        Stop("password", "/accounts/password/change/"),
        Stop("security", "/accounts/2fa/"),
        Stop("two-step", "/accounts/2fa/totp/activate/"),
        Stop("sessions", "/accounts/sessions/"),
        Stop("reauthenticate", "/accounts/reauthenticate/"),
        Stop("sign-out", "/accounts/logout/"),
    ]


def _refusals(stack: Stack) -> list[Stop]:
    return [
        Stop("not-found", "/numbers/987654321/", status=404),
        Stop("forbidden", "/billing/", AGENT, 403),
    ]


def _reseller(stack: Stack) -> list[Stop]:
    account = account_of(stack, RESELLER)
    customer = stack.value(
        "SELECT id FROM accounts_account WHERE parent_id = ? AND name <> 'Plomberie Lachance inc.' ORDER BY id", account
    )
    orphan = stack.value("SELECT id FROM accounts_remoteaccount WHERE account_id IS NULL ORDER BY id")
    return [
        Stop("reseller-home", "/", RESELLER),
        Stop("numbers-together", "/numbers/?sub=all", RESELLER),
        Stop("e911-none", f"/numbers/e911/{uncovered(stack, RESELLER)[-1]}/", RESELLER),
        Stop("subaccounts", "/subaccounts/", RESELLER),
        Stop("subaccounts-nothing", "/subaccounts/?q=zebra", RESELLER),
        Stop("subaccount", f"/subaccounts/{customer}/", RESELLER),
        Stop("subaccount-new", "/subaccounts/new/", RESELLER),
        Stop("subaccount-link", f"/subaccounts/link/{orphan}/", RESELLER),
        Stop("subaccount-suspend", f"/subaccounts/{customer}/suspend/", RESELLER),
    ]


# --- who takes it --------------------------------------------------------------------------------------------------


def shown(page: Page) -> Locator:
    """What the page shows, without the line that only a screen reader reads: it says the news a second time."""
    return page.locator(".page")


def signed_in(stack: Stack, person: str, *, confirmed: bool = False) -> list[dict]:
    """The cookies of a new session; `confirmed`, where the person also said just now that it is still them."""
    visitor = Visitor(stack.base_url).sign_in(person)
    if confirmed:
        form = visitor.form("/accounts/reauthenticate/", "password")
        assert visitor.post(form.action, form.values | {"password": PASSWORD}).status_code == 302
    return [{"name": one.name, "value": one.value, "url": stack.base_url} for one in visitor.http.cookies]


# --- what the tour stands on -------------------------------------------------------------------------------------------


def account_of(stack: Stack, person: str) -> int:
    return stack.value(
        "SELECT m.account_id FROM accounts_membership m JOIN accounts_user u ON u.id = m.user_id WHERE u.email = ? ORDER BY m.id",
        person,
    )


def number_of(stack: Stack, person: str, label: str) -> tuple[int, str]:
    """The id and the digits of a number by its name."""
    return stack.rows(
        "SELECT id, number FROM numbers_number WHERE account_id = ? AND label = ?", account_of(stack, person), label
    )[0]


def _book(stack: Stack) -> list[Stop]:
    """An address of the reseller's book, and one that was given to a number, from an earlier tour or made now."""
    account = account_of(stack, RESELLER)
    if not stack.rows("SELECT id FROM numbers_emergencyassignment WHERE account_id = ?", account):
        _give_an_address(stack)
    place = _id(stack, "numbers_emergencyplace", account, "1 = 1 ORDER BY id")
    given = stack.value("SELECT public_id FROM numbers_emergencyassignment WHERE account_id = ? ORDER BY id", account)
    return [
        Stop("e911-place", f"/numbers/e911/book/{place}/", RESELLER),
        Stop("e911-place-delete", f"/numbers/e911/book/{place}/delete/", RESELLER),
        Stop("e911-assignment", f"/numbers/e911/assign/{uuid.UUID(str(given))}/", RESELLER),
    ]


def _give_an_address(stack: Stack) -> None:
    visitor = Visitor(stack.base_url).sign_in(RESELLER)
    form = visitor.form("/numbers/e911/book/new/", "civic_number")
    words = {
        "label": "Tour",
        "name": "Boréal",
        "civic_number": "1250",
        "street": "Rue Sherbrooke Ouest",
        "city": "Montréal",
    }
    visitor.post("/numbers/e911/book/new/", form.values | words | {"region": "QC", "postal_code": "H3G 1H6"})
    place = _id(stack, "numbers_emergencyplace", account_of(stack, RESELLER), "label = 'Tour'")
    page = f"/numbers/e911/assign/?numbers={uncovered(stack, RESELLER)[5]}&place={place}"
    answer = visitor.post(
        "/numbers/e911/assign/", visitor.form(page, "intent").values | {"place": place, "terms": "on"}
    )
    assert answer.status_code == 302, answer.text


def uncovered(stack: Stack, person: str) -> list[int]:
    """Numbers in use, at a place, that 911 knows nothing of."""
    rows = stack.rows(
        "SELECT n.id FROM numbers_number n WHERE n.account_id = ? AND n.voice AND n.kind = 'local' AND n.status = 'active' AND n.gone_at IS NULL"
        " AND NOT EXISTS (SELECT 1 FROM numbers_emergencyendpoint e WHERE e.number = n.number AND e.gone_at IS NULL) ORDER BY n.id",
        account_of(stack, person),
    )
    return [pk for (pk,) in rows]


def _id(stack: Stack, table: str, account: int, where: str) -> int:
    return stack.value(f"SELECT id FROM {table} WHERE account_id = ? AND {where}", account)


def _public_id(stack: Stack, account: int, status: str) -> uuid.UUID:
    return uuid.UUID(
        str(
            stack.value(
                "SELECT public_id FROM numbers_portrequest WHERE account_id = ? AND status = ? ORDER BY id",
                account,
                status,
            )
        )
    )


def answerable(stack) -> list[int]:
    """The owner's conversations over a number of VoiceMeUp's that can be answered, newest first."""
    rows = stack.rows(
        "SELECT t.id FROM messaging_thread t JOIN numbers_number n ON n.number = t.our_number AND n.account_id = t.account_id"
        " WHERE t.account_id = ? AND n.label LIKE 'Camion%' AND t.archived_at IS NULL AND t.contact_number LIKE '+1%'"
        " AND t.contact_number NOT IN (SELECT number FROM messaging_optout WHERE lifted_at IS NULL)"
        " AND t.contact_number NOT IN (SELECT number FROM messaging_contact WHERE blocked_at IS NOT NULL) ORDER BY t.last_at DESC",
        account_of(stack, OWNER),
    )
    return [pk for (pk,) in rows]
