"""Take pictures of each kind of page, light and dark, in the width of a phone and of a desktop.

python -m bench.screenshots [FOLDER [MANIFEST [WITNESSES]]]     (var/screenshots, the sample)
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.served import CHECKOUT, SAMPLE, served
from tests.browser.conftest import FLAGS

WIDTHS = {"phone": (360, 780), "tablet": (768, 1024), "desk": (1280, 900), "wide": (1920, 1080)}
SCHEMES = ("light", "dark")
# The most pixels of a page's height: a picture of a whole long chapter would be too small to read.
TALLEST = 4000


def photograph(page: Page, path: str, file: Path) -> None:
    """Open the page, and keep a picture of its beginning."""
    page.goto(path)
    page.wait_for_load_state("networkidle")
    height = page.evaluate("document.documentElement.scrollHeight")
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(
        path=file,
        full_page=True,
        clip={"x": 0, "y": 0, "width": width, "height": min(height, TALLEST)},
    )


def main() -> None:
    """Take the pictures, and print where they are."""
    arguments = [Path(argument) for argument in sys.argv[1:]]
    folder = arguments[0] if arguments else CHECKOUT / "var" / "screenshots"
    manifest = arguments[1] if len(arguments) > 1 else SAMPLE
    witnesses = arguments[2] if len(arguments) > 2 else None
    folder.mkdir(parents=True, exist_ok=True)
    made = 0
    with served(manifest, witnesses) as (address, pages), sync_playwright() as playwright:
        executable = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=executable, args=[*FLAGS, "--no-sandbox"])
        for size, (width, height) in WIDTHS.items():
            for scheme in SCHEMES:
                context = browser.new_context(
                    base_url=address,
                    viewport={"width": width, "height": height},
                    color_scheme="dark" if scheme == "dark" else "light",
                    has_touch=size == "phone",
                    is_mobile=size == "phone",
                )
                page = context.new_page()
                for kind, path in pages.items():
                    photograph(page, path, folder / f"{kind}-{size}-{scheme}.png")
                    made += 1
                context.close()
        browser.close()
    print(f"{made} pictures are in {folder}")


if __name__ == "__main__":
    main()
