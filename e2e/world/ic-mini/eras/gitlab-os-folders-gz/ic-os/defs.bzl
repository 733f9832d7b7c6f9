"""
What an image is made of; ic-os/build.sh reads none of it.
"""

def icos_build(name):
    zstd_compress(
        name = "update-img.tar.zst",
        srcs = [":update-img.tar"],
    )

    gzip_compress(
        name = "update-img.tar.gz",
        srcs = [":update-img.tar"],
    )
