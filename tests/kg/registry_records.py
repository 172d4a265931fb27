"""Records in the shape of the registry's API, for tests that need a whole run."""

import json
import random

CELLS = "CAR-NK cells", "CAR-T cells"
TARGETS = "DLL3", "CD19", "GD2", "BCMA"
TOWNS = ("Beijing", "China"), ("Houston", "United States"), ("Heidelberg", "Germany")


def study(number, *, title=None, updated="2026-01-01", summary=None, **modules):
    """A study with one product against one antigen, at one site."""
    target, cells = TARGETS[number % 4], CELLS[number % 2]
    city, country = TOWNS[number % 3]
    protocol = {
        "identificationModule": {
            "nctId": f"NCT{number:08d}",
            "briefTitle": title or f"Study {number} of {target} {cells} in Adults",
        },
        "statusModule": {
            "overallStatus": "RECRUITING",
            "lastUpdatePostDateStruct": {"date": updated},
        },
        "sponsorCollaboratorsModule": {"leadSponsor": {"name": f"Sponsor {number % 5}"}},
        "descriptionModule": {
            "briefSummary": summary or f"Patients receive {cells} that target {target}."
        },
        "conditionsModule": {"conditions": ["Small Cell Lung Cancer"]},
        "designModule": {
            "studyType": "INTERVENTIONAL",
            "phases": ["PHASE1"],
            "enrollmentInfo": {"count": 20 + number},
        },
        "armsInterventionsModule": {
            "interventions": [{"type": "BIOLOGICAL", "name": f"{target} {cells}"}]
        },
        "eligibilityModule": {
            "eligibilityCriteria": f"Inclusion Criteria:\n\n* Tumour positive for {target}\n"
        },
        "contactsLocationsModule": {
            "locations": [{"facility": f"Hospital {number % 7}", "city": city, "country": country}]
        },
    }
    return {"protocolSection": protocol | modules}


def versions(count, seed=0):
    """Studies, most of them in several versions, in an arbitrary order."""
    chance = random.Random(seed)
    made = [
        study(
            number, updated=f"2026-{month:02d}-01", summary=f"State {month} of DLL3 CAR-NK cells."
        )
        for number in range(1, count + 1)
        for month in chance.sample(range(1, 9), chance.randint(1, 3))
    ]
    chance.shuffle(made)
    return made


def write_lines(path, studies):
    path.write_text("".join(json.dumps(one) + "\n" for one in studies))
    return path
