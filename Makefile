# What there is to type; `make help` lists it.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := build
MAKEFLAGS += --no-builtin-rules --no-print-directory

PREFIX ?= /usr/local
DESTDIR ?=

release := .build/release
program := $(release)/rtshield
hook := $(release)/rtshield-hook
plain := $(program) $(release)/rtshield-runtime
programs := $(plain) $(hook)
bench_programs := $(addprefix .build/bench/,empty read pair spawn create-floor)

swift_build := swift build -c release -Xswiftc -static-executable
# Without this option each generic type is made from its name when it is first used, and each of its requirements by a search of all
# conformances of the program: half of all instructions of a hook. With it the compiler names the conformances.
swift_build += -Xswiftc -Xfrontend -Xswiftc -disable-concrete-type-metadata-mangled-name-accessors
# Small code is touched in fewer pages: a hook has half a MiB less, and starts no later.
swift_build += -Xswiftc -Osize
# The filter (Sources/HookFilterProgram) is Embedded Swift, linked statically by Package.swift; nobody else's objects fit to its own.
embedded := .build/embedded
embedded_build := RTSHIELD_EMBEDDED=1 swift build -c release --scratch-path $(embedded)
# What glibc says of every static program that could look up users or load libraries; rtshield does neither.
# And what clang says of the `-pie` of SwiftPM.
linker_noise := in statically linked applications requires at runtime|the use of .mktemp. is dangerous
linker_noise := $(linker_noise)|argument unused during compilation: '-pie'

sbin := $(DESTDIR)$(PREFIX)/sbin
share := $(DESTDIR)$(PREFIX)/share
page := $(share)/man/man1/rtshield.1
bash_completion := $(share)/bash-completion/completions/rtshield
zsh_completion := $(share)/zsh/site-functions/_rtshield
fish_completion := $(share)/fish/vendor_completions.d/rtshield.fish
unit := $(DESTDIR)$(PREFIX)/lib/systemd/system/rtshield.service
example := $(if $(wildcard packaging/config.yaml),$(share)/doc/rtshield/config.yaml)

.PHONY: build test units lint demo bench install uninstall clean help

build: ## Build the static release programs into .build/release
	@packaging/need swift /usr/include/sys/capability.h:libcap-dev /usr/include/seccomp.h:libseccomp-dev \
	    /usr/include/yaml.h:libyaml-dev /usr/include/yajl/yajl_parse.h:libyajl-dev
	@for product in $(notdir $(plain)); do \
	    $(swift_build) --product $$product 2>&1 | { grep --line-buffered -vE "$(linker_noise)" || true; }; done
	@$(embedded_build) --product rtshield-hook 2>&1 | { grep --line-buffered -vE "$(linker_noise)" || true; }
	@install -m 755 $(embedded)/release/rtshield-hook $(hook)

test: ## Run all tests: units and recorded machines here, scenarios on real kernels in guests; MACHINES='v2-*' for some
	@MACHINES='$(MACHINES)' Tests/all units guests

units: ## Run only the tests that need no guest
	@Tests/all units

lint: ## Check format, habits and shell scripts
	@packaging/need swift shellcheck:shellcheck
	@.ci/lint

demo: build ## Boot a guest with Docker, and watch a shield being made and removed
	@bench/demo

bench: build $(bench_programs) ## Measure against C floors, cset and an empty program, as ratios
	@$(swift_build) --product PlanningBench 2>&1 | { grep --line-buffered -vE "$(linker_noise)" || true; }
	@bench/all

.build/bench/%: bench/%.c
	@packaging/need cc:gcc /usr/include/stdio.h:libc6-dev
	@mkdir -p $(@D)
	@cc -std=c11 -O2 -Wall -Wextra -Werror -static -o $@ $<

# Installs what is built, so that `sudo make install` needs no Swift.
install: $(programs) ## Install below PREFIX (/usr/local); DESTDIR stands before it for packagers
	@install -D -m 755 --strip -t $(sbin) $(programs)
	@install -d $(dir $(page) $(bash_completion) $(zsh_completion) $(fish_completion) $(unit))
	@$(program) manual >$(page)
	@$(program) completion bash >$(bash_completion)
	@$(program) completion zsh >$(zsh_completion)
	@$(program) completion fish >$(fish_completion)
	@sed 's|/usr/local/sbin/|$(PREFIX)/sbin/|' packaging/systemd/rtshield.service >$(unit)
	@chmod 644 $(page) $(bash_completion) $(zsh_completion) $(fish_completion) $(unit)
	@$(if $(example),install -D -m 644 packaging/config.yaml $(example))
	@echo "installed $(addprefix $(sbin)/,$(notdir $(programs))), its manual page, its completions and its systemd service"

$(programs) &:
	@$(MAKE) build

uninstall: ## Remove what install put there
	@rm -f $(addprefix $(sbin)/,$(notdir $(programs))) $(page) $(bash_completion) $(zsh_completion) $(fish_completion) $(unit)
	@rm -f $(share)/doc/rtshield/config.yaml
	@rmdir $(share)/doc/rtshield 2>/dev/null || true

clean: ## Remove everything that was built; the images of the guests stay
	@rm -rf .build

help: ## List this
	@sed -nE 's/^([a-z]+):[^#]*## (.*)/\1|\2/p' Makefile | while IFS='|' read -r target text; do \
	    printf '  make %-10s %s\n' "$$target" "$$text"; done
