"""Templates (C9, C10): variables, pairs of languages, the preview, and putting one into a text."""

import uuid

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from messaging import template_texts, templating
from messaging.models import Draft, Message, Template, Thread
from messaging.templating import BracesOpen, Missing
from tests.factories import MembershipFactory
from tests.messaging.people import OURS, htmx

# --- pure -------------------------------------------------------------------------------------------------------------


def test_variables_are_named_once_in_order_however_they_are_written():
    assert templating.variables_of("{{ Name }}, {{name}} {{prénom}} {{due_on}} {name} { {name} }") == [
        "name",
        "prénom",
        "due_on",
    ]


@pytest.mark.parametrize(
    "text",
    ["{{{name}}}", "{{name}}}", "{{ }}", "{{", "}}", "{{1st}}", "{{a b}}", "{{a\nb}}", "{{{{name}}}}", "{{na{{me}}}}"],
)
def test_braces_that_hold_no_variable_are_an_error(text):
    with pytest.raises(BracesOpen):
        templating.variables_of(text)
    with pytest.raises(BracesOpen):
        templating.render(text, {"name": "x"})


def test_values_are_put_in_once_and_cannot_leave_their_place():
    values = {"name": "{{secret}} \u202eenA\u2066\0\x07\r\nRoy", "secret": "no"}
    assert templating.render("Hi {{name}}!", values) == "Hi {{secret}} enA Roy!"
    assert templating.render("{{name}}", {"name": "👩\u200d🔧 Élise"}) == "👩\u200d🔧 Élise"


@pytest.mark.parametrize("values", [{}, {"name": ""}, {"name": " \u200f"}, {"name": None}])
def test_a_missing_value_is_an_error_that_names_it(values):
    with pytest.raises(Missing) as error:
        templating.render("{{name}} {{name}}", values)
    assert error.value.names == ["name"]


@given(st.text(), st.text(min_size=1))
def test_any_text_and_any_value_render_or_tell_why(text, value):
    try:
        names = templating.variables_of(text)
        shown = templating.render(text, dict.fromkeys(names, value))
    except (BracesOpen, Missing):
        return
    assert names or shown == text


def test_the_contacts_language_chooses_then_the_accounts_then_what_there_is():
    both, one = Template(body_en="Hello", body_fr="Allô"), Template(body_fr="Allô")
    assert [templating.choose(both, language) for language in ("en", "fr", "")] == ["Hello", "Allô", "Hello"]
    assert templating.choose(both, "", "fr") == "Allô" and templating.choose(one, "en", "en") == "Allô"


# --- pages ------------------------------------------------------------------------------------------------------------


def form(**values) -> dict:
    return {"name": "Reminder", "body_en": "Hi {{first_name}}", "body_fr": "Allô {{first_name}}", **values}


def test_a_template_is_written_changed_and_deleted(world, client):
    for _ in range(2):
        assert client.post(reverse("messages:template_new"), form()).status_code == 302
    row = Template.objects.get()
    assert b"{{first_name}}" in client.get(reverse("messages:templates")).content
    page = client.post(reverse("messages:template_new"), form(body_en="Other"))
    assert page.status_code == 422 and b"a template of this name already" in page.content and b"Other" in page.content
    client.post(reverse("messages:template", args=[row.pk]), form(body_fr=""))
    row.refresh_from_db()
    assert row.body_fr == ""
    assert (
        client.get(reverse("messages:template_delete", args=[row.pk])).status_code == 200 and Template.objects.exists()
    )
    client.post(reverse("messages:template_delete", args=[row.pk]))
    assert not Template.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"body_fr": "Allô {{surnom}}"}, "No contact has {{surnom}}"),
        ({"body_en": "{{{name}}}"}, "Mend the braces"),
        ({"body_en": "x" * 1001}, "too long"),
        ({"body_en": "", "body_fr": " "}, "Write the text in English"),
        ({"name": ""}, "needs a name"),
    ],
)
def test_what_is_wrong_is_said_at_its_field(world, client, wrong, said):
    page = client.post(reverse("messages:template_new"), form(**wrong))
    assert page.status_code == 422 and said in page.content.decode() and not Template.objects.exists()


def test_further_fields_of_contacts_are_variables(world, client):
    world.contact(fields={"rendez_vous": "mardi"})
    assert "rendez_vous" in template_texts.known_variables(world.account)
    assert "rendez_vous" not in template_texts.known_variables(MembershipFactory().account)
    assert client.post(reverse("messages:template_new"), form(body_fr="Le {{Rendez_vous}}")).status_code == 302


def test_the_preview_shows_both_languages_with_what_each_costs(world, client):
    page = client.post(
        reverse("messages:template_preview"),
        form(body_fr="Ça va, {{name}} ê?", body_en="x" * 170),
        headers=htmx("template_preview"),
    ).content.decode()
    assert "Ça va, Anne Roy ê?" in page and "2 parts" in page and "1 part" in page and "because of" in page
    assert (
        "braces without a variable"
        in client.post(reverse("messages:template_preview"), form(body_en="{{")).content.decode()
    )
    plain = client.post(reverse("messages:template_new"), form(preview="1"))
    assert plain.status_code == 200 and b"Hi Anne" in plain.content and not Template.objects.exists()


# --- in a text ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def template(world):
    return Template.objects.create(
        account=world.account, name="Ready", body_en="Hi {{first_name}}, ready.", body_fr="Allô {{first_name}}, prêt."
    )


def test_the_menu_gives_each_contact_its_language_and_name(world, client, template):
    world.contact(language="fr")
    thread = world.thread()
    menu = reverse("messages:template_menu")
    in_thread = client.get(menu, {"thread": thread.pk}, headers=htmx("template_menu")).content.decode()
    assert 'data-text="Allô Anne, prêt."' in in_thread and "<html" not in in_thread
    for to in ("Anne Roy", "438 555-0142", "Anne Roy · 438 555-0142"):
        assert "Allô Anne" in client.get(menu, {"to": to}, headers=htmx("template_menu")).content.decode(), to
    stranger = client.get(menu, {"to": "438 555-0199"}, headers=htmx("template_menu")).content.decode()
    assert "Hi {{first_name}}" in stranger and "not known: first_name" in stranger


def test_without_scripts_a_link_fills_a_new_text(world, client, template):
    world.contact(language="fr")
    page = client.get(reverse("messages:template_menu"), {"to": "Anne Roy"}).content.decode()
    assert "<html" in page and f"template={template.pk}" in page
    compose = client.get(reverse("messages:compose"), {"template": template.pk, "to": "Anne Roy"})
    assert "Allô Anne, prêt." in compose.content.decode() and b'value="Anne Roy"' in compose.content
    foreign = Template.objects.create(account=MembershipFactory().account, name="F", body_en="FOREIGN")
    for odd in (foreign.pk, "x", "9" * 40):
        assert b"FOREIGN" not in client.get(reverse("messages:compose"), {"template": odd}).content


def test_without_scripts_a_template_joins_what_was_typed_in_a_conversation(world, client, template):
    world.contact(language="fr")
    thread = world.thread()
    Draft.objects.create(thread=thread, user=world.user, body="Bonjour!")
    assert b"messages/" in client.get(reverse("messages:template_menu"), {"thread": thread.pk}).content
    client.post(reverse("messages:insert", args=[thread.pk]), {"template": template.pk})
    assert Draft.objects.get().body == "Bonjour!\nAllô Anne, prêt."
    assert (
        "no longer there" in client.post(reverse("messages:insert", args=[thread.pk]), {}, follow=True).content.decode()
    )


def test_a_text_with_a_gap_does_not_go_out(world, client):
    values = {"sender": OURS, "to": "438 555-0142", "body": "Hi {{first_name}}", "intent": str(uuid.uuid4())}
    page = client.post(reverse("messages:compose"), values)
    assert page.status_code == 422 and "{{first_name}}" in page.content.decode() and not Message.objects.exists()
    assert (
        client.post(
            reverse("messages:compose"), values | {"body": "if (a) {{ b: 1 }} }}", "intent": str(uuid.uuid4())}
        ).status_code
        == 302
    )
    assert Thread.objects.exists()
