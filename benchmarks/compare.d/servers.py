"""The servers under comparison: whisper-server and `earshot serve`."""

import concurrent.futures
import json
import subprocess
import time

import requests as http
from engines import Answer, Engine, Layout, earshot_environment, free_port, language_code, stop_process


class WhisperServer(Engine):
    name, default = "whisper-server", "greedy, best of 2 when in doubt"
    # One request at a time is all it does: it holds a lock around its model.
    layouts = [Layout(1, 1), Layout(1, 2)]

    def start(self):
        port, log = free_port(), self.setup.work / "whisper-server.log"
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [self.setup.whisper / "whisper-server", "-m", self.setup.ggml, "-t", str(self.layout.threads), "-mc", "0"]
            + ["--host", "127.0.0.1", "--port", str(port)],
            stdin=subprocess.DEVNULL, stdout=open(log, "w"), stderr=subprocess.STDOUT, cwd=self.setup.work,
        )  # fmt: skip
        wait_for(self.address + "/health", self.process, lambda: self.complaint(log))

    def transcribe(self, requests, mode):
        more = {} if mode == "defaults" else {"best_of": "1", "temperature_inc": "0"}

        def post(request, begin):
            fields = {"language": request["language"] or "auto", "response_format": "verbose_json", "no_language_probabilities": "true"}
            with open(request["path"], "rb") as file:
                reply = http.post(self.address + "/inference", data=fields | more, files={"file": file}, timeout=3600)
            reply.raise_for_status()
            end = time.monotonic() - begin
            # Nothing comes before everything is done.
            return Answer(reply.json()["text"], language_code(reply.json().get("language")), end, end)

        return all_at_once(post, requests)

    def roots(self):
        return [self.process.pid]

    def stop(self):
        stop_process(self.process)


class EarshotServer(Engine):
    name, default = "earshot serve", "greedy, best of 5 when in doubt, own voice activity"
    layouts = [Layout(1, 0)]
    model = "demo-f16"
    # Whether to follow the events, which tell of the first segment, rather than to wait for the answer.
    follows_events = False

    def start(self):
        port, log, data = free_port(), self.setup.work / f"{self.model}.log", self.setup.work / self.model
        self.log, self.data, self.address = log, data, f"http://127.0.0.1:{port}"
        environment = earshot_environment(self.setup, data) | {"API_PORT": str(port), "WEB_PORT": str(free_port())}
        self.process = subprocess.Popen(
            [self.setup.earshot, "serve", "--all"],
            stdin=subprocess.DEVNULL, stdout=open(log, "w"), stderr=subprocess.STDOUT, env=environment,
        )  # fmt: skip
        wait_for(self.address + "/health/ready", self.process, lambda: self.complaint(log))

    def transcribe(self, requests, mode):
        return all_at_once(lambda request, begin: self.post(request, mode, begin), requests)

    def post(self, request, mode, begin):
        query = {"model": self.model, "language": request["language"] or "auto"}
        query |= {"beam_size": "1", "temperature_fallback": "false"} if mode == "greedy" else {}
        query |= {} if self.follows_events else {"wait": "3600"}
        with open(request["path"], "rb") as file:
            reply = http.post(self.address + "/api/v1/transcriptions", params=query, files={"file": file}, timeout=3600)
        if not reply.ok:
            raise RuntimeError(f"{reply.status_code} {reply.text[:500]}; {self.complaint(self.log)}")
        resource, first = reply.json(), None
        if self.follows_events:
            resource, first = self.follow(resource["id"], begin)
        if resource["status"] != "completed":
            raise RuntimeError(f"{self.name}: {json.dumps(resource)[:500]}")
        return Answer(resource["text"], language_code(resource.get("language")), first, time.monotonic() - begin)

    def follow(self, identifier, begin):
        first, event = None, None
        with http.get(f"{self.address}/api/v1/transcriptions/{identifier}/events", stream=True, timeout=3600) as reply:
            for line in reply.iter_lines(chunk_size=1, decode_unicode=True):
                if line.startswith("event:"):
                    event = line[6:].strip()
                    if event == "segment" and first is None:
                        first = time.monotonic() - begin
                elif line.startswith("data:") and event == "done":
                    return json.loads(line[5:]), first
        raise RuntimeError(f"{self.name}: the events ended early")

    def roots(self):
        # The private PostgreSQL is no child: it is found by the file in which it notes its id.
        return [self.process.pid, *(int(file.read_text().split()[0]) for file in self.data.rglob("postmaster.pid"))]

    def stop(self):
        stop_process(self.process)


class EarshotServerIn8Bits(EarshotServer):
    """With the weights in 8 bits, as faster-whisper has them: the demo model that Earshot brings along."""

    name, model = "earshot serve, 8-bit", "demo"


def all_at_once(send, requests):
    with concurrent.futures.ThreadPoolExecutor(len(requests)) as pool:
        begin = time.monotonic()
        return [answer.result() for answer in [pool.submit(send, request, begin) for request in requests]]


def wait_for(address, process, complaint):
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            if http.get(address, timeout=2).ok:
                return
        except http.RequestException:
            pass
        time.sleep(0.1)
    stop_process(process)
    raise RuntimeError(complaint())
