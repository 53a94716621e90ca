#!/usr/bin/env python3
"""The HTML page in a real browser: nothing loaded, no error, the story at first sight, a phone's width, contrast
of every text, copy buttons, paper. One headless Chromium for all of it, spoken to over its debugging pipe.

usage: browser_check.py NGXDIAG PRINT_REPORT SAMPLES; exit status 77 without a chromium that starts
"""
import base64
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

NGXDIAG, PRINT_REPORT, SAMPLES = sys.argv[1:4]
SECONDS = 60
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DESKTOP, PHONE = (1280, 800), (390, 844)
AA = 4.5  # WCAG 2.1, 1.4.3
MOST_PAPER = 12  # sheets

# Every text with its contrast against what is painted behind it, worst first.
CONTRAST = """(() => {
  const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const color = parse(getComputedStyle(e).backgroundColor);
      if (color.length === 3 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const out = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !e.checkVisibility() || e.closest("script, style, title, desc")) continue;
    const style = getComputedStyle(e);
    const a = light(parse(e.closest("svg") ? style.fill : style.color)), b = light(ground(e));
    out.push([(Math.max(a, b) + .05) / (Math.min(a, b) + .05), walk.currentNode.textContent.trim().slice(0, 40)]);
  }
  return out.sort((x, y) => x[0] - y[0]);
})()"""

# What sticks out of the page; what scrolls in a region of its own may.
STICKS_OUT = """[...document.querySelectorAll("body *")]
  .filter(e => !e.closest(".drawing, .table, .hidden, script, style") && e.getBoundingClientRect().right > innerWidth + .5)
  .map(e => e.outerHTML.slice(0, 120))"""

BOXES = """(selector => [...document.querySelectorAll(selector)].map(e => {
  const box = e.getBoundingClientRect();
  return {text: e.textContent.trim(), left: box.left, right: box.right, top: box.top, bottom: box.bottom};
}))"""


class Browser:
    """Chromium's debugging protocol: JSON messages that end in NUL, on descriptors 3 and 4."""

    def __init__(self):
        self.profile = tempfile.TemporaryDirectory(prefix="ngxdiag-chromium-")
        theirs_in, self.out = os.pipe()
        self.input, theirs_out = os.pipe()
        # The shell puts them where Chromium looks for them, whatever numbers they have here.
        command = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self.process = subprocess.Popen(
            ["bash", "-c", command, CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
             "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
             "--disable-extensions", f"--user-data-dir={self.profile.name}", "--remote-debugging-pipe", "about:blank"],
            pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, env={**os.environ, "HOME": self.profile.name})
        os.close(theirs_in)
        os.close(theirs_out)
        os.set_blocking(self.input, False)
        self.number, self.buffer, self.events, self.session = 0, b"", [], None
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network", "Accessibility"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setFocusEmulationEnabled", enabled=True)
        self.call("Network.emulateNetworkConditions", offline=True, latency=0, downloadThroughput=-1, uploadThroughput=-1)

    def close(self):
        self.process.kill()
        self.process.wait()
        os.close(self.out)
        os.close(self.input)
        for attempt in range(20):
            try:
                return self.profile.cleanup()
            except OSError:  # its children write a little longer
                time.sleep(0.1)

    def message(self, until):
        while b"\0" not in self.buffer:
            try:
                chunk = os.read(self.input, 1 << 20)
                if not chunk:
                    raise RuntimeError("chromium ended")
                self.buffer += chunk
            except BlockingIOError:
                if time.monotonic() > until:
                    raise RuntimeError("chromium does not answer") from None
                time.sleep(0.005)
        raw, self.buffer = self.buffer.split(b"\0", 1)
        return json.loads(raw)

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.out, json.dumps(request).encode() + b"\0")
        until = time.monotonic() + SECONDS
        while True:
            message = self.message(until)
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            if "method" in message:
                self.events.append((message["method"], message.get("params", {})))

    def open(self, page, size=DESKTOP, scripts=True, **media):
        self.call("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.call("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1,
                  mobile=size == PHONE)
        self.call("Emulation.setEmulatedMedia", media=media.get("media", ""), features=[
            {"name": "prefers-color-scheme", "value": media.get("scheme", "light")}])
        self.events.clear()
        self.call("Page.navigate", url=page.as_uri())
        until = time.monotonic() + SECONDS
        while not any(name == "Page.loadEventFired" for name, _ in self.events):
            message = self.message(until)
            if "method" in message:
                self.events.append((message["method"], message.get("params", {})))

    def js(self, expression, **options):
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, **options)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"])
        return result["result"].get("value")

    def boxes(self, selector):
        return self.js(f"{BOXES}({json.dumps(selector)})")


class InBrowser(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory(prefix="ngxdiag-pages-")
        cls.addClassCleanup(folder.cleanup)
        cls.pages = {}
        for name in ("nchan-certbot-storm", "stuck-workers"):
            evidence = pathlib.Path(SAMPLES) / name / "evidence"
            cls.pages[name] = subprocess.run(
                [NGXDIAG, "scan", "--now", "2026-11-20T15:00:00Z", "--format", "html", "--exit-zero", str(evidence)],
                check=True, capture_output=True).stdout
        cls.pages["every part"] = subprocess.run([PRINT_REPORT, "html"], check=True, capture_output=True).stdout
        for name, content in cls.pages.items():
            cls.pages[name] = pathlib.Path(folder.name) / (name.replace(" ", "-") + ".html")
            cls.pages[name].write_bytes(content)
        cls.storm = cls.pages["nchan-certbot-storm"]
        cls.browser = Browser()
        cls.addClassCleanup(cls.browser.close)

    def test_nothing_is_loaded_and_the_console_is_silent(self):
        for name, page in self.pages.items():
            with self.subTest(name):
                self.browser.open(page)
                self.browser.js("new Promise(done => setTimeout(done, 100))")
                asked = [event["request"]["url"] for kind, event in self.browser.events if kind == "Network.requestWillBeSent"]
                self.assertEqual(asked, [page.as_uri()])
                self.assertEqual([event for event in self.browser.events if event[0] in (
                    "Runtime.exceptionThrown", "Log.entryAdded", "Runtime.consoleAPICalled")], [])

    def test_the_story_is_seen_without_scrolling(self):
        self.browser.open(self.storm)
        parts = self.browser.boxes("h1, #cause, #cause ~ *, #fixes, #fixes ~ .fix > li:first-child > strong, "
                                   "#fixes ~ .fix > li:first-child > .command")
        self.assertGreater(len(parts), 8)
        for part in parts:
            self.assertLessEqual(part["bottom"], DESKTOP[1], part["text"])
        text = " ".join(part["text"] for part in parts)
        for word in ("nchan", "2361", "memstore", "Certificate renewals fail", "kill -KILL"):
            self.assertIn(word, text)

    def test_a_phone_scrolls_in_one_direction_only(self):
        for name, page in self.pages.items():
            for size in (PHONE, (320, 640), DESKTOP):
                with self.subTest(name, size=size):
                    self.browser.open(page, size)
                    self.assertLessEqual(self.browser.js("document.documentElement.scrollWidth"), size[0])
                    self.assertEqual(self.browser.js(STICKS_OUT), [])

    def test_every_text_has_contrast_in_light_dark_and_on_paper(self):
        for name, page in self.pages.items():
            for media in ({"scheme": "light"}, {"scheme": "dark"}, {"media": "print"}, {"media": "print", "scheme": "dark"}):
                with self.subTest(name, **media):
                    self.browser.open(page, **media)
                    self.browser.js("document.querySelectorAll('details').forEach(e => e.open = true)")
                    texts = self.browser.js(CONTRAST)
                    self.assertGreater(len(texts), 20)
                    self.assertGreaterEqual(texts[0][0], AA, texts[0])
                    self.assertEqual(self.browser.js("getComputedStyle(document.body).backgroundColor") ==
                                     "rgb(255, 255, 255)", "media" in media)

    def test_the_drawing_can_be_read(self):
        self.browser.open(self.storm)
        lanes = [box["text"] for box in self.browser.boxes("svg > text")]
        for lane in ("Reloads", "Deaths", "Renewals", "Processes", "Generations"):
            self.assertIn(lane, lanes)
        ticks = [box for box in self.browser.boxes('svg text[text-anchor="middle"]') if ":" in box["text"]]
        self.assertGreaterEqual(len(ticks), 4)
        for left, right in zip(ticks, ticks[1:]):
            self.assertGreater(right["left"], left["right"] + 4)
        for box in self.browser.boxes("svg > text"):
            self.assertGreaterEqual(box["bottom"] - box["top"], 9, box["text"])
        rows = self.browser.boxes("svg text.row")
        for above, below in zip(rows, rows[1:]):
            self.assertGreaterEqual(below["top"] + 2, above["bottom"])
        (drawing,) = self.browser.boxes("svg")
        for box in self.browser.boxes("svg > :not(title, desc)"):
            self.assertGreaterEqual(box["left"], drawing["left"] - 1)
            self.assertLessEqual(box["right"], drawing["right"] + 1)
            self.assertLessEqual(box["bottom"], drawing["bottom"] + 1)

    def test_labels_of_the_drawing_stay_left_of_the_bars(self):
        for name, page in self.pages.items():
            self.browser.open(page)
            bars = self.browser.boxes("svg rect, svg path")
            if not bars:
                continue
            edge = min(box["left"] for box in bars)
            for box in self.browser.boxes('svg text[x="0"]'):
                self.assertLessEqual(box["right"], edge, f"{name}: {box['text']}")

    def test_a_command_is_copied_whole(self):
        self.browser.open(self.storm)
        wanted = self.browser.js("document.querySelector('.command pre').textContent")
        self.browser.js("""window.copied = new Promise(done => {
            navigator.clipboard.writeText = text => { done(text); return Promise.resolve(); }; }); true""")
        self.browser.js("document.querySelector('.command button').click()")
        self.assertEqual(self.browser.js("window.copied"), wanted)
        self.assertNotIn("\n", wanted)
        self.assertEqual(self.browser.js("document.querySelector('.command button').textContent"), "Copied")

    def test_without_scripts_nothing_is_missing(self):
        self.browser.open(self.storm)
        self.browser.js("document.querySelectorAll('.command button, script').forEach(e => e.remove())")
        usual = self.browser.js("document.body.innerText")
        self.browser.open(self.storm, scripts=False)
        self.browser.js("document.querySelectorAll('script').forEach(e => e.remove())")
        self.assertEqual(self.browser.js("document.body.innerText"), usual)
        self.assertEqual(self.browser.boxes("button"), [])
        self.assertEqual(self.browser.js("getComputedStyle(document.querySelector('.command pre')).userSelect"), "all")

    def test_what_a_screen_reader_hears(self):
        self.browser.open(self.storm)
        nodes = [node for node in self.browser.call("Accessibility.getFullAXTree")["nodes"] if not node.get("ignored")]

        def all_of(role):
            return [node for node in nodes if node.get("role", {}).get("value") == role]

        def name(node):
            return node.get("name", {}).get("value", "")
        self.assertTrue(name(all_of("heading")[0]).startswith("CRITICAL"))
        for role in ("heading", "region", "image", "button", "columnheader"):
            self.assertTrue(all_of(role), role)
            for node in all_of(role):
                self.assertTrue(name(node).strip(), role)
        for landmark in ("banner", "main", "contentinfo"):
            self.assertEqual(len(all_of(landmark)), 1)

    def test_on_paper_it_is_whole_and_short(self):
        self.browser.open(self.storm, media="print")
        self.assertFalse(self.browser.js("document.querySelector('.command button').checkVisibility()"))
        # What is folded away on the screen is unfolded on paper, save for the list of facts.
        self.assertTrue(self.browser.js("document.querySelector('#lives ~ details:not([open]) td').checkVisibility()"))
        pdf = base64.b64decode(self.browser.call("Page.printToPDF", preferCSSPageSize=True)["data"])
        self.assertTrue(pdf.startswith(b"%PDF"))
        sheets = len(re.findall(rb"/Type\s*/Page\b", pdf))
        self.assertGreaterEqual(sheets, 2)
        self.assertLessEqual(sheets, MOST_PAPER)


def starts():
    """Whether Chromium runs here at all: some containers forbid what it needs."""
    try:
        Browser().close()
        return True
    except (RuntimeError, OSError) as reason:
        print(f"skipped: {CHROMIUM} does not start: {reason}")
        return False


if __name__ == "__main__":
    if not CHROMIUM or not starts():
        sys.exit(77)
    unittest.main(argv=sys.argv[:1])
