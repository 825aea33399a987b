"""Runs openai-whisper or faster-whisper in a process of its own, model loaded once, for requests that come as JSON lines.

    host.py openai|faster|batched MODEL WORKERS THREADS threads|processes

WORKERS requests are served at the same time, each with THREADS threads, by threads of one process or by processes. A line in,
{"mode": ..., "requests": [{"path", "language"}]}, gives one out: when each was answered, and with what. Times are those
of the system's monotonic clock, which all processes share.
"""

import concurrent.futures
import json
import multiprocessing
import sys
import threading
import time

local = threading.local()
engine = None


class OpenAI:
    """whisper.transcribe, with what the command line `whisper` uses unless told otherwise: beam search of 5, best of 5."""

    def __init__(self, path, workers, threads):
        import torch
        import whisper

        torch.set_num_threads(threads)
        self.transcribe_file = whisper.transcribe
        self.model = whisper.load_model(path, device="cpu").eval()
        # It has no iterator; told to be verbose, it prints each segment as soon as its window is decoded.
        sys.modules["whisper.transcribe"].print = note_first_line

    def transcribe(self, path, language, mode):
        options = {"beam_size": 5, "best_of": 5} if mode == "defaults" else {"temperature": 0.0}
        answer = self.transcribe_file(
            self.model, path, language=language, verbose=True, fp16=False, condition_on_previous_text=False, **options
        )
        return answer["text"], answer["language"]


class Faster:
    """faster-whisper with 8-bit weights; its default is a beam search of 5."""

    def __init__(self, path, workers, threads):
        import faster_whisper

        self.model = faster_whisper.WhisperModel(
            path, device="cpu", compute_type="int8", cpu_threads=threads, num_workers=workers, local_files_only=True
        )

    def transcribe(self, path, language, mode):
        return self.collect(*self.model.transcribe(path, language=language, condition_on_previous_text=False, **self.options(mode)))

    def options(self, mode):
        return {} if mode == "defaults" else {"beam_size": 1, "temperature": 0.0}

    def collect(self, segments, info):
        texts = []
        for segment in segments:
            note_first_line("[")
            texts.append(segment.text)
        return "".join(texts), info.language


class Batched(Faster):
    """Its BatchedInferencePipeline: pieces of 30 s side by side, cut by voice activity, 8 at a time.

    Segment times are asked for as everywhere else; without them the demo weights, which know no other output, leave words out.
    """

    def __init__(self, path, workers, threads):
        import faster_whisper

        super().__init__(path, workers, threads)
        self.pipeline = faster_whisper.BatchedInferencePipeline(self.model)

    def transcribe(self, path, language, mode):
        options = self.options(mode)
        return self.collect(*self.pipeline.transcribe(path, language=language, batch_size=8, without_timestamps=False, **options))


def note_first_line(text="", *_, **__):
    if text.startswith("[") and getattr(local, "first", None) is None:
        local.first = time.monotonic()


def load(name, path, workers, threads):
    global engine
    engine = {"openai": OpenAI, "faster": Faster, "batched": Batched}[name](path, workers, threads)


def answer(request, mode):
    local.first = None
    text, language = engine.transcribe(request["path"], request["language"], mode)
    return {"text": text, "language": language, "first": local.first, "end": time.monotonic()}


def be_loaded():
    # Held for a moment, so that every process of the pool takes one of these.
    time.sleep(0.5)


def main():
    name, path, workers, threads, kind = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), sys.argv[5]
    out = sys.stdout
    sys.stdout = sys.stderr
    if kind == "processes":
        pool = concurrent.futures.ProcessPoolExecutor(
            workers, multiprocessing.get_context("spawn"), initializer=load, initargs=(name, path, 1, threads)
        )
    else:
        load(name, path, workers, threads)
        pool = concurrent.futures.ThreadPoolExecutor(workers)
    for waiting in [pool.submit(be_loaded) for _ in range(workers)]:
        waiting.result()
    print(json.dumps({"ready": True}), file=out, flush=True)
    for line in sys.stdin:
        job = json.loads(line)
        begin = time.monotonic()
        answers = [pool.submit(answer, request, job["mode"]) for request in job["requests"]]
        results = [future.result() for future in answers]
        print(json.dumps({"begin": begin, "results": results}), file=out, flush=True)
    pool.shutdown()


if __name__ == "__main__":
    main()
