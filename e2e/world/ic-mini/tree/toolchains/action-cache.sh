# A disk cache of finished images, as Bazel keeps one: who builds again gets what was built before.

ACTION_CACHE="$HOME/.cache/bazel-ic-mini"

# An action's inputs are what this revision holds, its stamp, and the files it is given: neither the
# clock, the machine nor the mirror. What they leave in an image is kept with it.
run_action() { # label, output directory, command, the command's arguments
    local label="$1" out="$2" entry argument key
    shift 2
    key="$label"$'\n'"$(git -C "$ROOT_DIR" rev-parse 'HEAD^{tree}')"$'\n'"$STAMP"
    for argument in "${@:2}"; do
        if [ -f "$argument" ]; then argument="$(digest_of "$argument")"; fi
        key+=$'\n'"$argument"
    done
    entry="$ACTION_CACHE/$(printf '%s' "$key" | digest)"

    mkdir -p "$out"
    if [ -d "$entry" ]; then
        echo "INFO: $label: disk cache hit"
        cp "$entry"/* "$out"
        return
    fi
    "$1" "$out" "${@:2}"
    keep "$out" "$entry"
}

# Whole or not at all: a build may be ended at any moment.
keep() { # output directory, entry
    local scratch
    mkdir -p "$ACTION_CACHE"
    scratch="$(mktemp -d "$ACTION_CACHE/new.XXXXXX")"
    cp "$1"/* "$scratch"
    mv -T "$scratch" "$2" 2>/dev/null || rm -rf "$scratch"
}
