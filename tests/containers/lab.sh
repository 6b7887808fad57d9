#!/usr/bin/env bash
# A private Docker engine with compose, for a machine that has neither an engine nor an image registry. For trying
# deploy/ and for CI; never a user's way.
#   lab.sh up               install what is missing, start dockerd in a network namespace of its own
#   lab.sh images           make stand-ins of the base images that deploy/ names; skipped when present
#   lab.sh build ARGS       docker ARGS with the package registries reachable (ARGS: buildx build …, compose … build).
#                           The engine moves to the host's network meanwhile, so running containers stop: build before up
#   lab.sh docker ARGS      docker ARGS against the lab's engine
#   lab.sh net COMMAND      runs COMMAND inside the lab's network, where published ports are
#   lab.sh env              prints what points a shell's docker at the lab, for eval
#   lab.sh status|down|purge
# All of it lives under $LAB (default: .lab in the checkout). Each command may be repeated; it ends only what it started.
# Needs root, Debian 12 and its mirror. Nothing is pulled from an image registry.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
LAB=${LAB:-$(dirname "$(dirname "$here")")/.lab}
NS=${LAB_NS:-hlab}
SUITE=trixie
KEY=/usr/share/keyrings/debian-archive-keyring.gpg
T=$LAB/tools/usr
export DOCKER_HOST=unix://$LAB/run/docker.sock DOCKER_CONFIG=$LAB/cfg DOCKER_BUILDKIT=1

say() { printf 'lab: %s\n' "$*" >&2; }
docker() { "$T/bin/docker" "$@"; }
alive() { [ -s "$LAB/run/dockerd.pid" ] && kill -0 "$(cat "$LAB/run/dockerd.pid")" 2>/dev/null; }
have() { docker image inspect "$1" >/dev/null 2>&1; }

mirror() { # the Debian mirror that this machine already uses
  grep -rhoE '^(deb |URIs: *)[^#]*https?://[^ ]*debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null |
    grep -oE 'https?://[^ ]+' | grep -v security | head -1 | sed 's:/*$::' || true
}

install_programs() {
  local need=() command
  for command in iptables runc mmdebstrap; do command -v "$command" >/dev/null || need+=("$command"); done
  if [ ${#need[@]} -gt 0 ]; then
    apt-get -o DPkg::Lock::Timeout=600 update -qq || true
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=600 install -y -qq --no-install-recommends "${need[@]}" >/dev/null
  fi
  if [ ! -x "$T/sbin/dockerd" ]; then unpack_engine; fi
  mkdir -p "$LAB"/{root,exec,run,cfg}
  printf '{"cliPluginsExtraDirs":["%s"]}\n' "$T/libexec/docker/cli-plugins" >"$LAB/cfg/config.json"
}

unpack_engine() { # Debian 13's engine and compose need only glibc 2.34: unpacked, not installed
  local deb
  mkdir -p "$LAB"/apt/{lists/partial,cache/archives/partial} "$LAB/debs"
  : >"$LAB/apt/status"
  echo "deb [signed-by=$KEY] $(mirror) $SUITE main" >"$LAB/apt/sources.list"
  local apt=(apt-get -o Dir::State::lists="$LAB/apt/lists" -o Dir::Cache="$LAB/apt/cache"
    -o Dir::Etc::sourcelist="$LAB/apt/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::State::status="$LAB/apt/status" -o APT::Sandbox::User=root)
  "${apt[@]}" update -qq
  (cd "$LAB/debs" && "${apt[@]}" download -qq docker.io docker-cli docker-compose docker-buildx containerd tini)
  for deb in "$LAB"/debs/*.deb; do dpkg-deb -x "$deb" "$LAB/tools"; done
  rm -rf "$LAB/apt" "$LAB/debs"
}

start() { # lab|host: the network namespace that the engine lives in
  if alive; then return; fi
  local enter=() net=()
  if [ "$1" = lab ]; then
    if [ ! -e "/run/netns/$NS" ]; then
      ip netns add "$NS"
      ip netns exec "$NS" ip link set lo up
    fi
    enter=(nsenter "--net=/run/netns/$NS" --)
    net=(--ip-masq=false --bip=10.213.0.1/24 --default-address-pool "base=10.214.0.0/16,size=24")
  else
    net=(--bridge=none --iptables=false --ip6tables=false --ip-forward=false)
  fi
  PATH="$T/bin:$T/sbin:$PATH" setsid "${enter[@]}" "$T/sbin/dockerd" --data-root "$LAB/root" --exec-root "$LAB/exec" \
    --pidfile "$LAB/run/dockerd.pid" -H "$DOCKER_HOST" --storage-driver overlay2 --log-level warn \
    --userland-proxy-path "$T/sbin/docker-proxy" --init-path "$T/bin/docker-init" "${net[@]}" \
    >>"$LAB/dockerd.log" 2>&1 </dev/null &
  for _ in $(seq 100); do
    if docker version >/dev/null 2>&1; then
      echo "$1" >"$LAB/run/where"
      return
    fi
    sleep .2
  done
  tail -20 "$LAB/dockerd.log" >&2
  say "dockerd did not come up"
  return 1
}

stop() {
  alive || return 0
  local pid
  pid=$(cat "$LAB/run/dockerd.pid")
  kill "$pid"
  for _ in $(seq 300); do
    kill -0 "$pid" 2>/dev/null || return 0
    sleep .2
  done
  say "dockerd ($pid) does not end"
  return 1
}

is_at() { alive && [ "$(cat "$LAB/run/where" 2>/dev/null)" = "$1" ]; }
to_lab() { is_at lab || { stop && start lab; }; }
to_host() { # an engine re-creates its networks' bridges wherever it starts: never on the host
  if is_at host; then return; fi
  start lab
  if [ -n "$(docker network ls -q --filter type=custom)" ]; then
    say "a build moves the engine, and networks exist: 'compose down' first"
    exit 3
  fi
  stop && start host
}

make_base() {
  say "base root file system ($SUITE)"
  # shellcheck disable=SC2016 # mmdebstrap expands it
  mmdebstrap --quiet --variant=minbase --mode=root --aptopt='APT::Install-Recommends "false"' \
    --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' --dpkgopt='path-exclude=/usr/share/locale/*' \
    --include=ca-certificates,tzdata,libicu76,libssl3t64,libstdc++6,libgcc-s1,zlib1g \
    --customize-hook='rm -rf "$1"/var/lib/apt/lists/* "$1"/var/cache/apt/*' \
    "$SUITE" - "deb [signed-by=$KEY] $(mirror) $SUITE main" | docker import - lab/base >/dev/null
}

# The .NET images are this machine's .NET on Debian 13 where the real ones are Ubuntu 24.04: kept no richer than those.
make_dotnet() {
  local dotnet certificates
  dotnet=${DOTNET_ROOT_DIR:-$(dirname "$(readlink -f "$(command -v dotnet)")")}
  say "dotnet/runtime, aspnet and sdk:10.0"
  certificates=$LAB/cfg/ca
  mkdir -p "$certificates"
  cp -L "${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}" "$certificates/ca-certificates.crt"
  docker buildx build -q --network=none --build-context dotnet="$dotnet" -t mcr.microsoft.com/dotnet/aspnet:10.0 \
    -t mcr.microsoft.com/dotnet/runtime:10.0 --target aspnet -f "$here/dotnet.Dockerfile" "$LAB/cfg" >/dev/null
  docker buildx build -q --network=none --build-context dotnet="$dotnet" --build-context ca="$certificates" \
    -t mcr.microsoft.com/dotnet/sdk:10.0 --target sdk -f "$here/dotnet.Dockerfile" "$LAB/cfg" >/dev/null
}

make_postgres() {
  say "postgres:17"
  docker buildx build -q --network=host -t postgres:17 -f "$here/postgres.Dockerfile" "$here" >/dev/null
}

images() {
  local all=(lab/base mcr.microsoft.com/dotnet/{aspnet,runtime,sdk}:10.0 postgres:17) image missing=()
  for image in "${all[@]}"; do have "$image" || missing+=("$image"); done
  if [ ${#missing[@]} = 0 ]; then return; fi
  to_host
  have lab/base || make_base
  have mcr.microsoft.com/dotnet/sdk:10.0 || make_dotnet
  have postgres:17 || make_postgres
  to_lab
}

case "${1:-}" in
up)
  install_programs
  to_lab
  say "engine $(docker version -f '{{.Server.Version}}'), compose $(docker compose version --short)"
  ;;
images)
  install_programs
  to_lab
  images
  ;;
build)
  shift
  to_host
  status=0
  docker "$@" || status=$?
  to_lab
  exit "$status"
  ;;
docker)
  shift
  exec "$T/bin/docker" "$@"
  ;;
net)
  shift
  exec nsenter "--net=/run/netns/$NS" -- "$@"
  ;;
env)
  # shellcheck disable=SC2016 # the caller expands it
  printf 'export PATH=%q:$PATH DOCKER_HOST=%q DOCKER_CONFIG=%q\n' "$T/bin" "$DOCKER_HOST" "$DOCKER_CONFIG"
  ;;
status)
  if alive; then
    docker ps -a
    docker images
  else
    echo down
  fi
  ;;
down) stop ;;
purge)
  stop
  ip netns del "$NS" 2>/dev/null || true
  find /sys/fs/cgroup/*/docker -depth -type d -exec rmdir {} \; 2>/dev/null || true
  rm -rf "$LAB"
  ;;
*)
  sed -n '2,15s/^# \?//p' "$0"
  exit 2
  ;;
esac
