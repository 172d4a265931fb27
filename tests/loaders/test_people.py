import pytest
from hypothesis import given
from hypothesis import strategies as st

from loaders import people
from loaders.people import bare_name, is_person, names_organisation


@pytest.mark.parametrize(
    ("name", "sponsor_class"),
    [
        ("Arbelaez, Ana Maria", "INDIV"),
        ("Cady, Roger, M.D.", "INDIV"),
        ("Joseph D. Diaz, MD", "INDUSTRY"),
        ("Marcela V. Maus, M.D.,Ph.D.", "OTHER"),
        ("Aibin Liang，MD，Ph.D.", "OTHER"),
        ("Stephan Grupp MD PhD", "OTHER"),
        ("Zhang Xiaofeng,MD", "OTHER"),
        ("prof. dr. Rik Schrijvers", "OTHER"),
        ("Dr. Zaineb Akram", "OTHER_GOV"),
        ("Professor Ilkka Junttila", "UNKNOWN"),
        ("Kai Lin Xu; Jun Nian Zheng", "OTHER"),
        ("He Huang", "OTHER"),
        ("YANRU WANG", "OTHER"),
        ("Carsten Bindslev-Jensen", "OTHER"),
    ],
)
def test_a_person_is_recognised(name, sponsor_class):
    assert is_person(name, sponsor_class, None)


@pytest.mark.parametrize(
    ("name", "sponsor_class"),
    [
        ("M.D. Anderson Cancer Center", "OTHER"),
        ("Prof. Dr. Cemil Tascıoglu Education and Research Hospital Organization", "OTHER"),
        ("Dr. Reddy's Laboratories Limited", "INDUSTRY"),
        ("Bristol-Myers Squibb", "INDUSTRY"),
        ("Boehringer Ingelheim", "INDUSTRY"),
        ("Daiichi Sankyo", "INDUSTRY"),
        ("Hospices Civils de Lyon", "OTHER"),
        ("KU Leuven", "OTHER"),
        ("UMC Utrecht", "OTHER"),
        ("Kaiser Permanente", "OTHER"),
        ("Sciensano", "OTHER_GOV"),
        ("Milsing d.o.o.", "OTHER"),
        ("Bristol-Myers Squibb", None),
        ("Novo Nordisk", None),
    ],
)
def test_an_organisation_is_no_person(name, sponsor_class):
    assert not is_person(name, sponsor_class, None)


def test_who_is_sponsor_and_investigator_in_one_is_a_person():
    assert is_person("suhaichuan", "OTHER", "suhaichuan")
    assert not is_person("suhaichuan", "OTHER", "Somebody Else")


@pytest.mark.parametrize(
    ("stated", "bare"),
    [
        ("James N. Weinstein, DO, MS", "James N. Weinstein"),
        ("Prof. Dr. med. Sabina Rak", "Sabina Rak"),
        ("Stephan Grupp MD PhD", "Stephan Grupp"),
        ("Scott B. Phillips, M.D., Study Director", "Scott B. Phillips"),
        ("Junmin Li，Ph.D", "Junmin Li"),
    ],
)
def test_a_bare_name_has_no_titles_and_degrees(stated, bare):
    assert bare_name(stated) == bare


@given(st.lists(st.sampled_from(["Hosp", "clini", "SA", "Ab", "Li", " ", "k", "l.", "ı"])))
def test_a_word_of_organisations_is_found_in_any_case(parts):
    name = "".join(parts)
    assert names_organisation(name) == bool(people._ORGANISATION.search(name))
