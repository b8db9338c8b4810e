"""C24: texts as CSV and PDF: whole, in the background, safe to open, kept for a week, without a note of ours."""

import csv
import io
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from accounts.models import AuditEntry, Membership
from accounts.roles import Role
from messaging import tasks
from messaging.exporting import selecting, telling, writing
from messaging.models import Media, Message, MessageExport, Note
from tests.factories import MembershipFactory, MessageFactory, ThreadFactory

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
NEW = "messages:export_new"


@pytest.fixture(autouse=True)
def private_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def owner():
    return MembershipFactory()


@pytest.fixture
def visitor(owner):
    client = Client()
    client.force_login(owner.user)
    return client


@pytest.fixture
def thread(owner):
    return ThreadFactory(
        account=owner.account, our_number="+15145550134", contact_number="+14385550142", contact_name="Zoé"
    )


def text(thread, body, at=NOON, **values):
    values = {"external_id": uuid.uuid4().hex, **values}
    return MessageFactory(thread=thread, body=body, at=at, **values)


def form(**values) -> dict:
    return {"form": "csv", "direction": "", "intent": str(uuid.uuid4()), **values}


def ask(visitor, query="", **values) -> MessageExport:
    answer = visitor.post(reverse(NEW) + query, form(**values))
    assert answer.status_code == 302, answer.content.decode()
    return MessageExport.objects.latest("pk")


def written(export) -> MessageExport:
    writing.run(export.pk)
    export.refresh_from_db()
    assert export.state == "done", export.error
    return export


def file_of(visitor, export) -> bytes:
    answer = visitor.get(reverse("messages:export_file", args=[export.public_id]))
    assert answer.status_code == 200
    return b"".join(answer.streaming_content)


def table(content: bytes) -> list[dict]:
    assert content.startswith(b"\xef\xbb\xbf"), "the mark that tells a spreadsheet that this is UTF-8"
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def words(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


# --- CSV --------------------------------------------------------------------------------------------------------------


def test_a_conversation_comes_out_whole_with_zone_states_and_both_sides(
    visitor, thread, wakes, django_capture_on_commit_callbacks
):
    text(thread, "Bonjour, êtes-vous ouverts ? 😀")
    out = text(
        thread,
        "Oui,\nà 9 h",
        NOON + timedelta(minutes=1),
        direction="outbound",
        state="failed",
        error_code="not-delivered",
        subject="x",
    )
    Media.objects.create(message=out, name="plan.png", mime_type="image/png")
    text(ThreadFactory(account=thread.account), "of another conversation")
    with django_capture_on_commit_callbacks(execute=True):
        export = ask(visitor, f"?thread={thread.pk}")
    assert [(wake.task, wake.args) for wake in wakes] == [("messaging.tasks.write_export", (export.pk,))]
    assert export.state == "waiting", "nothing is written while the person waits"

    first, second = table(file_of(visitor, written(export)))
    assert first["Text"] == "Bonjour, êtes-vous ouverts ? 😀"
    assert (first["From"], first["To"], first["Direction"]) == ("+14385550142", "+15145550134", "Received")
    assert (first["Date and time"], first["Time zone"]) == ("2026-11-20 12:00:00", "America/Toronto (UTC-05:00)")
    assert (second["Text"], second["State"], second["Contact"]) == ("Oui,\nà 9 h", "Not delivered", "Zoé")
    assert second["Reason"] and second["Pictures"] == "plan.png (image/png)"
    assert AuditEntry.objects.filter(action="messages.exported", account=thread.account).count() == 1


@pytest.mark.parametrize("start", ["=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx", "\rx", '=HYPERLINK("http://x")'])
def test_no_cell_is_a_formula(visitor, thread, start):
    """Texts and names come from strangers, and spreadsheets run what begins like that."""
    thread.contact_name = start.strip()
    thread.save()
    text(thread, start)
    raw = file_of(visitor, written(ask(visitor, f"?thread={thread.pk}")))
    (row,) = table(raw)
    assert row["Text"].startswith("'") and row["Text"][1:].strip() == start.strip()
    assert row["Contact"].startswith("'") or not start.strip().startswith(("=", "+", "-", "@"))
    assert row["From"] == "+14385550142", "a phone number stays one"


def test_the_header_is_in_the_person_s_language(visitor, thread, settings):
    text(thread, "Allô")
    visitor.cookies[settings.LANGUAGE_COOKIE_NAME] = "fr"
    export = ask(visitor, f"?thread={thread.pk}")
    assert export.language == "fr"
    (row,) = table(file_of(visitor, written(export)))
    with translation.override("fr"):
        assert list(row) == telling.header()


def test_notes_are_never_in_it(visitor, owner, thread):
    text(thread, "Seen by both sides")
    Note.objects.create(thread=thread, author=owner.user, body="Only for us: difficult customer")
    for kind in ("csv", "pdf"):
        content = file_of(visitor, written(ask(visitor, f"?thread={thread.pk}", form=kind)))
        said = words(content) if kind == "pdf" else content.decode()
        assert "Seen by both sides" in said and "difficult" not in said


def test_days_direction_and_failures_narrow_it(visitor, thread):
    """The days are those of the person's zone, both included."""
    late = datetime(2026, 11, 21, 4, 59, tzinfo=UTC)  # still the 20th in Toronto
    text(thread, "before", NOON - timedelta(days=1))
    text(thread, "in", late)
    text(thread, "after", late + timedelta(minutes=1))
    text(thread, "failed", NOON, direction="outbound", state="failed", subject="x")
    text(thread, "blocked", NOON, direction="outbound", state="blocked", subject="x")
    day = {"since": "2026-11-20", "until": "2026-11-20"}

    def bodies(**values):
        return {row["Text"] for row in table(file_of(visitor, written(ask(visitor, f"?thread={thread.pk}", **values))))}

    assert bodies(**day) == {"in", "failed", "blocked"}
    assert bodies(direction="inbound") == {"before", "in", "after"}
    assert bodies(only_failed="on") == {"failed", "blocked"}


def test_the_whole_filter_is_exported_not_the_page_that_is_shown(visitor, owner, monkeypatch):
    """Lots smaller than the list, so that each joint is crossed; a deleted text is left out."""
    monkeypatch.setattr(selecting, "THREADS_AT_ONCE", 4)
    monkeypatch.setattr(selecting, "TEXTS_AT_ONCE", 3)
    wanted = set()
    for at in range(11):
        thread = ThreadFactory(
            account=owner.account, contact_number=f"+1438555{at + 100:04d}", contact_name=f"Person {at}"
        )
        for turn in range(at % 4 + 1):
            wanted.add(text(thread, f"{at}-{turn}", NOON).body)  # all at one moment
    text(thread, "gone", deleted_at=timezone.now())
    text(ThreadFactory(account=owner.account, archived_at=timezone.now()), "archived")
    export = written(ask(visitor))
    rows = [row["Text"] for row in table(file_of(visitor, export))]
    assert len(rows) == len(wanted) == export.total and set(rows) == wanted
    assert rows == sorted(rows, key=lambda body: (int(body.split("-")[0]), body)), "conversation by conversation"

    found = table(file_of(visitor, written(ask(visitor, "?q=Person+7"))))
    assert {row["Text"] for row in found} == {"7-0", "7-1", "7-2", "7-3"}
    assert [row["Text"] for row in table(file_of(visitor, written(ask(visitor, "?folder=archived"))))] == ["archived"]


def test_another_account_s_texts_are_out_of_reach(visitor, owner, thread):
    stranger = text(ThreadFactory(), "secret of another account")
    assert visitor.get(reverse(NEW), {"thread": stranger.thread_id}).status_code == 404
    assert visitor.post(f"{reverse(NEW)}?thread={stranger.thread_id}", form()).status_code == 404
    text(thread, "ours")
    assert [row["Text"] for row in table(file_of(visitor, written(ask(visitor))))] == ["ours"]


# --- PDF --------------------------------------------------------------------------------------------------------------

STRANGE = [
    "é è à ç ê œ « » ’ … €", "😀 👨‍👩‍👧 👍🏽 🇨🇦", "שלום עולם 123 abc", "مرحبا بالعالم، كيف الحال؟", "中文字符 한국어 日本語", "Ж Щ Ω Δ", "\u200b\u200f\u202e\u2066x\u2069",
    "a\tb\r\nc\n\n\nd", "e\u0301 n\u0303 \u0628\u0651", "x" * 1000, "https://" + "long-" * 150, "\U0010ffff \ufffe \ufffd", "<b>&amp;</b> {nb} **bold** --x--", "𝒜𝒷 ﷺ", "",
]  # fmt: skip


def test_a_pdf_says_account_range_zone_states_direction_and_both_sides(visitor, thread):
    text(thread, "Êtes-vous là ?")
    text(thread, "Oui", NOON + timedelta(days=1), direction="outbound", state="delivered", subject="x")
    export = written(ask(visitor, f"?thread={thread.pk}", form="pdf", since="2026-11-01", until="2026-11-30"))
    content = file_of(visitor, export)
    said = words(content).replace("\u00a0", " ")
    for piece in (str(thread.account), "514 555-0134", "438 555-0142", "Zoé", "Nov 1, 2026", "Nov 30, 2026", "America/Toronto (UTC-05:00)",
                  "12:00:00", "Received", "Sent", "Delivered", "Êtes-vous là ?", "Page 1 of 1"):  # fmt: skip
        assert piece in said, piece


def test_a_day_on_summer_time_says_so(visitor, thread):
    text(thread, "in summer", datetime(2026, 7, 1, 16, 0, tzinfo=UTC))
    said = words(file_of(visitor, written(ask(visitor, f"?thread={thread.pk}", form="pdf"))))
    assert "12:00:00" in said and "Jul 1, 2026 · America/Toronto (UTC-04:00)" in said.replace("\u00a0", " ").replace(
        "•", "·"
    )


@pytest.mark.parametrize("body", STRANGE)
def test_no_text_breaks_a_pdf(visitor, thread, body):
    thread.contact_name = body[:80].replace("\n", " ")
    thread.save()
    text(thread, body)
    assert PdfReader(io.BytesIO(file_of(visitor, written(ask(visitor, f"?thread={thread.pk}", form="pdf"))))).pages


def test_what_has_no_shape_in_the_typeface_is_spelt_out(visitor, thread):
    text(thread, "Merci 😀 中")
    text(thread, "שלום", NOON + timedelta(minutes=1))
    said = words(file_of(visitor, written(ask(visitor, f"?thread={thread.pk}", form="pdf"))))
    assert "Merci [grinning face] [U+4E2D]" in said
    assert set("שלום") <= set(said)


def test_a_pdf_of_too_many_texts_is_refused_with_the_way_out(visitor, thread, monkeypatch):
    monkeypatch.setattr(writing, "MOST_IN_PDF", 2)
    for turn in range(3):
        text(thread, f"{turn}")
    export = ask(visitor, form="pdf")
    assert writing.run(export.pk) is False
    export.refresh_from_db()
    assert (export.state, export.error) == ("failed", "too-many")
    assert "Take fewer days, or CSV." in visitor.get(reverse("messages:exports")).content.decode()


# --- its life ---------------------------------------------------------------------------------------------------------


def test_the_same_form_twice_is_one_file_and_another_wish_under_its_key_is_refused(visitor, thread):
    sent = form()
    first, second = (visitor.post(reverse(NEW), sent) for _ in range(2))
    assert first.status_code == second.status_code == 302
    assert MessageExport.objects.count() == 1
    answer = visitor.post(reverse(NEW), sent | {"since": "2026-11-01"})
    assert answer.status_code == 409 and b'value="2026-11-01"' in answer.content


def test_an_account_has_three_at_a_time(visitor, thread):
    for _ in range(3):
        ask(visitor)
    answer = visitor.post(reverse(NEW), form())
    assert answer.status_code == 422 and MessageExport.objects.count() == 3


def test_a_refused_form_keeps_what_was_chosen_and_says_why_at_the_field(visitor):
    answer = visitor.post(reverse(NEW), form(form="pdf", since="2026-11-20", until="2026-11-01"))
    page = answer.content.decode()
    assert answer.status_code == 422 and "This day is before the first one." in page and 'value="2026-11-20"' in page
    assert visitor.post(reverse(NEW), form(since="soon")).status_code == 422
    assert visitor.post(reverse(NEW), form(direction="inbound", only_failed="on")).status_code == 422
    assert not MessageExport.objects.exists()


def test_a_worker_that_died_leaves_nothing_and_another_begins_again(visitor, thread, monkeypatch):
    text(thread, "still here")
    export = ask(visitor)
    monkeypatch.setattr(writing, "_write_csv", lambda *args: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        writing.run(export.pk)
    monkeypatch.undo()
    assert writing.run(export.pk) is False, "it is claimed, perhaps somebody still writes"
    assert export.pk not in MessageExport.objects.to_run().values_list("pk", flat=True)
    MessageExport.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert tasks.sweep_exports() >= 1
    assert [row["Text"] for row in table(file_of(visitor, written(export)))] == ["still here"]


def test_an_export_that_always_fails_is_given_up(visitor, thread, monkeypatch):
    monkeypatch.setattr(writing, "_write_csv", lambda *args: 1 / 0)
    export = ask(visitor)
    for _ in range(writing.MOST_TRIES):
        MessageExport.objects.update(claimed_until=None)
        writing.run(export.pk)
    export.refresh_from_db()
    assert (export.state, export.error, export.attempts) == ("failed", "internal", writing.MOST_TRIES)


def test_who_lost_the_right_meanwhile_gets_no_file(visitor, owner, thread):
    text(thread, "not for you any more")
    export = ask(visitor)
    Membership.objects.filter(pk=owner.pk).update(role=Role.BILLING)
    writing.run(export.pk)
    export.refresh_from_db()
    assert (export.state, export.error, export.file.name) == ("failed", "not-allowed", "")
    assert visitor.get(reverse("messages:exports")).status_code == 403


def test_a_file_is_deleted_after_a_week_and_by_a_person_before(visitor, thread, tmp_path):
    text(thread, "for a week")
    first, second = written(ask(visitor)), written(ask(visitor))
    path = tmp_path / first.file.name
    assert path.exists() and str(first.public_id) not in first.file.name
    MessageExport.objects.filter(pk=first.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert visitor.get(reverse("messages:export_file", args=[first.public_id])).status_code == 404
    tasks.sweep_exports()
    assert not path.exists()
    first.refresh_from_db()
    assert first.state == "expired"

    assert visitor.post(reverse("messages:export_delete", args=[second.public_id])).status_code == 302
    assert not (tmp_path / second.file.name).exists()
    assert AuditEntry.objects.filter(action="export.deleted").count() == 1


def test_who_only_reads_deletes_their_own_files_alone(visitor, owner, thread):
    text(thread, "for all to read")
    theirs = written(ask(visitor))
    reader = Client()
    reader.force_login(MembershipFactory(account=owner.account, role=Role.READER).user)
    own = written(ask(reader))
    page = reader.get(reverse("messages:exports")).content.decode()
    address = {export: reverse("messages:export_delete", args=[export.public_id]) for export in (theirs, own)}
    assert address[own] in page and address[theirs] not in page
    assert reader.post(address[theirs]).status_code == 403
    assert reader.post(address[own]).status_code == 302
    assert list(MessageExport.objects.filter(state="done")) == [theirs]
    assert address[theirs] in visitor.get(reverse("messages:exports")).content.decode()


def test_one_that_is_deleted_while_it_is_written_stays_deleted(visitor, thread, tmp_path):
    text(thread, "x")
    export = ask(visitor)

    def deleted_meanwhile(*args):
        visitor.post(reverse("messages:export_delete", args=[export.public_id]))
        yield []

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(selecting, "lots", deleted_meanwhile)
        assert writing.run(export.pk) is False
    export.refresh_from_db()
    assert export.state == "expired" and not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_file_is_served_as_a_download_in_a_cage(visitor, thread):
    export = written(ask(visitor))
    answer = visitor.get(reverse("messages:export_file", args=[export.public_id]))
    assert answer["Content-Disposition"].startswith('attachment; filename="texts-')
    assert "sandbox" in answer["Content-Security-Policy"] and answer["Cache-Control"] == "no-store"
    b"".join(answer.streaming_content)


def test_the_list_shows_progress_and_stops_asking_when_all_is_done(visitor, thread):
    export = ask(visitor)
    MessageExport.objects.update(state="running", total=200, done=50)
    page = visitor.get(
        reverse("messages:exports"), headers={"HX-Request": "true", "HX-Target": "exports"}
    ).content.decode()
    assert '<progress class="progress"' in page and "50 of 200 texts" in page and 'hx-trigger="every 2s"' in page
    MessageExport.objects.update(state="waiting", claimed_until=None)
    written(export)
    page = visitor.get(reverse("messages:exports")).content.decode()
    assert "every 2s" not in page.split('id="exports"')[1].split("</table>")[0] and "Download" in page


@pytest.mark.parametrize("size", [1, 12])
def test_the_pages_ask_few_questions_whatever_they_list(visitor, thread, size, django_assert_max_num_queries):
    for _ in range(size):
        MessageExport.objects.create(
            account=thread.account, thread=thread, time_zone="UTC", state="done", expires_at=timezone.now()
        )
    visitor.get("/")  # the first page of a session asks more
    with django_assert_max_num_queries(12):
        visitor.get(reverse("messages:exports"))
    with django_assert_max_num_queries(12):
        visitor.get(reverse(NEW), {"thread": thread.pk})


def test_the_doors_to_it_are_in_the_conversation_and_above_the_list(visitor, thread):
    text(thread, "x")
    assert (
        f"{reverse(NEW)}?thread={thread.pk}"
        in visitor.get(reverse("messages:thread", args=[thread.pk])).content.decode()
    )
    assert (
        f'{reverse(NEW)}?folder=archived"'
        in visitor.get(reverse("messages:inbox"), {"folder": "archived"}).content.decode()
    )


def test_days_picked_in_the_search_are_in_the_form(visitor):
    page = visitor.get(reverse(NEW), {"q": "facture", "since": "2026-11-01"}).content.decode()
    assert 'value="2026-11-01"' in page and "Search for “facture”" in page


def test_the_memory_of_a_long_export_does_not_grow_with_it(visitor, thread):
    """Each lot is forgotten before the next is read: counted by the rows that live at one time."""
    first = text(thread, "0")
    common = {"thread": thread, "account": thread.account, "connection": first.connection, "direction": "inbound", "state": "received",
              "our_number": thread.our_number, "contact_number": thread.contact_number, "due_at": None}  # fmt: skip
    Message.objects.bulk_create(
        [
            Message(**common, body=str(at), at=NOON + timedelta(seconds=at))
            for at in range(1, 3 * selecting.TEXTS_AT_ONCE)
        ]
    )
    export = ask(visitor)
    sizes = [len(lot) for lot in selecting.lots(MessageExport.objects.get(pk=export.pk))]
    assert max(sizes) <= selecting.TEXTS_AT_ONCE and sum(sizes) == 3 * selecting.TEXTS_AT_ONCE
