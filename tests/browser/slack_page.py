"""A developer at the Slack page."""

from playwright.sync_api import ConsoleMessage, Locator, Page, expect


class SlackPage:
    """The page, and what a developer does on it with the keyboard.

    Attributes:
        page: The browser's page.
        field: The message field.
        log: The conversation.
        work: The side panel.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.failures: list[str] = []
        page.on("pageerror", lambda error: self.failures.append(str(error)))
        page.on("console", self._note)
        page.goto(url)
        self.field = page.get_by_role("combobox", name="Message or slash command")
        self.log = page.get_by_role("log")
        self.work = page.get_by_role("complementary", name="Details")
        expect(page.get_by_label("You are").locator("option").filter(has_text="alex")).to_have_count(1)

    def _note(self, line: ConsoleMessage) -> None:
        """What the browser complains about, but for refused requests, of which the page tells by itself."""
        if line.type == "error" and not line.text.startswith("Failed to load resource"):
            self.failures.append(line.text)

    def type(self, text: str) -> None:
        """Type and send."""
        self.field.press_sequentially(text)
        self.field.press("Enter")

    def be(self, name: str) -> None:
        """Become another person, and wait for what that one sees."""
        self.page.get_by_label("You are").select_option(label=name)
        expect(self.log).not_to_have_attribute("aria-busy", "true")

    def messages(self) -> Locator:
        """All messages of the conversation."""
        return self.log.get_by_role("article")

    def message(self, text: str) -> Locator:
        """The message with a text."""
        return self.messages().filter(has_text=text)
