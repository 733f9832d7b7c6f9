# Words to the person at the terminal, and long commands whose own words go to a file.

say() { printf '%s\n' "$*" >&2; }

# One sentence, with the command that would help, and exit code 2: an unusable environment.
give_up() {
  say "run: $*"
  exit 2
}

current_pid=''

# Ends what `attend` waits for, and the script. A background job of a script ignores Ctrl-C by itself.
stop_early() {
  trap '' INT TERM HUP
  if [[ -n $current_pid ]]; then
    kill -TERM "$current_pid" 2>/dev/null || true
    # npm would undo half of an installation first, for half a minute. The next start begins anew.
    ending || ending || kill -KILL "$current_pid" 2>/dev/null || true
    wait "$current_pid" 2>/dev/null || true
  fi
  exit 130
}

# Waits a moment; returns 0 when the command has ended, or is one that must never be cut off.
ending() {
  [[ $current_command == *apt-get* ]] || { sleep 1 && [[ -z $(jobs -r -p) ]]; }
}

# attend LOG COMMAND...: runs a command with its output in LOG, so that a signal ends both at once.
attend() {
  local log=$1 status=0
  shift
  current_command=$*
  "$@" >"$log" 2>&1 </dev/null &
  current_pid=$!
  wait "$current_pid" || status=$?
  current_pid=''
  return "$status"
}

# Shows the end of a log, indented, where a command has failed.
show_log() {
  tail -n "${2:-20}" "$1" | sed 's/^/    /' >&2
}

# Makes a directory on the checkout's own file system, from which things are renamed into place.
scratch_directory() {
  mkdir -p "$tools"
  mktemp -d "$tools/tmp.$$.XXXXXXXX"
}

remove_scratch() { rm -rf "$tools/tmp.$$."*; }
