# A disk cache of finished images, as Bazel keeps one: who builds again gets what was built before.

ACTION_CACHE="$HOME/.cache/bazel-ic-mini"

# Where Bazel's outputs lie: in the home that the container shares, below a digest of the container's
# name for the worktree, which is always /ic. The containers of gitlab-ci had a home of their own.
BAZEL_OUT="$HOME/.cache/bazel/_bazel_ubuntu/6d065581cce7ad9076e3b8db2b3afaf0/execroot/_main/bazel-out"
if [ ! -d "$ROOT_DIR/ci/container" ]; then BAZEL_OUT="$WORK/bazel-out"; fi

# An action's inputs are what this revision holds, its stamp, and the files it is given: neither the
# clock, the machine nor the mirror. What they leave in an image is kept with it, and so is what the
# action leaves below $LEFT on its way to the image.
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
        cp "$entry"/images/* "$out"
        leave "$entry/left"
        return
    fi
    LEFT="$(mktemp -d "$WORK/left.XXXXXX")"
    "$1" "$out" "${@:2}"
    keep "$out" "$LEFT" "$entry"
    leave "$LEFT"
    rm -r "$LEFT"
}

leave() { # what an action left
    mkdir -p "$BAZEL_OUT"
    cp -r "$1"/. "$BAZEL_OUT"
}

# Whole or not at all: a build may be ended at any moment.
keep() { # output directory, what the action left, entry
    local scratch
    mkdir -p "$ACTION_CACHE"
    scratch="$(mktemp -d "$ACTION_CACHE/new.XXXXXX")"
    mkdir "$scratch/images"
    cp "$1"/* "$scratch/images"
    cp -r "$2" "$scratch/left"
    mv -T "$scratch" "$3" 2>/dev/null || rm -rf "$scratch"
}
