# The test suites: what they count, summed, and one closing line.

# run_suite [core|full]
run_suite() {
  local suite=${1:-core} counts status=0
  [[ $suite == core || $suite == full ]] || give_up "unknown suite \"$suite\": it is \"./run test\" or \"./run test full\""
  equipped all
  if [[ $suite == full ]]; then want_foreign_tools; fi
  counts=$(scratch_directory)/counts
  # What is left counts as a failure here: give a busy machine time.
  settle_seconds=15
  guarded "$root/.ci/suite" "$suite" "$counts" || status=$?
  if [[ -n $left_running ]]; then
    say "left running after the tests, and ended:"$'\n'"$left_running"
    echo '0 1 0' >>"$counts"
    echo 'something was left running' >>"$counts.failed"
  fi
  sum_counts "$counts" "$status"
}

# How many failures are named before the closing line; the others are counted.
most_named=40

# Reads lines of `passed failed skipped` from a file, prints their sum as the closing line and
# returns 1 where anything failed. A run that ended with an error and told no failure is one.
# What FILE.failed and FILE.again name comes right before it: the end of a long log is what people look at.
sum_counts() {
  local passed=0 failed=0 skipped=0 line
  while read -ra line; do
    passed=$((passed + line[0])) failed=$((failed + line[1])) skipped=$((skipped + line[2]))
  done < <(cat "$1" 2>/dev/null)
  if (($2 != 0 && failed == 0)); then failed=1; fi
  if [[ -n ${REPRO_QUORUM_COUNTS_INTO:-} ]]; then
    # For `.ci/run`, which closes with the sum over both suites.
    echo "$passed $failed $skipped" >>"$REPRO_QUORUM_COUNTS_INTO"
    local kind
    for kind in failed again; do
      if [[ -e $1.$kind ]]; then cat "$1.$kind" >>"$REPRO_QUORUM_COUNTS_INTO.$kind"; fi
    done
  else
    name_failures 'failed at first, and passed when it was run again, alone' "$1.again"
    name_failures 'what failed' "$1.failed"
    echo "$passed passed, $failed failed, $skipped skipped"
  fi
  ((failed == 0))
}

# name_failures TITLE FILE: a failure is a line there, if there is such a file.
name_failures() {
  local lines
  [[ -s $2 ]] || return 0
  lines=$(wc -l <"$2")
  printf '\n== %s ==\n' "$1"
  head -n "$most_named" "$2" | sed 's/^/- /'
  if ((lines > most_named)); then echo "- and $((lines - most_named)) more"; fi
  echo
}
