#!/usr/bin/env python3
"""What the Debian package says of the project is what the project says of itself.

usage: debian.py VERSION
"""
import email.utils
import os
import pathlib
import re
import sys
import unittest

ROOT = pathlib.Path(os.environ["NGXDIAG_SOURCE_ROOT"])
VERSION = sys.argv[1]
# Compilers and what every Debian build has.
IMPLIED = {"g++", "ninja-build"}


def text(path):
    return (ROOT / path).read_text(encoding="utf-8")


class Debian(unittest.TestCase):
    def test_version_and_date(self):
        changelog = text("packaging/debian/changelog")
        self.assertEqual(re.match(r"ngxdiag \((.+?)\)", changelog).group(1), VERSION)
        date = email.utils.parsedate_to_datetime(re.search(r"^ -- .*>  (.*)$", changelog, re.M).group(1))
        self.assertEqual(date.strftime("%Y-%m-%d"), re.search(r"release_date = '(.*)'", text("meson.build")).group(1))

    def test_build_dependencies(self):
        control = text("packaging/debian/control").split("\nPackage:")[0].split("Build-Depends:")[1]
        needed = {re.split(r"[ :(]", part.strip())[0] for part in control.split(",")} - {"debhelper-compat"}
        listed = text("packaging/debian-packages.txt").split("[build]")[1].split("[")[0].split()
        self.assertEqual(needed, set(listed) - IMPLIED)

    def test_licence(self):
        words = [line.strip() for line in text("packaging/debian/copyright").splitlines()]
        for line in text("LICENSE").split("\n\n", 2)[2].splitlines():
            if line.strip():
                self.assertIn(line.strip(), words)

    def test_purging_names_what_the_service_writes(self):
        service = text("packaging/systemd/ngxdiag-report.service")
        purge = text("packaging/debian/ngxdiag.postrm")
        command = re.search(r"^ExecStart=(.*)$", service, re.M).group(1)
        for path in re.findall(r"/var/lib/[^ ]+", command):
            self.assertTrue(path in purge or "/var/lib/ngxdiag " in purge and path.startswith("/var/lib/ngxdiag/"), path)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
