"""Opens many event streams, changes something, and measures. See benchmarks/event-streams."""

import asyncio
import json
import subprocess
import sys
import time
import urllib.parse
import urllib.request

CHANGES = 100


class Stream:
    """A client that follows a path, and counts the changes of state that it is told of."""

    def __init__(self, address, path, reads):
        self.address, self.path, self.reads = address, path, reads
        self.last = None
        self.changed = asyncio.Event()

    async def open(self):
        self.reader, self.writer = await asyncio.open_connection(self.address.hostname, self.address.port, limit=4096)
        self.writer.write(f"GET {self.path} HTTP/1.1\r\nHost: {self.address.netloc}\r\nAccept: text/event-stream\r\n\r\n".encode())
        await self.writer.drain()
        line = await self.reader.readline()
        if b" 200 " not in line:
            sys.exit(f"{self.path}: {line.decode()}")
        if self.reads:
            self.task = asyncio.create_task(self.follow())

    async def follow(self):
        while line := await self.reader.readline():
            for status in ("paused", "pending"):
                if f'"status":"{status}"'.encode() in line.replace(b" ", b""):
                    self.last = status
                    self.changed.set()

    async def has_seen(self, status):
        while self.last != status:
            self.changed.clear()
            await self.changed.wait()


def memory(pid):
    """The resident memory of a process, in MB."""
    with open(f"/proc/{pid}/status") as lines:
        return next(int(line.split()[1]) * 1024 / 1e6 for line in lines if line.startswith("VmRSS:"))


def transactions(psql, folder):
    """How many transactions the database has seen; the statistics are a second late."""
    time.sleep(1.5)
    query = "SELECT xact_commit FROM pg_stat_database WHERE datname = 'earshot'"
    answer = subprocess.run([psql, "-At", "-h", folder, "-U", "earshot", "-d", "postgres", "-c", query], check=True, capture_output=True)
    return int(answer.stdout)


def post(url, body=b"", headers=None):
    with urllib.request.urlopen(urllib.request.Request(url, data=body, headers=headers or {}, method="POST")) as answer:
        return json.load(answer)


def upload(api, path):
    content = open(path, "rb").read()
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\n\r\n'
    return post(f"{api}/transcriptions", head + content + b"\r\n--x--\r\n", {"Content-Type": "multipart/form-data; boundary=x"})["id"]


async def main():
    server, pid, count, recording, psql, folder = sys.argv[1], sys.argv[2], int(sys.argv[3]), *sys.argv[4:7]
    api = server + "/api/v1"
    key = upload(api, recording)
    address = urllib.parse.urlsplit(server)
    before = memory(pid)
    streams = [
        Stream(address, f"/api/v1/transcriptions/{key}/events" if number % 2 else "/api/v1/events", reads=number % 50 != 49)
        for number in range(count)
    ]
    began = time.perf_counter()
    for first in range(0, count, 50):
        await asyncio.gather(*(stream.open() for stream in streams[first : first + 50]))
    print(f"{count} streams opened in {time.perf_counter() - began:.1f} s")
    readers = [stream for stream in streams if stream.reads]
    await asyncio.gather(*(stream.has_seen("pending") for stream in readers if "transcriptions" in stream.path))
    opened = memory(pid)
    asked = transactions(psql, folder)

    times = []
    for change in range(CHANGES):
        action, status = ("pause", "paused") if change % 2 == 0 else ("resume", "pending")
        began = time.perf_counter()
        await asyncio.to_thread(post, f"{api}/transcriptions/{key}/{action}")
        await asyncio.wait_for(asyncio.gather(*(stream.has_seen(status) for stream in readers)), 60)
        times.append(time.perf_counter() - began)
    after = memory(pid)
    asked = transactions(psql, folder) - asked
    each = (max(opened, after) - before) * 1000 / count
    print(f"memory: {before:.0f} MB before, {opened:.0f} MB with the streams, {after:.0f} MB after {CHANGES} changes: {each:.0f} kB a stream")
    times.sort()
    print(f"until all had seen a change: {times[len(times) // 2] * 1000:.0f} ms at the median, {times[-1] * 1000:.0f} ms at most")
    print(f"the database was asked {asked / CHANGES:.1f} times for a change")
    sys.exit(0 if each <= 150 else 1)


asyncio.run(main())
