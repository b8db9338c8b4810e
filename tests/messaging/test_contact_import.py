"""Importing contacts (C19, bad input of files): any spreadsheet's CSV, a check that writes nothing, work that survives."""

import csv
import io
import tracemalloc
import uuid
import zipfile
from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from accounts import csv_reading as reading
from accounts.csv_reading import Record
from messaging import tasks
from messaging.importing import running
from messaging.importing.plan import Plan, guess
from messaging.importing.rows import Bad, check
from messaging.importing.seen import Seen
from messaging.models import Consent, Contact, ContactGroup, ContactImport, OptOut, Thread
from tests.messaging.people import htmx

TODAY = date(2026, 11, 21)
FRENCH = 'Prénom;Nom;N° de téléphone;Langue;Ville;Anniversaire\r\nÉlise;"Côté; dite ""La"" Rose";514 555-0101;FR;Lévis;31/12/1990\r\nJosé;Roy;(438) 555-0102;anglais;;\r\n'
UPLOAD = "/messages/contacts/import/"


def upload(client, content: bytes | str, name: str = "list.csv", **values):
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile(name, content, "text/csv")
    return client.post(UPLOAD, {"file": file, "intent": str(uuid.uuid4()), **values})


def job_of(client, content, **values) -> ContactImport:
    answer = upload(client, content, **values)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return ContactImport.objects.latest("pk")


def url(name: str, job: ContactImport) -> str:
    return reverse(f"messages:{name}", args=[job.public_id])


def columns(job: ContactImport, **values) -> dict:
    plan = Plan.of(job.plan)
    return {f"column_{place}": meaning for place, meaning in plan.columns.items()} | {"dates": plan.dates, **values}


def work(job: ContactImport) -> ContactImport:
    for _ in range(50):
        tasks.run_import(job.pk)
        job.refresh_from_db()
        if not job.is_working:
            return job
    raise AssertionError("the work never ends")


def checked(client, content, **values) -> ContactImport:
    job = job_of(client, content)
    answer = client.post(url("import_columns", job), columns(job, **values))
    assert answer.status_code == 302, answer.content.decode()[-3000:]
    return work(job)


def imported(client, content, **values) -> ContactImport:
    job = checked(client, content, **values)
    client.post(url("import_begin", job))
    return work(job)


# --- reading ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_any_spreadsheets_csv_is_read(world, client, encoding, separator, end):
    text = FRENCH.replace("; dite", "# dite").replace(";", separator).replace("# dite", "; dite").replace("\r\n", end)
    content = text.encode(encoding)
    job = job_of(client, b"\xff\xfe" + content if encoding == "utf-16-le" else content)
    assert job.headings == ["Prénom", "Nom", "N° de téléphone", "Langue", "Ville", "Anniversaire"]
    assert job.sample[0] == ["Élise", 'Côté; dite "La" Rose', "514 555-0101", "FR", "Lévis", "31/12/1990"]
    assert Plan.of(job.plan).columns == {
        0: "first",
        1: "last",
        2: "number",
        3: "language",
        4: "field:ville",
        5: "birthday",
    }
    assert Plan.of(job.plan).dates == "dmy"


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("contacts.csv", b"0" * 20_000_000)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"), (b"\n\n  \n", "empty"), (b"\xef\xbb\xbf", "empty"), (bomb(), "save it as CSV"), (b"\x1f\x8b\x08" + b"x" * 50, "save it as CSV"),
        (b"%PDF-1.7 \n", "not a text file"), (b"a,b\n1,\0\0\0", "not a text file"), (b"\xd0\xcf\x11\xe0" + b"x" * 9, "not a text file"),
        (b"\xff\xfea", "not a text file"), (b"," * 90 + b"a\n", "more than 60 columns"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_refused_in_words(world, client, content, said):
    page = upload(client, content)
    assert page.status_code == 422 and said in page.content.decode() and not ContactImport.objects.exists()


def test_what_is_too_large_or_too_long_is_refused(world, client, monkeypatch):
    monkeypatch.setattr(reading, "LARGEST", 100)
    assert "larger than 50 MB" in upload(client, "5145550101\n" * 20).content.decode()
    monkeypatch.setattr(reading, "LARGEST", 10**6)
    monkeypatch.setattr(reading, "MOST_ROWS", 10)
    assert "more than 1,000,000 rows" in upload(client, "5145550101\n" * 20).content.decode()


def records(text: str, delimiter: str = ",") -> list[Record]:
    return list(reading.records(io.BytesIO(text.encode()), delimiter))


def test_a_row_that_cannot_be_read_costs_only_itself():
    rows = records('a,"b\nc",d\n5" pipe,x\n"never closed,1\nfine,2\n\n,,\nlast,"3"')
    assert [(row.line, row.cells, row.trouble) for row in rows] == [
        (1, ["a", "b\nc", "d"], ""), (3, ['5" pipe', "x"], ""), (4, [], "quote"), (5, ["fine", "2"], ""), (8, ["last", "3"], ""),
    ]  # fmt: skip
    long = records("x" * 200_000 + "\nfine,1\n")
    assert [(row.line, row.trouble) for row in long] == [(1, "long-line"), (2, "")]


def test_reading_goes_on_at_any_place():
    text = 'a,"b\nc"\né,2\n"open\nlast,3\n'
    whole = records(text)
    for record, following in zip(whole, whole[1:], strict=False):
        rest = reading.records(io.BytesIO(text.encode()), ",", record.end, record.last)
        assert next(rest) == following


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (["Phone", "Name"], ["number", "name"]), (["NOM", "Cellulaire"], ["name", "number"]), (["First Name", "Surname", "Mobile"], ["first", "last", "number"]),
        (["Nom complet", "No de téléphone", "Étiquettes", "Remarques"], ["name", "number", "tags", "notes"]),
        (["x", "y"], ["field:x", "number"]), (["", ""], ["", "number"]), (["Phone", "Phone"], ["number", "field:phone"]),
        (["Date du RDV", "Téléphone"], ["field:date_du_rdv", "number"]), (["Name", "Name 2", "Tel."], ["name", "field:name_2", "number"]),
    ],
)  # fmt: skip
def test_columns_are_known_by_their_words_in_both_languages(headings, expected):
    sample = [["abc", "514 555-0101", "514 555-0102"][: len(headings)]]
    found = guess(headings, sample, "CA").columns
    assert [found.get(place, "") for place in range(len(headings))] == expected


# --- a row --------------------------------------------------------------------------------------------------------------

ALL = Plan(dict(enumerate(["number", "name", "language", "birthday", "tags", "notes", "field:city"])), "dmy")


def row(*cells: str):
    return check(Record(2, 2, 9, list(cells)), ALL, "CA", TODAY)


def test_a_row_is_checked_and_tidied():
    found = row("(514) 555-0101", " =HYPERLINK(1)\u202e ", "Français", "1/2/1990", "a;b, A", "two\nlines", "Laval")
    assert found.number == "+15145550101" and found.fields == {"city": "Laval"}
    assert found.values == {
        "name": "=HYPERLINK(1)", "language": "fr", "birthday": date(1990, 2, 1), "tags": "a, b", "notes": "two\nlines",
    }  # fmt: skip
    assert row("5145550101.0").number == row("'514.555.0101").number == "+15145550101"
    assert row("5145550101", "", "", "1990-02-03").values["birthday"] == date(1990, 2, 3)


@pytest.mark.parametrize(
    ("cells", "code", "meaning"),
    [
        (["", "x"], "no-number", "number"), (["1.51456E+10"], "rounded", "number"), (["1,51456E+10"], "rounded", "number"), (["911"], "service", "number"),
        (["514 555-0101 x5"], "extension", "number"), (["514-CALL-NOW"], "letters", "number"), (["5145550101", "", "Deutsch"], "language", "language"),
        (["5145550101", "", "", "31/31/1990"], "date", "birthday"), (["5145550101", "", "", "soon"], "date", "birthday"),
        (["5145550101", "", "", "1/1/2999"], "birthday", "birthday"), (["5145550101", "x" * 81], "long", "name"), (["5145550101", *[""] * 5, "x" * 201], "long", "field:city"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_row_is_told_with_its_column(cells, code, meaning):
    with pytest.raises(Bad) as error:
        row(*cells)
    assert (error.value.code, error.value.meaning) == (code, meaning)


def test_numbers_seen_are_known_in_fixed_room():
    seen = Seen(2000)
    numbers = [f"+1438{n:07d}" for n in range(2000)]
    assert all(seen.add(number) for number in numbers) and not any(seen.add(number) for number in numbers)


# --- the whole way ------------------------------------------------------------------------------------------------------


def test_a_check_counts_and_writes_nothing(world, client):
    world.contact("+15145550101", name="Old", language="fr", tags="kept")
    world.contact("+15145550102", name="Same")
    text = "phone,name,lang,city\n514 555-0101,New name,en,\n514 555-0102,Same,,\n514 555-0103,Three,,Laval\n514 555-0103,Third,,\nnonsense,Four,,\n514 555-0104,Five,klingon,\n"
    job = checked(client, text)
    assert job.state == "checked" and job.checked == {"new": 1, "changed": 1, "same": 1, "repeated": 1, "bad": 2}
    assert Contact.objects.count() == 2 and Contact.objects.get(number="+15145550101").name == "Old"
    page = client.get(url("import", job)).content.decode()
    assert (
        "nonsense" in page
        and "A number has digits only." in page
        and "klingon" in page
        and "Write English or French" in page
    )
    assert [problem[0] for problem in job.problems] == [6, 7]
    client.post(url("import_begin", job))
    job = work(job)
    assert job.state == "done" and job.counts["new"] == 1 and job.counts["bad"] == 2
    first = Contact.objects.get(number="+15145550101")
    assert (first.name, first.language, first.tags) == ("New name", "en", "kept"), "what the file leaves empty stays"
    third = Contact.objects.get(number="+15145550103")
    assert third.name == "Third" and third.fields == {"city": "Laval"}
    assert b"imported" in client.get(url("import", job)).content


def test_the_person_corrects_the_columns(world, client):
    job = job_of(client, "a,b,c\n514 555-0101,Anne,Roy\n")
    page = client.get(url("import", job)).content.decode()
    assert "514 555-0101" in page and 'name="column_1"' in page
    assert Plan.of(job.plan).columns[0] == "number"
    wrong = client.post(url("import_columns", job), {"column_0": "name", "column_1": "name", "dates": "ymd"})
    assert (
        wrong.status_code == 422
        and b"which column has the phone numbers" in wrong.content
        and b"Another column is that" in wrong.content
    )
    client.post(
        url("import_columns", job), {"column_0": "number", "column_1": "last", "column_2": "first", "dates": "ymd"}
    )
    work(job)
    again = client.get(url("import", job) + "?columns=1").content.decode()
    assert 'name="column_1"' in again
    client.post(
        url("import_columns", job), {"column_0": "number", "column_1": "first", "column_2": "last", "dates": "ymd"}
    )
    work(job)
    client.post(url("import_begin", job))
    work(job)
    found = Contact.objects.get()
    assert found.name == "Anne Roy" and found.fields == {"first_name": "Anne"}


def test_a_file_without_headings_keeps_its_first_row(world, client):
    imported(client, "514 555-0101,Anne\n514 555-0102,Bob\n", column_1="name")
    assert set(Contact.objects.values_list("name", flat=True)) == {"Anne", "Bob"}


def test_the_same_file_twice_changes_nothing_and_records_one_consent(world, client):
    told = {"consent": "express", "consent_source": "Open house", "consent_on": "2026-05-01", "new_group": "Open house"}
    OptOut.objects.create(account=world.account, number="+15145550101", source="keyword", word="STOP")
    first, second = imported(client, FRENCH, **told), imported(client, FRENCH, **told)
    assert first.counts["new"] == 2 and second.counts == {"new": 0, "changed": 0, "same": 2, "repeated": 0, "bad": 0}
    assert Consent.objects.count() == 2 and ContactGroup.objects.get().contacts.count() == 2
    assert OptOut.objects.in_force().count() == 1, "an upload never lifts an opt-out"
    elise = Contact.objects.get(number="+15145550101")
    assert (elise.name, elise.birthday, elise.fields) == (
        'Élise Côté; dite "La" Rose', date(1990, 12, 31), {"ville": "Lévis", "first_name": "Élise"},
    )  # fmt: skip


def test_an_import_names_the_conversations(world, client):
    thread = world.thread("+15145550101")
    imported(client, FRENCH)
    thread.refresh_from_db()
    assert thread.contact_name.startswith("Élise")


def many(rows: int) -> str:
    return "phone,name\n" + "".join(f"438{n // 10000 + 200}{n % 10000:04d},Person {n}\n" for n in range(rows))


def test_work_that_is_cut_anywhere_goes_on_and_loses_nothing(world, client, monkeypatch):
    """R: a worker dies between and inside batches, two work at once; each row is written once and counted once."""
    monkeypatch.setattr(running, "BATCH", 7)
    job = checked(client, many(60))
    client.post(url("import_begin", job))
    real, died = running.write, []

    def dies(job, rows, counts):
        real(job, rows, counts)
        if len(died) < 5:
            died.append(len(rows))
            raise SystemExit

    monkeypatch.setattr(running, "write", dies)
    for _ in range(5):
        with pytest.raises(SystemExit):
            tasks.run_import(job.pk)
        assert not running.waiting(), "somebody seems to be at it"
        ContactImport.objects.update(worked_at=timezone.now() - timedelta(minutes=2))
        assert running.waiting() == [job.pk]
    job = work(job)
    assert job.state == "done" and job.counts["new"] == 60 and Contact.objects.count() == 60


def test_a_worker_that_lost_its_job_stops(world, client, monkeypatch):
    monkeypatch.setattr(running, "BATCH", 10)
    job = checked(client, many(40))
    client.post(url("import_begin", job))
    real = running.write

    def overtaken(job, rows, counts):
        real(job, rows, counts)
        ContactImport.objects.update(worked_at=timezone.now())  # another worker believes this one dead

    monkeypatch.setattr(running, "write", overtaken)
    tasks.run_import(job.pk)
    job.refresh_from_db()
    assert job.state == "running" and job.offset == running.beginning(job)[0]


def test_a_turn_ends_and_wakes_the_next(world, client, monkeypatch, wakes):
    monkeypatch.setattr(running, "BATCH", 10)
    monkeypatch.setattr(running, "SLICE_SECONDS", -1.0)
    job = checked(client, many(30))
    client.post(url("import_begin", job))
    wakes.clear()
    tasks.run_import(job.pk)
    assert [wake.args for wake in wakes] == [(job.pk,)] and Contact.objects.count() == 10
    page = client.get(url("import", job), headers=htmx("import_state")).content.decode()
    assert "every 1s" in page and "<progress" in page and "<html" not in page


def test_memory_does_not_grow_with_the_file(world, client):
    """The peak of a check is that of the table of numbers and one batch, not of the file."""
    job = job_of(client, many(6_000))
    client.post(url("import_columns", job), columns(job))
    tracemalloc.start()
    tasks.run_import(job.pk)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    job.refresh_from_db()
    assert job.checked["new"] == 6_000 and peak < 6 * 2**20


def test_two_clicks_are_one_import(world, client):
    intent = str(uuid.uuid4())
    for _ in range(2):
        upload(client, FRENCH, intent=intent)
    job = ContactImport.objects.get()
    client.post(url("import_columns", job), columns(job))
    assert client.post(url("import_begin", job), follow=True).status_code == 200
    work(job)
    for _ in range(2):
        client.post(url("import_begin", job))
    work(job)
    client.post(url("import_begin", job))
    late = client.post(url("import_columns", job), columns(job), follow=True)
    job.refresh_from_db()
    assert job.state == "done" and job.counts["new"] == 2 and b"past that step" in late.content


def test_bad_rows_can_be_fetched_with_line_reason_and_cells(world, client):
    job = checked(client, "phone,name\n514 555-0101,Fine\nnonsense,=1+1\n")
    answer = client.get(url("import_bad_rows", job))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines() == ["Line,Reason,phone,name", "3,A number has digits only.,nonsense,'=1+1"]
    assert "attachment" in answer["Content-Disposition"]


def test_a_heading_of_the_file_is_no_formula_either(world, client):
    """The headings are somebody's file too: a colleague opens them in a spreadsheet."""
    job = checked(client, 'phone,"=HYPERLINK(""https://evil.test"")"\nnonsense,x\n')
    text = b"".join(client.get(url("import_bad_rows", job)).streaming_content).decode("utf-8-sig")
    assert next(csv.reader(text.splitlines())) == ["Line", "Reason", "phone", '\'=HYPERLINK("https://evil.test")']


def test_the_file_goes_after_a_week_or_when_asked(world, client, django_capture_on_commit_callbacks):
    job, other = checked(client, FRENCH), job_of(client, FRENCH)
    store, name = job.file.storage, job.file.name
    ContactImport.objects.filter(pk=job.pk).update(created_at=timezone.now() - timedelta(days=8))
    tasks.sweep_imports()
    job.refresh_from_db()
    assert not job.file and not store.exists(name) and job.sample == []
    assert (
        client.get(url("import", job)).status_code == 200 and client.get(url("import_bad_rows", job)).status_code == 404
    )
    client.post(url("import_begin", job))
    job.refresh_from_db()
    assert job.state == "checked"
    assert b"Delete the file" in client.get(url("import", other)).content
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("import_drop", other))
    assert not ContactImport.objects.filter(pk=other.pk).exists() and not store.exists(other.file.name)


def test_a_lost_file_stops_the_import_in_words(world, client):
    job = checked(client, FRENCH)
    job.file.storage.delete(job.file.name)
    client.post(url("import_begin", job))
    job = work(job)
    assert job.state == "failed" and b"Upload it again" in client.get(url("import", job)).content
    assert client.get(url("import_bad_rows", job)).status_code == 404


def test_the_names_of_files_are_shown_and_never_used(world, client):
    job = job_of(client, FRENCH, name="../../e\u202evil/<b>é.csv")
    assert job.name == "<b>é.csv" and "evil" not in job.file.name and ".." not in job.file.name
    assert b"<b>" not in client.get(url("import", job)).content
    assert "&lt;b&gt;é.csv" in client.get(UPLOAD).content.decode()
    assert not Thread.objects.exists()
