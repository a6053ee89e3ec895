"""What axe finds to blame on a page, in light and in dark; of the admin's, Django's own faults left out."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# Faults of Django's own (5.2): its crumbs differ from the text by colour alone; its search field is named by its help;
# the first column of its tables of rows has no name.
OF_DJANGO = {
    "empty-table-header": "th.original",
    "label-title-only": "#searchbar",
    "link-in-text-block": ".breadcrumbs a",
}


def faults(page: Page) -> list[tuple[str, str]]:
    """What axe blames in light, and what it blames of the contrasts in dark: all else is the same there."""
    page.emulate_media(color_scheme="light")
    found = _blamed(page, {})
    page.emulate_media(color_scheme="dark")
    # Colours that are on their way to others are neither.
    page.evaluate("Promise.all(document.getAnimations().map(({finished}) => finished))")
    found += _blamed(page, {"runOnly": ["color-contrast"]})
    page.emulate_media(color_scheme="light")
    return found


def _blamed(page: Page, options: dict[str, object]) -> list[tuple[str, str]]:
    # Without preloading, for which axe writes style elements that the archive's policy refuses.
    said = Axe().run(page, options={"preload": False, **options}).response["violations"]
    return [
        (rule["id"], node["html"])
        for rule in said
        for node in rule["nodes"]
        if not page.evaluate(
            "([target, those]) => those && document.querySelector(target)?.matches(those)",
            [node["target"][0], OF_DJANGO.get(rule["id"])],
        )
    ]
