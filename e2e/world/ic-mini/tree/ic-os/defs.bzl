"""
What an image is made of; ic-os/build.sh reads none of it.
"""

def icos_build(name):
    native.filegroup(
        name = name,
        srcs = [
            ":disk-img.tar.zst",
            ":update-img.tar.zst",
            ":launch-measurements.json",
        ],
    )
