#!/usr/bin/env bash
# Tries deploy/ with a real engine (lab.sh): builds the images, starts the cluster with deploy/up, scales it to three
# workers, runs a sweep through the published port, looks at what is exposed, lets a worker join from outside.
# Prints PASS or FAIL a check; ends with 0 when all passed. Takes everything down again, also when it is interrupted.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
root=$(dirname "$(dirname "$here")")
export LAB=${LAB:-$root/.lab}
lab=$here/lab.sh
try=$LAB/try # a copy of deploy/: a user's settings and secrets in the checkout stay as they are
join=10.213.0.1 # an address in the lab's network that belongs to none of the cluster's networks
passed=0 failed=0

step() { printf '== %ds %s\n' "$SECONDS" "$*"; }
check() { # DESCRIPTION COMMAND…
  local what=$1
  shift
  if "$@"; then
    echo "PASS  $what"
    passed=$((passed + 1))
  else
    echo "FAIL  $what"
    failed=$((failed + 1))
  fi
}
not() { ! "$@"; }
compose() { docker compose --progress quiet -f "$try/deploy/docker-compose.yml" "$@"; }
up() { "$lab" net "$try/deploy/up" --no-build "$@" 2>>"$try/compose.log"; }
harness() { "$lab" net dotnet "$root/artifacts/bin/Cli/release/Harness.Cli.dll" "$@" --server http://127.0.0.1:8080; }
in_worker() { compose exec -T worker "$@"; }
reaches() { in_worker timeout 3 bash -c "</dev/tcp/$1/$2" 2>/dev/null; } # HOST PORT: from a worker
address() { docker inspect -f "{{(index .NetworkSettings.Networks \"harness_$2\").IPAddress}}" "harness-$1-1"; }
listening() { "$lab" net ss -Hltn | awk '{print $4}' | sort | xargs; }

# shellcheck disable=SC2317,SC2329 # called by the trap
take_down() {
  status=$?
  trap - EXIT
  step "taking everything down"
  if [ "$status" != 0 ]; then
    tail -20 "$try/compose.log" || true
    compose ps -a || true
    compose logs --tail 30 || true
  fi >&2
  docker compose -f "$try/deploy/worker.yml" down -t 5 >/dev/null 2>&1 || true
  compose down -v -t 5 >/dev/null 2>&1 || true
  "$lab" down || true
  rm -rf "$try"
  step "$passed passed, $failed failed"
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

step "command line"
dotnet build "$root/src/Cli" -c Release -v q -nologo -clp:NoSummary
step "images of the cluster"
HARNESS_BIND=127.0.0.1 HARNESS_PORT=8080 "$lab" build \
  compose -f "$root/deploy/docker-compose.yml" -f "$here/host-network.yml" build -q

step "deploy/up without an engine, and without docker"
mkdir "$try/bin" "$try/old"
ln -s "$(command -v bash)" "$(command -v readlink)" "$(command -v dirname)" "$try/bin/"
# shellcheck disable=SC2016 # the program's own
printf '%s\n' '#!/bin/bash' '[ "$1" != compose ]' >"$try/old/docker" # an old one, without the plugin
chmod +x "$try/old/docker"
says() { # TEXT COMMAND…: the command fails with one line that holds the text
  local text=$1 said
  shift
  if said=$("$@" 2>&1); then return 1; fi
  [[ $said == *"$text"* && $said != *$'\n'* ]]
}
check "docker is missing: one sentence" says "Docker is not installed" env "PATH=$try/bin" "$try/deploy/up"
check "compose is missing: one sentence" says "no compose plugin" env "PATH=$try/old:$PATH" "$try/deploy/up"
check "no engine: one sentence" says "No Docker engine" env "DOCKER_HOST=unix://$try/none" "$try/deploy/up"

step "deploy/up on an empty machine"
up >"$try/first"
step "deploy/up --scale worker=3"
before=$(cat "$try"/deploy/secrets/*)
up --scale worker=3 >"$try/second"
check "the secrets of the first start stay" [ "$before" = "$(cat "$try"/deploy/secrets/*)" ]
check "the same address and token are printed" cmp "$try/first" "$try/second"
HARNESS_TOKEN=$(sed -n 's/^command line .*HARNESS_TOKEN=\([0-9a-f]*\) .*/\1/p' "$try/second")
export HARNESS_TOKEN

step "a sweep through the published port"
harness submit "$here/sweep.yml"
harness wait last
harness export events --format jsonl --sweep last >"$try/events"
harness export trials --format jsonl --sweep last >"$try/trials"
harness ls workers >"$try/workers"
step "what it left"
check "all 18 trials succeeded" [ "$(grep -c '"state":"succeeded"' "$try/trials")" = 18 ]
check "those with the corpus too" grep -q '"task":"char-lm".*"state":"succeeded"' "$try/trials"
containers=$(docker ps -q --filter label=com.docker.compose.project=harness --filter label=com.docker.compose.service=worker)
check "three workers run" [ "$(wc -w <<<"$containers")" = 3 ]
for container in $containers; do
  worker=$(awk -F'\t' -v name="$container" '$2 == name { print $1 }' "$try/workers")
  count=$(grep '"to_state":"succeeded"' "$try/events" | grep -c "\"worker\":\"${worker:-none}\"" || true)
  check "worker $container completed trials: $count" [ "$count" -gt 0 ]
done

step "what is exposed"
check "the dashboard's port on loopback and no other is published" [ "$(listening)" = 127.0.0.1:8080 ]
check "another token is refused" not env HARNESS_TOKEN="${HARNESS_TOKEN//[0-9]/0}" "$lab" net \
  dotnet "$root/artifacts/bin/Cli/release/Harness.Cli.dll" ls sweeps --server http://127.0.0.1:8080 2>/dev/null
check "a worker has no word of a database in its environment" not grep -qiE 'password|database|postgres' <(in_worker env)
check "a worker has the join token and no other secret" [ "$(in_worker ls /run/secrets)" = join ]
check "a worker reaches the workers' endpoint" reaches silo 8081
for target in "$(address postgres cluster) 5432" "$(address silo cluster) 11111" "$(address silo workers) 11111" "$(address silo workers) 30000"; do
  # shellcheck disable=SC2086 # two words
  check "a worker does not reach $target" not reaches $target
done
for service in silo dashboard worker; do
  check "$service does not run as root" [ "$(compose exec -T "$service" id -u)" = 1654 ]
  check "$service has a read-only file system" grep -q "Read-only" <(compose exec -T "$service" touch /home/app/x 2>&1)
done
check "secrets are for their owner alone" [ "$(stat -c %a "$try"/deploy/secrets "$try"/deploy/secrets/* | sort | uniq -c | xargs)" = "6 600 1 700" ]
# shellcheck disable=SC2046 # one container a word
docker inspect $(docker ps -aq) >"$try/inspect"
for secret in owner silo read cluster join token; do
  check "the engine does not show the secret '$secret'" not grep -qF "$(cat "$try/deploy/secrets/$secret")" "$try/inspect"
done

step "a worker from outside"
up --scale worker=3 --join "$join" >"$try/third"
check "--join opens the workers' port on that address and no other" [ "$(listening)" = "$join:8081 127.0.0.1:8080" ]
line=$(grep -oE 'HARNESS_SILO_URL=.*' "$try/third")
cd "$try"
check "a worker with another join token does not become healthy" not bash -c "${line/JOIN_TOKEN=/JOIN_TOKEN=x} 2>>compose.log"
check "the printed line starts a worker" bash -c "$line 2>>compose.log"
name=$(docker ps -q --filter label=com.docker.compose.project=harness-worker)
check "it has joined" grep -q "$name.*ready" <(harness ls workers)

step "$passed passed, $failed failed"
[ "$failed" = 0 ]
