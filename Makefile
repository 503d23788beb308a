# The commands of this repository; each is a script in scripts/ that can be read and run by itself.
SHELL := bash
DATA ?= ./data
DEMO_DATA ?= ./demo-data
LISTEN ?= 127.0.0.1:8080
SCALE ?= 1

.PHONY: help run demo test bench release audit fmt api screenshots prerequisites

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /\1\t/' | while IFS=$$'\t' read -r name text; do printf '  make %-14s %s\n' "$$name" "$$text"; done
	@printf '\nVariables: LISTEN=%s DATA=%s DEMO_DATA=%s SCALE=%s\n' '$(LISTEN)' '$(DATA)' '$(DEMO_DATA)' '$(SCALE)'

run: ## build and start Chengdan with your own data in ./data
	@scripts/serve "$(DATA)" "$(LISTEN)"

demo: ## build and start Chengdan with an invented company in ./demo-data
	@scripts/demo "$(DEMO_DATA)" "$(LISTEN)" "$(SCALE)"

test: ## everything that a change must pass, step by step
	@scripts/test

bench: ## the measured claims, each beside its floor
	@bench/run

release: ## the smallest and fastest binary, in target/dist (takes long)
	@scripts/build-web
	cargo build --locked --profile dist -p chengdan-server --bin chengdan
	@node scripts/licences.mjs notices >target/dist/THIRD-PARTY-NOTICES.txt
	@ls -l target/dist/chengdan target/dist/THIRD-PARTY-NOTICES.txt

audit: ## known security holes in dependencies (needs cargo-deny and the network)
	cargo deny check
	cd web && npm audit --omit=dev

fmt: ## format Rust and web sources
	cargo fmt --all
	@scripts/install-web
	cd web && npx --no-install biome check --write .

api: ## regenerate the web's types from the server's OpenAPI document
	@scripts/api-types write

screenshots: ## make the pictures in docs/images from the invented company
	@node scripts/screenshot.mjs

prerequisites: ## say what is missing on this machine; as root on Debian, install what the tests need
	@scripts/prerequisites
