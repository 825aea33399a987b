"""The command lines under comparison: whisper-cli and `earshot transcribe`."""

import concurrent.futures
import json
import re
import subprocess
import threading
import time

from engines import Answer, Engine, Layout, earshot_environment, language_code


class Commands(Engine):
    """A command line: a process for each request, so many at a time, the start and the loading of the model counted."""

    def command(self, request, mode):
        raise NotImplementedError

    def environment(self):
        return None

    def start(self):
        self.running = set()

    def transcribe(self, requests, mode):
        begin = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(self.layout.workers) as pool:
            return list(pool.map(lambda request: self.run_one(request, mode, begin), requests))

    def run_one(self, request, mode, begin):
        process = subprocess.Popen(
            self.command(request, mode), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=self.environment(),
        )  # fmt: skip
        self.running.add(process.pid)
        complaints = []
        listener = threading.Thread(target=lambda: complaints.append(process.stderr.read()))
        listener.start()
        lines, first = [], None
        for line in process.stdout:
            if first is None and line.strip():
                first = time.monotonic() - begin
            lines.append(line)
        code = process.wait()
        end = time.monotonic() - begin
        listener.join()
        self.running.discard(process.pid)
        if code != 0:
            raise RuntimeError(f"{self.name}: exit code {code}: {complaints[0][-1000:]}")
        return self.answer("".join(lines), complaints[0], request, first, end)

    def answer(self, output, complaints, request, first, end):
        return Answer(output, request["language"], first, end)

    def roots(self):
        return list(self.running)


class WhisperCLI(Commands):
    name, default = "whisper-cli", "beam 5, best of 5"
    layouts = [Layout(1, 1), Layout(1, 2), Layout(2, 1, "processes")]

    def command(self, request, mode):
        more = [] if mode == "defaults" else ["-bs", "1", "-bo", "1", "-nf"]
        # It says which language it found only among its messages, which -np turns off.
        quiet = ["-np"] if request["language"] else []
        return [
            self.setup.whisper / "whisper-cli", "-m", self.setup.ggml, "-l", request["language"] or "auto", "-mc", "0",
            "-t", str(self.layout.threads), *more, *quiet, request["path"],
        ]  # fmt: skip

    def answer(self, output, complaints, request, first, end):
        found = re.search(r"auto-detected language: (\w+)", complaints)
        text = re.sub(r"^\[[^\]]*\]", "", output, flags=re.M)
        return Answer(text, request["language"] or (found and found[1]), first, end)


class EarshotCommand(Commands):
    name, default = "earshot transcribe", "greedy, best of 5 when in doubt, own voice activity"
    layouts = [Layout(1, 0), Layout(2, 1, "processes")]

    def start(self):
        super().start()
        help_text = subprocess.run([self.setup.earshot, "transcribe", "--help"], capture_output=True, text=True).stdout
        wanted = {"--beam-size": ["--beam-size", "1"], "--no-fallback": ["--no-fallback"]}
        self.greedy = [word for flag, words in wanted.items() if flag in help_text for word in words]

    def environment(self):
        return earshot_environment(self.setup, self.setup.work / "earshot-command")

    def command(self, request, mode):
        threads = ["--threads", str(self.layout.threads)] if self.layout.threads else []
        return [
            self.setup.earshot, "transcribe", "--quiet", "--model", "demo-f16", "--language", request["language"] or "auto",
            *threads, *(self.greedy if mode == "greedy" else []), *(["--format", "json"] if not request["language"] else []),
            request["path"],
        ]  # fmt: skip

    def answer(self, output, complaints, request, first, end):
        if request["language"]:
            return Answer(output, request["language"], first, end)
        written = json.loads(output)
        return Answer(written.get("text", ""), language_code(written.get("language")), first, end)
