"""Hands on the keyboard alone: Tab until something has the focus, then type, Space or Enter."""

MOST_TABS = 120
FOCUSED = """() => {
  const it = document.activeElement;
  const labels = [...(it.labels || [])].map((label) => label.innerText).join(" ");
  return (it.getAttribute("aria-label") || labels || it.innerText || it.value || "").trim();
}"""
OUTLINED = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""


def reach(page, words):
    """Tab to the control with these words; wherever the focus stops, it shows."""
    for _step in range(MOST_TABS):
        page.keyboard.press("Tab")
        said = page.evaluate(FOCUSED)
        assert page.evaluate(OUTLINED), f"the focus does not show on « {said} »"
        if words in said:
            return
    raise AssertionError(f"Tab never reaches « {words} » on {page.url}")


def fill(page, words, text):
    reach(page, words)
    page.keyboard.type(text)


def press(page, words, *, then, key="Enter"):
    """Press a button or follow a link; `then` is the heading of the page it leads to."""
    reach(page, words)
    page.keyboard.press(key)
    page.get_by_role("heading", name=then, level=1).wait_for()
