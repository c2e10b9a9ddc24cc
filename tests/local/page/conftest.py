"""A page on a small cloud."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.local.page.browser import Client, Events
from tests.local.page.small_cloud import SmallCloud, small_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from chatops_local.page import PageServer


@pytest.fixture
def served() -> Iterator[tuple[SmallCloud, PageServer]]:
    with small_page() as both:
        yield both


@pytest.fixture
def cloud(served: tuple[SmallCloud, PageServer]) -> SmallCloud:
    return served[0]


@pytest.fixture
def client(served: tuple[SmallCloud, PageServer]) -> Client:
    return Client(served[1])


@pytest.fixture
def events(client: Client) -> Iterator[Events]:
    followed = client.events()
    yield followed
    followed.close()
