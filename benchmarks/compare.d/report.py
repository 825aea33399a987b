"""Writes the tables of a comparison into a document, between two markers; the text around them is written by hand."""

import os
import pathlib
import platform
import re
import time

from measure import median

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def write(document, results):
    text = pathlib.Path(document).read_text()
    assert BEGIN in text and END in text, f"{document} has lost its markers"
    before, rest = text.split(BEGIN, 1)
    after = rest.split(END, 1)[1]
    pathlib.Path(document).write_text(f"{before}{BEGIN}\n{tables(results)}\n{END}{after}")


def tables(results):
    parts = [
        where_and_when(results), verdict(results), load_table(results, "defaults", (1, 4, 8)), load_table(results, "greedy", (1, 8)),
        long_table(results), pairs_table(results), accuracy_table(results),
    ]  # fmt: skip
    return "\n\n".join(part for part in parts if part)


def table(header, rows):
    lines = [header, ["---"] + ["--:"] * (len(header) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


# --- Machine ----------------------------------------------------------------------------------------------------------


def where_and_when(results):
    lines = [
        f"Measured {time.strftime('%Y-%m-%d')} on {machine()}; {results['rounds']} round{'s'[: results['rounds'] != 1]}, medians.",
        f"Versions: {results['versions']}.",
        f"Other processes used {results['others'] * 100:.0f} % of the machine's processor time meanwhile.",
    ]
    lines += [f"Left out: {name} ({reason})." for name, reason in results["left_out"].items()]
    return "\n".join(lines)


def machine():
    model = re.search(r"model name\s*:\s*(.*)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) / 1048576
    return f"{os.cpu_count()} cores of {model[1] if model else platform.machine()}, {memory:.0f} GiB of memory, {platform.system()}"


# --- Aims -------------------------------------------------------------------------------------------------------------


def verdict(results):
    lines = [line for line in (clip_aim(results), throughput_aim(results), accuracy_aim(results)) if line]
    return "\n".join(f"- {line}" for line in lines)


def clip_aim(results):
    if "pairs" not in results:
        return None
    parts = []
    for mode, taken in results["pairs"].items():
        ours, theirs = (median(taken[name]) for name in ("earshot transcribe", "whisper-cli"))
        more = (ours / theirs - 1) * 100
        parts.append(f"{abs(more):.1f} % {'slower' if more > 0 else 'faster'}, {'each with its own defaults' if mode == 'defaults' else 'both greedy'}")
    met = all(median(taken["earshot transcribe"]) <= 1.03 * median(taken["whisper-cli"]) for taken in results["pairs"].values())
    return f"One clip, never more than 3 % slower than whisper-cli: **{'met' if met else 'missed'}** ({', '.join(parts)})."


def throughput_aim(results):
    parts, met = [], True
    for mode in ("defaults", "greedy"):
        factors = {name: factor(entry, f"{mode} 8") for name, entry in results["engines"].items()}
        ours = min((value for name, value in factors.items() if name.startswith("earshot") and value), default=None)
        others = {name: value for name, value in factors.items() if not name.startswith("earshot") and value}
        if not ours or not others:
            return None
        best = min(others, key=others.get)
        met = met and ours < others[best]
        parts.append(f"{'own defaults' if mode == 'defaults' else 'greedy'}: {1 / ours:.0f} × real time, {best} {1 / others[best]:.0f} ×")
    return f"Eight requests at once, ahead of every other: **{'met' if met else 'missed'}** ({'; '.join(parts)})."


def accuracy_aim(results):
    ours, theirs = ({kind: errors(results, name, kind) for kind in KINDS} for name in ("earshot serve", "openai-whisper"))
    both = [kind for kind in KINDS if ours[kind] and theirs[kind]]
    if not both:
        return None
    worse = [kind for kind in both if ours[kind][0] > theirs[kind][0]]
    totals = [sum(side[kind][0] for kind in both) / sum(side[kind][1] for kind in both) * 100 for side in (ours, theirs)]
    where = f"; above it in: {', '.join(worse)}" if worse else ""
    return (
        f"Word error rate never above openai-whisper's: **{'missed' if worse else 'met'}** "
        f"(all recordings together {totals[0]:.1f} % against {totals[1]:.1f} %{where})."
    )


# --- Tables -----------------------------------------------------------------------------------------------------------

KINDS = [f"{kind} {mode}" for mode in ("defaults", "greedy") for kind in ("short", "clip25", "long")]


def errors(results, name, kind):
    return results["engines"].get(name, {}).get("accuracy", {}).get(kind)


def factor(entry, kind):
    return median(entry["load"].get(kind, {}).get("factors", []))


def number(value, digits, factor=1.0):
    return "–" if value is None else f"{value * factor:.{digits}f}"


def megabytes(load):
    if not load or not load["peaks"]:
        return "–"
    database = max(load["databases"])
    return f"{max(load['peaks']) / 1e6:.0f}" + (f" + {database / 1e6:.0f}" if database else "")


def load_table(results, mode, counts):
    title = "Each with its own defaults" if mode == "defaults" else "All greedy, no second try"
    header = ["engine", "decoding"] if mode == "defaults" else ["engine"]
    header += [f"RTF, {count}" for count in counts] + [f"× real time, {counts[-1]}"]
    header += [f"first segment, {count}" for count in counts] + [f"memory, {count}" for count in (counts[0], counts[-1])]
    rows = []
    for name, entry in results["engines"].items():
        loads = [entry["load"].get(f"{mode} {count}") for count in counts]
        factors = [factor(entry, f"{mode} {count}") for count in counts]
        firsts = [median(load["firsts"]) if load else None for load in loads]
        row = [name] + ([f"{entry['default']}; {entry['one']}, several: {entry['many']}"] if mode == "defaults" else [])
        row += [number(value, 4) for value in factors] + ["–" if not factors[-1] else f"{1 / factors[-1]:.0f}"]
        row += ["–" if value is None else f"{value:.2f} s" for value in firsts] + [megabytes(loads[0]), megabytes(loads[-1])]
        rows.append(row)
    return f"#### {title}\n\n{table(header, rows)}"


def long_table(results):
    rows = []
    for name, entry in results["engines"].items():
        load = entry["load"].get("long")
        if load:
            first = median(load["firsts"])
            rows.append([name, number(median(load["factors"]), 4), "–" if first is None else f"{first:.2f} s", megabytes(load)])
    return rows and f"#### One file of 240 s\n\n{table(['engine', 'RTF', 'first segment', 'memory'], rows)}"


def pairs_table(results):
    if "pairs" not in results:
        return None
    rows = []
    for mode, taken in results["pairs"].items():
        ours, theirs = taken["earshot transcribe"], taken["whisper-cli"]
        rows.append(
            ["own defaults" if mode == "defaults" else "greedy"]
            + [f"{median(values):.3f} s ({min(values):.3f} to {max(values):.3f})" for values in (ours, theirs)]
            + [f"{median(ours) / median(theirs):.2f}"]
        )
    title = f"#### One clip of 25 s at the command line, {len(ours)} times in turn"
    return f"{title}\n\n{table(['decoding', 'earshot transcribe', 'whisper-cli', 'ratio'], rows)}"


def accuracy_table(results):
    header = ["engine", "24 short", "3 of 25 s", "240 s", "greedy: 24 short", "3 of 25 s", "240 s"]
    header += ["language found", "words in silence and noise"]
    rows = []
    for name, entry in results["engines"].items():
        accuracy = entry["accuracy"]
        rates = [f"{100 * accuracy[kind][0] / accuracy[kind][1]:.1f} %" if kind in accuracy else "–" for kind in KINDS]
        found = "{}/{}".format(*accuracy["detection"]) if "detection" in accuracy else "–"
        if "detected" in accuracy:
            found += f", {100 * accuracy['detected'][0] / accuracy['detected'][1]:.1f} %"
        rows.append([name, *rates, found, str(accuracy.get("empty", "–"))])
    return f"#### Word error rate\n\n{table(header, rows)}"
