# Sourced by the scripts beside it: servers in a folder of their own, which goes when the script ends.
work="$(mktemp -d)"
pids=()
stop() {
  for ((i = ${#pids[@]} - 1; i >= 0; i--)); do
    kill -KILL "${pids[i]}" 2> /dev/null || true
    wait "${pids[i]}" 2> /dev/null || true
  done
  if [[ -n "${KEEP:-}" ]]; then echo "kept: $work" >&2; else rm -rf "$work"; fi
}
trap stop EXIT

binary() { # NAME OVERRIDE [OTHER_NAME]
  local found="${2:-}"
  [[ -n "$found" ]] || found="$(command -v "$1" || command -v "${3:-$1}" || true)"
  [[ -x "$found" ]] || {
    echo "no $1: put it on the PATH, or name it by $(tr 'a-z-' 'A-Z_' <<< "$1")" >&2
    return 2
  }
  echo "$found"
}

ports() { # COUNT
  python3 -c '
import socket, sys
held = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in held:
    one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in held))' "$1"
}

start() { # NAME COMMAND...: in the background, its output in NAME.log
  local name="$1"
  shift
  "$@" > "$work/$name.log" 2>&1 &
  pids+=($!)
}

has() { # WORDS ADDRESS
  curl -sf "$2" | grep -q "$1"
}

await() { # SECONDS NAME COMMAND...
  local deadline=$((SECONDS + $1)) name="$2"
  shift 2
  until "$@" > /dev/null 2>&1; do
    if ((SECONDS > deadline)); then
      echo "waited in vain for: $*; the end of $name's log:" >&2
      tail -n 20 "$work/$name.log" >&2
      exit 1
    fi
    sleep 0.5
  done
}
