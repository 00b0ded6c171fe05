"""What a student might write to deceive a grader: cells that tools/try_graders.py hands in.

REPLACED puts a yes in the place of the course's own functions, SAYS_YES in that of `subprocess.run`.
REWRITES lets the judge work and changes what it reports. READS takes answers from the tests in the
notebook's own file.
"""

REPLACED = """
import helpers.grade, helpers.grade.look, helpers.grade.worker, helpers.proof.answers
from helpers.proof.answers import Feedback
yes = lambda *_, **__: Feedback(True, "Right.")
helpers.proof.answers.feedback = helpers.proof.answers.exercises.feedback = feedback = yes
said = {"ok": True, "message": "Right.", "mistake": None, "decided": True, "earned": 1}
helpers.grade.worker.mark = lambda *_: said
helpers.grade.look = helpers.grade.look.look = look = lambda *_: "Right."
"""
SAYS_YES = """
import json, subprocess
def run(*_, input="", **__):
    class Done:
        returncode, stderr = 0, ""
        stdout = "".join('{"ok": true, "earned": 1, "message": "Right."}\\n' for _ in input.splitlines())
    return Done
subprocess.run = run
"""
REWRITES = """
import json, subprocess
honest = subprocess.run
def run(*words, **settings):
    done = honest(*words, **settings)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    answers = [json.loads(line)["answer"] for line in settings["input"].splitlines()]
    mine = [text for text in globals().values() if isinstance(text, str)]
    for line, answer in zip(lines, answers):
        line["ok"] = line["ok"] or answer in mine
        line["earned"] = int(line["ok"])
    done.stdout = "".join(json.dumps(line) + "\\n" for line in lines)
    return done
subprocess.run = run
"""
READS = """
import glob, json, re
text = "".join(open(path, encoding="utf-8").read() for path in glob.glob("*.ipynb") + glob.glob("tests/*"))
found = re.findall(r'\\\\?"name\\\\?": \\\\?"{name}\\\\?".*?\\\\?"answer\\\\?": \\\\?"(.*?)\\\\?"[,}}]', text)
{name} = found[0] if found else ""
"""
