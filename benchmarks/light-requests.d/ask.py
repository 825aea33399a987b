"""Asks for small things at a steady pace, while there is nothing to do and while every core transcribes. See benchmarks/light-requests."""

import concurrent.futures
import http.client
import json
import os
import pathlib
import sys
import time
import urllib.parse

RATE = 50  # requests a second, of all kinds together
SETTLING = 3  # seconds between a change of what there is to do and the measurement


class Client:
    """One connection, which stays open."""

    def __init__(self, server):
        address = urllib.parse.urlsplit(server)
        self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=120)

    def send(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body, headers or {})
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status not in (200, 201):
            sys.exit(f"{method} {path}: {answer.status} {content.decode()}")
        return content

    def upload(self, recording, wait=100):
        head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{recording.name}"\r\n\r\n'
        body = head.encode() + recording.read_bytes() + b"\r\n--x--\r\n"
        kind = {"Content-Type": "multipart/form-data; boundary=x"}
        return json.loads(self.send("POST", f"/api/v1/transcriptions?wait={wait}", body, kind))

    def unfinished(self):
        return json.loads(self.send("GET", "/api/v1/transcriptions?status=pending,processing&limit=1"))["total"]

    def ask_steadily(self, path, first, every, end):
        """How long each answer took, in ms. What was due before the last answer was there counts from when it was due."""
        self.send("GET", path)
        times = []
        due = first
        while due < end:
            ahead = due - time.perf_counter()
            if ahead > 0:
                time.sleep(ahead)
            began = time.perf_counter() if ahead > 0 else due
            self.send("GET", path)
            times.append((time.perf_counter() - began) * 1000)
            due += every
        return times


def used(pid):
    """Seconds of the cores' time: all there was, what was used of it, and what the server and its children that ended used."""
    with open("/proc/stat") as lines:
        counted = [int(field) for field in lines.readline().split()[1:9]]
    with open(f"/proc/{pid}/stat") as line:
        own = sum(int(field) for field in line.read().rpartition(")")[2].split()[11:15])
    # user nice system idle iowait irq softirq steal
    ticks = os.sysconf("SC_CLK_TCK")
    return [sum(counted) / ticks, (sum(counted) - counted[3] - counted[4]) / ticks, own / ticks]


def measure(server, paths, pid, seconds):
    """Each path's times, and the shares of the cores' time that were used: by all there is, and by the server."""
    every = len(paths) / RATE
    before = used(pid)
    begin = time.perf_counter() + 0.5
    with concurrent.futures.ThreadPoolExecutor(len(paths)) as pool:
        asking = [
            pool.submit(Client(server).ask_steadily, path, begin + number / RATE, every, begin + seconds)
            for number, path in enumerate(paths)
        ]
        times = [sorted(each.result()) for each in asking]
    all_there_was, by_all, by_server = [after - earlier for after, earlier in zip(used(pid), before)]
    return times, 100 * by_all / all_there_was, 100 * by_server / all_there_was


def percentile(times, share):
    return times[min(len(times) - 1, int(len(times) * share))]


def figures(times):
    return "".join(f"{percentile(times, share):9.1f}" for share in (0.5, 0.95, 0.99, 1))


def main():
    server, pid, cores, seconds, recordings = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]), pathlib.Path(sys.argv[5])
    client = Client(server)
    for recording in sorted(recordings.glob("short-*.wav")):
        client.upload(recording)
    finished = client.upload(recordings / "clip25-en.wav")
    paths = {
        "ready": "/health/ready",
        "list of 20": "/api/v1/transcriptions?limit=20",
        "one transcription": f"/api/v1/transcriptions/{finished['id']}",
        "statistics": "/api/v1/statistics",
        "models": "/v1/models",
        "search": "/api/v1/search?q=music",
    }

    time.sleep(SETTLING)
    idle, idle_all, idle_server = measure(server, paths.values(), pid, seconds)

    # The same recording again and again. No core has done it in two seconds.
    client = Client(server)
    long = client.upload(recordings / "long-en.wav", wait=0)
    for _ in range(cores * (seconds // 2 + SETTLING)):
        client.send("POST", f"/api/v1/audio-files/{long['audio_file_id']}/transcriptions?model={long['model']}&duplicate=true")
    time.sleep(SETTLING)
    busy, busy_all, busy_server = measure(server, paths.values(), pid, seconds)
    if Client(server).unfinished() < cores:
        sys.exit("Everything was transcribed before the measurement was over: this machine needs more recordings.")

    heads = "".join(f"{head:>9}" for head in ("median", "95 %", "99 %", "most"))
    print(f"{'ms':18}{'   nothing to do':36}   every core transcribes\n{'':18}{heads}{heads}")
    for name, before, after in zip(paths, idle, busy):
        print(f"{name:18}{figures(before)}{figures(after)}")
    idle, busy = sorted(sum(idle, [])), sorted(sum(busy, []))
    print(f"{'all':18}{figures(idle)}{figures(busy)}")
    print(f"{len(idle)} and {len(busy)} requests in {seconds} s each")
    print(f"of all {cores} cores' time {idle_all:.0f} % was used with nothing to do, {idle_server:.0f} % by Earshot;")
    print(f"{busy_all:.0f} % while every core transcribed, {busy_server:.0f} % by Earshot")
    median = percentile(busy, 0.5)
    print(f"{median:.1f} ms is the median of all while every core transcribes (to be under 5)")
    sys.exit(0 if median < 5 else 1)


main()
