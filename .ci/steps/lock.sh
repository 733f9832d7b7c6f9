# One installer at a time in a checkout. The kernel frees the lock when its holder dies.

lock_checkout() {
  mkdir -p "$tools" 2>/dev/null || give_up "cannot write to $root: make it yours, or clone it again"
  exec 9>"$tools/lock"
  if ! flock --nonblock 9; then
    say 'waiting for another ./run in this checkout to finish installing'
    flock 9
  fi
  remove_dead_scratch
}

# What killed runs left; the second part of the name is the process that made it.
remove_dead_scratch() {
  local directory pid
  for directory in "$tools"/tmp.*; do
    pid=${directory##*/tmp.}
    if [[ ! -d /proc/${pid%%.*} ]]; then rm -rf "$directory"; fi
  done
}

# Closed, not only freed: a server started later would inherit the descriptor and keep the lock.
unlock_checkout() { exec 9>&-; }
