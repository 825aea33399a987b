"""Writes an OpenAI Whisper checkpoint in the form that faster-whisper loads: CTranslate2 weights, vocabulary and tokenizer.

    convert.py CHECKPOINT FOLDER

Nothing is fetched: the vocabulary is the one that comes with openai-whisper. Weights keep their precision (16-bit); they
are quantized to 8-bit integers when they are loaded, as compute_type="int8" does.
"""

import itertools
import json
import pathlib
import sys

import tokenizers
import torch
from ctranslate2.converters import utils
from ctranslate2.specs import common_spec, whisper_spec
from whisper.tokenizer import get_tokenizer


def linear(spec, weights, name):
    spec.weight = weights[name + ".weight"]
    if name + ".bias" in weights:
        spec.bias = weights[name + ".bias"]


def layer_norm(spec, weights, name):
    spec.gamma, spec.beta = weights[name + ".weight"], weights[name + ".bias"]


def fused(spec, weights, names):
    parts = []
    for name in names:
        parts.append(common_spec.LinearSpec())
        linear(parts[-1], weights, name)
    utils.fuse_linear(spec, parts)


def attention(spec, weights, name, own):
    query, key, value = (f"{name}.{part}" for part in ("query", "key", "value"))
    if own:
        fused(spec.linear[0], weights, [query, key, value])
    else:
        fused(spec.linear[0], weights, [query])
        fused(spec.linear[1], weights, [key, value])
    linear(spec.linear[-1], weights, name + ".out")
    layer_norm(spec.layer_norm, weights, name + "_ln")


def block(spec, weights, name):
    attention(spec.self_attention, weights, name + ".attn", own=True)
    if hasattr(spec, "attention"):
        attention(spec.attention, weights, name + ".cross_attn", own=False)
    layer_norm(spec.ffn.layer_norm, weights, name + ".mlp_ln")
    linear(spec.ffn.linear_0, weights, name + ".mlp.0")
    linear(spec.ffn.linear_1, weights, name + ".mlp.2")


def specification(dims, weights):
    spec = whisper_spec.WhisperSpec(dims["n_audio_layer"], dims["n_audio_head"], dims["n_text_layer"], dims["n_text_head"])
    linear(spec.encoder.conv1, weights, "encoder.conv1")
    linear(spec.encoder.conv2, weights, "encoder.conv2")
    spec.encoder.position_encodings.encodings = weights["encoder.positional_embedding"]
    layer_norm(spec.encoder.layer_norm, weights, "encoder.ln_post")
    for index, layer in enumerate(spec.encoder.layer):
        block(layer, weights, f"encoder.blocks.{index}")
    spec.decoder.embeddings.weight = weights["decoder.token_embedding.weight"]
    spec.decoder.position_encodings.encodings = weights["decoder.positional_embedding"]
    spec.decoder.projection.weight = weights["decoder.token_embedding.weight"]
    layer_norm(spec.decoder.layer_norm, weights, "decoder.ln")
    for index, layer in enumerate(spec.decoder.layer):
        block(layer, weights, f"decoder.blocks.{index}")
    return spec


def readable_bytes():
    """GPT-2's way to write any byte as a printable character, which the file format of the tokenizer needs."""
    kept = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    others = [byte for byte in range(256) if byte not in kept]
    return {byte: chr(byte) for byte in kept} | {byte: chr(256 + index) for index, byte in enumerate(others)}


def merges(ranks):
    """The pairs of tokens that make each longer one, in order: what byte-pair encoding without it does."""
    for token, rank in sorted(ranks.items(), key=lambda item: item[1]):
        if len(token) == 1:
            continue
        parts = [bytes([byte]) for byte in token]
        while len(parts) > 2:
            joined = [(ranks.get(parts[i] + parts[i + 1], rank), i) for i in range(len(parts) - 1)]
            best, position = min(joined)
            if best >= rank:
                break
            parts[position : position + 2] = [parts[position] + parts[position + 1]]
        if len(parts) == 2:
            yield tuple(parts)


def write_tokenizer(path, encoding, special):
    letters = readable_bytes()
    ranks = encoding._mergeable_ranks

    def readable(token):
        return "".join(letters[byte] for byte in token)

    model = tokenizers.models.BPE(
        vocab={readable(token): rank for token, rank in ranks.items()},
        merges=[(readable(left), readable(right)) for left, right in merges(ranks)],
    )
    tokenizer = tokenizers.Tokenizer(model)
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    names = [name for name, _ in sorted(special.items(), key=lambda item: item[1])]
    tokenizer.add_special_tokens([tokenizers.AddedToken(name, special=True, normalized=False) for name in names])
    for name, number in special.items():
        assert tokenizer.token_to_id(name) == number, name
    for text in ("Seventeen, thirty and tomorrow?", " ¿Dónde está la niña?", " Die Tür ist grün, schließen!"):
        assert tokenizer.encode(text, add_special_tokens=False).ids == encoding.encode(text), text
    tokenizer.save(str(path))
    return [readable(token) for token, _ in sorted(ranks.items(), key=lambda item: item[1])] + names


def main():
    checkpoint, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    loaded = torch.load(checkpoint, map_location="cpu", weights_only=True)
    dims, weights = loaded["dims"], {name: value.half() for name, value in loaded["model_state_dict"].items()}
    assert dims["n_vocab"] == 51865, "only the multilingual vocabulary of 99 languages is known here"
    folder.mkdir(parents=True, exist_ok=True)

    tokenizer = get_tokenizer(multilingual=True, num_languages=99, language="en", task="transcribe")
    vocabulary = write_tokenizer(folder / "tokenizer.json", tokenizer.encoding, tokenizer.special_tokens)
    spec = specification(dims, weights)
    spec.register_vocabulary(vocabulary)
    control = [tokenizer.transcribe, tokenizer.translate, tokenizer.sot, tokenizer.sot_lm, tokenizer.sot_prev, tokenizer.no_speech]
    spec.config.suppress_ids = sorted({*tokenizer.non_speech_tokens, *control})
    spec.config.suppress_ids_begin = [*tokenizer.encoding.encode(" "), tokenizer.eot]
    spec.config.lang_ids = sorted(tokenizer.all_language_tokens)
    layers = dims["n_text_layer"]
    # Which heads follow the words is not known for these weights; the upper half is what converters fall back to.
    spec.config.alignment_heads = list(itertools.product(range(layers // 2, layers), range(dims["n_text_head"])))
    spec.validate()
    spec.optimize()
    spec.save(str(folder))
    (folder / "preprocessor_config.json").write_text(json.dumps({"feature_size": dims["n_mels"]}))


main()
