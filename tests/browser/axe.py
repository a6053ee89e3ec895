"""What axe finds to blame on a page of the admin, Django's own faults left out."""

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
    return [
        (rule["id"], node["html"])
        # Without preloading, for which axe writes style elements that the archive's policy refuses.
        for rule in Axe().run(page, options={"preload": False}).response["violations"]
        for node in rule["nodes"]
        if not page.evaluate(
            "([target, those]) => those && document.querySelector(target)?.matches(those)",
            [node["target"][0], OF_DJANGO.get(rule["id"])],
        )
    ]
