# Versions are pinned by hand, in go.mod and here. Never `go get ...@latest` and
# never `-u`: the module proxy's list of gotd/td ends in 2024, so both silently
# turn v0.162.0 into v0.93.0. Tools are run by path and version, and are kept out
# of go.mod because their dependencies would become ours.
GOFUMPT  := go run mvdan.cc/gofumpt@v0.12.0
GOLANGCI := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
BENCHSTAT := go run golang.org/x/perf/cmd/benchstat@v0.0.0-20260908200009-22c9c6c9d4da

# One wrong import makes the linker keep all of gotd's generated methods, and the
# binary three times as large.
MAX_SIZE := 36000000
FUZZTIME := 5s
STARTS := 1000
SOAK := 60
PEERS := 10000000
USERS := 100000
USERS_SLOW := 10000
ROUNDS := 5
BENCH := .
COUNT := 6
BENCHTIME := 1s

.DEFAULT_GOAL := help
.PHONY: help build demo test race crash soak interop door bench-door bench-scale bench-compare bench-peers fuzz bench lint fmt check size clean

help: ## print this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

build: ## build the command into bin/seen
	go build -trimpath -o bin/seen ./cmd/seen

demo: ## tell a story of a bot and four people, without Telegram
	@go run ./cmd/seen demo

test: ## run all tests
	go test -timeout 30m ./...

race: ## run all tests with the race detector
	go test -race -timeout 60m ./...

crash: ## kill the daemon 50 times in a story of 20,000 people, with every mishap
	SEEN_CRASH=50 go test -count=1 -timeout 60m -v -run TestNothingIsLostHoweverOften ./cmd/seen

soak: ## let a bot be busy for $(SOAK) minutes, compressed, and show what it takes up
	SEEN_SOAK=$(SOAK) go test -count=1 -timeout 60m -v -run TestAnHourLeavesNothingBehind ./cmd/seen

interop: ## let gotd, gogram, mtcute, GramJS and Telethon be bots at the test server (needs Node and npm)
	internal/fakedc/interop/install
	go test -run 'TestGotdWorksOver|TestAClientWithTemporaryKeys' ./internal/fakedc
	SEEN_INTEROP=1 go test -count=1 -v -run 'IsABot$$|DecodesItsLayer$$' ./internal/fakedc

door: ## start and stop the daemon STARTS times under a stream of commands
	SEEN_DOOR_STARTS=$(STARTS) go test -count=1 -v -timeout 1h -run 'TestThirtyCommands|TestStartsAndStops' ./cmd/seen

bench-door: build ## measure seen resolve through the daemon and on the file (needs hyperfine)
	@cmd/seen/testdata/bench-door.sh bin/seen

bench-scale: build ## measure books of up to PEERS peers and write it into the README (half an hour, 3 GB)
	go run ./session/internal/scale -peers $(PEERS) -seen bin/seen -keep bin/scale.json \
		-drawing session/internal/scale/scale.svg -readme README.md

fuzz: ## run every fuzz test for $(FUZZTIME)
	@set -e; for pkg in $$(go list ./...); do \
		for name in $$(go test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
			echo "$$pkg $$name"; \
			go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) $$pkg; \
		done; \
	done

bench: ## run all benchmarks
	go test -run '^$$' -bench . -benchmem ./...
	cd internal/fakedc/bench && go test -run '^$$' -bench . -benchtime 20000x

bench-compare: ## run the benchmarks BENCH of the commit REF and of what is here in turn, COUNT times, and compare
	@[ -n "$(REF)" ] || { echo "make bench-compare REF=main" >&2; exit 2; }
	@cmd/seen/testdata/bench-compare.sh '$(REF)' '$(BENCH)' $(COUNT) $(BENCHTIME) $(BENCHSTAT)

bench-peers: ## let other clients remember USERS people, the slow ones USERS_SLOW, in ROUNDS rounds (CLIENTS=bare,ours)
	@internal/fakedc/interop/install --stores
	@cd internal/fakedc/bench/peers && go run . -users $(USERS) -users-slow $(USERS_SLOW) -rounds $(ROUNDS) \
		$(if $(CLIENTS),-clients $(CLIENTS)) $(if $(SLOW),-slow $(SLOW)) $(if $(JSON),-json $(abspath $(JSON))) \
		$(if $(PROFILE),-profile $(abspath $(PROFILE))) $(if $(README),-readme $(CURDIR)/README.md)

lint: ## run go vet and the linters
	go vet ./...
	$(GOLANGCI) run

fmt: ## format all code
	$(GOFUMPT) -w .

check: ## run everything that must hold before a change goes in
	@unformatted="$$($(GOFUMPT) -l .)"; \
		if [ -n "$$unformatted" ]; then echo "not formatted, run make fmt:"; echo "$$unformatted"; exit 1; fi
	$(MAKE) lint
	$(MAKE) test
	cd internal/fakedc/bench && go vet ./... && go test ./...
	$(MAKE) size

size: ## check the size of the binary, and that it looks up no methods by reflection
	@mkdir -p bin
	go build -trimpath -ldflags='-s -w' -o bin/seen.stripped ./cmd/seen
	@size=$$(wc -c < bin/seen.stripped); echo "$$size bytes, at most $(MAX_SIZE)"; [ "$$size" -lt $(MAX_SIZE) ]
	@found=$$(go build -ldflags=-dumpdep -o /dev/null ./cmd/seen 2>&1 | grep '<ReflectMethod>' || true); \
		if [ -n "$$found" ]; then echo "methods are looked up by reflection:"; echo "$$found"; exit 1; fi

clean: ## remove what was built
	rm -rf bin
