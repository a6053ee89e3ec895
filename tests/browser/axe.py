"""Faults that axe finds on a page, in light and in dark, without the faults of Django's own admin."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Faults of Django's own (5.2): the crumbs differ from the text by colour alone; the help names the search field; the
# first column of tables of rows has no name.
OF_DJANGO = {
    "empty-table-header": "th.original",
    "label-title-only": "#searchbar",
    "link-in-text-block": ".breadcrumbs a",
}

# Without preloading, because axe would write style elements that the archive's policy refuses.
RUN = """async ([options, ofDjango]) => {
    const {violations} = await axe.run(document, {preload: false, resultTypes: ["violations"], ...options});
    return violations.flatMap(({id, nodes}) => nodes
        .filter(({target}) => !(id in ofDjango && document.querySelector(target[0])?.matches(ofDjango[id])))
        .map(({html}) => [id, html]));
}"""


def faults(page: Page) -> list[tuple[str, str]]:
    """All faults in light, and faults of contrast in dark; the other rules give equal results in both."""
    page.emulate_media(color_scheme="light")
    found = blamed(page)
    page.emulate_media(color_scheme="dark")
    found += blamed(page, runOnly=["color-contrast"])
    page.emulate_media(color_scheme="light")
    return found


def blamed(page: Page, **options: object) -> list[tuple[str, str]]:
    """The faults of the page as it stands; the options are axe's."""
    page.wait_for_load_state()
    # Colours in transition belong to neither theme.
    page.evaluate("Promise.all(document.getAnimations().map(({finished}) => finished))")
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [(rule, html) for rule, html in page.evaluate(RUN, [options, OF_DJANGO])]
