"""Small real pictures for tests."""

import io

from PIL import Image


def picture(kind: str = "PNG", size: tuple[int, int] = (24, 16)) -> bytes:
    content = io.BytesIO()
    Image.new("RGB", size, "teal").save(content, kind)
    return content.getvalue()


def png() -> bytes:
    return picture()
