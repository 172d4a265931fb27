import pytest

from tests.kg.extract.told import only, said


@pytest.mark.parametrize(
    ("name", "summary", "vehicle"),
    [
        ("In vivo CD19 CAR-T based on mRNA-LNP", None, "lipid nanoparticle"),
        ("CD19 in vivo CAR-T lentiviral product", "Others use LNP.", "lentiviral vector"),
        ("In vivo CD19 CAR-T", "Lentiviral vectors and LNP are known.", None),
        ("CD19 CAR-T cells", "T cells are transduced with a lentiviral vector.", None),
    ],
)
def test_only_an_in_vivo_product_has_a_vehicle_and_one_that_is_sure(name, summary, vehicle):
    found = only(said("A study of CD19", name, summary=summary))
    assert (found.delivery_vehicle and found.delivery_vehicle.value) == vehicle


@pytest.mark.parametrize(
    ("description", "schedule"),
    [
        ("30 mg/m2 on days -5 to -3", "on days -5 to -3"),
        (
            "Given on days 1, 8 and 15 of each 28-day cycle.",
            "on days 1, 8 and 15 of each 28-day cycle",
        ),
        ("10 mg every 3 weeks", "every 3 weeks"),
        ("A single infusion of cells", "A single infusion"),
        ("Tablets twice daily", "twice daily"),
        ("200 mg Q3W", "Q3W"),
        ("Given once", None),
    ],
)
def test_the_words_on_when_something_is_given_are_kept(description, schedule):
    found = said("A study", ("Drug X", description))
    assert [use.schedule for use in found.uses] == [schedule]
