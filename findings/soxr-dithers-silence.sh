#!/usr/bin/env bash
# libsoxr adds noise to 16-bit sound: digital silence is not silent after resampling
#
# Versions  soxr 1.1.0 and numpy 2.4.6 from PyPI; ffmpeg 5.1.9 (Debian 12, with libsoxr 0.1.3)
# Behavior  `soxr.resample` of int16 zeros returns values of -1, 0 and 1: about a quarter of the samples are not
#           zero. The same sound in pieces, through `soxr.ResampleStream`, differs from the sound at once. ffmpeg's
#           `aresample=resampler=soxr` adds such noise, too, and other noise in every run: the same command writes
#           different bytes. libsoxr dithers every 16-bit output; the Python package has no option against it.
# Expected  Zeros in, zeros out, and the same bytes every time: a resampler is linear, and float32 sound and ffmpeg's
#           own resampler behave so. Code that tests for silence with `x == 0`, drops empty channels, or knows a
#           decoded recording by its hash works with every other path.
# Seen      2026-11-30, twice (the last number differs a little each time):
#               soxr int16: 3734 of 16000 samples of silence are not zero, values -1 to 1
#               soxr float32: 0 of 16000 samples of silence are not zero
#               soxr int16, speech in pieces and at once: equal False
#               soxr float32, speech in pieces and at once: equal True
#               ffmpeg swr: 0 of 16000 samples of silence are not zero, two runs are equal True
#               ffmpeg soxr: 3784 of 16000 samples of silence are not zero, two runs are equal False
# Earshot   resamples with ffmpeg's own resampler.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check soxr==1.1.0 numpy==2.4.6
ffmpeg -version | head -n 1

ffmpeg -v error -f lavfi -i anullsrc=r=44100:cl=mono -t 1 -c:a pcm_s16le silence.wav
espeak-ng -w spoken.wav "The resampler is linear, so the pieces and the whole are equal."
ffmpeg -v error -i spoken.wav -ar 44100 -ac 1 -f s16le speech.raw

for run in 1 2; do
  for resampler in swr soxr; do
    ffmpeg -v error -i silence.wav -af "aresample=16000:resampler=$resampler" -f s16le "$resampler-$run.raw"
  done
  # The seed changes with the time in seconds.
  sleep 2
done

venv/bin/python - <<'PYTHON'
import numpy as np
import soxr

speech = np.fromfile("speech.raw", np.int16)


def noise(sound):
    return f"{np.count_nonzero(sound)} of {len(sound)} samples of silence are not zero"


def in_pieces(sound):
    stream = soxr.ResampleStream(44100, 16000, 1, dtype=sound.dtype)
    pieces = np.array_split(sound, 50)
    return np.concatenate([stream.resample_chunk(piece, last=index == 49) for index, piece in enumerate(pieces)])


def are_equal(sound):
    whole, joined = soxr.resample(sound, 44100, 16000), in_pieces(sound)
    return len(whole) == len(joined) and np.allclose(whole, joined, rtol=0, atol=1e-6)


silence16 = soxr.resample(np.zeros(44100, np.int16), 44100, 16000)
silence32 = soxr.resample(np.zeros(44100, np.float32), 44100, 16000)
equal16, equal32 = are_equal(speech), are_equal((speech / 32768).astype(np.float32))
own, other = ([np.fromfile(f"{name}-{run}.raw", np.int16) for run in (1, 2)] for name in ("swr", "soxr"))

print(f"soxr int16: {noise(silence16)}, values {silence16.min()} to {silence16.max()}")
print(f"soxr float32: {noise(silence32)}")
print(f"soxr int16, speech in pieces and at once: equal {equal16}")
print(f"soxr float32, speech in pieces and at once: equal {equal32}")
for name, runs in (("swr", own), ("soxr", other)):
    print(f"ffmpeg {name}: {noise(runs[0])}, two runs are equal {np.array_equal(*runs)}")

assert np.any(silence16) and not np.any(silence32), "soxr no longer adds noise to 16-bit silence"
assert not equal16 and equal32, "pieces and whole no longer differ for int16 alone"
assert not np.any(own) and np.array_equal(*own), "ffmpeg's own resampler adds noise now"
assert np.any(other[0]) and not np.array_equal(*other), "ffmpeg's soxr no longer adds noise"
PYTHON
