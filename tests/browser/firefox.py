"""Debian's Firefox, driven over Marionette: the protocol that it speaks by itself, JSON over a socket.

A driver of some forty commands would be a package more, or a program beside Firefox. These tests need ten, all of the
WebDriver standard (https://www.w3.org/TR/webdriver2/); what the pages' console says needs Firefox's own.
"""

import json
import os
import shutil
import socket
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

PROGRAMS = ("firefox-esr", "firefox")
# A command that takes longer has failed: seconds. (On a busy machine a start takes twenty.)
PATIENCE = 60
# What a page has to show comes within this time: milliseconds.
WAIT = 30_000
# Where Firefox writes the port on which it listens, within the folder of its profile.
PORT = "MarionetteActivePort"
# The name of an element in the answers of WebDriver.
ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
KEYS = {"Tab": "\ue004", "Enter": "\ue007", "Escape": "\ue00c", "Shift": "\ue008"}

# What Firefox's console says of pages: [source, message]. It is then forgotten. What a script says by `console.log` and
# its like is kept elsewhere; no script of the archive does.
CONSOLE = """
    const said = Services.console.getMessageArray()
        .filter((each) => each instanceof Ci.nsIScriptError && !each.isFromChromeContext)
        .map(({ sourceName, errorMessage }) => [sourceName, errorMessage]);
    Services.console.reset();
    return said;
"""
FLAGS = ("--headless", "--marionette", "--remote-allow-system-access", "--no-remote")
PREFERENCES = {
    "marionette.port": 0,  # any that is free
    # A mouse (https://searchfox.org/mozilla-central/source/widget/LookAndFeel.h): without windows there would be none.
    "ui.primaryPointerCapabilities": 6,
    "ui.allPointerCapabilities": 6,
}
# Whether a page waits to be fetched before somebody asks for it.
IS_FETCHING = (
    'return Cc["@mozilla.org/prefetch-service;1"].getService(Ci.nsIPrefetchService).hasMoreElements();'
)
FORGET = """
    const [done] = arguments;
    Services.cookies.removeAll();
    Services.clearData.deleteData(Ci.nsIClearDataService.CLEAR_DOM_STORAGES, done);
"""


class Refused(Exception):
    """Firefox could not do what it was asked to; the message is Firefox's."""


def program() -> str | None:
    """The Firefox of this machine, or None."""
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Firefox:
    """A Firefox without windows, with a profile of its own in `folder`, on the pages of the server at `base`."""

    def __init__(self, executable: str, folder: Path, base: str) -> None:
        self.base = base
        (folder / "user.js").write_text(
            "".join(f'user_pref("{name}", {value});\n' for name, value in PREFERENCES.items())
        )
        self._process = subprocess.Popen(
            [executable, *FLAGS, "--profile", str(folder)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # It writes to the home folder, and refuses one that belongs to another account.
            env={**os.environ, "HOME": str(folder), "MOZ_CRASHREPORTER_DISABLE": "1"},
        )
        try:
            self._socket = socket.create_connection(("127.0.0.1", self._port(folder)), PATIENCE)
            self._answers = self._socket.makefile("rb")
            self._read()  # its name
            self._asked = 0
            self._do("WebDriver:NewSession")
            self._do("WebDriver:SetTimeouts", implicit=WAIT, script=WAIT, pageLoad=WAIT)
        except BaseException:
            self._process.kill()
            self._process.wait()
            raise

    def close(self) -> None:
        """End Firefox."""
        self._do("Marionette:Quit", flags=["eForceQuit"])
        self._answers.close()
        self._socket.close()
        self._process.wait(PATIENCE)

    def forget(self) -> None:
        """Forget cookies, and what pages have stored."""
        self._in_chrome("WebDriver:ExecuteAsyncScript", FORGET)

    def log_in(self, session: str) -> None:
        """Come as the account of a session; a page of the server must be open."""
        cookie = {"name": "sessionid", "value": session, "httpOnly": True}
        self._do("WebDriver:AddCookie", cookie=cookie)

    def complaints(self) -> list[str]:
        """What the console has said of the server's pages since it was last asked: refusals, errors, warnings."""
        self.until("true")  # a frame, so that what failed in the page has been said
        for _ in range(1000):  # each question is a round trip
            if not self._in_chrome("WebDriver:ExecuteScript", IS_FETCHING):
                break
        host = urlsplit(self.base).netloc
        said: list[tuple[str, str]] = self._in_chrome("WebDriver:ExecuteScript", CONSOLE)
        return [message for source, message in said if host in f"{source} {message}"]

    def go(self, path: str) -> None:
        """Open a page, and wait until it is loaded."""
        self._do("WebDriver:Navigate", url=self.base + path)

    def back(self) -> None:
        """Go back to the page before, which Firefox may have kept as it was left."""
        self._do("WebDriver:Back")

    @property
    def address(self) -> str:
        """The address of the page, without the server's."""
        url: str = self._do("WebDriver:GetCurrentURL")["value"]
        return url.removeprefix(self.base)

    def resize(self, width: int, height: int) -> None:
        """Give the page this room, in CSS pixels."""
        self._do("WebDriver:SetWindowRect", width=width, height=height)
        frame = self.run("return [outerWidth - innerWidth, outerHeight - innerHeight]")
        self._do("WebDriver:SetWindowRect", width=width + frame[0], height=height + frame[1])

    def run(self, script: str, *arguments: Any) -> Any:
        """Run the body of a function in the page; return what it returns."""
        return self._do("WebDriver:ExecuteScript", script=script, args=list(arguments))["value"]

    def until(self, expression: str) -> None:
        """Wait until the JavaScript expression is true, for `WAIT` at most; a page that follows is asked again."""
        script = f"""
            const [done] = arguments;
            const look = () => {{
                if (document.documentElement && ({expression})) done(true); else requestAnimationFrame(look);
            }};
            look();
        """
        for _ in range(5):
            try:
                self._do("WebDriver:ExecuteAsyncScript", script=script, args=[])
            except Refused as refusal:
                if "unload" not in str(refusal):
                    raise Refused(
                        f"{expression!r} did not come true on {self.address}: {refusal}"
                    ) from refusal
            else:
                return
        raise Refused(f"{expression!r}: pages follow each other")

    def click(self, selector: str) -> None:
        """Click the first element of a CSS selector, once it is there and in view."""
        self._do("WebDriver:ElementClick", id=self._find(selector))

    def type(self, selector: str, text: str) -> None:
        """Type a text at the end of a field."""
        self._do("WebDriver:ElementSendKeys", id=self._find(selector), text=text)

    def press(self, *names: str) -> None:
        """Press keys one after the other, each by its name or its character: `Tab`, `/`."""
        actions = [
            {"type": kind, "value": KEYS.get(name, name)} for name in names for kind in ("keyDown", "keyUp")
        ]
        self._do("WebDriver:PerformActions", actions=[{"type": "key", "id": "keys", "actions": actions}])

    def hover(self, selector: str) -> None:
        """Move the pointer over the middle of an element."""
        moves = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": {ELEMENT: self._find(selector)}, "duration": 0}
        ]
        self._do("WebDriver:PerformActions", actions=[{"type": "pointer", "id": "mouse", "actions": moves}])

    def _find(self, selector: str) -> str:
        found: str = self._do("WebDriver:FindElement", using="css selector", value=selector)["value"][ELEMENT]
        return found

    def _in_chrome(self, command: str, script: str) -> Any:
        """Run a script beside the pages, where Firefox's own parts are within reach."""
        self._do("Marionette:SetContext", value="chrome")
        try:
            return self._do(command, script=script, args=[])["value"]
        finally:
            self._do("Marionette:SetContext", value="content")

    def _do(self, command: str, **parameters: Any) -> Any:
        self._asked += 1
        message = json.dumps([0, self._asked, command, parameters]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _, _, error, result = self._read()
        if error:
            raise Refused(f"{error['error']}: {error['message']}")
        return result

    def _read(self) -> Any:
        length = b""
        while (digit := self._answers.read(1)) != b":":
            if not digit:
                raise Refused("Firefox has ended")
            length += digit
        return json.loads(self._answers.read(int(length)))

    def _port(self, folder: Path) -> int:
        for _ in range(PATIENCE * 20):
            if (folder / PORT).exists() and (port := (folder / PORT).read_text()):
                return int(port)
            try:
                status = self._process.wait(timeout=1 / 20)
            except subprocess.TimeoutExpired:
                continue
            raise Refused(f"Firefox ended at once, with status {status}")
        raise Refused(f"Firefox says no port within {PATIENCE} seconds")
