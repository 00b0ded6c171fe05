# Show Your Work: every command of the course-book. `make help` lists them; tools/make.py defines them, for
# machines without make too. Variables (VENV, NB, JOBS, COURSE_…) reach it through the environment.
SHELL  := /bin/sh
PYTHON ?= python3
COMMANDS := help install doctor book pdf test check trial lab run verify-claims student assignment bench mutants attack lint lock browser clean

.DEFAULT_GOAL := help
.PHONY: $(COMMANDS)

$(COMMANDS):
	@$(PYTHON) tools/make.py $@
