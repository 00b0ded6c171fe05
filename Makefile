# Show Your Work: every command of the course-book. `make help` lists them.
SHELL := /bin/sh
VENV  ?= .venv
PY    := $(VENV)/bin/python
HTML  := _build/html
STAMP := $(HTML)/.complete

# Torch's threads spin while they wait, which on a busy machine costs far more than it saves.
export OMP_WAIT_POLICY ?= PASSIVE

# Parallel test workers: one per core, at most four (each holds a copy of torch).
JOBS  ?= $(shell $(PY) -c "import os; print(min(4, os.cpu_count() or 1))" 2>/dev/null || echo 2)

SOURCES := _config.yml _toc.yml CHANGELOG.md $(wildcard tools/*pyodide* tools/browser_python.py) $(shell find book notebooks helpers -type f \
             -not -path '*/.*' -not -path '*/__pycache__/*' 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help install doctor book test check trial lab run student bench mutants lint lock browser clean

help:  ## list the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 16

$(VENV)/.installed: requirements.lock requirements-torch.lock pyproject.toml tools/install.sh
	@sh tools/install.sh $(VENV)

install: $(VENV)/.installed  ## create .venv with the exact packages of the lock

doctor: install  ## check Python, disk, cores, GPU and data, and say what to do
	@$(PY) tools/doctor.py

$(STAMP): $(SOURCES) $(VENV)/.installed
	@$(PY) tools/doctor.py --for book
	@rm -rf $(HTML) _build/.doctrees _build/jupyter_execute
	@$(PY) tools/browser_python.py
	$(VENV)/bin/jupyter-book build . -n -W --keep-going
	@touch $(STAMP)

book: $(STAMP)  ## build the site into _build/html
	@echo "The book is ready: open $(CURDIR)/$(HTML)/index.html"

browser: install  ## find or fetch the Chromium that the site tests drive
	@$(PY) tools/browser.py

test: book browser  ## run everything: unit tests, every notebook, the site
	@$(PY) tools/doctor.py --for test
	$(PY) -m pytest -n $(JOBS) --dist loadscope --nbval tests notebooks

check: install  ## in a minute: lint, docstring examples, the tests nearest to what changed
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(PY) -m pytest -n $(JOBS) --dist loadscope $$($(PY) tools/nearest.py)

trial: install  ## the long suites: mutants of every derivation, every grader, random cases at length
	COURSE_TRIAL=1 $(PY) -m pytest -n $(JOBS) --dist loadscope tests/test_derivations*.py tests/test_mutants.py \
	  tests/test_proof_*.py tests/test_answers*.py tests/test_trystep.py
	mkdir -p _build
	PYTHONHASHSEED=0 $(PY) tests/mutation/run.py --write _build/mutation.json

lab: install  ## open the notebooks in JupyterLab
	@$(PY) tools/doctor.py --for lab
	$(VENV)/bin/jupyter lab notebooks

run: install  ## re-execute notebooks in place (NB=01, COURSE_PROFILE=full)
	@$(PY) tools/doctor.py --for run
	$(PY) tools/run_notebooks.py $(NB)

student: install  ## write the student edition, solutions removed, into student/
	$(PY) tools/student.py

# Threads wait here as PyTorch's users have it, for us and for what we are measured against.
bench: install  ## time sweeps and training against plain loops and other libraries (BENCH_FULL=1: nothing scaled)
	@$(VENV)/bin/uv pip install --quiet --python $(PY) --requirements pyproject.toml --extra bench
	env -u OMP_WAIT_POLICY $(PY) bench/run.py

mutants: install  ## falsify every derivation line by line and store the report, book/mutation.json
	PYTHONHASHSEED=0 $(PY) tests/mutation/run.py

lint: install  ## ruff's rules and formatter over the Python files
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .

lock: install  ## resolve pyproject.toml anew into the two lock files
	$(PY) tools/lock.py

clean:  ## remove what was built (not .venv, not data)
	rm -rf _build student
