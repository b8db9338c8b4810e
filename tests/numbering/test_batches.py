"""Many numbers at once, by file and by selection: dry run, row errors, one change a number, results (B11, B12)."""

import csv
import io
import tracemalloc
import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts.models import AuditEntry
from accounts.roles import Role
from numbering.batches import running
from numbering.batches.meanings import LABELS
from numbering.models import Number, NumberBatch, NumberChange
from providers.models import Operation
from tests.factories import (
    AccountFactory,
    ConnectionFactory,
    FeedFactory,
    MembershipFactory,
    NumberFactory,
    RemoteAccountFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
State = NumberBatch.State


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def camille(client):
    member = MembershipFactory(user=UserFactory(language="en"))
    member.connection = ConnectionFactory()
    RemoteAccountFactory(connection=member.connection, account=member.account)
    FeedFactory(connection=member.connection, last_ok_at=timezone.now())
    client.force_login(member.user)
    return member


@pytest.fixture
def make(camille):
    def make(number: str, **values) -> Number:
        return NumberFactory(account=camille.account, connection=camille.connection, number=number, **values)

    return make


def page(client, url: str, **query) -> str:
    answer = client.get(url, query)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def upload(client, content: bytes | str, name: str = "numbers.csv"):
    raw = content if isinstance(content, bytes) else content.encode()
    data = {"file": SimpleUploadedFile(name, raw, "text/csv"), "intent": str(uuid.uuid4())}
    return client.post(reverse("numbers:batches"), data)


def check(client, content: bytes | str, **columns) -> NumberBatch:
    """Upload, take the columns as they were guessed (or as told), and let the worker try every row."""
    assert upload(client, content).status_code == 302
    job = NumberBatch.objects.latest("pk")
    form = client.get(url_of("batch", job)).context["form"]
    data = {name: form[name].value() or "" for name in form.fields if name != "abroad"} | columns
    answer = client.post(url_of("batch_columns", job), data)
    assert answer.status_code == 302, answer.context["form"].errors
    work(job)
    return job


def url_of(name: str, job: NumberBatch) -> str:
    return reverse(f"numbers:{name}", args=[job.public_id])


def work(job: NumberBatch) -> NumberBatch:
    again = [job.pk]
    while again:
        running.work(again.pop(), again.append)
    job.refresh_from_db()
    return job


def begin(client, job: NumberBatch) -> NumberBatch:
    assert client.post(url_of("batch_begin", job)).status_code == 302
    return work(job)


def table(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def wanted() -> dict[str, dict]:
    return {change.number.number: change.wanted for change in NumberChange.objects.select_related("number")}


# --- a file -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize(("separator", "ending"), [(",", "\n"), (";", "\r\n"), ("\t", "\n")])
def test_any_spreadsheets_file_is_read(client, make, encoding, separator, ending):
    """B12: Latin-1, BOM, semicolons; headings in either language."""
    make("+15145550101")
    rows = [["Numéro", "Nom", "Centre de coûts"], ["514 555-0101", "Réception", "Siège"]]
    job = check(client, ending.join(separator.join(row) for row in rows).encode(encoding))
    assert job.checked == {"change": 1}
    begin(client, job)
    assert wanted() == {"+15145550101": {"label": "Réception"}}
    assert Number.objects.get().cost_center == "Siège"


def test_the_check_changes_nothing_and_names_each_bad_row(client, make):
    make("+15145550101", label="Front line")
    make("+15145550102")
    NumberFactory(number="+15145550188")
    make("+15145550103", gone_at=timezone.now())
    job = check(
        client,
        "number,forward to,forward calls,name\n"
        "5145550101,438 555-0177,yes,\n"
        "5145550102,5145550102,,\n"  # to itself
        "5145550102,,,Twice\n"
        "5145550188,4385550177,,\n"  # another account's
        "5145550103,4385550177,,\n"  # gone
        "five,4385550177,,\n"
        ",4385550177,,\n"
        "5145550101,1 900 555 1234,,\n"
        "5145550102,,perhaps,\n",
    )
    assert job.state == State.CHECKED and job.checked == {"change": 1, "bad": 8}
    assert not Operation.objects.exists() and not NumberChange.objects.exists() and not job.rows.exists()
    html = page(client, url_of("batch", job))
    for words in ("A number cannot forward to itself.", "This number is not on your account.",
                  "There is no phone number in this row.", "This number stands in an earlier row already."):  # fmt: skip
        assert words in html, words
    rows = table(client.get(url_of("batch_result", job)))
    assert [row[0] for row in rows[1:]] == ["3", "4", "5", "6", "7", "8", "9", "10"]


def test_only_what_differs_is_asked_for_and_each_row_tells_what_became_of_it(client, camille, make):
    one, two, three = make("+15145550101"), make("+15145550102"), make("+15145550103", cost_center="West")
    job = check(
        client, "number,voicemail,cost centre,tags\n5145550101,no,,\n5145550102,yes,,\n5145550103,,East,a|b\n5,no,,\n"
    )
    assert job.checked == {"change": 2, "same": 1, "bad": 1}
    begin(client, job)
    assert job.state == State.DONE and job.counts == {"asked": 1, "same": 1, "noted": 1, "bad": 1}
    assert wanted() == {one.number: {"voicemail": False}}
    three.refresh_from_db()
    assert (three.cost_center, three.tags) == ("East", "a, b")
    assert Operation.objects.get().verb == "number.update_one_of_many"
    html = page(client, url_of("batch", job))
    assert "Being confirmed" in html and "Queued" in html or "Waiting" in html
    Operation.objects.update(state="failed", error_code="permission_refused")
    html = page(client, url_of("batch", job))
    assert "Not all changed" in html and "does not allow this for this number" in html
    rows = table(client.get(url_of("batch_result", job)))
    assert [row[2] for row in rows[1:]] == ["Not accepted", "Already so", "Changed here", "Not possible"]
    assert two.pk and AuditEntry.objects.filter(action="numbers.changed_together", account=camille.account).count() == 1


def test_an_empty_cell_leaves_and_a_dash_empties(client, make):
    row = make("+15145550101", cost_center="West", note="Keep")
    row.settings |= {"sms_email": "a@b.example", "sms_autoreply": "Bonjour"}
    row.save()
    begin(client, check(client, "number,email,automatic reply,cost centre,note\n5145550101,-,,-,\n"))
    row.refresh_from_db()
    assert wanted() == {row.number: {"sms_email": ""}} and (row.cost_center, row.note) == ("", "Keep")


def test_a_number_abroad_needs_an_explicit_word(client, make):
    make("+15145550101")
    text = "number,forward calls,forward to\n5145550101,yes,+44 20 7946 0134\n"
    job = check(client, text)
    assert job.checked == {"bad": 1} and "international rate" in page(client, url_of("batch", job))
    assert check(client, text, abroad="on").checked == {"change": 1}


def test_what_an_upstream_cannot_do_is_said_of_the_row(client, make):
    row = make("+15145550101", settings={"sms": True})
    job = check(client, "number,voicemail\n5145550101,yes\n")
    assert job.checked == {"bad": 1} and "does not have this setting" in page(client, url_of("batch", job))
    assert check(client, "number,voicemail\n5145550101,no\n").checked == {"same": 1} and row.pk


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 zip", "Excel or ZIP"),
        (b"%PDF-1.7", "not a text file"),
        (b"a\0b", "not a text file"),
        (",".join("abcdefgh" * 10).encode(), "60 columns"),
    ],
)
def test_files_that_are_no_table_are_refused_at_the_field(client, camille, content, words):
    answer = upload(client, content)
    assert answer.status_code == 422 and words in answer.content.decode()
    assert not NumberBatch.objects.exists()


def test_columns_can_be_corrected_and_must_name_the_number(client, make):
    make("+15145550101")
    upload(client, "a,b\nReception,5145550101\n")
    job = NumberBatch.objects.get()
    form = client.get(url_of("batch", job)).context["form"]
    assert form["column_1"].value() == "number"
    assert client.post(url_of("batch_columns", job), {"column_0": "label", "column_1": ""}).status_code == 422
    assert client.post(url_of("batch_columns", job), {"column_0": "label", "column_1": "label"}).status_code == 422
    assert client.post(url_of("batch_columns", job), {"column_0": "label", "column_1": "number"}).status_code == 302
    assert work(job).checked == {"change": 1}


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_export_imported_again_changes_nothing(client, camille, make, language):
    """B12: round trip in either language, also of texts that a spreadsheet would run."""
    client.cookies["language"] = language
    camille.user.language = language
    camille.user.save()
    row = make("+15145550101", label="Front line", note="=HYPERLINK(1)", tags="a, b", cost_center="+1 dept")
    row.settings |= {"forwarding": True, "forward_to": "+14385550177", "forward_after": 20, "sms_autoreply": "- Bonjour",
                     "sms_webhook": "portal", "label": "Front line"}  # fmt: skip
    row.save()
    make("+15145550102", settings={"sms": True})
    answer = client.get(reverse("numbers:export"))
    content = b"".join(answer.streaming_content)
    assert b"'=HYPERLINK" in content and b",=HYPERLINK" not in content
    upload(client, content)
    columns = NumberBatch.objects.latest("pk").plan["columns"]
    assert set(columns.values()) == set(LABELS), "every column that can be changed is recognized"
    assert check(client, content).checked == {"same": 2}


def test_the_export_is_what_the_list_shows(client, make):
    make("+15145550101", city="Laval")
    make("+15145550102", city="Gatineau")
    NumberFactory(number="+15145550199", city="Laval")
    rows = table(client.get(reverse("numbers:export"), {"city": "Laval"}))
    assert [row[0] for row in rows] == ["Number", "+15145550101"]


# --- a selection ------------------------------------------------------------------------------------------------------


def change(client, query: str, **fields):
    url = f"{reverse('numbers:bulk')}?{query}"
    form = client.get(url).context["form"]
    return client.post(url, {"intent": str(form["intent"].value()), **fields})


def test_a_selection_is_checked_changed_and_told_row_by_row(client, make):
    """B11."""
    rows = [make(f"+1514555010{n}") for n in range(4)]
    query = "&".join(f"n={row.pk}" for row in rows[:3])
    assert change(client, query, voicemail="no", add_tags="vip", forward_to=rows[0].number).status_code == 302
    job = work(NumberBatch.objects.get())
    assert job.checked == {"change": 2, "bad": 1}, "the number that would forward to itself"
    begin(client, job)
    assert set(wanted()) == {rows[1].number, rows[2].number}
    assert sorted(Number.objects.filter(tags="vip").values_list("number", flat=True)) == sorted(wanted())


def test_all_that_match_are_changed_and_no_other(client, make):
    inside, outside = make("+15145550101", city="Laval"), make("+15145550102", city="Gatineau")
    stranger = NumberFactory(number="+15145550103", city="Laval")
    assert change(client, "city=Laval&all=1", cost_center="West").status_code == 302
    begin(client, work(NumberBatch.objects.get()))
    for row in (inside, outside, stranger):
        row.refresh_from_db()
    assert (inside.cost_center, outside.cost_center, stranger.cost_center) == ("West", "", "")


def test_foreign_numbers_in_the_address_are_left_out(client, make):
    mine, stranger = make("+15145550101"), NumberFactory(number="+15145550103")
    change(client, f"n={mine.pk}&n={stranger.pk}", cost_center="West")
    begin(client, work(NumberBatch.objects.get()))
    stranger.refresh_from_db()
    assert stranger.cost_center == "" and NumberBatch.objects.get().rows.count() == 1
    assert client.get(reverse("numbers:bulk"), {"n": stranger.pk}).status_code == 302


def test_a_form_with_nothing_in_it_and_one_used_twice(client, make):
    row = make("+15145550101")
    assert change(client, f"n={row.pk}").status_code == 422
    url = f"{reverse('numbers:bulk')}?n={row.pk}"
    data = {"intent": str(uuid.uuid4()), "cost_center": "West"}
    assert [client.post(url, data).status_code for _ in range(2)] == [302, 302]
    assert NumberBatch.objects.count() == 1
    assert client.post(url, {**data, "cost_center": "East"}).status_code == 409


# --- trouble ----------------------------------------------------------------------------------------------------------


def test_a_worker_that_dies_neither_loses_a_row_nor_asks_twice(client, make, monkeypatch):
    for n in range(30):
        make(f"+15145550{100 + n}")
    text = "number,voicemail\n" + "".join(f"5145550{100 + n},no\n" for n in range(30))
    monkeypatch.setattr("numbering.batches.items.BATCH", 7)
    job = check(client, text)
    client.post(url_of("batch_begin", job))
    kept, calls = running._write_batch, []

    def dies(job, items):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return kept(job, items)

    monkeypatch.setattr(running, "_write_batch", dies)
    with pytest.raises(KeyboardInterrupt):
        running.work(job.pk, lambda pk: None)
    assert Operation.objects.count() == 14
    assert not running.waiting(), "somebody may still be at it"
    NumberBatch.objects.update(worked_at=timezone.now() - timedelta(minutes=5))
    assert running.waiting() == [job.pk]
    work(job)
    assert Operation.objects.count() == 30 == job.rows.count() and job.counts == {"asked": 30}


def test_begun_twice_it_asks_once_and_cannot_be_dropped(client, make):
    make("+15145550101")
    job = check(client, "number,voicemail\n5145550101,no\n")
    for _ in range(2):
        begin(client, job)
    assert Operation.objects.count() == 1
    client.post(url_of("batch_drop", job))
    assert NumberBatch.objects.filter(pk=job.pk).exists()


def test_a_change_can_be_dropped_before_it_is_begun(client, make):
    make("+15145550101")
    job = check(client, "number,voicemail\n5145550101,no\n")
    assert client.post(url_of("batch_drop", job)).status_code == 302
    assert not NumberBatch.objects.exists()


def test_who_lost_their_place_meanwhile_changes_nothing(client, camille, make):
    make("+15145550101")
    job = check(client, "number,voicemail\n5145550101,no\n")
    client.post(url_of("batch_begin", job))
    camille.role = Role.READER
    camille.save()
    assert work(job).state == State.FAILED and not Operation.objects.exists()


def test_another_accounts_change_is_not_there(client, camille):
    job = NumberBatch.objects.create(account=AccountFactory(), name="x", state="checked")
    for name in ("batch", "batch_result"):
        assert client.get(url_of(name, job)).status_code == 404
    for name in ("batch_columns", "batch_begin", "batch_drop"):
        assert client.post(url_of(name, job)).status_code == 404


def test_old_files_are_forgotten(client, make):
    make("+15145550101")
    job = check(client, "number,voicemail\n5145550101,no\n")
    NumberBatch.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert running.forget_old() == 1
    job.refresh_from_db()
    assert not job.file and "kept for a week" not in page(client, reverse("numbers:batches"))


def test_memory_does_not_grow_with_the_file(client, make):
    """Done when 5: ten times the rows take no more memory, neither to check nor to write."""
    for n in range(8):
        make(f"+1514555010{n}")

    def peak(rows: int) -> int:
        lines = (f"514555{n % 10_000:04},no,{'x' * 200}\n" for n in range(rows))
        job = check(client, "number,voicemail,other\n" + "".join(lines), column_2="")
        client.post(url_of("batch_begin", job))
        tracemalloc.start()
        work(job)
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    peak(50)
    few, many = peak(400), peak(4000)
    assert many < few * 1.3
