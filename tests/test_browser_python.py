"""Oracle: CPython's own replies to the same lines; arithmetic by hand; a network in which nobody answers."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import browser_python
import npm
import pytest
import site_server
import try_site
from trystep import judge

from helpers.course import packed

ANSWERS = ("-(y - yhat)*x[j]", "(y - yhat)*x[j]", "(yhat - y)*x[j]^2", "__import__('os')", "2λ", "x[j")
SCRIPT = """
import json, shutil, sys
for part in ("library", "checker", "course"):
    shutil.unpack_archive(f"/folder/{part}.zip", "/course")
sys.path.insert(0, "/course")
import judge
answers = {text: json.loads(judge.answer("logistic.gradient", text)) for text in ANSWERS}
lines = ("(ŷ - y) x_j", "(y - ŷ) x_j")
steps = [json.loads(judge.step("logistic.gradient", "{}", "[]", line)) for line in lines]
try:
    raise ValueError("a line of the library")
except ValueError:
    import traceback
    trace = traceback.format_exc()
from sympy import sin
try:
    sin()
except TypeError:
    trace += traceback.format_exc()  # through code that was compiled without line numbers
found = {"python": sys.version, "library": sys.modules["sympy"].__file__, "answers": answers, "steps": steps,
         "trace": trace, "task": json.loads(judge.begin("logistic.gradient")),
         "modules": sorted(sys.modules)}
with open("/folder/found.json", "w") as file:
    json.dump(found, file)
"""


def contents(folder: Path, name: str) -> bytes:
    """What a page gets for the file `name`: read from the script that hands it over."""
    (script,) = [path for path in folder.glob("*.js") if f'sywTryFile("{name}"' in path.read_text()[:200]]
    return browser_python.handed_over(script)


@pytest.fixture(scope="module")
def parts(tmp_path_factory) -> Path:
    """The pages' Python: what `make book` has made already, brought up to date."""
    folder, checker = tmp_path_factory.mktemp("parts"), list(browser_python.checker_files())
    if browser_python.OUT.is_dir():
        shutil.copytree(browser_python.OUT, folder, dirs_exist_ok=True)
    with pytest.MonkeyPatch.context() as patch:  # a file that somebody edits meanwhile changes nothing here
        patch.setattr(browser_python, "checker_files", lambda: iter(checker))
        browser_python.assemble(folder)
        yield folder


# ---------------------------------------------------------------- the parts
def test_the_course_in_the_page_is_the_working_tree(parts):
    with zipfile.ZipFile(BytesIO(contents(parts, "course.zip"))) as course:
        assert course.namelist() == ["helpers/course/course.json"]
        assert course.read("helpers/course/course.json").decode() == packed()
    with zipfile.ZipFile(BytesIO(contents(parts, "checker.zip"))) as checker:
        names = {name.removesuffix("c"): checker.read(name) for name in checker.namelist()}
    for name, bytecode in names.items():
        path = try_site.ROOT / ("book/_ext/trystep/judge.py" if name == "judge.py" else name)
        assert bytecode[8:16] == hashlib.sha256(path.read_bytes()).digest()[:8], name
    wanted = {
        path.relative_to(try_site.ROOT).as_posix() for path in try_site.ROOT.glob("helpers/proof/**/*.py")
    }
    assert wanted | {"judge.py", "helpers/course/__init__.py", "helpers/notation.py"} <= set(names)
    assert not [name for name in names if name.startswith(("helpers/data", "helpers/training"))]


@pytest.mark.parametrize("name", browser_python.COMPILED)
def test_all_python_is_bytecode_already(parts, name):
    with zipfile.ZipFile(BytesIO(contents(parts, name))) as archive:
        kinds = {Path(entry).suffix for entry in archive.namelist()}
    assert ".pyc" in kinds
    assert ".py" not in kinds


def test_a_second_assembly_makes_nothing(parts, monkeypatch):
    monkeypatch.setattr(npm, "tool", lambda name: pytest.fail(f"{name} was called"))
    before = {path.name: path.stat().st_mtime_ns for path in parts.glob("*-*.js")}
    size = browser_python.assemble(parts)
    assert {path.name: path.stat().st_mtime_ns for path in parts.glob("*-*.js")} == before
    assert 8e6 < size < 16e6


def test_a_changed_course_replaces_only_its_own_part(parts, tmp_path, monkeypatch):
    copy = shutil.copytree(parts, tmp_path / "parts")
    before = {path.name for path in copy.iterdir()}
    changed = [("helpers/course/course.json", b"{}")]
    monkeypatch.setattr(browser_python, "course_files", lambda: iter(changed))
    monkeypatch.setattr(npm, "tool", lambda name: pytest.fail(f"{name} was called"))
    browser_python.assemble(copy)
    after = {path.name for path in copy.iterdir()}
    assert {name.split("-")[0] for name in before ^ after} == {"course"}
    assert len(after) == len(before)


def test_a_changed_checker_is_compiled_by_the_runtime_that_is_there(parts, tmp_path, monkeypatch):
    copy = shutil.copytree(parts, tmp_path / "parts")
    before = {path.name for path in copy.iterdir()}
    monkeypatch.setattr(browser_python, "checker_files", lambda: iter([("more.py", b"X = 1\n")]))
    monkeypatch.setattr(browser_python, "fetch_runtime", lambda folder: pytest.fail("it was fetched"))
    browser_python.assemble(copy)
    assert {name.split("-")[0] for name in before ^ {path.name for path in copy.iterdir()}} == {"checker"}
    with zipfile.ZipFile(BytesIO(contents(copy, "checker.zip"))) as checker:
        assert checker.namelist() == ["more.pyc"]


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("import sys; sys.exit('npm error no such host')", "stopped: npm error no such host"),
        ("open('pyodide-314.0.6.tgz', 'wb').write(b'x')", "is not the one this book was tested with"),
    ],
)
def test_what_cannot_be_had_is_said_and_leaves_nothing(tmp_path, monkeypatch, capsys, program, why):
    monkeypatch.setattr(npm, "tool", lambda name: [sys.executable, "-c", program])
    with pytest.raises(browser_python.Unavailable, match=why):
        browser_python.assemble(tmp_path / "parts")
    assert list((tmp_path / "parts").iterdir()) == []
    monkeypatch.setattr(browser_python, "assemble", lambda: browser_python.fetch_runtime(tmp_path))
    monkeypatch.setattr(sys, "argv", ["browser_python.py"])
    assert browser_python.main() == 0
    said = capsys.readouterr().out
    assert re.fullmatch(rf"The pages get no Python of their own: .*{why}.* build again\.\n", said)
    monkeypatch.setattr(sys, "argv", ["browser_python.py", "--require"])
    assert browser_python.main() == 1


@pytest.fixture(scope="module")
def found(parts, tmp_path_factory) -> dict:
    """What Python says in the runtime of the pages, run by node without a browser."""
    folder = tmp_path_factory.mktemp("node")
    for name in browser_python.part_names():
        (folder / name).write_bytes(contents(parts, name))
    (folder / "pyodide-lock.json").write_bytes((parts / "lock.json").read_bytes())
    (folder / "script.py").write_text(f"ANSWERS = {ANSWERS!r}\n{SCRIPT}")
    browser_python.in_pyodide(folder, folder, folder / "script.py")
    return json.loads((folder / "found.json").read_text())


def test_the_page_and_this_python_say_the_same(found):
    assert found["python"] != sys.version
    assert found["answers"] == {text: json.loads(judge.answer("logistic.gradient", text)) for text in ANSWERS}
    assert [reply["verdict"] for reply in found["steps"]] == ["proved", "refuted"]


def test_a_derivation_of_the_course_is_a_task_there(found):
    assert found["task"] == json.loads(judge.begin("logistic.gradient"))
    assert found["task"]["lines"] >= 3


def test_only_sympy_and_mpmath_are_needed(found):
    tops = {name.split(".")[0] for name in found["modules"]}
    assert {"sympy", "mpmath", "helpers"} <= tops
    assert not tops & {"torch", "numpy", "matplotlib", "scipy", "micropip"}
    ours = [name for name in found["modules"] if name.startswith("helpers.")]
    assert all(re.match(r"helpers\.(proof|notation|places|runtime|course|checking)\b", name) for name in ours)
    assert found["library"].endswith(".pyc")  # compiled already, which a page would spend seconds on


def test_code_without_line_numbers_still_fails_properly(found):
    assert "ValueError: a line of the library" in found["trace"]
    assert re.search(r"TypeError: sin takes exactly 1 argument", found["trace"])


# ---------------------------------------------------------------- in a browser
@pytest.fixture(scope="module")
def site(parts, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    done = try_site.build(folder, try_site.PAGES, python=parts)
    assert done.returncode == 0, done.stderr
    return folder / "out"


@pytest.fixture(scope="module")
def address(site):
    with site_server.serve(site) as address:
        yield address


@pytest.fixture(scope="module")
def visit(chromium, address):
    visit = try_site.Visit(chromium, f"{address}/all.html", seconds=120)  # the first start of Python
    yield visit
    visit.tab.close()


def test_nothing_is_loaded_before_a_field_comes_near(chromium, address):
    visit = try_site.Visit(chromium, f"{address}/far.html")
    visit.tab.wait_for_timeout(2500)
    assert [url for url in visit.requests if url.endswith("page.js")]
    assert not [url for url in visit.requests if "pyodide" in url or "library" in url]
    with visit.tab.expect_request(lambda request: "pyodide" in request.url):
        visit.tab.locator(".syw-try-fold > summary").scroll_into_view_if_needed()  # and nobody has typed yet
    assert not visit.tab.locator(".syw-try-area").is_visible()
    visit.tab.close()


def test_what_may_be_typed_is_shown_from_the_first_turn_to_a_field_on(chromium, address):
    visit = try_site.Visit(chromium, f"{address}/all.html")
    box = visit.box("answer")
    names = box.place.locator(".syw-try-name").first
    assert not names.is_visible()
    box.input.focus()
    assert names.is_visible()
    box.input.evaluate("input => input.blur()")
    assert names.is_visible()
    visit.tab.close()


def test_what_needs_no_python_is_said_without_it(chromium, address):
    visit = try_site.Visit(chromium, f"{address}/own.html")
    visit.tab.locator(".syw-try-area").fill(r"\frac{1{x} = x")
    assert "\\frac{1{x}" in visit.tab.locator(".syw-try-echo", has_text="frac").inner_text()
    visit.tab.get_by_role("button", name="Check every line").click()
    visit.tab.locator(".syw-try-reply", has_text="never closed").wait_for(timeout=2000)
    visit.tab.close()


def test_a_slip_in_one_line_is_said_without_python(chromium, address):
    visit = try_site.Visit(chromium, f"{address}/all.html")
    visit.tab.route("**/library*", lambda route: None)  # Python never comes
    box = visit.box("answer")
    for text, words in (("qq*x[j]", "“qq” is not a name"), ("(y - ŷ", "“(” is not closed")):
        box.input.fill(text)
        box.place.get_by_role("button", name="Check").click()
        box.place.locator(".syw-try-reply", has_text=words).wait_for(timeout=2000)
    # A button types an entry of this exercise, or leaves its place open.
    box.input.fill("")
    box.place.locator('.syw-try-name[data-insert="x[j]"]').click()
    box.place.locator('.syw-try-name[data-insert="sigma(…)"]').click()
    visit.tab.keyboard.type("z")
    assert box.input.input_value() == "x[j]sigma(z)"
    visit.tab.close()


def test_a_right_answer_is_called_proved(visit):
    box = visit.box("answer")
    assert box.ask("-(y - yhat)*x[j]") == "proved Right: proved equal to the derivative for every n."
    shown = box.place.locator(".syw-try-read math").first.get_attribute("alttext")
    assert r"- \left(y - \hat{y}\right) {x}_{j}" in shown


def test_a_known_mistake_is_named(visit):
    assert visit.box("answer").ask("(y - yhat)*x[j]").startswith("refuted Not yet: the sign is wrong.")


def test_another_mistake_gets_numbers(visit):
    box = visit.box("answer")
    assert box.ask("(yhat - y)*x[j]^2").startswith("refuted Not yet: this is not the derivative. It fails at")
    assert box.numbers()[-2] != box.numbers()[-1]
    assert visit.tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_hostile_text_runs_nothing(visit):
    box = visit.box("answer")
    assert box.ask("__import__('os')") == "not read Quotation marks have no place in a formula."
    assert box.ask("<img src=x onerror=alert(1)>").startswith("not read")
    assert box.place.locator("img").count() == 0


def test_a_name_is_typed_by_its_button_and_shown_while_typing(visit):
    box = visit.box("answer")
    box.input.fill("2 ")
    box.place.locator("button", has_text="x[j]").click()
    assert box.input.input_value() == "2 x[j]"
    shown = "document.querySelector('.syw-try-read math')"  # typeset, with its LaTeX as its name
    visit.tab.wait_for_function(f"{shown}?.getAttribute('alttext').includes('2 {{x}}_{{j}}')")
    assert visit.tab.evaluate(f"{shown}.querySelectorAll('msub').length") == 1


def test_a_derivation_is_judged_line_by_line(visit):
    box = visit.box("step")
    lines = box.place.locator(".syw-try-steps li")
    first = "-(y/yhat - (1 - y)/(1 - yhat))*yhat*(1 - yhat)*x[j]"
    assert box.ask(first) == "proved This step holds for every n."
    assert box.ask("(y - yhat)*x[j]").startswith("refuted This step is false. It fails at")
    assert lines.count() == 2
    assert box.ask("(yhat - y)*x[j]") == "That is the goal: derived in 2 steps, all proved."
    box.place.locator(".syw-try-undo").click()
    assert lines.count() == 2
    assert box.input.input_value() == "(yhat - y)*x[j]"


def test_a_goal_that_is_only_written_down_is_no_derivation(visit):
    place = visit.tab.locator(".syw-try", has=visit.tab.locator(".syw-try-fold"))
    place.locator(".syw-try-fold > summary").click()
    place.locator(".syw-try-area").fill(r"= \hat{y}_l (\delta_{lq} - \hat{y}_q)")
    place.get_by_role("button", name="Check every line").click()
    reply = place.locator(".syw-try-reply", has_text="the book takes 2 lines")
    assert "no derivation" in reply.inner_text()
    place.locator(".syw-try-area").fill("")
    assert (place.locator(".syw-try-rows li").count(), reply.count()) == (0, 0)


def test_nothing_was_asked_of_another_host(visit, address):
    assert visit.foreign(address) == []
    assert visit.complaints == []
    visit.tab.evaluate("fetch('http://nobody.invalid/').catch(() => 0)")  # such a request would be seen
    assert visit.foreign(address) == ["http://nobody.invalid/"]


# A checker that loads no SymPy: it is started twice here, and ended like ours.
ENDLESS = b"""
def read(*words):
    return '{}'

def answer(id, text):
    while text == 'y':
        pass
    return '{}'

def text(*words):
    return '{"where": [], "given": []}'

def relation(text, task, place):
    return '{"row": 1, "latex": "x", "verdict": "refuted"}' if place == "0" else '{"done": true}'

def mistake(*words):
    while True:
        pass
"""


@pytest.fixture(scope="module")
def endless(site, tmp_path_factory) -> Path:
    copy = shutil.copytree(site, tmp_path_factory.mktemp("endless") / "site")
    (script,) = (copy / "_static" / "trystep").glob("checker-*.js")
    browser_python.hand_over(script, "checker.zip", browser_python.zipped(iter([("judge.py", ENDLESS)])))
    return copy


def test_an_endless_look_up_takes_no_later_question_with_it(chromium, endless):
    visit = try_site.Visit(chromium, (endless / "brief.html").as_uri())
    rows = visit.tab.locator(".syw-try-rows li")
    for text in ("x = 1", "x = 2"):  # the second while the first one's mistake is still looked for
        visit.tab.locator(".syw-try-area").fill(text)
        rows.wait_for(state="detached")
        visit.tab.get_by_role("button", name="Check every line").click()
        rows.locator(".syw-refuted").wait_for()
    visit.tab.close()


def test_an_endless_check_is_ended_and_a_book_opened_from_its_folder_works(chromium, endless):
    visit = try_site.Visit(chromium, (endless / "hasty.html").as_uri())
    box = visit.box("answer")
    assert box.ask("y") == "undecided Not decided within 1 seconds. Try a simpler form or a smaller step."
    assert box.ask("x[j]") == "undefined undefined"  # an empty reply, from a worker started anew
    assert visit.foreign("file:") == []
    visit.tab.close()


def test_a_text_of_ones_own_is_judged_row_by_row(chromium, address):
    visit = try_site.Visit(chromium, f"{address}/own.html")
    rows = visit.tab.locator(".syw-try-rows li")
    visit.tab.get_by_role("button", name="A lost sign").click()
    rows.nth(2).wait_for()
    visit.tab.locator(".syw-try-check:not([disabled])").wait_for()
    assert rows.locator(".syw-verdict").all_inner_texts() == ["proved", "refuted", "proved"]
    assert "Row 3" in rows.nth(2).inner_text()
    assert "follows from row 1, so the slip of row 2 was mended" in rows.nth(2).inner_text()
    rows.nth(1).get_by_text("the sign is wrong").wait_for()
    assert rows.nth(1).locator("td").count() >= 3
    # The text is in the address, after #, which no browser sends: the same page opens with it again.
    again = chromium.new_page()
    again.goto(visit.tab.url)
    assert again.locator(".syw-try-area").input_value().startswith("Let $C = (y - w x)^2$.")
    again.close()
    with visit.tab.expect_download() as saved:
        visit.tab.get_by_role("button", name="Save as Markdown").click()
    assert "refuted" in Path(saved.value.path()).read_text(encoding="utf-8")
    with visit.tab.expect_download() as saved:
        visit.tab.get_by_role("button", name="Save as LaTeX").click()
    margins = Path(saved.value.path()).read_text(encoding="utf-8")
    assert margins.count(r"\marginpar") == 3
    assert "the sign is wrong" in margins
    visit.tab.get_by_label("as a task").select_option("softmax.jacobian")
    visit.tab.locator(".syw-try-goals:visible", has_text="The book takes 2 lines").wait_for()
    assert r"\frac{\partial}" in visit.tab.locator(".syw-try-area").input_value()
    assert visit.complaints == []
    assert visit.foreign(address) == []
    visit.tab.close()
