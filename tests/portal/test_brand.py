"""A brand is seen before anybody signs in, by its host, and on every page of the accounts below it (G6, G7)."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from PIL import Image

from tests.factories import AccountFactory, BrandFactory, MembershipFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def picture(kind: str = "PNG") -> ContentFile:
    file = BytesIO()
    Image.new("RGB", (8, 8), "teal").save(file, kind)
    return ContentFile(file.getvalue(), name=f"logo.{kind.lower()}")


def test_the_sign_in_page_has_the_brand_of_its_host(client):
    BrandFactory(name="Boréal", host="testserver", hue=185)
    page = client.get("/accounts/login/").content.decode()
    assert "Boréal" in page
    assert "185" in client.get(reverse("brand_css")).content.decode()


def test_an_account_wears_the_nearest_brand_above_it(client):
    operator = AccountFactory(kind="operator")
    reseller = AccountFactory(parent=operator, kind="reseller")
    BrandFactory(account=operator, name="Operator brand")
    BrandFactory(account=reseller, name="Reseller brand")
    client.force_login(MembershipFactory(account=AccountFactory(parent=reseller)).user)
    page = client.get("/").content.decode()
    assert "Reseller brand" in page and "Operator brand" not in page


def test_a_logo_is_served_to_anyone_as_the_picture_it_is(client):
    brand = BrandFactory(logo=picture(), host="testserver")
    url = reverse("brand_logo", kwargs={"pk": brand.pk})
    answer = client.get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert url in client.get("/accounts/login/").content.decode()


def test_a_drawing_with_a_script_is_no_logo(client):
    brand = BrandFactory(logo=ContentFile(b"<svg onload='alert(1)'/>", name="logo.png"))
    assert client.get(reverse("brand_logo", kwargs={"pk": brand.pk})).status_code == 404


def test_a_brand_without_a_logo_has_none_to_serve(client):
    assert client.get(reverse("brand_logo", kwargs={"pk": BrandFactory().pk})).status_code == 404
