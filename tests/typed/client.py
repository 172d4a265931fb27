"""What the types of `kg.open` promise; mypy reads this, nothing runs it."""

from typing import assert_type

import pandas as pd
import polars as pl
import rdflib

import kg
from kg.client import Graph, Trial
from kg.client.rows import Row
from kg.find.hits import Hit


def promises() -> None:
    graph = kg.open("mydata")
    assert_type(graph, Graph)
    assert_type(graph.query("ASK {}"), list[Row] | bool | rdflib.Graph)
    assert_type(graph.query("ASK {}", as_="pandas"), pd.DataFrame)
    assert_type(graph.query("ASK {}", as_="polars"), pl.DataFrame)
    assert_type(graph.query("ASK {}", as_="csv"), str)
    assert_type(graph.find("lung", antigen=["DLL3", "GD2"], open=True, near=(1.0, 2.0)), list[Hit])
    assert_type(graph.trial("NCT07480213"), Trial | None)
    graph.find(colour="red")  # type: ignore[call-arg]
    graph.find(open="maybe")  # type: ignore[arg-type]
    graph.to_networkx(kind="tripartite")  # type: ignore[arg-type]
    graph.query("ASK {}", as_="nonsense")  # type: ignore[call-overload]
