"""Word error rates, memory of process trees, medians: everything that is measured without knowing what is measured."""

import os
import pathlib
import statistics
import threading
import unicodedata


def words(text):
    """The words of a text as Earshot's own tests compare them: lower case, no punctuation."""
    text = unicodedata.normalize("NFC", text).lower().replace("’", "'")
    kept = "".join(c if c.isalpha() or c.isnumeric() or c == "'" else " " for c in text)
    return [word for word in (part.strip("'") for part in kept.split()) if word]


def word_errors(truth, hypothesis):
    """(words to put in, take out or replace; words of the truth)."""
    truth, hypothesis = words(truth), words(hypothesis)
    row = list(range(len(hypothesis) + 1))
    for index, word in enumerate(truth):
        diagonal, row[0] = row[0], index + 1
        for column, other in enumerate(hypothesis):
            diagonal, row[column + 1] = row[column + 1], min(diagonal + (word != other), row[column] + 1, row[column + 1] + 1)
    return row[-1], len(truth)


def median(values):
    values = [value for value in values if value is not None]
    return statistics.median(values) if values else None


def descendants(root):
    """The process ids of a process and everything it started."""
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        try:
            for task in os.listdir(f"/proc/{pid}/task"):
                waiting += map(int, pathlib.Path(f"/proc/{pid}/task/{task}/children").read_text().split())
        except OSError:
            continue
    return found


def peak_of(pid):
    """(bytes of VmHWM, the most a process ever held; its name); None for one that is gone."""
    try:
        lines = pathlib.Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return None
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    if "VmHWM" not in fields:
        return None
    return int(fields["VmHWM"].split()[0]) * 1024, fields["Name"].strip()


def forget_peak(pid):
    """Starts a process's VmHWM again from what it holds now."""
    try:
        pathlib.Path(f"/proc/{pid}/clear_refs").write_text("5")
    except OSError:
        pass


class PeakMemory:
    """Watches process trees: the largest sum of VmHWM over the processes that were alive at the same time.

    PostgreSQL is counted apart: its processes share most of their memory, and the sum counts that once for each.
    """

    def __init__(self, roots):
        self.roots = roots
        self.engine = 0
        self.database = 0
        self.over = threading.Event()
        self.watcher = threading.Thread(target=self.watch, daemon=True)

    def __enter__(self):
        for root in self.roots():
            for pid in descendants(root):
                forget_peak(pid)
        self.watcher.start()
        return self

    def __exit__(self, *_):
        self.look()
        self.over.set()
        self.watcher.join()

    def watch(self):
        while not self.over.wait(0.05):
            self.look()

    def look(self):
        engine = database = 0
        for pid in {pid for root in self.roots() for pid in descendants(root)}:
            peak = peak_of(pid)
            if peak is None:
                continue
            if peak[1] == "postgres":
                database = max(database, peak[0])
            else:
                engine += peak[0]
        self.engine, self.database = max(self.engine, engine), max(self.database, database)
