"""A generated sentence-transformers model of a few hundred kilobytes: a unigram tokenizer and random weights."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

TEXTS = (
    "a shark terrorises a small seaside town", "ein Hai greift Menschen am Strand an", "un homme revit la même vie",
    "un robot solo en un planeta lleno de basura", "dos hermanos roban un banco", "夢を盗む男", "家族で見るアニメ",
)  # fmt: skip
"""The texts on which its vocabulary is trained."""
DIMENSION = 32


def make(folder: Path, *, prompts: Mapping[str, str] | None = None, seed: int = 0) -> Path:
    """Write the model into `folder`."""
    import torch  # noqa: PLC0415 - slow to import, and needed by few tests
    from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, processors, trainers  # noqa: PLC0415
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast  # noqa: PLC0415

    words = Tokenizer(models.Unigram())
    words.normalizer = normalizers.NFKC()  # type: ignore[assignment]
    words.pre_tokenizer = pre_tokenizers.Metaspace()  # type: ignore[assignment]
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    words.train_from_iterator(
        TEXTS, trainers.UnigramTrainer(vocab_size=200, special_tokens=special, unk_token="<unk>", show_progress=False)
    )
    words.post_processor = processors.TemplateProcessing(  # type: ignore[assignment]
        single="<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    named = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, model_max_length=64, **named)
    tokenizer.save_pretrained(folder)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=words.get_vocab_size(), hidden_size=DIMENSION, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=64, max_position_embeddings=64, pad_token_id=1,
    )  # fmt: skip
    BertModel(config).save_pretrained(folder)
    _describe(folder, prompts or {})
    return folder


def _describe(folder: Path, prompts: Mapping[str, str]) -> None:
    parts = {"": "Transformer", "1_Pooling": "Pooling"}
    modules = [
        {"idx": at, "name": str(at), "path": path, "type": f"sentence_transformers.models.{kind}"}
        for at, (path, kind) in enumerate(parts.items())
    ]
    (folder / "1_Pooling").mkdir()
    for name, content in {
        "modules.json": modules,
        "1_Pooling/config.json": {"word_embedding_dimension": DIMENSION, "pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": 64, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": dict(prompts)},
    }.items():
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
