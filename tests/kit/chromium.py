# SPDX-License-Identifier: MIT
"""
Looks at a page in headless Chromium, as chromium.sh's `browse` asks it to.

    chromium.py URL <commands >answers

Chromium is spoken to by its DevTools protocol over a pair of pipes: no port, no library. Commands, one a line:

    size WIDTH HEIGHT       the viewport; also below the 500 pixels that a window cannot go
    media NAME [FEATURE=VALUE…]   "print" or "screen"; prefers-color-scheme=dark, prefers-reduced-motion=reduce
    script on|off           whether the page's own script runs; loads the page again
    open URL                another page, or the same with another fragment
    key NAME                a key that is pressed and released: j, ArrowRight, Home, Tab, Enter
    click SELECTOR          a real click into the middle of the element
    eval EXPRESSION         answers with its value, one line of JSON, text as it is
    shot FILE [full]        a picture of the viewport, or of the whole page
    pdf FILE                the page as it prints
    complaints              answers with what the page was refused, threw or tried to load; "none"

Everything waits for the page: there is no sleep. A browser that does not answer for a minute ends this with status 3.
"""

import base64
import json
import os
import select
import shutil
import signal
import sys
import tempfile

FLAGS = ("--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
         "--disable-component-update --disable-sync --disable-extensions --hide-scrollbars --mute-audio "
         "--remote-debugging-pipe").split()
PATIENCE_S = 60
NAMES = ("chromium", "chromium-browser", "google-chrome")
KEYS = {"ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40, "Home": 36, "End": 35, "Tab": 9,
        "Enter": 13, "Escape": 27, "PageUp": 33, "PageDown": 34}


def installed():
    return next((name for name in NAMES if shutil.which(name)), None)


class Browser:
    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="chromium-")
        to_read, self.to = os.pipe()
        self.source, from_write = os.pipe()
        silent = os.open(os.devnull, os.O_RDWR)
        # High numbers first, so that 3 and 4 are free to be overwritten.
        high = [os.dup(to_read), os.dup(from_write)]
        for fd in high:
            os.set_inheritable(fd, True)
        self.pid = os.posix_spawnp(
            installed(), [installed(), *FLAGS, "--user-data-dir=" + self.profile, "about:blank"], os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, silent, 1), (os.POSIX_SPAWN_DUP2, silent, 2),
                          (os.POSIX_SPAWN_DUP2, high[0], 20), (os.POSIX_SPAWN_DUP2, high[1], 21),
                          (os.POSIX_SPAWN_DUP2, 20, 3), (os.POSIX_SPAWN_DUP2, 21, 4),
                          (os.POSIX_SPAWN_CLOSE, 20), (os.POSIX_SPAWN_CLOSE, 21)],
            setpgroup=0)
        for fd in (to_read, from_write, *high):
            os.close(fd)
        self.waiting = b""
        self.number = 0
        self.session = None
        self.loaded = 0
        self.complaints = []
        self.url = ""
        self.scripts = True

    def close(self):
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self.pid, 0)
        shutil.rmtree(self.profile, ignore_errors=True)

    def receive(self):
        while b"\0" not in self.waiting:
            if not select.select([self.source], [], [], PATIENCE_S)[0]:
                raise TimeoutError("Chromium does not answer.")
            part = os.read(self.source, 1 << 16)
            if not part:
                raise EOFError("Chromium has ended.")
            self.waiting += part
        message, self.waiting = self.waiting.split(b"\0", 1)
        return json.loads(message)

    def note(self, event):
        method, params = event.get("method"), event.get("params", {})
        if method == "Page.loadEventFired":
            self.loaded += 1
        elif method == "Page.javascriptDialogOpening":
            self.complaints.append("says " + params["message"])
            self.send("Page.handleJavaScriptDialog", accept=True)
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.complaints.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent" and params["request"]["url"].split("#")[0] != self.url.split("#")[0]:
            self.complaints.append("loads " + params["request"]["url"])

    def send(self, method, **params):
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to, json.dumps(message).encode() + b"\0")
        return self.number

    def call(self, method, **params):
        number = self.send(method, **params)
        while True:
            answer = self.receive()
            if answer.get("id") != number:
                self.note(answer)
            elif "error" in answer:
                raise RuntimeError(method + ": " + answer["error"]["message"])
            else:
                return answer["result"]

    def attach(self):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def open(self, url):
        same = url.split("#")[0] == self.url.split("#")[0] and "#" in url
        self.url = url
        before = self.loaded
        self.call("Page.navigate", url=url)
        while not same and self.loaded == before:
            self.note(self.receive())
        self.settle()

    def settle(self):
        """Two frames later what the page set in motion is on the screen."""
        if self.scripts: # without them there is nothing in motion, and nobody who would tell
            self.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def evaluate(self, expression):
        answer = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True,
                           userGesture=True)
        if "exceptionDetails" in answer:
            return "threw " + answer["exceptionDetails"].get("exception", {}).get("description", "something")
        return answer["result"].get("value")

    # The commands.

    def do_size(self, width, height):
        self.call("Emulation.setDeviceMetricsOverride", width=int(width), height=int(height), deviceScaleFactor=1,
                  mobile=False)

    def do_media(self, name, *features):
        pairs = [feature.split("=", 1) for feature in features]
        self.call("Emulation.setEmulatedMedia", media=name,
                  features=[{"name": name, "value": value} for name, value in pairs])

    def do_script(self, state):
        self.scripts = state == "on"
        self.call("Emulation.setScriptExecutionDisabled", value=not self.scripts)
        self.open(self.url.split("#")[0])

    def do_open(self, url):
        self.open(url)

    def do_key(self, name):
        text = {"Enter": "\r"}.get(name, name if len(name) == 1 else "")
        code = KEYS.get(name, ord(name[0].upper()))
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=name, text=text if kind == "keyDown" else "",
                      windowsVirtualKeyCode=code)
        self.settle()

    def do_click(self, *selector):
        where = self.evaluate("(() => { const e = document.querySelector(%s); e.scrollIntoView({block: 'center'}); "
                              "const r = e.getBoundingClientRect(); return [r.x + r.width / 2, r.y + r.height / 2]; })()"
                              % json.dumps(" ".join(selector)))
        if not isinstance(where, list):
            raise RuntimeError("There is no " + " ".join(selector))
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=where[0], y=where[1], button="left", clickCount=1)
        self.settle()

    def do_eval(self, *words):
        value = self.evaluate(" ".join(words))
        print(value if isinstance(value, str) and "\n" not in value else json.dumps(value))

    def do_shot(self, path, full=""):
        self.save(path, self.call("Page.captureScreenshot", captureBeyondViewport=full == "full"))

    def do_pdf(self, path):
        self.save(path, self.call("Page.printToPDF", printBackground=True))

    def do_complaints(self):
        print(" | ".join(" ".join(c.split()) for c in self.complaints) or "none")

    @staticmethod
    def save(path, answer):
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))


def main():
    if not installed():
        print("chromium.py: Chromium is not installed; packages.txt names it.", file=sys.stderr)
        return 3
    browser = Browser()
    try:
        browser.attach()
        browser.open(sys.argv[1])
        for line in sys.stdin:
            name, *words = line.strip().split(" ")
            if name and not name.startswith("#"):
                getattr(browser, "do_" + name)(*words)
    except (TimeoutError, EOFError, RuntimeError) as error:
        print("chromium.py:", error, file=sys.stderr)
        return 3
    finally:
        browser.close()
    return 0


sys.exit(main())
