import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.extract.facility_names import facility_name, is_placeholder
from kg.extract.gazetteer import distance, fold_place, load_gazetteer
from kg.extract.organizations import organization_keys
from kg.extract.places import places
from kg.extract.slug_label import readable_label
from kg.iris import slug
from kg.records import Sponsor
from kg.resources import LEXICON
from tests.kg.extract.trials import real_trials, site, trial, with_sites, with_sponsors

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), max_size=40)


@pytest.fixture(scope="module")
def gazetteer():
    return load_gazetteer([LEXICON])


@pytest.fixture(scope="module")
def place(gazetteer):
    def one(**stated):
        (found,) = places(with_sites(site(**stated)), gazetteer)
        return found

    return one


# Countries


@pytest.mark.parametrize(
    ("listed", "code"),
    [
        ("United States", "US"),
        ("Turkey (Türkiye)", "TR"),
        ("Turkey", "TR"),
        ("Korea, Republic of", "KR"),
        ("South Korea", "KR"),
        ("Hong Kong", "HK"),
        ("Macau", "MO"),
        ("Taiwan", "TW"),
        ("Côte d’Ivoire", "CI"),
        ("Russian Federation", "RU"),
        ("Iran, Islamic Republic of", "IR"),
        ("Czech Republic", "CZ"),
        ("china", "CN"),
    ],
)
def test_a_country_is_known_by_all_its_names(place, listed, code):
    assert place(country=listed).country == code


def test_an_unknown_country_is_no_country(place):
    found = place(country="Atlantis", city="Poseidonis", facility="Temple")
    assert (found.country, found.city, found.facility) == (None, None, None)


def test_hong_kong_macau_and_taiwan_are_not_mainland_china(place):
    assert {place(country=name).country for name in ("Hong Kong", "Macau", "Taiwan")} == {
        "HK",
        "MO",
        "TW",
    }


# Cities


def test_coordinates_tell_homonyms_apart(place, gazetteer):
    minnesota = place(country="United States", city="Rochester", at=(44.02163, -92.4699)).city
    new_york = place(country="United States", city="Rochester", at=(43.15478, -77.61556)).city
    assert minnesota != new_york
    assert gazetteer.cities["US", minnesota].latitude == pytest.approx(44.0, abs=0.2)
    assert gazetteer.cities["US", new_york].latitude == pytest.approx(43.15, abs=0.2)


def test_without_coordinates_the_most_populous_homonym_is_meant(place):
    assert place(country="United States", city="Portland").city == "portland"


@pytest.mark.parametrize(
    ("country", "listed", "at", "key"),
    [
        ("China", "Hanzhou", (30.27, 120.16), "hangzhou"),
        ("China", "Hanzhou", (None, None), "hangzhou"),
        ("Italy", "Roma", (41.89, 12.48), "rome"),
        ("Germany", "München", (48.137, 11.575), "munich"),
        ("France", "Lyon Cedex 08", (45.75, 4.85), "lyon"),
        ("Switzerland", "St. Gallen", (47.42, 9.37), "sankt-gallen"),
        ("China", "Xi'an", (34.26, 108.93), "xi-an"),
        ("China", "Xian", (34.26, 108.93), "xi-an"),
        ("Japan", "Nishinomiya-shi", (None, None), "nishinomiya"),
    ],
)
def test_spellings_of_a_city_are_one_city(place, gazetteer, country, listed, at, key):
    found = place(country=country, city=listed, at=at)
    assert found.city == key
    assert (found.country, found.city) in gazetteer.cities


def test_a_suburb_without_a_row_keeps_its_own_name(place):
    assert place(country="Australia", city="Nosuchsuburb", at=(-33.88, 151.18)).city == (
        "nosuchsuburb"
    )


def test_a_village_with_the_name_of_a_far_city_is_not_that_city(place):
    found = place(country="United States", city="Chicago", state="Kentucky", at=(37.6, -85.6))
    assert found.city == "chicago-kentucky"


def test_a_site_without_a_city_has_neither_city_nor_facility(place):
    found = place(facility="University Hospital")
    assert (found.country, found.city, found.facility) == ("CN", None, None)


# Facilities


@pytest.mark.parametrize(
    "listed",
    [
        "Research Site",
        "Local Institution - 0038",
        "Investigational Site Number 8400001",
        "Novartis Investigative Site",
        "Site 12",
        "Clinical Trial Site",
        "Study Center",
    ],
)
def test_an_unnamed_site_has_no_facility(place, listed):
    assert is_placeholder(listed)
    assert place(city="Beijing", facility=listed).facility is None


@pytest.mark.parametrize(
    ("listed", "name"),
    [
        ("Keio University Hospital /ID# 245660", "Keio University Hospital"),
        ("Gustave Roussy ( Site 3101)", "Gustave Roussy"),
        ("The University of Chicago (UC)", "University of Chicago"),
        ("Henan Cancer Hospital - Oncology", "Henan Cancer Hospital"),
        ("Department of Hematology, Wuxi People's Hospital", "Wuxi People's Hospital"),
        ("Isala, Dept of Medical Oncology", "Isala"),
        ("Mayo Clinic - Accepting Adult Patients", "Mayo Clinic"),
        ("AZ Delta (Campus Rumbeke)", "AZ Delta (Campus Rumbeke)"),
        (
            "National Center of Pediatric Hematology, Oncology and Immunology",
            "National Center of Pediatric Hematology, Oncology and Immunology",
        ),
    ],
)
def test_what_sponsors_add_to_the_name_of_a_facility_goes(listed, name):
    assert facility_name(listed) == name


def test_seven_strings_for_one_hospital_are_one_facility(place):
    listed = (
        "Chinese PLA General Hospital",
        "Department of Hematology, Chinese PLA General Hospital",
        "Biotherapeutic Department of Chinese PLA General Hospital",
        "Chinese People's Liberation Army (PLA) General Hospital",
        "PLA General Hospital",
        "Chinese PLA General Hospital, Beijing",
        "Urology Department of Chinese PLA General Hospital",
    )
    assert {place(city="Beijing", facility=each).facility for each in listed} == {
        "chinese-pla-general-hospital"
    }


def test_a_numbered_centre_of_a_hospital_is_not_the_hospital(place):
    found = place(
        city="Beijing", facility="The Fifth Medical Center of Chinese PLA General Hospital"
    )
    assert found.facility == "fifth-medical-center-of-chinese-pla-general-hospital"


# Organisations


def test_spellings_of_a_sponsor_are_one_organisation_and_parts_point_to_it(gazetteer):
    (key, other) = organization_keys(
        with_sponsors(
            "Cancer Institute and Hospital, Chinese Academy of Medical Sciences",
            "Cancer Hospital of CICAMS",
        ),
        gazetteer,
    )
    assert key == other
    assert gazetteer.part_of("kite-pharma") == "gilead-sciences"
    assert gazetteer.organization_key("Kite, A Gilead Company") == "kite-pharma"


def test_a_person_and_a_name_without_letters_have_no_key(gazetteer):
    one = trial(
        lead_sponsor=Sponsor("", "IndividualSponsor", person=True),
        collaborators=(Sponsor("***"), Sponsor("Pfizer")),
    )
    assert organization_keys(one, gazetteer) == (None, None, "pfizer")


def test_every_organisation_belongs_to_one_that_has_a_row(gazetteer):
    parts = {each.part_of for each in gazetteer.organizations.values()} - {None}
    assert parts <= set(gazetteer.organizations)


@pytest.mark.parametrize(
    ("key", "label"),
    [
        ("st-jude-children-s-research-hospital", "St. Jude Children's Research Hospital"),
        ("chu-de-brest", "CHU de Brest"),
        ("the-university-of-texas", "The University of Texas"),
        ("beijing-biotech", "Beijing Biotech"),
    ],
)
def test_a_label_is_readable_and_follows_from_the_key_alone(key, label):
    assert readable_label(key) == label


@given(WORDS)
def test_a_label_gives_its_key_back(name):
    try:
        key = slug(name)
    except ValueError:
        return
    assert slug(readable_label(key)).replace("-", "") == key.replace("-", "")


@given(WORDS, WORDS)
def test_any_name_of_a_place_gives_keys_that_are_slugs(gazetteer, city, facility):
    (found,) = places(with_sites(site(city=city, facility=facility)), gazetteer)
    for key in (found.city, found.facility):
        assert key is None or slug(key) == key


# Real records


def test_every_site_of_real_records_has_its_country(shared, gazetteer):
    missing = {
        each.country
        for one in real_trials(shared)
        for each, found in zip(one.sites, places(one, gazetteer), strict=True)
        if found.country is None
    }
    assert missing == set()


def test_cities_of_real_records_are_where_the_registry_puts_them(shared, gazetteer):
    stated = {}
    for one in real_trials(shared):
        for each, found in zip(one.sites, places(one, gazetteer), strict=True):
            if each.latitude is not None and each.longitude is not None and found.city:
                points = stated.setdefault((found.country, found.city), [])
                points.append((each.latitude, each.longitude))
    near = total = 0
    for key, points in stated.items():
        city = gazetteer.cities.get(key)
        at = (city.latitude, city.longitude) if city else min(points)
        near += sum(distance(*point, *at) <= 50 for point in points)
        total += len(points)
    assert near / total >= 0.995


def test_the_bare_slug_is_that_of_the_most_populous_homonym(gazetteer):
    for code in gazetteer.city_countries():
        cities = gazetteer.country_cities(code).by_key
        for key, city in cities.items():
            bare = cities.get(slug(city.label))
            assert bare is not None
            assert bare.population >= city.population, (code, key)


def test_no_city_alias_is_the_name_of_another_city(gazetteer):
    for code in ("CN", "US", "DE", "IT"):
        cities = gazetteer.country_cities(code)
        for key, city in cities.by_key.items():
            assert fold_place(city.label) in cities.names[key]
