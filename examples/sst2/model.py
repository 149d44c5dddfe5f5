"""The classifier: a small BERT with token ids and a padding mask as inputs, two logits as output.

SPDX-License-Identifier: Apache-2.0
"""
import dataclasses
import math

import torch
from torch import nn


@dataclasses.dataclass(frozen=True)
class Shape:
    vocabulary: int
    length: int = 64
    width: int = 128
    heads: int = 2
    layers: int = 2
    inner: int = 512
    dropout: float = 0.1


class Layer(nn.Module):
    """Attention and two dense layers, each added to its input and normalized."""

    def __init__(self, shape):
        super().__init__()
        self.heads = shape.heads
        self.query, self.key, self.value, self.output = (
            nn.Linear(shape.width, shape.width) for _ in range(4)
        )
        self.dense = nn.Sequential(
            nn.Linear(shape.width, shape.inner), nn.GELU(), nn.Linear(shape.inner, shape.width)
        )
        self.attention_norm = nn.LayerNorm(shape.width)
        self.dense_norm = nn.LayerNorm(shape.width)
        self.dropout = nn.Dropout(shape.dropout)

    def attention(self, x, kept):
        def per_head(y):
            return y.unflatten(-1, (self.heads, -1)).transpose(1, 2)

        query, key, value = (per_head(f(x)) for f in (self.query, self.key, self.value))
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        weights = scores.masked_fill(~kept, -math.inf).softmax(-1)
        return self.output((self.dropout(weights) @ value).transpose(1, 2).flatten(2))

    def forward(self, x, kept):
        x = self.attention_norm(x + self.dropout(self.attention(x, kept)))
        return self.dense_norm(x + self.dropout(self.dense(x)))


class Encoder(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.token = nn.Embedding(shape.vocabulary, shape.width)
        self.position = nn.Parameter(torch.empty(shape.length, shape.width))
        self.norm = nn.LayerNorm(shape.width)
        self.dropout = nn.Dropout(shape.dropout)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))

    @torch.no_grad()
    def normalize_embeddings(self):
        """Scales them to a deviation of about 1, where fixed point is precise; the norm undoes it."""
        scale = 2.0 ** -round(math.log2(self.token.weight.std().item()))
        self.token.weight *= scale
        self.position *= scale
        self.norm.eps *= scale**2

    def forward(self, input_ids, attention_mask):
        x = self.token(input_ids) + self.position[: input_ids.shape[1]]
        x = self.dropout(self.norm(x))
        kept = attention_mask.bool()[:, None, None, :]
        for layer in self.layers:
            x = layer(x, kept)
        return x


class Classifier(nn.Module):
    def __init__(self, shape):
        super().__init__()
        self.shape = shape
        self.encoder = Encoder(shape)
        self.pooler = nn.Linear(shape.width, shape.width)
        self.classifier = nn.Linear(shape.width, 2)
        self.dropout = nn.Dropout(shape.dropout)
        for parameter in self.parameters():
            if parameter.dim() > 1:
                nn.init.normal_(parameter, std=0.02)

    def forward(self, input_ids, attention_mask):
        first = self.encoder(input_ids, attention_mask)[:, 0]
        return self.classifier(self.dropout(torch.tanh(self.pooler(first))))
