"""Every picture has its place before it is there, and nothing moves when it comes."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import imagesize

if TYPE_CHECKING:
    from pathlib import Path

    from bs4 import BeautifulSoup


def size_of(path: Path) -> tuple[int, int]:
    """Width and height of a picture in the page's pixels."""
    content = path.read_bytes()
    if path.suffix == ".svg":  # whose words may have a letter of several bytes anywhere
        content = content.decode("utf8").encode("ascii", "replace")
    width, height = imagesize.get(BytesIO(content))
    return round(width), round(height)


def keep_places(soup: BeautifulSoup, folder: Path) -> None:
    """Write into each picture of the site how large it is.

    Parameters
    ----------
    soup : BeautifulSoup
        A page.
    folder : Path
        Where the page lies: its pictures' addresses start here.
    """
    for picture in soup.select("img[src]"):
        address = urlsplit(str(picture["src"]))
        if address.scheme or address.netloc:
            continue
        width, height = size_of(folder / unquote(address.path))
        picture["width"], picture["height"] = str(width), str(height)


def load_late(soup: BeautifulSoup) -> None:
    """Pictures far down the page load when they come near."""
    for picture in soup.select(".bd-article img")[1:]:
        picture["loading"] = "lazy"
