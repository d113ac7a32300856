"""Encoding of search texts: the exported model on onnxruntime, with a cache. Does not import torch."""

from __future__ import annotations

import threading
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import onnxruntime
import tokenizers
from onnxruntime.capi import onnxruntime_pybind11_state as faults

from core.config import Settings
from core.errors import ModelMissing
from core.ports import Encoder, RecallingEncoder, Vectors
from engine.search.encoders import manifest

CACHED_QUERIES = 4_096
"""Maximum number of cached vectors: 6 MB at 384 dimensions."""
POST_TOKENS = 96
"""Number of tokens encoded of a text that recalls a movie. Half of the posts are longer. Held-out recall@10 of the
cosine is .318 with 64 tokens, .343 with 96, .355 with whole posts; hybrid searches lose .004."""
VECTOR, RECALLED = "vector", "recalled"
"""Outputs of an exported graph; the second exists only if a pooling was learned for the model."""


def load(settings: Settings, *, bound: Callable[[Encoder], Encoder] = lambda encoder: encoder) -> CachedEncoder:
    """Return the configured exported encoder for serving.

    Args:
        settings: name the encoder.
        bound: limits the time of what is not cached.

    Raises:
        ModelMissing: the encoder was not exported yet or cannot be read; names the command to run.
    """
    encoder = OnnxEncoder(manifest.folder(settings), threads=settings.encoder_threads)
    return CachedEncoder(bound(encoder), uncased=encoder.manifest.uncased)


class OnnxEncoder:
    """An exported model. Safe to share between threads.

    Args:
        folder: folder of the export.
        threads: number of threads per text.
        workers: number of texts encoded in parallel; for many texts, this scales better than `threads`.
        documents: whether the texts are movies instead of queries; some models have a prompt for each.
        post_tokens: number of tokens encoded of a text that recalls a movie.
        prompt: prefix of the texts, instead of the model's.
    """

    def __init__(
        self,
        folder: Path,
        *,
        threads: int = 1,
        workers: int = 1,
        documents: bool = False,
        post_tokens: int = POST_TOKENS,
        prompt: str | None = None,
    ) -> None:
        self.folder, self.manifest = folder, manifest.verified(folder)
        default = self.manifest.document_prompt if documents else self.manifest.query_prompt
        self.prompt = default if prompt is None else prompt
        self._workers = workers
        self._tokenizers = {
            VECTOR: tokenizer(folder, self.manifest.max_length),
            RECALLED: tokenizer(folder, min(post_tokens, self.manifest.max_length)),
        }
        self._session = _session(folder, threads)

    @property
    def name(self) -> str:
        """Return the identity of the vector space, which is that of the exported model."""
        return self.manifest.name

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self.manifest.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode each text separately and unpadded, so that its vector does not depend on other texts.

        Returns:
            float32, (n_texts, dimension), unit rows.
        """
        return self._encode(texts, VECTOR)

    def encode_recalled(self, texts: Sequence[str]) -> Vectors:
        """Encode the beginnings of texts that recall a movie, with the learned pooling if the model has one.

        Returns:
            float32, (n_texts, dimension), unit rows.
        """
        return self._encode(texts, RECALLED if self.manifest.recalled else VECTOR)

    def _encode(self, texts: Sequence[str], output: str) -> Vectors:
        vector = partial(self._vector, output=output)
        if len(texts) > 1 and self._workers > 1:
            with ThreadPoolExecutor(self._workers) as pool:
                rows = list(pool.map(vector, texts))
        else:
            rows = [vector(text) for text in texts]
        vectors = np.array(rows, np.float32).reshape(len(texts), self.dimension)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True).clip(min=1e-12), np.float32)

    def _vector(self, text: str, *, output: str) -> Vectors:
        ids = self._tokenizers[output].encode(self.prompt + text).ids
        return np.asarray(self._session.run([output], {"input_ids": np.array([ids], np.int64)})[0][0], np.float32)


_Key = tuple[str, str]
"""An output and a normalized text."""


class CachedEncoder:
    """A cache of the vectors of recent texts, which are normalized first."""

    def __init__(self, encoder: Encoder, *, uncased: bool = False, size: int = CACHED_QUERIES) -> None:
        self._encoder, self._uncased, self._size = encoder, uncased, size
        self._vectors: OrderedDict[_Key, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def name(self) -> str:
        """Return the identity of the vector space."""
        return self._encoder.name

    @property
    def dimension(self) -> int:
        """Return the length of a vector."""
        return self._encoder.dimension

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Encode the normalized texts that are not cached; return the vectors of all.

        Returns:
            float32, (n_texts, dimension), unit rows.
        """
        return self._encode(texts, VECTOR, self._encoder.encode)

    def encode_recalled(self, texts: Sequence[str]) -> Vectors:
        """Do the same for texts that recall a movie; like `encode` if the encoder does not distinguish them.

        Returns:
            float32, (n_texts, dimension), unit rows.
        """
        if isinstance(self._encoder, RecallingEncoder):
            return self._encode(texts, RECALLED, self._encoder.encode_recalled)
        return self.encode(texts)

    def _encode(self, texts: Sequence[str], output: str, encode: Callable[[Sequence[str]], Vectors]) -> Vectors:
        keys = [(output, normalise(text, lower=self._uncased)) for text in texts]
        known = self._recall(keys)
        missing = [key for key in dict.fromkeys(keys) if key not in known]
        if missing:
            # Outside the lock: threads may encode the same text twice, which costs less than waiting.
            known |= zip(missing, encode([text for _, text in missing]), strict=True)
            self._remember({key: known[key] for key in missing})
        return np.stack([known[key] for key in keys]) if keys else np.empty((0, self.dimension), np.float32)

    def _recall(self, keys: Sequence[_Key]) -> dict[_Key, Vectors]:
        with self._lock:
            known = {key: self._vectors[key] for key in keys if key in self._vectors}
            for key in known:
                self._vectors.move_to_end(key)
            return known

    def _remember(self, fresh: dict[_Key, Vectors]) -> None:
        with self._lock:
            self._vectors.update(fresh)
            while len(self._vectors) > self._size:
                self._vectors.popitem(last=False)


def normalise(text: str, *, lower: bool) -> str:
    """Normalize what does not change the meaning: compatibility forms, white space and, if `lower`, case.

    Texts are lowercased, not case-folded: `casefold` turns ß into ss, which the tokenizer treats as another word.
    """
    folded = " ".join(unicodedata.normalize("NFKC", text).split())
    return folded.lower() if lower else folded


def tokenizer(folder: Path, max_length: int) -> tokenizers.Tokenizer:
    """Return the tokenizer of an export; it truncates texts to `max_length` tokens."""
    opened = tokenizers.Tokenizer.from_file(str(folder / manifest.TOKENIZER))
    opened.no_padding()
    opened.enable_truncation(max_length)
    return opened


def _session(folder: Path, threads: int) -> onnxruntime.InferenceSession:
    file = folder / manifest.MODEL
    try:
        return onnxruntime.InferenceSession(str(file), _options(threads), providers=["CPUExecutionProvider"])
    except (
        faults.Fail,
        faults.InvalidGraph,
        faults.InvalidProtobuf,
        faults.NoSuchFile,
        faults.RuntimeException,
    ) as error:
        raise ModelMissing(f"{file} cannot be opened ({error}); remove its folder and run `marquee index`") from error


def _options(threads: int) -> onnxruntime.SessionOptions:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    options.log_severity_level = 3
    return options
