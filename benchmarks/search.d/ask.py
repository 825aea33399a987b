"""Asks the same twenty questions again and again, and prints how long the answers took."""

import http.client
import json
import statistics
import sys
import time
import urllib.parse

ROUNDS = 15
QUESTIONS = [
    # Common words, in one language or in several.
    "please", "music", "today", "Bitte", "número", "réunion", "встреча", "música or Musik or music or please or today",
    # Inflected, combined, excluded.
    "seeing", "letter dogs", "milk -coffee", "Schlüssel or llaves or keys",
    # Phrases.
    '"see you on Saturday"', '"la porte de la maison"',
    # Names: right, wrong, and in part.
    "Hohenlohe", "Papadopolous", "schwarzenb",
    # Japanese: a common word, a long one, and one character.
    "会議", "ありがとうございます", "鳥",
]


def main():
    address = urllib.parse.urlsplit(sys.argv[1])
    connection = http.client.HTTPConnection(address.hostname, address.port)
    times = {question: [] for question in QUESTIONS}
    answers = {}
    for _ in range(ROUNDS):
        for question in QUESTIONS:
            began = time.perf_counter()
            connection.request("GET", "/api/v1/search?" + urllib.parse.urlencode({"q": question}))
            response = connection.getresponse()
            body = response.read()
            times[question].append((time.perf_counter() - began) * 1000)
            if response.status != 200:
                sys.exit(f"{question}: {response.status} {body.decode()}")
            answers[question] = json.loads(body)
    for question in QUESTIONS:
        found = answers[question]
        total = found["total"] if found["total"] is not None else "many"
        kinds = ", ".join(sorted({item["match"] for item in found["items"]}))
        print(f"{statistics.median(times[question]):7.1f} ms   {question}   ({total} hits; {kinds or 'none'})")
    every = sorted(time for list_ in times.values() for time in list_)
    median, late = statistics.median(every), every[int(len(every) * 0.95)]
    print(f"{median:7.1f} ms is the median of all (to be under 50), {late:.1f} ms the 95th percentile")
    sys.exit(0 if median < 50 else 1)


if __name__ == "__main__":
    main()
