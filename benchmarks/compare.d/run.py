"""Measures every engine in turn and writes the tables. Called by benchmarks/compare, which sets everything up.

Everything that is compared alternates: each round asks every engine once, beginning with another one each time, so that
what the machine does meanwhile falls on all of them.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import resource
import shutil
import signal
import sys
import tempfile
import time

import measure
import report
from commands import EarshotCommand, WhisperCLI
from engines import FasterWhisper, FasterWhisperBatched, OpenAIWhisper
from servers import EarshotServer, EarshotServerIn8Bits, WhisperServer

ENGINES = [EarshotCommand, EarshotServer, EarshotServerIn8Bits, WhisperCLI, WhisperServer, FasterWhisper, FasterWhisperBatched, OpenAIWhisper]
MODES = {"defaults": (1, 4, 8), "greedy": (1, 8)}


@dataclasses.dataclass
class Setup:
    here: pathlib.Path
    work: pathlib.Path
    recordings: pathlib.Path
    whisper: pathlib.Path
    converted: pathlib.Path
    checkpoint: pathlib.Path
    ggml: pathlib.Path
    earshot: pathlib.Path


def say(text):
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


class Recordings:
    """The test recordings with their true text."""

    def __init__(self, folder):
        self.folder = folder
        self.known = {entry["file"]: entry for entry in json.loads((folder / "manifest.json").read_text())}

    def request(self, file, detect=False):
        return {"path": str(self.folder / file), "language": None if detect else self.known[file]["language"]}

    def load(self, count):
        """So many requests: the clips of about 25 s in turn, English first."""
        files = [f"clip25-{('en', 'es', 'de')[index % 3]}.wav" for index in range(count)]
        return files, [self.request(file) for file in files]

    def group(self, kind):
        """The files of a kind that are not the same sound in another container."""
        return [file for file in self.known if file.startswith(kind) and file.endswith(".wav")]

    def seconds(self, file):
        return ((self.folder / file).stat().st_size - 44) / 32000

    def errors(self, files, answers):
        counts = [measure.word_errors(self.known[file]["text"], answer.text) for file, answer in zip(files, answers)]
        return tuple(map(sum, zip(*counts)))


class Comparison:
    def __init__(self, setup, arguments):
        self.setup, self.arguments = setup, arguments
        self.recordings = Recordings(setup.recordings)
        self.rounds = 1 if arguments.quick else arguments.rounds
        # For each engine by name: {"one": engine for single requests, "many": for several at once}.
        self.engines = {}
        self.results = {"rounds": self.rounds, "engines": {}, "left_out": {}}

    # --- Engines --------------------------------------------------------------------------------------------------

    def start_all(self):
        for kind in ENGINES:
            if self.arguments.only and not any(name in kind.name for name in self.arguments.only.split(",")):
                continue
            try:
                one, many = self.choose(kind)
            except (RuntimeError, OSError) as error:
                say(f"{kind.name} is left out: {error}")
                self.results["left_out"][kind.name] = str(error).splitlines()[0]
                continue
            self.engines[kind.name] = {"one": one, "many": many}
            self.results["engines"][kind.name] = {
                "default": kind.default, "one": str(one.layout), "many": str(many.layout), "load": {}, "accuracy": {}
            }  # fmt: skip

    def start(self, kind, layout):
        engine = kind(self.setup, layout)
        engine.start()
        try:
            engine.transcribe(self.recordings.load(1)[1], "defaults")
        except Exception:
            engine.stop()
            raise
        return engine

    def choose(self, kind):
        """Starts an engine in the ways it can be spread over the cores, and keeps the quickest for one and for several requests."""
        started, ones, fours = {}, {}, {}
        try:
            for layout in kind.layouts:
                if layout.workers * layout.threads > max(2, os.cpu_count() or 1):
                    continue
                engine = started[layout] = self.start(kind, layout)
                if len(kind.layouts) == 1:
                    return engine, engine
                if layout.workers == 1:
                    ones[layout] = min(self.timed(engine, 1) for _ in range(2))
                    # Threads that spin beside a busy neighbour: no need to see them do it four times over.
                    if ones[layout] > 2 * min(ones.values()):
                        continue
                fours[layout] = self.timed(engine, 4)
            say(f"{kind.name}: one clip {told(ones)}; four {told(fours)}")
            chosen = [min(times, key=times.get) for times in (ones, fours)]
        except BaseException:
            for engine in started.values():
                engine.stop()
            raise
        for layout, engine in started.items():
            if layout not in chosen:
                engine.stop()
        return tuple(started[layout] for layout in chosen)

    def timed(self, engine, count):
        return max(answer.end for answer in engine.transcribe(self.recordings.load(count)[1], "defaults"))

    def stop_all(self):
        for pair in self.engines.values():
            for engine in {id(engine): engine for engine in pair.values()}.values():
                engine.stop()

    # --- Measurements ---------------------------------------------------------------------------------------------

    def in_turn(self, number):
        """The engines' names, beginning with another one each round."""
        names = list(self.engines)
        return names[number % len(names) :] + names[: number % len(names)]

    def load(self):
        """One, four and eight clips at once."""
        for mode, counts in MODES.items():
            for count in counts:
                files, requests = self.recordings.load(count)
                sound = sum(map(self.recordings.seconds, files))
                for number in range(self.rounds):
                    for name in self.in_turn(number):
                        self.measure(name, f"{mode} {count}", requests, mode, sound)
                self.tell(f"{mode} {count}")

    def long(self):
        """One file of four minutes."""
        file = "long-en.wav"
        for number in range(1 if self.arguments.quick else 2):
            for name in self.in_turn(number):
                answers = self.measure(name, "long", [self.recordings.request(file)], "defaults", self.recordings.seconds(file))
                self.results["engines"][name]["accuracy"]["long defaults"] = self.recordings.errors([file], answers)
        self.tell("long")

    def measure(self, name, kind, requests, mode, sound):
        engine = self.engines[name]["one" if len(requests) == 1 else "many"]
        with measure.PeakMemory(engine.roots) as memory:
            answers = engine.transcribe(requests, mode)
        taken = max(answer.end for answer in answers)
        entry = self.results["engines"][name]["load"].setdefault(kind, {"factors": [], "firsts": [], "peaks": [], "databases": []})
        entry["factors"].append(taken / sound)
        entry["firsts"] += [answer.first for answer in answers if answer.first is not None]
        entry["peaks"].append(memory.engine)
        entry["databases"].append(memory.database)
        return answers

    def first_segments(self):
        """`earshot serve` tells of segments in its events; measured apart, because the loads above wait for the answer."""
        if EarshotServer.name not in self.engines:
            return
        server = self.engines[EarshotServer.name]["one"]
        server.follows_events = True
        entries = self.results["engines"][EarshotServer.name]["load"]
        for _ in range(self.rounds):
            for count in (1, 4, 8):
                answers = server.transcribe(self.recordings.load(count)[1], "defaults")
                entries[f"defaults {count}"]["firsts"] += [answer.first for answer in answers]
        entries["long"]["firsts"] = [server.transcribe([self.recordings.request("long-en.wav")], "defaults")[0].first]
        server.follows_events = False

    def accuracy(self):
        """Every recording once in each mode, and the language detected."""
        spoken = {kind: self.recordings.group(kind) for kind in ("short", "clip25")}
        empty = ["silence.wav", "noise.wav"]
        for name in self.engines:
            engine, entry = self.engines[name]["many"], self.results["engines"][name]["accuracy"]
            for mode in ["defaults"] if self.arguments.quick else MODES:
                for kind, files in spoken.items():
                    answers = engine.transcribe([self.recordings.request(file) for file in files], mode)
                    entry[f"{kind} {mode}"] = self.recordings.errors(files, answers)
            if not self.arguments.quick:
                greedy = self.engines[name]["one"].transcribe([self.recordings.request("long-en.wav")], "greedy")
                entry["long greedy"] = self.recordings.errors(["long-en.wav"], greedy)
            answers = engine.transcribe([self.recordings.request(file) | {"language": "en"} for file in empty], "defaults")
            entry["empty"] = sum(len(measure.words(answer.text)) for answer in answers)
            files = [file for kind in spoken.values() for file in kind]
            answers = engine.transcribe([self.recordings.request(file, detect=True) for file in files], "defaults")
            right = sum(answer.language == self.recordings.known[file]["language"] for file, answer in zip(files, answers))
            entry["detection"] = (right, len(files))
            entry["detected"] = self.recordings.errors(files, answers)
            say(f"{name}: {entry}")

    def pairs(self):
        """`earshot transcribe` and whisper-cli on one clip, in turn."""
        names = [EarshotCommand.name, WhisperCLI.name]
        if not all(name in self.engines for name in names):
            return
        self.results["pairs"] = {}
        for mode in MODES:
            taken = {name: [] for name in names}
            for number in range(3 if self.arguments.quick else self.arguments.pairs):
                for name in names if number % 2 else reversed(names):
                    taken[name].append(self.timed_in(self.engines[name]["one"], mode))
            self.results["pairs"][mode] = taken
            say(f"one clip, {mode}: " + ", ".join(f"{name} {measure.median(values):.3f} s" for name, values in taken.items()))

    def timed_in(self, engine, mode):
        return engine.transcribe(self.recordings.load(1)[1], mode)[0].end

    def tell(self, kind):
        factors = {name: measure.median(entry["load"][kind]["factors"]) for name, entry in self.results["engines"].items()}
        say(f"{kind}: " + ", ".join(f"{name} {factor:.4f}" for name, factor in factors.items()))


def told(times):
    return ", ".join(f"{seconds:.2f} s with {layout}" for layout, seconds in times.items())


def processor_seconds():
    """(seconds that all processes together were at work, seconds that there were), since the machine's start."""
    fields = list(map(int, open("/proc/stat").readline().split()[1:9]))
    return (sum(fields) - fields[3] - fields[4]) / os.sysconf("SC_CLK_TCK"), sum(fields) / os.sysconf("SC_CLK_TCK")


def main():
    parser = argparse.ArgumentParser()
    for name in ("recordings", "whisper", "converted", "checkpoint", "ggml", "earshot", "document", "results"):
        parser.add_argument(f"--{name}", type=pathlib.Path, required=True)
    parser.add_argument("--versions", default="")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=9)
    parser.add_argument("--only", default="")
    parser.add_argument("--quick", action="store_true")
    arguments = parser.parse_args()

    work = pathlib.Path(tempfile.mkdtemp(prefix="earshot-compare."))
    # The private database of `earshot serve` may belong to another user, who must be able to pass.
    work.chmod(0o755)
    setup = Setup(
        pathlib.Path(__file__).parent, work, *(getattr(arguments, name) for name in ("recordings", "whisper", "converted")),
        *(getattr(arguments, name) for name in ("checkpoint", "ggml", "earshot")),
    )  # fmt: skip
    comparison = Comparison(setup, arguments)
    # So that being told to stop ends what was started, too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    busy_before, began = processor_seconds(), time.monotonic()
    try:
        comparison.start_all()
        comparison.load()
        comparison.long()
        comparison.first_segments()
        comparison.pairs()
        comparison.accuracy()
    finally:
        comparison.stop_all()
        shutil.rmtree(work, ignore_errors=True)
    busy_after = processor_seconds()
    own = sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    results = comparison.results
    results["others"] = max(0.0, busy_after[0] - busy_before[0] - own) / (busy_after[1] - busy_before[1])
    results["minutes"] = (time.monotonic() - began) / 60
    results["versions"] = arguments.versions
    arguments.results.write_text(json.dumps(results, indent=1))
    report.write(arguments.document, results)
    say(f"Done in {results['minutes']:.1f} min: {arguments.document}, and every figure in {arguments.results}")


if __name__ == "__main__":
    main()
