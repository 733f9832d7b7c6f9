"""What dfinity/ic's repro-check does around a build of GuestOS, to be timed beside ours.

A program of our own with the script's steps in the script's order: nine threads; every URL of the
proposal and three files of each CDN downloaded in chunks of 64 KiB to a .part file, renamed, linked
out of the cache; meanwhile fsck of the cached clone, a full clone that borrows from it and then
dissociates, a fetch, a checkout, a build, and the whole clone copied back into the cache; at the
end each file read again, in chunks of 64 KiB, for its digest. Each CDN's file is read twice, as the
script compares it with the proposal and then with what was built. Left out are the checks of the
machine, the log and the progress bars: they would only cost it time.

usage: script-way.py PROPOSAL_URL GIT_URL CACHE_DIR CDN_BASE...

Source: dfinity/ic ci/scripts/repro-check@073431b9
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

CHUNK_BYTES = 64 * 1024
THREADS = 9


class Clock:
    """Seconds that each step took, of its own thread; steps of one name add up."""

    def __init__(self):
        self.seconds = {}

    def time(self, step, work):
        began = time.monotonic()
        try:
            return work()
        finally:
            # One step's name is used by one thread, or by threads that take turns at the lock of
            # the interpreter: the sums are for a reader, not for a verdict.
            self.seconds[step] = self.seconds.get(step, 0) + time.monotonic() - began


clock = Clock()
counts = {"downloaded": 0, "hashed": 0}


def download(url, target):
    part = target.with_name(target.name + ".part")
    request = urllib.request.Request(url, headers={"User-Agent": "script-way"})
    with urllib.request.urlopen(request) as answer, part.open("wb") as out:
        expected = int(answer.headers["Content-Length"])
        received = 0
        while chunk := answer.read(CHUNK_BYTES):
            received += len(chunk)
            out.write(chunk)
    if received != expected:
        raise RuntimeError(f"{url} ended after {received} of {expected} bytes")
    counts["downloaded"] += received
    part.rename(target)


def cached(url, cache, folder, target):
    # The script's folder is the host without its port; here both hosts are one address.
    kept = cache / urllib.parse.urlparse(url).netloc / folder / target.name
    kept.parent.mkdir(parents=True, exist_ok=True)
    if not (kept.exists() and kept.stat().st_size > 0):
        download(url, kept)
    target.parent.mkdir(parents=True, exist_ok=True)
    os.link(kept, target)
    return target


def sha256_of(path):
    def read():
        digest = hashlib.sha256()
        with path.open("rb") as file:
            for chunk in iter(lambda: file.read(CHUNK_BYTES), b""):
                counts["hashed"] += len(chunk)
                digest.update(chunk)
        return digest.hexdigest()

    return clock.time("second reads", read)


def sha256_in_sums(path):
    """The digest that SHA256SUMS beside a file lists, if the file has it."""
    for line in (path.parent / "SHA256SUMS").read_text().splitlines():
        listed, name = line.split()
        if name.lstrip("*") == path.name:
            return must_be(sha256_of(path), listed, path)
    raise SystemExit(f"{path.name} is not in SHA256SUMS")


def must_be(found, expected, what):
    if found != expected:
        raise SystemExit(f"{what} is {found}, expected {expected}")
    return found


def git(*args):
    subprocess.run(["git", *args], check=True, stdout=subprocess.DEVNULL)


def check_out(git_url, commit, clone, kept):
    def fsck():
        words = ["git", "-C", str(kept), "fsck"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        if subprocess.run(words, **quiet).returncode != 0:
            shutil.rmtree(kept, ignore_errors=True)

    def copy():
        shutil.rmtree(kept, ignore_errors=True)
        shutil.copytree(clone, kept)

    borrow = ["--reference-if-able", str(kept), "--dissociate"]
    clock.time("fsck", fsck)
    clock.time("clone", lambda: git("clone", "--quiet", *borrow, git_url, str(clone)))
    clock.time("fetch", lambda: git("-C", str(clone), "fetch", "--quiet", "origin", commit))
    clock.time("checkout", lambda: git("-C", str(clone), "checkout", "--quiet", commit))
    clock.time("copy", copy)


def build(git_url, commit, scratch, kept):
    clone = scratch / "ic"
    check_out(git_url, commit, clone, kept)
    script = ["./ci/container/build-ic.sh", "--icos"]
    clock.time("build", lambda: subprocess.run(script, check=True, cwd=clone))
    built = scratch / "dev-img"
    for name in ["update-img.tar.zst", "launch-measurements.json"]:
        path = Path("guestos/update") / name
        (built / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.move(clone / "artifacts/icos" / path, built / path)
    return built / "guestos/update"


def measured(text):
    return json.loads(text)["guest_launch_measurements"]


def elected_measurements(payload):
    """The dashboard has them in hex, the file as byte arrays."""
    found = payload["guest_launch_measurements"]["guest_launch_measurements"]
    return [{**one, "measurement": list(bytes.fromhex(one["measurement"]))} for one in found]


def main(proposal_url, git_url, cache_dir, *cdn_bases):
    base = Path(cache_dir)
    scratch = base / f"tmp-{int(time.time())}"
    scratch.mkdir(parents=True)
    with urllib.request.urlopen(proposal_url) as answer:
        payload = json.loads(answer.read())["payload"]
    commit = payload["replica_version_to_elect"]
    elected = payload["release_package_sha256_hex"]
    cache = base / commit

    began = time.monotonic()
    with ThreadPoolExecutor(max_workers=THREADS) as pool:

        def start(url, folder, target):
            return pool.submit(cached, url, cache, folder, target)

        from_proposal = []
        for url in payload["release_package_urls"]:
            folder = scratch / "proposal-img" / urllib.parse.urlparse(url).netloc
            from_proposal.append(start(url, "proposal", folder / "update-img.tar.zst"))
        names = ["update-img.tar.zst", "SHA256SUMS", "launch-measurements.json"]
        cdns = {base: scratch / "cdn-img" / urllib.parse.urlparse(base).netloc for base in cdn_bases}
        from_cdn = []
        for cdn_base, cdn in cdns.items():
            update = f"{cdn_base}/ic/{commit}/guest-os/update-img"
            from_cdn += [start(f"{update}/{name}", "guest-os", cdn / name) for name in names]
        building = pool.submit(build, git_url, commit, scratch, base / "repo")

        for ended in as_completed(from_proposal):
            must_be(sha256_of(ended.result()), elected, "the proposal's artifact")
        for ended in as_completed(from_cdn):
            ended.result()
        clock.seconds["downloads, and reading the proposal's"] = time.monotonic() - began
        for cdn in cdns.values():
            must_be(sha256_in_sums(cdn / names[0]), elected, "the CDN's artifact")
            published = measured((cdn / names[2]).read_text())
            must_be(elected_measurements(payload), published, "the proposal's measurements")

        built = building.result()
        local = sha256_of(built / names[0])
        for cdn in cdns.values():
            must_be(local, sha256_in_sums(cdn / names[0]), "the built artifact")
        must_be(measured((built / names[2]).read_text()), published, "the built measurements")
    clock.time("removal", lambda: shutil.rmtree(scratch))
    print(json.dumps({"seconds": clock.seconds, **counts}))


main(*sys.argv[1:])
