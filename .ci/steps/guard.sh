# Runs a command so that nothing of it is left, on success, failure or interruption.

# What outlived the command and was ended by force, one process a line.
left_running=''

# How long the command may take to end when told to, and what it leaves behind, by itself.
end_seconds=15
settle_seconds=3

# guarded COMMAND...: runs it in a process group of its own and returns its status. A signal to this
# script ends the command in order, then by force, and the script with 130.
guarded() {
  local status=0
  printf -v guarded_id '%(%s)T-%s-%s' -1 "$$" "$RANDOM$RANDOM"
  # Inherited by all descendants, also those in groups and sessions of their own. Nested runs append.
  export REPRO_QUORUM_RUN_ID=${REPRO_QUORUM_RUN_ID:+$REPRO_QUORUM_RUN_ID:}$guarded_id
  trap 'end_guarded' INT TERM HUP
  set -m
  # Should this script be killed outright, the kernel tells the command to end.
  setpriv --pdeathsig TERM -- "$@" </dev/null &
  guarded_pid=$!
  set +m
  wait "$guarded_pid" || status=$?
  trap '' INT TERM HUP
  settle
  trap stop_early INT TERM HUP
  return "$status"
}

end_guarded() {
  trap '' INT TERM HUP
  say 'interrupted: stopping'
  kill -TERM -- "-$guarded_pid" 2>/dev/null || true
  local deadline=$((SECONDS + end_seconds))
  while leftovers | grep -qx "$guarded_pid" && ((SECONDS < deadline)); do sleep 0.1; done
  settle
  exit 130
}

# Lets all descendants end by themselves, then ends them and notes them down.
settle() {
  local deadline=$((SECONDS + settle_seconds)) pid command
  while has_leftovers && ((SECONDS < deadline)); do sleep 0.1; done
  for pid in $(leftovers); do
    # One that has ended meanwhile has no command line any more.
    if command=$({ tr '\0' ' ' <"/proc/$pid/cmdline"; } 2>/dev/null) && [[ -n $command ]]; then
      left_running+="$pid ${command:0:200}"$'\n'
      kill -KILL "$pid" 2>/dev/null || true
    fi
  done
  # A build runs without the mark, as without the rest of the environment, but in this group.
  kill -KILL -- "-$guarded_pid" 2>/dev/null || true
}

has_leftovers() { [[ -n $(leftovers) ]]; }

# Lists processes that carry the mark. It is taken out for grep, which would find itself.
leftovers() {
  env -u REPRO_QUORUM_RUN_ID grep -lsa -- "$guarded_id" /proc/[0-9]*/environ | cut -d/ -f3 || true
}
