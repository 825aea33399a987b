"""The engines under comparison, each behind the same three methods: start, transcribe, stop.

`transcribe(requests, mode)` begins all requests at once and waits for the last answer. A request is {"path", "language"},
language None to detect it. Modes: "defaults", each as it comes; "greedy", the likeliest word each time and no second try.
Nowhere is text conditioned on the text before it: the demo weights were trained without, and every engine has the switch.
"""

import dataclasses
import json
import os
import pathlib
import shutil
import socket
import subprocess
import sys


@dataclasses.dataclass
class Answer:
    text: str
    language: str | None
    # Seconds from the moment all requests began: to the first segment, to the end.
    first: float | None
    end: float


@dataclasses.dataclass(frozen=True)
class Layout:
    """How an engine spreads over the cores: requests served at a time, threads for each; 0 threads where it chooses by itself."""

    workers: int
    threads: int
    kind: str = "threads"

    def __str__(self):
        if self.threads == 0:
            return "its own choice"
        plural = "" if self.threads == 1 else "s"
        if self.workers == 1:
            return f"{self.threads} thread{plural}"
        return f"{self.workers} {self.kind if self.kind == 'processes' else 'at a time'} × {self.threads} thread{plural}"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def stop_process(process, patience=20):
    """Ends one process that we started, by its id, and waits for it."""
    if process is None or process.poll() is not None:
        return
    process.terminate()
    try:
        process.wait(patience)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class Engine:
    name = ""
    # What it does unless told otherwise, in a few words.
    default = ""
    # The ways it may spread over the cores; the quickest one is found by trying.
    layouts: list[Layout] = []

    def __init__(self, setup, layout):
        self.setup, self.layout = setup, layout

    def start(self):
        pass

    def stop(self):
        pass

    def roots(self):
        """The ids of the processes that work for it."""
        return []

    def complaint(self, log):
        return f"{self.name} failed:\n{pathlib.Path(log).read_text(errors='replace')[-2000:]}"


class Hosted(Engine):
    """A Python library, its model loaded once in a process that stays."""

    kind = ""

    def start(self):
        environment = dict(os.environ, OMP_NUM_THREADS=str(self.layout.threads), PYTHONWARNINGS="ignore", HF_HUB_OFFLINE="1")
        self.log = log = self.setup.work / f"{self.kind}.log"
        self.process = subprocess.Popen(
            [sys.executable, self.setup.here / "host.py", self.kind, self.model()]
            + [str(self.layout.workers), str(self.layout.threads), self.layout.kind],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=open(log, "w"), text=True, env=environment,
        )  # fmt: skip
        if not self.process.stdout.readline():
            raise RuntimeError(self.complaint(log))

    def model(self):
        return self.setup.converted

    def transcribe(self, requests, mode):
        self.process.stdin.write(json.dumps({"mode": mode, "requests": requests}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(self.complaint(self.log))
        job = json.loads(line)
        begin = job["begin"]
        return [
            Answer(result["text"], result["language"], result["first"] and result["first"] - begin, result["end"] - begin)
            for result in job["results"]
        ]

    def roots(self):
        return [self.process.pid]

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            stop_process(self.process)


class OpenAIWhisper(Hosted):
    name, kind, default = "openai-whisper", "openai", "beam 5, as its command line"
    # Not two threads over one model: it keeps what it decodes in hooks on the model, and fails.
    layouts = [Layout(1, 1), Layout(1, 2), Layout(2, 1, "processes")]

    def model(self):
        return self.setup.checkpoint


class FasterWhisper(Hosted):
    name, kind, default = "faster-whisper, int8", "faster", "beam 5"
    layouts = [Layout(1, 1), Layout(1, 2), Layout(2, 1), Layout(2, 1, "processes")]


class FasterWhisperBatched(Hosted):
    name, kind, default = "faster-whisper, int8, batched", "batched", "beam 5, own voice activity"
    layouts = [Layout(1, 1), Layout(1, 2), Layout(2, 1), Layout(2, 1, "processes")]


def earshot_environment(setup, data):
    models = setup.work / "models"
    models.mkdir(exist_ok=True)
    if not (models / "ggml-demo-f16.bin").exists():
        shutil.copyfile(setup.ggml, models / "ggml-demo-f16.bin")
    settings = ("DATABASE_URL", "UPLOAD_DIR", "WHISPER_MODEL", "WHISPER_THREADS", "BACKEND_URL", "MAX_DURATION_SECONDS")
    kept = {name: value for name, value in os.environ.items() if name not in settings}
    return kept | {"EARSHOT_DATA": str(data), "MODELS_DIR": str(models), "LOG_LEVEL": "warning"}


def language_code(name):
    """The code of a language that may be told by its English name."""
    names = {"english": "en", "spanish": "es", "german": "de"}
    return names.get((name or "").lower(), name)
