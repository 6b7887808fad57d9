#!/usr/bin/env bash
# Tries deploy/ with a real engine (lab.sh): builds the images, starts the cluster with deploy/up, scales it to three
# workers, runs a sweep through the published port, lets a worker join from outside, and looks at what is exposed.
# Prints PASS or FAIL a check; ends with 0 when all passed. Takes everything down again, also when it is interrupted.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=$(dirname "$(dirname "$here")")
export LAB=${LAB:-$root/.lab}
lab=$here/lab.sh
try=$LAB/try # a copy of deploy/: a user's secrets in the checkout stay as they are
url=http://127.0.0.1:8080
failures=0

step() { printf '== %4ds %s\n' "$SECONDS" "$*"; }
check() { # DESCRIPTION COMMAND…
  local what=$1
  shift
  if "$@"; then echo "PASS  $what"; else
    echo "FAIL  $what"
    failures=$((failures + 1))
  fi
}
compose() { docker compose -f "$try/deploy/docker-compose.yml" "$@"; }
harness() { "$lab" net "$root/harness" "$@" --server "$url"; }
up() { "$lab" net "$try/deploy/up" --no-build "$@"; }

# shellcheck disable=SC2317,SC2329 # called by the trap
take_down() {
  status=$?
  trap - EXIT
  if [ "$status" != 0 ]; then
    compose ps -a || true
    compose logs --tail 40 || true
  fi >&2
  step "taking it down"
  docker compose -f "$try/deploy/worker.yml" down -t 5 >/dev/null 2>&1 || true
  compose down -v -t 5 >/dev/null 2>&1 || true
  "$lab" down || true
  rm -rf "$try"
  exit "$status"
}

[ "$(id -u)" = 0 ] || { echo "run.sh: an engine of its own needs root." >&2; exit 3; }
step "engine and base images"
"$lab" up
"$lab" images
eval "$("$lab" env)"
trap take_down EXIT
rm -rf "$try"
mkdir -p "$try"
cp -r "$root/deploy" "$try/"
rm -rf "$try/deploy/.env" "$try/deploy/secrets"

step "the command line"
"$root/harness" --version
step "images of the cluster"
HARNESS_BIND=127.0.0.1 HARNESS_PORT=8080 "$lab" build \
  compose -f "$root/deploy/docker-compose.yml" -f "$here/host-network.yml" build -q

step "deploy/up on an empty machine"
up | tee "$try/first"
HARNESS_TOKEN=$(cat "$try/deploy/secrets/token")
export HARNESS_TOKEN
step "deploy/up --scale worker=3"
up --scale worker=3 >"$try/second"

step "a sweep through the published port"
harness submit "$here/sweep.yml"
harness wait last --fail-on failed
step "what was measured"
harness export events --format jsonl --sweep last >"$try/events"
harness export attempts --format jsonl --sweep last >"$try/attempts"
harness export trials --format jsonl --sweep last >"$try/trials"
head -c 600 "$try/events"; grep -m1 succe "$try/events"; head -1 "$try/attempts"; head -1 "$try/trials"
echo
echo "$failures failed"
[ "$failures" = 0 ]
