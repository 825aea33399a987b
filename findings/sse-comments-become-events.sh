#!/usr/bin/env bash
# httpx-sse and the OpenAI client hand out an empty event for every keep-alive comment that follows an event with an id
#
# Versions  httpx-sse 0.4.3, httpx 0.28.1, openai 3.57.0, sseclient-py 1.9.0 from PyPI
# Behavior  A comment line and an empty line (`: keep-alive`) are nothing to the event stream format: an event without
#           data is not dispatched. httpx-sse hands one out, with `data == ""` and the id of the event before, as soon
#           as one event had an id; before that the same comment is ignored. A `retry:` field alone becomes an event,
#           too. openai-python decodes its streams in the same way and then parses the empty data as JSON: iterating
#           over the stream raises JSONDecodeError.
# Expected  Both name the WHATWG's algorithm in their sources. sseclient-py follows it. Tests with short streams pass,
#           since servers send comments only after some seconds of silence: the failure needs an id, then a pause.
# Seen      2026-11-30, twice, for a stream of two events with ids and three comments:
#               sseclient-py: ['ready', 'status']
#               httpx-sse: ['ready', 'message without data', 'status', 'message without data']
#               httpx-sse, no ids: ['ready', 'status']
#               openai: JSONDecodeError after 1 event
#               openai, no ids: 2 events
# Earshot   sends a comment every 15 seconds. Its own event streams have ids: clients skip events without data. Its
#           streams of OpenAI's API have none, and its tests run OpenAI's client against them.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check httpx-sse==0.4.3 httpx==0.28.1 openai==3.57.0 sseclient-py==1.9.0

cat > try.py <<'PYTHON'
import http.server
import json
import threading

import httpx
import httpx_sse
import openai
import sseclient

EVENT = 'data: {"type": "transcript.text.delta", "delta": "word"}\n\n'
COMMENT = ": keep-alive\n\n"
WITH_IDS = COMMENT + "id: 1\nevent: ready\n" + EVENT + COMMENT + "id: 2\nevent: status\n" + EVENT + COMMENT
STREAMS = {
    "/ids": WITH_IDS,
    "/no-ids": WITH_IDS.replace("id: 1\n", "").replace("id: 2\n", ""),
    # OpenAI's events have no names.
    "/ids/audio/transcriptions": COMMENT + "id: 1\n" + EVENT + COMMENT + "id: 2\n" + EVENT + COMMENT,
    "/no-ids/audio/transcriptions": COMMENT + EVENT + COMMENT + EVENT + COMMENT,
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        self.wfile.write(STREAMS[self.path].encode())

    do_POST = do_GET

    def log_message(self, *arguments):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"


def names(events):
    return [event.event if event.data else f"{event.event} without data" for event in events]


def with_sseclient(path):
    with httpx.stream("GET", address + path) as response:
        return names(sseclient.SSEClient(response.iter_bytes()).events())


def with_httpx_sse(path):
    with httpx.Client() as client, httpx_sse.connect_sse(client, "GET", address + path) as source:
        return names(source.iter_sse())


def with_openai(path):
    client = openai.OpenAI(base_url=address + path, api_key="none", max_retries=0)
    count = 0
    try:
        for _ in client.audio.transcriptions.create(model="whisper", file=("a.wav", b"RIFF"), stream=True):
            count += 1
    except json.JSONDecodeError:
        return f"JSONDecodeError after {count} event"
    return f"{count} events"


seen = {
    "sseclient-py": with_sseclient("/ids"),
    "httpx-sse": with_httpx_sse("/ids"),
    "httpx-sse, no ids": with_httpx_sse("/no-ids"),
    "openai": with_openai("/ids"),
    "openai, no ids": with_openai("/no-ids"),
}
for name, result in seen.items():
    print(f"{name}: {result}")

empty = "message without data"
assert seen["sseclient-py"] == seen["httpx-sse, no ids"] == ["ready", "status"], "the stream is not read as expected"
assert seen["httpx-sse"] == ["ready", empty, "status", empty], "httpx-sse ignores comments now"
assert seen["openai"] == "JSONDecodeError after 1 event", "openai ignores comments now"
assert seen["openai, no ids"] == "2 events", "openai reads comments differently"
PYTHON
venv/bin/python try.py
