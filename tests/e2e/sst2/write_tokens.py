"""Rewrites the ids in tokens.json as Hugging Face's BERT tokenizer gives them; needs the package transformers.

SPDX-License-Identifier: Apache-2.0
"""
import json
import pathlib

from transformers import BertTokenizer

here = pathlib.Path(__file__).parent
vocabulary = here.parents[2] / "examples" / "sst2" / "vocabulary.txt"
tokenizer = BertTokenizer(str(vocabulary))
path = here / "tokens.json"
cases = [[text, tokenizer(text)["input_ids"]] for text, _ in json.loads(path.read_text())]
path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
