# Disk images: a GPT with fixed ids, and the partitions' images in their places.

make_disk() { # partitions.csv, disk image, size, directory of the partitions' images
    local csv="$1" disk="$2" size="$3" dir="$4" name first sectors type id image
    truncate -s "$size" "$disk"
    partition_table "$csv" | sfdisk --quiet --no-reread --no-tell-kernel "$disk"
    while IFS=, read -r name first sectors type id image; do
        if [[ "$name" = '#'* ]]; then continue; fi
        dd if="$dir/$image" of="$disk" bs=1M seek="$((first / 2048))" conv=notrunc,sparse status=none
    done <"$csv"
}

partition_table() { # partitions.csv
    local name first sectors type id image
    printf 'label: gpt\nlabel-id: 59BBC0AD-6B5D-4E5B-A9F6-5E1C7E2F4A00\nunit: sectors\n'
    while IFS=, read -r name first sectors type id image; do
        if [[ "$name" = '#'* ]]; then continue; fi
        echo "start=$first, size=$sectors, type=$type, uuid=$id, name=$name"
    done <"$1"
}
