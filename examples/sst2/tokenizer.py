"""BERT's tokens of a text: lower case, no accents, words and punctuation, then the longest pieces a vocabulary has.

SPDX-License-Identifier: Apache-2.0
"""
import unicodedata

PAD, UNKNOWN, START, END = "[PAD]", "[UNK]", "[CLS]", "[SEP]"
MASK = "[MASK]"  # hides a token in training
CONTINUED = "##"  # marks a piece that does not start a word
LONGEST_WORD = 100  # characters; longer words are unknown

# Scripts written without spaces: each character is a word.
IDEOGRAPHS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


def is_ideograph(character):
    return any(low <= ord(character) <= high for low, high in IDEOGRAPHS)


def is_punctuation(character):
    """Unicode's punctuation, and every ASCII sign that is no letter or digit."""
    if character.isascii():
        return character.isprintable() and not character.isalnum() and character != " "
    return unicodedata.category(character).startswith("P")


def is_ignored(character):
    """Control, private and unassigned characters; the replacement character."""
    if character in "\t\n\r":
        return False
    return character == "\ufffd" or unicodedata.category(character).startswith("C")


def plain_words(text):
    """The words and punctuation marks of a text, lower case and without accents."""
    kept = (c for c in text if not is_ignored(c))
    spaced = "".join(f" {c} " if is_ideograph(c) else c for c in kept)
    plain = unicodedata.normalize("NFD", spaced.lower())
    plain = "".join(c for c in plain if unicodedata.category(c) != "Mn")
    return "".join(f" {c} " if is_punctuation(c) else c for c in plain).split()


class Tokenizer:
    def __init__(self, vocabulary):
        """The tokens in the order of their ids."""
        self.ids = {token: index for index, token in enumerate(vocabulary)}

    @classmethod
    def read(cls, path):
        with open(path, encoding="utf-8") as file:
            return cls(file.read().splitlines())

    def pieces(self, word):
        """The longest piece known that starts the word, and so on with the rest."""
        found, start = [], 0
        while start < len(word):
            prefix = CONTINUED if start else ""
            ends = range(len(word), start, -1)
            end = next((e for e in ends if prefix + word[start:e] in self.ids), None)
            if end is None or len(word) > LONGEST_WORD:
                return [UNKNOWN]
            found.append(prefix + word[start:end])
            start = end
        return found

    def tokens(self, text):
        return [piece for word in plain_words(text) for piece in self.pieces(word)]

    def encode(self, text, length):
        """Ids and mask of a text, cut or padded to a length; 1 in the mask is a token."""
        tokens = [START, *self.tokens(text)[: length - 2], END]
        padding = length - len(tokens)
        ids = [self.ids[token] for token in tokens + [PAD] * padding]
        return ids, [1] * len(tokens) + [0] * padding
