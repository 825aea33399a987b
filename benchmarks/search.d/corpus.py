"""Writes 100,000 segments of made-up speech, always the same, as COPY commands for psql.

    corpus.py SENTENCES.tsv [SEGMENTS] > fill.sql

English, German and Spanish come from the recordings' own sentences, French, Russian and Japanese from the lists below. A language's
words are as unevenly spread as in real speech (Zipf's law): a few stand in every third segment, thousands only now and then. Those are
made of syllables, and every fortieth segment names somebody.
"""

import itertools
import random
import re
import sys
import uuid

SYLLABLES = {
    "en": "ba con der fen gal hol in jar kel lan mor ner os pel quin ran sel tor un ver wen yar".split(),
    "de": "ber chen dorf ein fall gang heim isch kraft land mund nach ort pfad recht schaft tum ung wald zug".split(),
    "es": "cal dad es fin gar hue illo jar ler mien nes ol pre que ría ser tos un vez zal".split(),
    "fr": "ai bon cha deux eur fou gne hui ille jou leau mont nous oir peu quoi ré son tre vous".split(),
    "ru": "ба вод год дом ель жар зна имя кот лес мор нов ост пол раз сто тра уша ход чай".split(),
}
OTHER_SENTENCES = {
    "fr": [
        "Nous avons parlé de la réunion de lundi.", "Les enfants jouent dans le jardin.", "Il faut acheter du pain et du lait.",
        "La porte de la maison est ouverte.", "Je voudrais une tasse de café, merci.", "Le train de Paris arrive à midi.",
    ],
    "ru": [
        "Мы говорили о встрече в понедельник.", "Дети играют в саду.", "Нужно купить хлеб и молоко.",
        "Дверь дома открыта.", "Поезд из Москвы приходит в полдень.", "Сегодня хорошая погода.",
    ],
}
JAPANESE = [
    "今日の会議は三時から始まります", "東京駅で電車に乗り換えてください", "ありがとうございます", "新しい計画について話しましょう", "昨日は雨が降りました",
    "子供たちは公園で遊んでいます", "この資料を確認してください", "来週の月曜日に発表があります", "お茶とコーヒーのどちらがいいですか", "音声認識の結果を保存します",
]
JAPANESE_TAIL = "山川田中村木林森石橋井上原野島藤高小大青白黒赤金銀水火土日月星空海風雪花鳥魚犬猫馬牛"
GIVEN = "Anna Boris Clara David Elena Farid Greta Hugo Ines Jonas Katarzyna Liam Mirela Nils Olga Pablo Quentin Rosa Stefan Thérèse".split()
FAMILY = (
    "Goldschmidt Papadopoulos Kowalczyk Schwarzenberger Fitzgerald Nakamura Okonkwo Villanueva Lindqvist Macpherson Abdelrahman "
    "Bartholomew Czerniakowski Dragomirescu Echeverría Featherstone Guðmundsdóttir Hohenlohe Iannopoulos Jankauskas"
).split()
SHARES = {"en": 0.4, "de": 0.2, "es": 0.1, "fr": 0.08, "ru": 0.07, "ja": 0.15}
SEGMENTS_EACH = 200


class Vocabulary:
    """A language's words, the commonest first."""

    def __init__(self, language, sentences, chance):
        counted = {}
        for word in itertools.chain.from_iterable(re.findall(r"\w+", sentence) for sentence in sentences):
            counted[word] = counted.get(word, 0) + 1
        words = sorted(counted, key=lambda word: (-counted[word], word))
        syllables = SYLLABLES[language]
        while len(words) < 6000:
            words.append("".join(chance.choice(syllables) for _ in range(chance.randint(2, 4))))
        self.words = words
        self.weights = list(itertools.accumulate(1 / (rank + 2) for rank in range(len(words))))

    def some(self, count, chance):
        return chance.choices(self.words, cum_weights=self.weights, k=count)


def text(language, vocabularies, sentences, chance):
    if language == "ja":
        tail = "".join(chance.choices(JAPANESE_TAIL, k=chance.randint(2, 6)))
        return "、".join(chance.choices(JAPANESE, k=chance.randint(1, 2))) + "、" + tail + "。"
    words = vocabularies[language].some(chance.randint(5, 18), chance)
    spoken = chance.choice(sentences[language]) + " " + " ".join(words) + "."
    return f"{spoken} {chance.choice(GIVEN)} {chance.choice(FAMILY)}." if chance.random() < 1 / 40 else spoken


def main():
    chance = random.Random(20240607)
    rows = [line.rstrip("\n").split("\t") for line in open(sys.argv[1], encoding="utf-8")]
    sentences = {language: [row[column] for row in rows[1:]] for column, language in enumerate(rows[0])} | OTHER_SENTENCES
    vocabularies = {language: Vocabulary(language, sentences[language], chance) for language in SYLLABLES}
    segments = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    made = [
        (uuid.UUID(int=chance.getrandbits(128)), chance.choices(list(SHARES), list(SHARES.values()))[0])
        for _ in range(segments // SEGMENTS_EACH)
    ]
    print("COPY audio_files (id, original_filename, stored_filename, size_bytes, sha256, media_type, duration_ms) FROM stdin;")
    for number, (key, _) in enumerate(made):
        print(key, f"recording {number}.wav", f"{key}.wav", 1000, f"{number:064x}", "audio/wav", 1_000_000, sep="\t")
    print("\\.\nCOPY transcriptions (id, audio_file_id, state, model, is_prepared, language, completed_at, created_at) FROM stdin;")
    for number, (key, language) in enumerate(made):
        day = f"2024-01-01 00:00:00+00"
        print(key, key, "completed", "demo", "t", language, day, day, sep="\t")
    print("\\.\nCOPY segments (transcription_id, block, place, ordinal, start_ms, end_ms, text, text_language) FROM stdin;")
    for key, language in made:
        for number in range(SEGMENTS_EACH):
            said = text(language, vocabularies, sentences, chance)
            print(key, number // 5, number % 5, number, number * 5000, number * 5000 + 4800, said, language, sep="\t")
    print("\\.")


if __name__ == "__main__":
    main()
