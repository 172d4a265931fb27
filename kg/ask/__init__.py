"""Plain questions to selections, by rules over labels: every word is accounted for."""

from kg.ask.meanings import Meanings
from kg.ask.reading import Question, Word, read_question

__all__ = ["Meanings", "Question", "Word", "read_question"]
