"""A hook of mkdocs for pages that are also read in the repository, where they link to files beside docs/."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

OUTSIDE = re.compile(r"(?<!!)\[([^\]]+)\]\(\.\./([^)#]+)(?:#[^)]*)?\)")
FENCE_WITH_NAME = re.compile(r"^(\s*```\w+) \w+$", re.MULTILINE)


def on_page_markdown(markdown: str, *, config: MkDocsConfig, **_: Any) -> str:  # noqa: ANN401 - mkdocs gives more than we take
    """The page as the site has it: links out of docs/ lead to the repository, if mkdocs.yml names one, or are text.

    A second word after a fence's language, by which tests find a block, is left out.
    """

    def link(match: re.Match[str]) -> str:
        text, path = match.groups()
        return f"[{text}]({config.repo_url.rstrip('/')}/blob/main/{path})" if config.repo_url else text

    return FENCE_WITH_NAME.sub(r"\1", OUTSIDE.sub(link, markdown))
