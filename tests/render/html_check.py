#!/usr/bin/env python3
"""The HTML page as a browser and a screen reader take it: well-formed, self-contained, accessible.

usage: html_check.py NGXDIAG PRINT_REPORT SAMPLES
"""
import base64
import hashlib
import html.parser
import pathlib
import re
import subprocess
import sys
import unittest

NGXDIAG, PRINT_REPORT, SAMPLES = sys.argv[1:4]
VOID = {"meta", "br", "img", "link", "hr", "input", "wbr"}
MOST_BYTES = 300 * 1024
AA = 4.5  # WCAG 2.1, 1.4.3: contrast of text of usual size


class Page(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.problems = [], [], []
        self.feed(text)
        self.close()
        if self.open:
            self.problems.append(f"never closed: {self.open}")

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> at {self.getpos()} closes something else")

    def attributes(self, name):
        return [attributes[name] for _, attributes in self.tags if name in attributes]


def luminance(color):
    parts = [int(color[i:i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a, b):
    light, dark = sorted((luminance(a), luminance(b)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def rendered():
    yield "the tests' report", subprocess.run([PRINT_REPORT, "html"], check=True, capture_output=True).stdout
    for case in sorted(pathlib.Path(SAMPLES).glob("*/case.json")):
        evidence = case.parent / "evidence"
        run = subprocess.run([NGXDIAG, "scan", "--now", "2026-11-20T15:00:00Z", "--format", "html", "--exit-zero",
                              str(evidence)], check=True, capture_output=True)
        yield case.parent.name, run.stdout


PAGES = [(name, raw, Page(raw.decode("utf-8"))) for name, raw in rendered()]


class Html(unittest.TestCase):
    def each(self):
        """Text and elements of each page."""
        for _, raw, page in PAGES:
            yield raw.decode("utf-8"), page

    def test_elements_nest_and_ids_are_unique(self):
        for name, _, page in PAGES:
            self.assertEqual(page.problems, [], name)
            ids = page.attributes("id")
            self.assertEqual(len(ids), len(set(ids)))
            for names in page.attributes("aria-labelledby"):
                for name in names.split():
                    self.assertIn(name, ids)

    def test_nothing_is_loaded_and_nothing_else_runs(self):
        for text, page in self.each():
            self.assertFalse(page.attributes("src") + page.attributes("style"))
            self.assertFalse([name for _, a in page.tags for name in a if name.startswith("on")])
            self.assertNotIn("link", [tag for tag, _ in page.tags])
            self.assertNotRegex(text, r"@import|url\(")
            for href in page.attributes("href"):
                self.assertRegex(href, r"^https?://")

    def test_the_policy_names_the_style_and_the_script(self):
        for text, page in self.each():
            policy = next(a["content"] for _, a in page.tags if "http-equiv" in a)
            self.assertIn("default-src 'none'", policy)
            for tag in ("style", "script"):
                (content,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.S)
                digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
                self.assertIn(f"'sha256-{digest}'", policy, f"the hash of the {tag} is sha256-{digest}")

    def test_headings_go_down_one_level_at_a_time(self):
        for _, page in self.each():
            levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
            self.assertEqual(levels[0], 1)
            self.assertEqual(levels.count(1), 1)
            for above, below in zip(levels, levels[1:]):
                self.assertLessEqual(below, above + 1)

    def test_language_viewport_and_drawings_with_text(self):
        for text, page in self.each():
            self.assertIn(("html", {"lang": "en"}), page.tags)
            self.assertIn("viewport", page.attributes("name"))
            self.assertEqual(text.count("<svg "), text.count("<desc "))

    def test_contrast_of_every_colour_in_light_dark_and_print(self):
        themes = re.findall(r":root \{(.*?)\}", PAGES[0][1].decode(), re.S)
        self.assertEqual(len(themes), 3)
        for theme in themes:
            colors = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", theme))
            for name in ("text", "dim", "link", "critical", "warning", "ok", "unknown", "info"):
                for ground in ("page", "card"):
                    with self.subTest(name=name, ground=ground):
                        self.assertGreaterEqual(contrast(colors[name], colors[ground]), AA)
            self.assertGreaterEqual(contrast(colors["text"], colors["code"]), AA)
            self.assertGreaterEqual(contrast(colors["dim"], colors["code"]), AA)

    def test_size(self):
        for name, raw, _ in PAGES:
            self.assertLess(len(raw), MOST_BYTES, name)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
