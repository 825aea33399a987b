#!/usr/bin/env bash
# tuspy takes two recordings of one length that begin with the same 64 KiB for one file: the second is not uploaded
#
# Versions  tuspy 1.1.0, requests 2.34.2, tinydb 4.9.0 from PyPI; espeak-ng 1.51 and ffmpeg 5.1.9 (Debian 12) for input
# Behavior  With `store_url=True`, tuspy finds an earlier upload by the file's size and the MD5 of its first 65,536
#           bytes, and never forgets an upload that is complete. Recordings of a fixed length that begin with silence
#           (or with one jingle) share both. After a complete upload of the first, `upload()` of the second sends no
#           bytes and raises no error. After an interrupted upload of the first, the second continues it: the server
#           gets one file that is neither recording.
# Expected  "Resumable" continues an upload of the same file. The documentation speaks of a unique fingerprint of the
#           file, and a client that asks the server for its offset seems safe. Nothing fails, on either side: sizes
#           and offsets are right, and the name in the metadata is that of the first recording.
# Seen      2026-11-30, twice:
#               equal size True, equal first 64 KiB True, equal files False
#               second recording after a complete upload: 0 PATCH requests, same URL True
#               after an interrupted upload: 640 kB, first recording False, second recording False
# Earshot   gives every upload a URL of its own and checks offsets; which URL a client stores for which file is not
#           visible to it. Clients should pass a `fingerprinter` that reads the whole file, or store URLs themselves.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check tuspy==1.1.0 requests==2.34.2 tinydb==4.9.0
espeak-ng --version
ffmpeg -version | head -n 1

number=0
for day in Monday Tuesday; do
  number=$((number + 1))
  espeak-ng -w spoken.wav "This is the recording of $day. On $day we met, and spoke of what $day had brought. $day was long."
  # 20 seconds, the first three of them silent, as a recorder with a fixed length writes them.
  ffmpeg -v error -y -i spoken.wav -af adelay=3000,apad -t 20 -ar 16000 -ac 1 -bitexact "recording-$number.wav"
done

cat > server.py <<'PYTHON'
"""The smallest server of tus 1.0: creation, offsets, bytes. It checks offsets and lengths."""
import http.server
import itertools
import threading

files, lengths, patches, numbers = {}, {}, [], itertools.count(1)


class Handler(http.server.BaseHTTPRequestHandler):
    def answer(self, status, **headers):
        self.send_response(status)
        for name, value in {"Tus-Resumable": "1.0.0", "Content-Length": "0", **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def do_POST(self):
        path = f"/files/{next(numbers)}"
        files[path], lengths[path] = b"", int(self.headers["Upload-Length"])
        self.answer(201, Location=path)

    def do_HEAD(self):
        self.answer(200, Upload_Offset=str(len(files[self.path])), Upload_Length=str(lengths[self.path]))

    def do_PATCH(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        patches.append(self.path)
        if int(self.headers["Upload-Offset"]) != len(files[self.path]):
            return self.answer(409)
        files[self.path] += body
        self.answer(204, Upload_Offset=str(len(files[self.path])))

    def log_message(self, *arguments):
        pass


def start():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
PYTHON

cat > try.py <<'PYTHON'
import pathlib
import urllib.parse

from tusclient.client import TusClient
from tusclient.storage.filestorage import FileStorage

import server

client = TusClient(server.start() + "/files")
first, second = (pathlib.Path(f"recording-{number}.wav").read_bytes() for number in (1, 2))


def uploader(number, storage):
    return client.uploader(
        f"recording-{number}.wav", chunk_size=160_000, store_url=True, url_storage=FileStorage(storage), metadata={"filename": f"{number}"}
    )


def path(upload):
    return urllib.parse.urlparse(upload.url).path


same_start = first[:65536] == second[:65536]
print(f"equal size {len(first) == len(second)}, equal first 64 KiB {same_start}, equal files {first == second}")
assert len(first) == len(second) and same_start and first != second, "the input is not what this script needs"

complete = uploader(1, "complete.json")
complete.upload()
assert server.files[path(complete)] == first, "the first upload failed"
server.patches.clear()
skipped = uploader(2, "complete.json")
skipped.upload()
print(f"second recording after a complete upload: {len(server.patches)} PATCH requests, same URL {skipped.url == complete.url}")
assert not server.patches and second not in server.files.values(), "tuspy uploads the second recording now"

uploader(1, "interrupted.json").upload_chunk()
mixed = uploader(2, "interrupted.json")
mixed.upload()
stored = server.files[path(mixed)]
print(f"after an interrupted upload: {len(stored) // 1000} kB, first recording {stored == first}, second recording {stored == second}")
assert len(stored) == len(first) and stored not in (first, second), "tuspy no longer continues another file's upload"
PYTHON
venv/bin/python try.py
