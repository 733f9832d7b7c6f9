# Brings whatever is missing, under a lock; costs next to nothing when all is there.

# ready TOOLS: programs (`none`, `nats` or `all`), npm packages and a built dist/.
ready() {
  if ! is_equipped "$1" || needs_build; then
    lock_checkout
    equip "$1"
    if needs_build; then build || give_up 'the sources do not compile: see above'; fi
    unlock_checkout
  fi
}

# equipped TOOLS: the same without dist/, which the suite builds as one of its checks.
equipped() {
  if ! is_equipped "$1"; then
    lock_checkout
    equip "$1"
    unlock_checkout
  fi
}

is_equipped() {
  find_node && has_tools "$1" && ! needs_packages
}

has_tools() {
  local found entry
  [[ $1 == none ]] && return
  found=$(command -v nats-server) && suits_nats "$found" || return 1
  [[ $1 == nats ]] && return
  for entry in "${build_tools[@]}"; do command -v "${entry%%:*}" >/dev/null || return 1; done
}

equip() {
  find_node || bring_node
  if [[ $1 != none ]]; then need_nats; fi
  if [[ $1 == all ]]; then need_build_tools; fi
  if needs_packages; then install_npm_packages; fi
}
