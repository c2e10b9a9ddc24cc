"""Messages with controls, made with Slack's own models, which refuse what Slack would."""

from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    ButtonElement,
    ConfirmObject,
    Option,
    SectionBlock,
    StaticMultiSelectElement,
    StaticSelectElement,
)

HANDLE = "v1:machine:execution:nonce"


def options(*labels: str) -> list[Option]:
    """Options whose values are numbered."""
    return [Option(label=label, value=f"{label}-value") for label in labels]


def approval() -> list[dict[str, Any]]:
    """A question with two buttons, the second of which asks again."""
    confirm = ConfirmObject(title="Sure?", text="Nobody restarts it then.", confirm="Deny it", deny="Back")
    buttons = [
        ButtonElement(text="✅ Approve", action_id="chatops.approve", value=HANDLE, style="primary"),
        ButtonElement(text="Deny", action_id="chatops.deny", value=HANDLE, confirm=confirm),
    ]
    return [SectionBlock(text="Restart nginx?").to_dict(), ActionsBlock(elements=buttons).to_dict()]


def menus() -> list[dict[str, Any]]:
    """A menu of one choice, one of several, and a button."""
    one = StaticSelectElement(placeholder="Service", action_id="chatops.menu.0", options=options("nginx", "app"))
    several = StaticMultiSelectElement(
        placeholder="Instances", action_id="chatops.menu.1", options=options("web-1", "web-2", "web-3")
    )
    several.max_selected_items = 2
    submit = ButtonElement(text="Submit", action_id="chatops.submit", value=HANDLE)
    return [
        ActionsBlock(block_id="service", elements=[one]).to_dict(),
        SectionBlock(block_id="where", text="Where?", accessory=several).to_dict(),
        ActionsBlock(elements=[submit]).to_dict(),
    ]
