"""Attachments as pictures that fit a page: photographs, screenshots and scans, without what a camera adds to them."""

from collections.abc import Generator, Iterable
from contextlib import closing
from io import BytesIO
from threading import Lock

import pypdfium2
from PIL import Image, ImageOps

MOST_PAGES = 300
"""So many pages of attachments are bound at most [default]."""
_DPI = 150
_WIDEST = 156 * _DPI * 10 // 254
_MOST_PIXELS = 60_000_000
_STRIP = 2
_PDFIUM = Lock()
"""PDFium is not made for two threads at once."""


class UnreadableScan(Exception):  # noqa: N818 - says what is the matter
    """It is no PDF, PNG or JPEG file, is damaged or locked by a password, or is too large."""


def pages_of(content: bytes, most: int = MOST_PAGES) -> list[bytes]:
    """JPEG pictures, as wide as the text of a page at most.

    Raises:
        UnreadableScan: if there is nothing to show, or more than `most` pages.
    """
    if content.startswith(b"%PDF"):
        with _PDFIUM, closing(_rendered(content)) as pictures:
            return _jpegs(pictures, most)
    return _jpegs(_opened(content), most)


def _jpegs(pictures: Iterable[Image.Image], most: int) -> list[bytes]:
    pages: list[bytes] = []
    for picture in pictures:
        if len(pages) == most:
            raise UnreadableScan(f"the attachments of a file have {MOST_PAGES} pages at most; bind the rest apart")
        picture.thumbnail((_WIDEST, picture.height))
        written = BytesIO()
        picture.save(written, "JPEG", quality=80)
        pages.append(written.getvalue())
    return pages


def _rendered(content: bytes) -> Generator[Image.Image]:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise UnreadableScan("the PDF is damaged or needs a password") from error
    with closing(document):
        for page in document:
            scale = min(_DPI / 72, _WIDEST / page.get_width(), 2 * _WIDEST / page.get_height())
            yield page.render(scale=scale).to_pil().convert("RGB")


def _opened(content: bytes) -> Generator[Image.Image]:
    """The picture upright; a strip, as of a long chat, in pieces."""
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise UnreadableScan(f"the picture has more than {_MOST_PIXELS // 1_000_000} million pixels")
            upright = ImageOps.exif_transpose(opened).convert("RGBA")
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise UnreadableScan("it is no PDF, PNG or JPEG file, is damaged or far too large") from error
    picture = Image.new("RGB", upright.size, "white")
    picture.paste(upright, mask=upright)
    step = picture.width * 4 // 3 if picture.height > _STRIP * picture.width else picture.height
    for top in range(0, picture.height, step):
        yield picture.crop((0, top, picture.width, min(top + step, picture.height)))
