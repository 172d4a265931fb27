"""Check a KGX export with the kgx validator, against the Biolink Model.

`python -m tests.kgx FOLDER…` in an environment of its own: `pip install kgx biolink-model`. The
model is the one that is installed: nothing is fetched. Prefixes of the registries and of our own
nodes, which no model lists, are told to the validator.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path

OURS = {
    "trialkg": "https://w3id.org/trialkg/",
    "clinicaltrials": "https://clinicaltrials.gov/study/",
}


def offline() -> None:
    """Let the toolkit of the model read the installed files instead of addresses."""
    import bmt.toolkit
    from bmt import Toolkit

    model = next(Path(place) / "biolink_model" for place in sys.path if _has_model(place))
    before = Toolkit.__init__

    def init(self, schema=None, predicate_map=None, **_: object) -> None:
        before(
            self,
            schema=str(model / "schema" / "biolink_model.yaml"),
            predicate_map={"predicate mappings": []},
        )

    Toolkit.__init__ = init
    bmt.toolkit.Toolkit.__init__ = init
    from kgx import config

    prefixes = json.loads((model / "prefixmaps" / "biolink-model-prefix-map.json").read_text())
    config.jsonld_context_map["biolink"] = {**prefixes, **OURS}


def _has_model(place: str) -> bool:
    return (Path(place) / "biolink_model" / "schema").is_dir()


def validate(folder: Path) -> Counter[tuple[str, str]]:
    """Return what the validator says of a folder of KGX, by kind of message."""
    from kgx.transformer import Transformer
    from kgx.validator import Validator

    suffix = "tsv" if (folder / "nodes.tsv").is_file() else "jsonl"
    files = [str(folder / f"{name}.{suffix}") for name in ("nodes", "edges")]
    validator = Validator()
    transformer = Transformer(stream=True)
    counted: Counter[tuple[str, str]] = Counter()

    def inspect(kind, record) -> None:
        counted["read", str(kind)] += 1
        validator(kind, record)

    transformer.transform(
        input_args={"filename": files, "format": suffix},
        output_args={"format": "null"},
        inspector=inspect,
    )
    for level, kinds in validator.get_errors().items():
        for kind, messages in kinds.items():
            for message, entities in messages.items():
                counted[level, f"{kind}: {message}"] += len(entities)
    return counted


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    options = parser.parse_args()
    offline()
    wrong = 0
    for folder in options.folders:
        for (level, message), count in sorted(validate(folder).items()):
            print(f"{folder}\t{level}\t{count}\t{message[:200]}")
            wrong += level not in ("read", "Warning")
    sys.exit(f"{wrong} kinds of errors" if wrong else 0)


if __name__ == "__main__":
    main()
