# Ventanilla. `make` builds the program, `make help` lists the rest.
#
# One non-recursive file. Sources are found, not listed: a new file needs no edit here. Generated code goes to
# $(BUILD)/gen and is included as if it stood beside its source ("core/case/queries.h", "mod/portal/home.html.h").
# Each layer becomes an archive; a layer's unit tests link that archive and the lower ones only, so an upward
# call does not link.

BUILD   ?= build
VARIANT ?= debug
CC      ?= gcc
B       := $(BUILD)/$(VARIANT)
GEN     := $(BUILD)/gen
TOOLS   := $(BUILD)/tools

# `make V=1` shows the commands.
Q       := $(if $(V),,@)
quiet   := $(findstring s,$(filter-out -%,$(firstword $(MAKEFLAGS))))
say      = $(if $(V)$(quiet),,@printf '  %-7s %s\n' $(1) $(2))

LAYERS := base data web core mod
PKGS   := sqlite3 libmicrohttpd gnutls yaml-0.1 harfbuzz harfbuzz-subset libqrencode libssl libcrypto zlib \
          jansson libutf8proc libargon2 libcurl libpq libseccomp p11-kit-1 gmime-3.0

WARN   := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 -Wundef
CFLAGS_debug   := -Og -g
CFLAGS_release := -O2 -g
CFLAGS_asan    := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
CFLAGS_cover   := -O0 -g --coverage
CFLAGS_fuzz    := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
LDFLAGS_asan   := -fsanitize=address,undefined
LDFLAGS_cover  := --coverage
LDFLAGS_fuzz   := -fsanitize=address,undefined
WERROR ?=
PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS))
CPPFLAGS += -D_GNU_SOURCE -Isrc -I$(GEN) -I. $(patsubst -I%,-isystem %,$(PKG_CFLAGS))
CFLAGS   += -std=gnu17 -pthread -fno-strict-aliasing $(WARN) $(WERROR) $(CFLAGS_$(VARIANT)) -MMD -MP
LDFLAGS  += -pthread $(LDFLAGS_$(VARIANT))
LDLIBS   += $(shell pkg-config --libs $(PKGS)) -lcmark-gfm -lcmark-gfm-extensions -lm

# --- what there is --------------------------------------------------------------------------------------
find     = $(shell find $(1) -name '$(2)' 2>/dev/null | sort)
SRC      := $(filter-out %.html.c,$(call find,src,*.c))
UNIT     := $(call find,src,test_*.c)
FUZZ     := $(call find,src,fuzz_*.c) $(call find,tools,fuzz_*.c)
LIBSRC   := $(filter-out $(UNIT) $(FUZZ) src/app/%,$(SRC))
APPSRC   := $(filter-out $(UNIT) $(FUZZ),$(call find,src/app,*.c))
TOOLDIRS := $(patsubst tools/%/main.c,%,$(wildcard tools/*/main.c))
QUERIES  := $(call find,src,queries.sql)
MIGRATIONS := $(call find,src,*.sql)
TEMPLATES  := $(call find,src,*.html)
CATALOGUES := $(call find,src,*.po)
ASSETS     := $(call find,web,*)

GEN_SQL := $(QUERIES:src/%.sql=$(GEN)/%.c) $(GEN)/data/schema.c
GEN_TPL := $(TEMPLATES:src/%=$(GEN)/%.c)
GEN_PO  := $(GEN)/i18n/messages.c
GEN_EMB := $(GEN)/web/assets.c
STAMPS  := $(GEN)/.sql $(GEN)/.tpl $(GEN)/.po $(GEN)/.embed

obj      = $(patsubst src/%.c,$(B)/%.o,$(1))
objgen   = $(patsubst $(GEN)/%.c,$(B)/gen/%.o,$(1))
layersrc = $(filter src/$(1)/%,$(LIBSRC))
# A generated query file belongs to the layer its folder is in; messages, assets and schema belong to core.
layergen = $(filter $(GEN)/$(1)/%,$(filter-out $(GEN)/data/schema.c $(GEN_EMB),$(GEN_SQL) $(GEN_TPL))) \
           $(if $(filter core,$(1)),$(GEN_PO) $(GEN_EMB) $(GEN)/data/schema.c)
lib      = $(B)/lib$(1).a
# Libraries of a layer and all below it, in link order.
upto     = $(strip $(if $(filter base,$(1)),$(call lib,base),\
           $(if $(filter data,$(1)),$(foreach l,data base,$(call lib,$(l))),\
           $(if $(filter web,$(1)),$(foreach l,web data base,$(call lib,$(l))),\
           $(if $(filter core,$(1)),$(foreach l,core web data base,$(call lib,$(l))),\
           $(foreach l,mod core web data base,$(call lib,$(l))))))))

.PHONY: all
all: $(B)/ventanilla

# --- generators -----------------------------------------------------------------------------------------
TOOLBASE := $(patsubst src/%.c,$(TOOLS)/obj/%.o,$(filter-out src/base/testing.c,$(call layersrc,base)))
$(TOOLS)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) -std=gnu17 -pthread -O1 -g $(WARN) -MMD -MP -c $< -o $@
$(TOOLS)/obj/tools/%.o: tools/%.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) -std=gnu17 -pthread -O1 -g $(WARN) -MMD -MP -c $< -o $@
TOOLLIB := $(patsubst tools/%.c,$(TOOLS)/obj/tools/%.o,$(filter-out tools/lib/test_%.c,$(wildcard tools/lib/*.c)))
define tool_rule
$(TOOLS)/$(1): $(patsubst tools/%.c,$(TOOLS)/obj/tools/%.o,$(filter-out tools/$(1)/test_%.c tools/$(1)/fuzz_%.c,$(wildcard tools/$(1)/*.c))) $(TOOLLIB) $(TOOLBASE)
	$$(call say,LD,$$@)
	$(Q)$$(CC) -pthread $$^ -o $$@ $$(LDLIBS)
endef
$(foreach t,$(TOOLDIRS),$(eval $(call tool_rule,$(t))))

# Each generator reads everything of its kind at once and rewrites only what changed.
$(GEN)/.sql: $(MIGRATIONS) $(TOOLS)/sql2c
	@mkdir -p $(GEN)
	$(TOOLS)/sql2c --source src --out $(GEN) && touch $@
$(GEN)/.tpl: $(TEMPLATES) $(TOOLS)/tpl2c
	@mkdir -p $(GEN)
	$(TOOLS)/tpl2c --source src --out $(GEN) && touch $@
$(GEN)/.po: $(CATALOGUES) $(TOOLS)/po2c
	@mkdir -p $(GEN)
	$(TOOLS)/po2c --source src --out $(GEN) && touch $@
$(GEN)/.embed: $(ASSETS) $(TOOLS)/embed
	@mkdir -p $(GEN)
	$(TOOLS)/embed --source web --out $(GEN) && touch $@
# The headers too: an object must be looked at after its header was generated, not before.
$(GEN_SQL) $(GEN_SQL:.c=.h): $(GEN)/.sql ;
$(GEN_TPL) $(GEN_TPL:.c=.h): $(GEN)/.tpl ;
$(GEN_PO): $(GEN)/.po ;
$(GEN)/i18n/%.h: $(GEN)/.po ;
$(GEN_EMB) $(GEN_EMB:.c=.h): $(GEN)/.embed ;

# --- objects, archives, program -------------------------------------------------------------------------
# Flags are part of what an object depends on.
$(B)/.flags: FORCE
	@mkdir -p $(B)
	@echo '$(CC) $(CPPFLAGS) $(CFLAGS)' | cmp -s - $@ || echo '$(CC) $(CPPFLAGS) $(CFLAGS)' > $@
FORCE:
$(B)/base/%.o: src/base/%.c $(B)/.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@
$(B)/gen/%.o: $(GEN)/%.c $(B)/.flags | $(STAMPS)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@
$(B)/%.o: src/%.c $(B)/.flags | $(STAMPS)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@
$(B)/tools/%.o: tools/%.c $(B)/.flags
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c $< -o $@

define layer_rule
$(call lib,$(1)): $(call obj,$(call layersrc,$(1))) $(call objgen,$(call layergen,$(1)))
	@rm -f $$@
	$$(call say,AR,$$@)
	$(Q)ar rcs $$@ $$^
endef
$(foreach l,$(LAYERS),$(eval $(call layer_rule,$(l))))

$(B)/ventanilla: $(call obj,$(APPSRC)) $(call upto,mod)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $^ -o $@ $(LDLIBS)

# --- unit tests: one binary a layer, and one for the tools ------------------------------------------------
define test_rule
$(B)/test/$(1): $(call obj,$(filter src/$(1)/%,$(UNIT))) $(call upto,$(1))
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$(Q)$$(CC) $$(LDFLAGS) $$^ -o $$@ $$(LDLIBS)
.PHONY: check-$(1)
check-$(1): $(B)/test/$(1)
	$$<
endef
$(foreach l,$(LAYERS),$(eval $(call test_rule,$(l))))
TOOLTESTS := $(patsubst tools/%.c,$(B)/tools/%.o,$(filter-out %/main.c $(FUZZ),$(wildcard tools/*/*.c)))
$(B)/test/tools: $(TOOLTESTS) $(call upto,base)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $^ -o $@ $(LDLIBS)
.PHONY: check-tools
check-tools: $(B)/test/tools $(foreach t,$(TOOLDIRS),$(TOOLS)/$(t))
	$<

# The program's own tests: all of it but main(), with the real list of modules.
$(B)/test/app: $(call obj,$(filter src/app/%,$(UNIT)) $(filter-out src/app/main.c,$(APPSRC))) $(call upto,mod)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(LDFLAGS) $^ -o $@ $(LDLIBS)
.PHONY: check-app
check-app: $(B)/test/app
	$<

.PHONY: check
check: $(foreach l,$(LAYERS),check-$(l)) check-tools check-app ## unit tests

.PHONY: asan
asan: ## unit tests under AddressSanitizer and UBSan
	$(MAKE) VARIANT=asan check

# --- PostgreSQL: a cluster that is thrown away; the data layer's tests, and every query against its types -------
$(B)/test/check_queries: tests/pg/check_queries.c $(B)/gen/data/schema.o $(call upto,data)
	@mkdir -p $(@D)
	$(call say,LD,$@)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MF $@.d $(LDFLAGS) $(filter-out %.h,$^) -o $@ $(LDLIBS)
.PHONY: check-pg
check-pg: $(B)/test/data $(B)/test/core $(B)/test/check_queries ## the data layer and search on PostgreSQL, every query prepared there
	tests/pg/cluster run sh -c '$(B)/test/data && $(B)/test/core case_find_ && $(B)/test/check_queries $(GEN)'

# --- rules of the tree ------------------------------------------------------------------------------------
CSOURCES := $(call find,src,*.[ch]) $(call find,tools,*.[ch])
.PHONY: lint rules tidy format format-check
lint: rules format-check tidy ## rules of the tree, format, clang-tidy
rules: ## layers, sizes, clocks, banned functions and the like (script/lint), and that each rule bites
	script/lint
	tests/lint/run
# A file is looked at again when it or something it includes has changed.
TIDY := $(patsubst %.c,$(BUILD)/tidy/%.ok,$(filter %.c,$(CSOURCES)))
$(BUILD)/tidy/%.ok: %.c .clang-tidy | $(STAMPS)
	@mkdir -p $(@D)
	$(call say,TIDY,$<)
	$(Q)clang-tidy --quiet $< -- -std=gnu17 $(CPPFLAGS) 2>$@.log || { cat $@.log; exit 1; }
	$(Q)$(CC) $(CPPFLAGS) -std=gnu17 -MM -MP -MT $@ -MF $@.d $< && touch $@
tidy: $(TIDY) ## clang-tidy with .clang-tidy, the cognitive complexity of functions included
format: ## write every C file as .clang-format says
	clang-format -i $(CSOURCES)
format-check: ## say which ones differ from that
	clang-format --dry-run --Werror $(CSOURCES)

# --- fuzzing: every fuzz_*.c is a target, run T seconds over its seeds in tests/fuzz/ ------------------------
# A target links its layer (or its tool) built with coverage, and the fuzz_NAME_*.c that are parts of it; findings stay
# in $(B)/fuzz as crash-*.
fuzzparts = $(filter $(basename $(1))_%.c,$(FUZZ))
FUZZTARGETS := $(filter-out $(foreach f,$(FUZZ),$(call fuzzparts,$(f))),$(FUZZ))
fuzzname = $(patsubst fuzz_%,%,$(basename $(notdir $(1))))
fuzzlayer = $(word 2,$(subst /, ,$(1)))
define fuzz_rule
$(B)/fuzz/$(call fuzzname,$(1)): $(if $(filter src/%,$(1)),$(call obj,$(1) $(call fuzzparts,$(1))) $(call upto,$(call fuzzlayer,$(1))),\
		$(patsubst tools/%.c,$(B)/tools/%.o,$(1) $(filter-out %/main.c $(call find,tools,test_*.c) $(FUZZ),$(wildcard $(dir $(1))*.c) $(wildcard tools/lib/*.c))) $(call upto,base))
	@mkdir -p $$(@D)
	$$(call say,LD,$$@)
	$(Q)$$(CC) $$(LDFLAGS) -fsanitize=fuzzer $$^ -o $$@ $$(LDLIBS)
endef
ifeq ($(VARIANT),fuzz)
$(foreach f,$(FUZZTARGETS),$(eval $(call fuzz_rule,$(f))))
endif
.PHONY: fuzz fuzz-targets
fuzz-targets: $(foreach f,$(FUZZTARGETS),$(B)/fuzz/$(call fuzzname,$(f)))
fuzz: ## every fuzz target for T seconds (T=60)
	$(MAKE) VARIANT=fuzz CC=clang fuzz-targets
	tests/fuzz/run $(BUILD)/fuzz/fuzz $(or $(T),60)

# --- measuring: ratios against ceilings of the same run (docs/benchmarks.md); BENCH holds options of run.mjs ----
$(BUILD)/release/bench/raw: tests/bench/raw.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) -std=gnu17 -O2 $(WARN) $< -o $@ -lsqlite3
$(BUILD)/release/bench/slow_sync.so: tests/bench/slow_sync.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) -std=gnu17 -O2 -fPIC -shared $(WARN) $< -o $@
$(BUILD)/release/bench/hold: tests/bench/hold.c
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(CPPFLAGS) -std=gnu17 -O2 $(WARN) $< -o $@
BENCHTOOLS := $(BUILD)/release/bench/raw $(BUILD)/release/bench/slow_sync.so $(BUILD)/release/bench/hold
.PHONY: bench
bench: $(BENCHTOOLS) ## ratios against ceilings of the same run (docs/benchmarks.md): make bench BENCH="--only filing --runs 3"
	$(MAKE) VARIANT=release all
	VENTANILLA=$(BUILD)/release/ventanilla RAW=$(BUILD)/release/bench/raw SLOW_SYNC=$(BUILD)/release/bench/slow_sync.so \
		HOLD=$(BUILD)/release/bench/hold node tests/bench/run.mjs \
		--data $(BUILD)/bench $(BENCH)

# --- for whoever works on it ----------------------------------------------------------------------------------
.PHONY: run new-module cover
run: ## build, serve a demonstration, and again whenever a source changes
	script/run
new-module: ## a working module to begin with: make new-module NAME=yours
	script/new-module "$(NAME)"
cover: ## lines that unit tests, PostgreSQL and the HTTP suite reach; what nobody reaches must be known by name
	find $(BUILD) -name '*.gcda' -delete
	$(MAKE) VARIANT=cover all check check-pg
	VENTANILLA=$(BUILD)/cover/ventanilla node --test --test-concurrency=2 --test-reporter=./tests/lib/report.mjs tests/http/*.test.mjs
	gcovr --root . --filter src/ --exclude '.*/test_.*' --object-directory $(BUILD)/cover --sort-uncovered \
		--json $(BUILD)/cover/lines.json --txt $(BUILD)/cover/lines.txt
	cat $(BUILD)/cover/lines.txt
	node tests/cover/known.mjs $(BUILD)/cover/lines.json $(COVER)

.PHONY: help
help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | sort

.PHONY: clean
clean: ## forget everything built
	rm -rf $(BUILD)

-include $(call find,$(BUILD),*.d)
