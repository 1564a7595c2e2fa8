#!/usr/bin/env bash
# Runs the Go benchmarks of another commit and of the files that are here, taking
# turns so that both meet the same machine, and prints what benchstat makes of it.
# Usage: bench-compare.sh REF BENCHMARKS COUNT BENCHTIME BENCHSTAT...
set -euo pipefail
ref=$1 bench=$2 count=$3 benchtime=$4
shift 4
commit=$(git rev-parse --verify --quiet "$ref^{commit}") || { echo "no commit is called \"$ref\"" >&2; exit 2; }
here=$(git rev-parse --show-toplevel)
dir=$(mktemp -d)
trap 'git -C "$here" worktree remove --force "$dir/there" 2> /dev/null || true; rm -rf "$dir"' EXIT
git -C "$here" worktree add --quiet --detach "$dir/there" "$commit"

# Packages that only one of the two has, or without benchmarks in one, say nothing.
build() {
	cd "$1/$3"
	go test -c -o "$dir/$2.${3//\//-}" . > /dev/null 2>&1 || return 1
	[[ $("$dir/$2.${3//\//-}" -test.list "$bench") == *Benchmark* ]]
}
packages=()
for package in session session/internal/record internal/rawtl internal/control; do
	if (build "$dir/there" old "$package") && (build "$here" new "$package"); then
		packages+=("$package")
	else
		echo "no benchmarks to compare in $package" >&2
	fi
done

run() {
	cd "$1/$3"
	"$dir/$2.${3//\//-}" -test.run '^$' -test.bench "$bench" -test.benchmem -test.benchtime "$benchtime" >> "$dir/$2.txt"
}
for ((round = 0; round < count; round++)); do
	for package in "${packages[@]}"; do
		# Who comes second finds a warmer machine.
		if ((round % 2)); then
			(run "$here" new "$package") && (run "$dir/there" old "$package")
		else
			(run "$dir/there" old "$package") && (run "$here" new "$package")
		fi
	done
done
cd "$here"
"$@" "$ref=$dir/old.txt" "here=$dir/new.txt"
