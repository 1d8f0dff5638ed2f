"""Somebody at the desk who has a keyboard and nothing else."""

from playwright.sync_api import Page, expect

from tests.e2e.test_story import photo


class Hands:
    """Keys pressed on one desk; nothing here clicks or fills."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.pane = page.locator(".case-pane")
        self.dialog = page.get_by_role("dialog")
        self.undo = page.locator(".undo-bar")
        # Listened for from the start: switched on only with the key it may come too late.
        page.on("filechooser", lambda _: None)

    def press(self, *keys: str) -> "Hands":
        for key in keys:
            self.page.keyboard.press(key)
        return self

    def says(self, words: str) -> "Hands":
        self.page.keyboard.insert_text(words)
        return self

    def command(self, words: str) -> "Hands":
        """Type into the command line and take the first answer."""
        self.press(":")
        expect(self.dialog).to_have_attribute("aria-label", "命令")
        self.says(words)
        option = self.dialog.get_by_role("option").first
        expect(option).to_contain_text(words)
        self.press("Enter")
        return self

    def opens(self, no: str) -> "Hands":
        """Open a case by its number."""
        self.command(no)
        expect(self.pane).to_contain_text(no)
        return self

    def starts(self, move: str) -> "Hands":
        """Open a move's form."""
        self.command(move)
        expect(self.dialog).to_have_attribute("aria-label", move)
        expect(self.dialog.locator("form")).to_be_visible()
        return self

    def to(self, selector: str) -> "Hands":
        """Go on with Tab until the focus stands on it."""
        for _ in range(25):
            if self.page.evaluate("(s) => document.activeElement?.matches(s) ?? false", selector):
                return self
            self.press("Tab")
        raise AssertionError(f"no way by Tab to {selector}")

    def picks(self, words: str) -> "Hands":
        """Go down the list under the focus to the choice that says so."""
        chosen = "document.activeElement.selectedOptions[0].textContent"
        for _ in range(60):
            self.press("ArrowDown")
            if words in self.page.evaluate(chosen):
                return self
        raise AssertionError(f"no choice says {words}")

    def photographs(self, count: int = 1) -> "Hands":
        """Give the form its photos, one for each field."""
        for n in range(count):
            self.to("input[type=file]")
            with self.page.expect_file_chooser() as chosen:
                self.press("Space")
            chosen.value.set_files(photo(f"p{n}"))  # type: ignore[arg-type]
            expect(self.dialog.locator(".photo-field img")).to_have_count(n + 1)
            self.press("Tab")
        return self

    def decides(self, state: str) -> "Hands":
        """Send the form, send it at once, and see the new state."""
        self.press("Control+Enter")
        expect(self.dialog).to_have_count(0)
        return self.sends(state)

    def sends(self, state: str) -> "Hands":
        """What waits for ten seconds is sent now."""
        expect(self.undo).to_contain_text("尚未提交")
        self.press("s")
        expect(self.undo).to_have_count(0)
        if state:
            expect(self.pane).to_contain_text(state)
        return self
