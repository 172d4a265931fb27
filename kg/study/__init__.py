"""Identity of studies: what one or more registrations are about.

A registration is a study of its own until its record, another's, or strong evidence joins it to
others. Look-alikes are flagged, with the reason, and stay two; a follow-up, an extension, a
sub-study and an expanded access are links between studies and never one.
"""

from __future__ import annotations

from kg.study.blocks import identity_table, read_identity, write_identity
from kg.study.change import Read, Turned, study_difference
from kg.study.graph import STUDIES, StudyGraph
from kg.study.likeness import Likeness, compare, likenesses
from kg.study.merging import Refusals, read_refusals
from kg.study.quads import study_quads
from kg.study.registration import Registration, registration

RELEASE = "3"

__all__ = [
    "RELEASE",
    "STUDIES",
    "Likeness",
    "Read",
    "Refusals",
    "Registration",
    "StudyGraph",
    "Turned",
    "compare",
    "identity_table",
    "likenesses",
    "read_identity",
    "read_refusals",
    "registration",
    "study_difference",
    "study_quads",
    "write_identity",
]
