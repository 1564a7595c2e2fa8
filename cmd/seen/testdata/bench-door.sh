#!/usr/bin/env bash
# Measures a whole "seen resolve @ann" through the daemon against the same command
# on the file, with hyperfine, beside a command that does nothing. The machine has
# to be quiet. Usage: bench-door.sh SEEN [RUNS]
set -euo pipefail
seen=$(realpath "$1") runs=${2:-300}
command -v hyperfine > /dev/null || { echo "this needs hyperfine" >&2; exit 2; }
dir=$(mktemp -d)
cd "$dir"
mkfifo steps
"$seen" testserver --write-key key.pem -o json < steps > told &
server=$!
exec 3> steps
trap 'kill $(jobs -p) 2> /dev/null || true; wait; rm -rf "$dir"' EXIT
until grep -q '"token"' told; do sleep 0.05; done
field() { head -n 1 told | sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }
export APP_ID=1 APP_HASH=0123456789abcdef0123456789abcdef SESSION_FILE=$dir/bot.session
SEEN_DC=$(field addr) SEEN_DC_KEY=$dir/key.pem BOT_TOKEN=$(field token)
export SEEN_DC SEEN_DC_KEY BOT_TOKEN
start() {
	"$seen" run > ready 2> log &
	daemon=$!
	until grep -q '^ready' ready; do sleep 0.05; done
}
start
echo '{"who":"ann","do":"start"}' >&3
until "$seen" peers | grep -q ' 1001 '; do sleep 0.05; done

measure() { hyperfine -N --warmup 20 --runs "$runs" --export-csv "$1.csv" "$2" > /dev/null 2>&1; }
measure daemon "$seen resolve @ann"
kill -INT "$daemon"
wait "$daemon"
measure file "$seen resolve @ann"
measure start "$seen version"
kill -INT "$server"

echo "seen resolve @ann, the whole process, $runs runs each, median in milliseconds:"
for what in daemon file start; do
	tail -n 1 "$what.csv" | awk -F, -v what="$what" '
		BEGIN { name["daemon"] = "through the daemon"; name["file"] = "on the file"; name["start"] = "seen version, which asks nobody" }
		{ printf "  %-32s %6.2f\n", name[what], $(NF-4) * 1000 }'
done
