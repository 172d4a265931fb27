"""How well extraction does on labelled trials: every figure by measure and class of trial."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from kg.evaluate.compare import Comparison, Confusion, compare
from kg.evaluate.counts import Score, score
from kg.evaluate.gold import GoldTrial, read_gold
from kg.extract import extract
from kg.extract.lexicon import Lexicon
from kg.records import Trial

CLASSES = {
    "all": ("cell", "binder", "antibody", "none"),
    "cell and binder": ("cell", "binder"),
    "cell": ("cell",),
    "binder": ("binder",),
    "antibody": ("antibody",),
    "none": ("none",),
}


class Evaluation(msgspec.Struct, frozen=True):
    """Scores by class of trial, and every wrong or missed answer with its quote."""

    trials: int
    scores: Mapping[str, tuple[Score, ...]]
    confusions: tuple[Confusion, ...]
    without_record: tuple[str, ...]


def evaluate(gold: Sequence[GoldTrial], trials: Iterable[Trial], lexicon: Lexicon) -> Evaluation:
    """Extract the labelled trials and score them; labels without a record are named."""
    by_id = {trial.registry_id: trial for trial in trials}
    compared = [
        compare(labels, extract(by_id[labels.id], lexicon), lexicon)
        for labels in gold
        if labels.id in by_id
    ]
    missing = tuple(labels.id for labels in gold if labels.id not in by_id)
    scores = {name: _scores(compared, classes) for name, classes in CLASSES.items()}
    confusions = tuple(item for comparison in compared for item in comparison.confusions)
    return Evaluation(len(compared), scores, confusions, missing)


def _scores(compared: Sequence[Comparison], classes: tuple[str, ...]) -> tuple[Score, ...]:
    kept = [item for item in compared if item.klass in classes]
    measures = dict.fromkeys(name for item in kept for name in item.counts)
    return tuple(
        score(name, [item.counts[name] for item in kept if name in item.counts])
        for name in measures
    )


__all__ = ["CLASSES", "Evaluation", "GoldTrial", "Score", "evaluate", "read_gold"]
