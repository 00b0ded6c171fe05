"""A wheel has no book beside it: it carries exercises and errata, and the derivations, as JSON made here."""

import sys
from pathlib import Path
from types import ModuleType

from setuptools import setup
from setuptools.command.build_py import build_py

COURSE = Path(__file__).parent / "helpers" / "course"


class WithContent(build_py):
    def run(self):
        super().run()
        if not self.editable_mode:
            package = ModuleType("course")  # helpers.course would import the checker, and SymPy with it
            package.__path__ = [str(COURSE)]
            sys.modules["course"] = package
            from course._sources import packed

            sys.path.insert(0, str(COURSE.parents[1]))
            from helpers.texts import pack

            for name, text in (("course/course.json", packed()), ("texts.json", pack())):
                Path(self.build_lib, "helpers", *name.split("/")).write_text(text, encoding="utf-8")


setup(cmdclass={"build_py": WithContent})
