# `make help` lists all targets.

.DEFAULT_GOAL := help
# The revision that `carrier --version` prints; empty without git.
revision := $(shell git describe --always --dirty --abbrev=12 --exclude='*' 2>/dev/null)
# Like the image: linking Swift's library statically makes the program faster.
release := CARRIER_REVISION=$(revision) swift build --configuration release --static-swift-stdlib -Xlinker --no-export-dynamic
console := Sources/Resources/console Tests/Console

.PHONY: help run test end-to-end faults fuzz bench scale pictures package lint format dependencies python

help: ## Show this list.
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14

# The password of a new inventory's supervisor. It is public: use it only for development.
run: export SUPERVISOR_PASSWORD ?= development-only
run: dependencies ## Build, and serve the demo inventory on http://127.0.0.1:8080.
	swift build --product carrier
	.build/debug/carrier serve --demo

test: dependencies ## Build and run all tests except the end-to-end ones; on PostgreSQL too, if it is installed.
	swift build --build-tests
	scripts/run-tests

end-to-end: python ## Test the built program from outside: API, console, commands.
	swift build --product carrier
	# Two processes, because the tests mostly wait.
	.build/end-to-end/bin/pytest --numprocesses 2 Tests/EndToEnd

# The release build, because the tests measure the cost of attacks.
# BEFORE=REVISION: tests of two versions run the program of that revision beside the current one.
faults: python ## Test attacks and failures, each with a time bound (20 minutes; FAULTS=short: 4).
	$(release) --product carrier
	$(if $(BEFORE),before=$$(scripts/build-revision $(BEFORE)) && export CARRIER_BEFORE=$$before &&) \
	    CARRIER=.build/release/carrier .build/end-to-end/bin/pytest Tests/Faults

fuzz: dependencies ## Feed nearly valid input to parsers and server, for SECONDS (120) each, under AddressSanitizer.
	swift build --sanitize=address --scratch-path .build-address --product fuzz
	.build-address/debug/fuzz --seconds $(or $(SECONDS),120) --seed $(or $(SEED),$(shell date +%s))
	scripts/with-postgres .build-address/debug/fuzz connection --seconds $(or $(SECONDS),120) --seed $(or $(SEED),$(shell date +%s))

python:
	scripts/install-dependencies --tests
	test -d .build/end-to-end || python3 -m venv .build/end-to-end
	.build/end-to-end/bin/pip install --quiet --disable-pip-version-check --requirement Tests/EndToEnd/requirements.txt

# docs/performance.md describes OPTIONS, such as OPTIONS="--only page,one --rounds 9".
bench: dependencies ## Compare the program with Go, nginx, FastAPI and AGAINST=REVISION (20 minutes).
	scripts/install-dependencies --bench
	test -d .build/benchmark || python3 -m venv .build/benchmark
	.build/benchmark/bin/pip install --quiet --disable-pip-version-check --requirement benchmark/requirements.txt
	$(release) --product carrier
	.build/benchmark/bin/python benchmark $(if $(AGAINST),--against $(AGAINST)) $(OPTIONS)

scale: dependencies ## Measure large inventories, and several servers on one PostgreSQL (30 minutes).
	scripts/install-dependencies --bench
	$(release) --product carrier
	python3 benchmark/scale.py $(OPTIONS)

pictures: python ## Take the README's pictures of the console again.
	.build/end-to-end/bin/pip install --quiet --disable-pip-version-check pillow==13.0.0
	swift build --product carrier
	.build/end-to-end/bin/python scripts/pictures

package: dependencies ## Build a Debian package for this release of Debian: docs/production.md.
	scripts/install-dependencies --package
	$(release) --product carrier
	deploy/package/build

lint: ## Check all sources: Swift, Python, JavaScript, shell, Dockerfiles. Test the console's pure functions.
	swift format lint --strict --recursive Package.swift Sources Tests
	test -d .build/lint || python3 -m venv .build/lint
	.build/lint/bin/pip install --quiet --disable-pip-version-check --requirement scripts/lint-requirements.txt
	.build/lint/bin/ruff check --quiet --no-cache Tests benchmark scripts/check-documents scripts/write-inventories scripts/write-postman
	scripts/check-documents
	.build/lint/bin/deno fmt --quiet --check $(console)
	.build/lint/bin/deno lint --quiet $(console)
	.build/lint/bin/deno check --quiet $(console)
	LC_ALL=en_US .build/lint/bin/deno test --quiet --no-check --cached-only --reporter dot Tests/Console
	# deno does not break texts and comments.
	! LC_ALL=C.UTF-8 git grep --line-number --extended-regexp '^.{121}' -- $(console)
	git grep --files-with-matches --extended-regexp '^#!.*sh$$' | \
	    xargs .build/lint/bin/shellcheck --severity=warning
	.build/lint/bin/hadolint Dockerfile deploy/images/database.Dockerfile deploy/images/test.Dockerfile

format: ## Format the sources.
	swift format --in-place --recursive Package.swift Sources Tests
	.build/lint/bin/deno fmt --quiet $(console)

dependencies:
	@scripts/install-dependencies
