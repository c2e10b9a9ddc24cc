"""The secrets that a template's functions read, by the marks that the constructs leave there."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from chatops_runtime.contracts import template_metadata
from chatops_setup.contents import ContentsError, marked, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping


class Key(Enum):
    """What a template says of the key that encrypts a secret, unless it says which one."""

    NOT_SAID = "not said"
    MANAGED_BY_AWS = "managed by AWS"
    OF_A_STACK = "of a stack"
    """A customer-managed one, whose ARN CloudFormation knows."""


@dataclass(frozen=True)
class DeclaredSecret:
    """A secret.

    Attributes:
        name: Its name.
        store: `template_metadata.PARAMETER` or `SECRETS_MANAGER`.
        kind: `template_metadata.TEXT`, `SIGNING_SECRET` or `BOT_TOKEN`.
        key: The ARN of the key that it is to be encrypted with, or what else is known of it.
        stage: The stage that it was declared for, if it was.
        json_fields: The fields of its JSON that are read; none if all of it is.
    """

    name: str
    store: str
    kind: str
    key: Key | str
    stage: str | None = None
    json_fields: frozenset[str] = frozenset()

    def is_of_stage(self, stage: str) -> bool:
        """Whether it was declared for the stage, or is called as those are: `/project/stage/bot/key`."""
        levels = self.name.split("/")
        of_name = levels[2] if len(levels) == 5 and not levels[0] else ""
        return stage.lower() in ((self.stage or "").lower(), of_name.lower())

    def merged(self, other: DeclaredSecret) -> DeclaredSecret:
        """What two functions say of it together: whoever says more is right."""
        return DeclaredSecret(
            name=self.name,
            store=self.store,
            kind=other.kind if self.kind == template_metadata.TEXT else self.kind,
            key=other.key if self.key is Key.NOT_SAID else self.key,
            stage=self.stage or other.stage,
            json_fields=self.json_fields | other.json_fields,
        )


def declared_in(template: Any) -> list[DeclaredSecret]:  # noqa: ANN401 - what CloudFormation has
    """The secrets that the functions of a template read, each once.

    Raises:
        ContentsError: A mark cannot be read.
    """
    resources = template.get("Resources", {}) if isinstance(template, dict) else {}
    return merged([*_of_endpoints(resources), *_of_notifiers(resources), *_of_functions(resources)])


def merged(secrets: Iterable[DeclaredSecret]) -> list[DeclaredSecret]:
    """Each secret once."""
    found: dict[tuple[str, str], DeclaredSecret] = {}
    for each in secrets:
        known = found.get((each.store, each.name))
        found[each.store, each.name] = each if known is None else known.merged(each)
    return list(found.values())


def _of_endpoints(resources: Mapping[str, Any]) -> Iterator[DeclaredSecret]:
    for resource, _, mark in marked(resources, template_metadata.ENDPOINT):
        yield _parameter(text_of(mark, "signing_secret_parameter", resource), template_metadata.SIGNING_SECRET)
        if mark.get("bot_token_parameter"):
            yield _parameter(text_of(mark, "bot_token_parameter", resource), template_metadata.BOT_TOKEN)


def _of_notifiers(resources: Mapping[str, Any]) -> Iterator[DeclaredSecret]:
    for resource, _, mark in marked(resources, template_metadata.NOTIFIER):
        yield _parameter(text_of(mark, "bot_token_parameter", resource), template_metadata.BOT_TOKEN)


def _of_functions(resources: Mapping[str, Any]) -> Iterator[DeclaredSecret]:
    for resource, _, mark in marked(resources, template_metadata.SECRETS):
        for each in mark.get("secrets", []):
            if each.get("store") not in (template_metadata.PARAMETER, template_metadata.SECRETS_MANAGER):
                raise ContentsError(
                    f"{resource}: it declares a secret in {each.get('store')!r}, which this program does not know: "
                    "install the chatops-constructs that the app is synthesised with"
                )
            yield DeclaredSecret(
                name=text_of(each, "name", resource),
                store=each["store"],
                kind=text_of(each, "kind", resource),
                key=_key(each),
                stage=each.get("stage"),
                json_fields=frozenset({each["json_field"]} if "json_field" in each else ()),
            )


def _parameter(name: str, kind: str) -> DeclaredSecret:
    return DeclaredSecret(name=name, store=template_metadata.PARAMETER, kind=kind, key=Key.NOT_SAID)


def _key(mark: Mapping[str, Any]) -> Key | str:
    if "encryption_key" in mark:
        arn = mark["encryption_key"]
        return arn if isinstance(arn, str) else Key.OF_A_STACK
    # Of Slack's secrets whoever declares them may not know more than the name.
    return Key.MANAGED_BY_AWS if "stage" in mark else Key.NOT_SAID
