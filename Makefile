# Most work needs two commands: `make serve` and `make test`. Values may hold spaces: make serve VOLUME="my books/volume.toml"

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help install serve test check format admin publish clean bench bench-import bench-editions bench-mutations bench-suspects \
	screenshots bench-html bench-lighthouse bench-glossary bench-stability bench-reading bench-letters \
	bench-sources bench-forms bench-collation bench-search bench-search-speed bench-hostile bench-faults \
	bench-exports bench-load bench-many bench-index bench-languages

# Recipes read these values from their environment, where spaces and quotation marks are safe.
export VOLUME WITNESSES PORT

STAMP := .venv/.installed

help: ## Show these lines
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-24s%s\n", $$1, $$2 }'

install: $(STAMP) ## Make .venv with the pinned dependencies; the other commands do this by themselves

# The stamp is written last, so that an interrupted installation is repeated.
$(STAMP): requirements.txt
	@set -e; python=; \
	for name in python3 python3.14 python3.13 python3.12 python3.11; do \
		if "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$name; break; fi; \
	done; \
	if [ -z "$$python" ]; then \
		echo "The archive needs Python 3.11 or later, and found $$(python3 --version 2>/dev/null || echo none)." >&2; exit 1; \
	fi; \
	if ! "$$python" -c 'import venv, ensurepip' 2>/dev/null; then \
		echo "$$python cannot make virtual environments: install its venv module (on Debian: apt install python3-venv)." >&2; exit 1; \
	fi; \
	echo "Installing what the archive needs into .venv (once, about a minute) ..."; \
	"$$python" -m venv --clear .venv; \
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.txt; \
	.venv/bin/python -m pip check --disable-pip-version-check >/dev/null || { .venv/bin/python -m pip check; exit 1; }; \
	cp requirements.txt $(STAMP)

serve: $(STAMP) ## Start everything and read in a browser; VOLUME=…/volume.toml WITNESSES=folder PORT=8000
	@set --; \
	if [ -n "$$VOLUME" ]; then set -- "$$@" --volume "$$VOLUME"; fi; \
	if [ -n "$$WITNESSES" ]; then set -- "$$@" --witnesses "$$WITNESSES"; fi; \
	if [ -n "$$PORT" ]; then set -- "$$@" --port "$$PORT"; fi; \
	exec .venv/bin/python -m bettelheim_site.serve "$$@"

test: $(STAMP) ## Run the tests on all cores; ARGS="-k notes -x" goes to pytest
	@exec .venv/bin/python -m pytest -n auto --dist worksteal $(ARGS)

check: $(STAMP) ## Format, lint, types, import contracts, templates, migrations, settings of a public server
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	ARCHIVE_LOCAL=1 .venv/bin/mypy
	.venv/bin/lint-imports
	find templates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +
	@# Without a server, Django warns that it cannot compare the migrations with a database.
	ARCHIVE_LOCAL=1 .venv/bin/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	DEBUG=0 ARCHIVE_LOCAL=0 BEHIND_PROXY=1 ALLOWED_HOSTS=archive.example DATABASE_URL=postgresql://archive@db.example/archive \
		SECRET_KEY="$$(.venv/bin/python -c 'import secrets; print(secrets.token_urlsafe(50))')" \
		.venv/bin/python manage.py check --deploy --fail-level WARNING

format: $(STAMP) ## Format code and templates
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .
	find templates -name '*.html' -exec .venv/bin/djade --target-version 5.2 {} +

admin: $(STAMP) ## Make an account for the admin
	@ARCHIVE_LOCAL=1 exec .venv/bin/python manage.py createsuperuser

bench: $(STAMP) ## Measure serving beside a bare WSGI callable, nginx, granian, kiwix-serve; ARGS="MANIFEST WITNESSES --volumes 200"
	@exec .venv/bin/python -m bench.serving $(ARGS)

bench-import: $(STAMP) ## Measure the importer: seconds and memory, at 1, 10 and 100 times the file
	@exec .venv/bin/python -m bench.import $(ARGS)

bench-editions: $(STAMP) ## Measure how many generated editions are read back whole
	@exec .venv/bin/python -m bench.editions $(ARGS)

bench-sources: $(STAMP) ## Print the sample and import what the common tools take out of the PDF; needs Chromium; ARGS="--style styled"
	@exec .venv/bin/python -m bench.sources $(ARGS)

bench-forms: $(STAMP) ## Count the versions of a short book, each with one change of form, that are read whole
	@exec .venv/bin/python -m bench.forms $(ARGS)

bench-collation: $(STAMP) ## Collate a text with damaged copies of itself: what is filled, emended, settled, and what wrongly; ARGS="--size"
	@exec .venv/bin/python -m bench.collation $(ARGS)

bench-stability: $(STAMP) ## Measure how far pages move when a note or short paragraph is deleted; ARGS="MANIFEST WITNESSES"
	@exec .venv/bin/python -m bench.stability $(ARGS)

bench-mutations: $(STAMP) ## Mutate a witness a thousand times: no failure, and every audit balances
	@exec .venv/bin/python -m bench.mutations $(ARGS)

bench-letters: $(STAMP) ## Measure how many letters that a font lost are restored, rightly and wrongly; ARGS="--letters NT --show"
	@exec .venv/bin/python -m bench.letters $(ARGS)

bench-suspects: $(STAMP) ## Measure the suspects against a proofreader's list and against planted faults
	@exec .venv/bin/python -m bench.suspects $(ARGS)

bench-glossary: $(STAMP) ## Measure how long finding terms takes: seconds for 35, 1,000 and 20,000 forms; ARGS=file; ARGS="--saving 600"
	@exec .venv/bin/python -m bench.glossary $(ARGS)

bench-index: $(STAMP) ## Measure how rightly works cited are read, on the sources sample and generated books; ARGS=folder of the real files
	@exec .venv/bin/python -m bench.index $(ARGS)

bench-languages: $(STAMP) ## Measure what each language of the interface costs when a text is published; ARGS="MANIFEST WITNESSES --pages 600"
	@exec .venv/bin/python -m bench.languages $(ARGS)

screenshots: $(STAMP) ## Take pictures of each kind of page, in var/screenshots; ARGS="FOLDER MANIFEST WITNESSES"
	@exec .venv/bin/python -m bench.screenshots $(ARGS)

bench-reading: $(STAMP) ## Measure the page on which a chapter is read through, in a browser; ARGS="MANIFEST WITNESSES"
	@exec .venv/bin/python -m bench.reading $(ARGS)

bench-search: $(STAMP) ## Ask for every word and figure of a volume, in the marks of text and phone; ARGS="--show MANIFEST WITNESSES"
	@exec .venv/bin/python -m bench.finding $(ARGS)

bench-exports: $(STAMP) ## Measure the size of each format and the seconds to make it; ARGS="--validate MANIFEST WITNESSES"
	@exec .venv/bin/python -m bench.exports $(ARGS)

bench-search-speed: $(STAMP) ## Measure search beside kiwix-serve: p50, p95, requests a second, processor time, in one volume and among 200; ARGS="MANIFEST WITNESSES"
	@exec .venv/bin/python -m bench.search $(ARGS)

bench-faults: $(STAMP) ## Measure what readers notice of faults: PostgreSQL stopped, killed, locked, processes and make serve killed, a full disk; ARGS="--seconds 4"
	@exec .venv/bin/python -m bench.faults $(ARGS)

bench-load: $(STAMP) ## Measure the server under load: four fifths of its most for two minutes, and pages while a hundred search; ARGS="--seconds 120"
	@exec .venv/bin/python -m bench.load $(ARGS)

bench-many: $(STAMP) ## Measure an archive of 200 volumes, and how soon a correction of 600 pages is seen; ARGS="--volumes 200 --pages 600"
	@exec .venv/bin/python -m bench.many $(ARGS)

bench-hostile: $(STAMP) ## Send ten thousand hostile requests to every address as each role: no fault, none slow; HOSTILE=10000
	@HOSTILE=$${HOSTILE:-10000} exec .venv/bin/python -m pytest -q -n 0 tests/bettelheim_site/test_hostile.py

bench-html: $(STAMP) ## Run the Nu checker on each kind of page; needs Java and npx
	@exec .venv/bin/python -m bench.validate $(ARGS)

bench-lighthouse: $(STAMP) ## Measure Lighthouse's scores of the pages that readers meet first; needs npx
	@exec .venv/bin/python -m bench.lighthouse $(ARGS)

publish: $(STAMP) ## Render every page again
	@ARCHIVE_LOCAL=1 exec .venv/bin/python manage.py publish_volumes

clean: ## Remove .venv and caches; var/, with the archive's data, stays
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
