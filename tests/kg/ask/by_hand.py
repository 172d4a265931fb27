"""Questions written by hand from the competency questions: what is meant, and what cannot be said.

Each: the question, the facets with their values, and the words that must be named as not
understood. The number is that of the competency question.
"""

QUESTIONS = (
    # 1: NK products against DLL3 that are open in China.
    (
        "Which NK-cell products that target DLL3 are open at a site in mainland China today?",
        {"modality": {"NKCellTherapy"}, "antigen": {"DLL3"}, "open": {"true"}, "country": {"CN"}},
        (),
    ),
    (
        "DLL3-targeting NK therapies recruiting in China",
        {"modality": {"NKCellTherapy"}, "antigen": {"DLL3"}, "open": {"true"}, "country": {"CN"}},
        (),
    ),
    (
        "Is any DLL3 CAR-NK trial recruiting in Shenzhen?",
        {
            "modality": {"CARNKTherapy"},
            "antigen": {"DLL3"},
            "open": {"true"},
            "city": {"cn/shenzhen"},
        },
        (),
    ),
    ("NK engagers against CD33", {"modality": {"NKCellEngager"}, "antigen": {"CD33"}}, ()),
    (
        "unmodified NK cells for acute myeloid leukemia",
        {"modality": {"UnmodifiedNKTherapy"}, "condition": {"MONDO:0018874"}},
        (),
    ),
    ("DLL3 trials of unknown status", {"antigen": {"DLL3"}, "status": {"UnknownStatus"}}, ()),
    (
        "招募中的 DLL3 CAR-NK 临床试验",
        {"antigen": {"DLL3"}, "modality": {"CARNKTherapy"}, "status": {"Recruiting"}},
        (),
    ),
    # 2: two antigens in one construct.
    (
        "Which dual-antigen products pair DLL3 with CD56?",
        {"trait": {"MultiTargetConstruct"}, "antigen": {"DLL3"}, "both": {"CD56"}},
        (),
    ),
    (
        "CAR-NK cells against DLL3 and GD2",
        {"modality": {"CARNKTherapy"}, "antigen": {"DLL3"}, "both": {"GD2"}},
        (),
    ),
    ("constructs for CD19/CD22", {"antigen": {"CD19"}, "both": {"CD22"}}, ()),
    ("CD19 or BCMA CAR-T", {"antigen": {"CD19", "BCMA"}, "modality": {"CARTTherapy"}}, ()),
    (
        "multi-target CAR-T trials in Germany",
        {"trait": {"MultiTargetConstruct"}, "modality": {"CARTTherapy"}, "country": {"DE"}},
        (),
    ),
    # 3: sources of cells.
    (
        "allogeneic NK products from cord blood",
        {"donor": {"Allogeneic"}, "modality": {"NKCellTherapy"}, "source": {"CordBlood"}},
        (),
    ),
    (
        "iPSC-derived NK cells",
        {"source": {"InducedPluripotentStemCell"}, "modality": {"NKCellTherapy"}},
        (),
    ),
    (
        "Which allogeneic NK products carry both a safety switch and cytokine support?",
        {"donor": {"Allogeneic"}, "modality": {"NKCellTherapy"}},
        ("safety", "switch", "cytokine", "support"),
    ),
    (
        "NK cells that secrete IL-15 against CD19",
        {"modality": {"NKCellTherapy"}, "antigen": {"CD19"}},
        ("secrete", "IL-15"),
    ),
    (
        "off-the-shelf CD19 CAR-T",
        {"trait": {"OffTheShelfTherapy"}, "modality": {"CARTTherapy"}, "antigen": {"CD19"}},
        (),
    ),
    (
        "autologous CAR T cells for multiple myeloma",
        {"donor": {"Autologous"}, "modality": {"CARTTherapy"}, "condition": {"MONDO:0009693"}},
        (),
    ),
    # 4: secreting or blocking instead of targeting.
    ("Which products secrete PD-1?", {}, ("secrete", "PD-1")),
    ("Which CAR-T cells block PD-L1?", {"modality": {"CARTTherapy"}}, ("block", "PD-L1")),
    ("products that knock out CD7", {}, ("knock", "out", "CD7")),
    # 5, 20, 21: criteria.
    ("Which trials require DLL3 by IHC?", {}, ("require", "DLL3", "IHC")),
    ("Which trials allow ECOG 2?", {}, ("allow", "ECOG", "2")),
    ("SCLC trials that ask for a biopsy", {"condition": {"MONDO:0008433"}}, ("ask", "biopsy")),
    # 6: prior therapy.
    ("Which trials exclude prior CAR-T therapy?", {}, ("exclude",)),
    (
        "CD19 CAR-T trials without prior CD19 therapy",
        {"antigen": {"CD19"}, "modality": {"CARTTherapy"}},
        ("without", "prior"),
    ),
    # 7: background drugs.
    (
        "lymphodepletion before DLL3 CAR-T",
        {"modality": {"CARTTherapy"}},
        ("lymphodepletion", "before"),
    ),
    # 8: names of products.
    ("trials of tarlatamab", {"product": {"tarlatamab"}}, ()),
    ("trials of AMG 757", {"product": {"tarlatamab"}}, ()),
    ("KTE-X19", {"product": {"brexucabtagene-autoleucel"}}, ()),
    # 9: ended early.
    (
        "Which CAR-NK trials against NKG2D ligands ended early?",
        {"modality": {"CARNKTherapy"}, "antigen": {"NKG2DL"}, "status": {"Terminated"}},
        (),
    ),
    ("terminated CAR-NK trials", {"modality": {"CARNKTherapy"}, "status": {"Terminated"}}, ()),
    (
        "withdrawn CAR-T studies in the United States",
        {"modality": {"CARTTherapy"}, "status": {"Withdrawn"}, "country": {"US"}},
        (),
    ),
    # 10, 24: changes.
    ("DLL3 trials updated since 2026-03-01", {"antigen": {"DLL3"}}, ()),
    (
        "What changed in DLL3 trials between two dates?",
        {"antigen": {"DLL3"}},
        ("changed", "between", "two", "dates"),
    ),
    # 11: first in human.
    (
        "the first CAR-NK trial against DLL3",
        {"modality": {"CARNKTherapy"}, "antigen": {"DLL3"}},
        ("first",),
    ),
    (
        "first-in-human CAR-NK trials for children in China",
        {
            "modality": {"CARNKTherapy"},
            "design": {"FirstInHuman"},
            "age": {"Child"},
            "country": {"CN"},
        },
        (),
    ),
    (
        "CD7 CAR-T trials started in 2021",
        {"antigen": {"CD7"}, "modality": {"CARTTherapy"}, "year": {"2021"}},
        (),
    ),
    # 12: new in solid tumours.
    ("in vivo CAR-T trials in China", {"modality": {"InVivoCARTherapy"}, "country": {"CN"}}, ()),
    (
        "phase 1 trials of B7-H3 CAR-T in Australia",
        {"phase": {"Phase1"}, "antigen": {"B7-H3"}, "modality": {"CARTTherapy"}, "country": {"AU"}},
        (),
    ),
    # 14: sponsors.
    (
        "DLL3 trials sponsored by Boehringer Ingelheim",
        {"antigen": {"DLL3"}, "sponsor": {"boehringer-ingelheim"}},
        (),
    ),
    (
        "industry-sponsored DLL3 trials",
        {"antigen": {"DLL3"}, "sponsor_class": {"IndustrySponsor"}},
        (),
    ),
    # 15: empty cells.
    (
        "small cell lung cancer CAR-T but no NK",
        {"condition": {"MONDO:0008433"}, "modality": {"CARTTherapy"}},
        ("no", "NK"),
    ),
    ("CAR-T trials for SCLC", {"modality": {"CARTTherapy"}, "condition": {"MONDO:0008433"}}, ()),
    # 17: across modalities.
    (
        "antibody-drug conjugates against B7-H3 for small cell lung cancer",
        {
            "modality": {"AntibodyDrugConjugate"},
            "antigen": {"B7-H3"},
            "condition": {"MONDO:0008433"},
        },
        (),
    ),
    (
        "DLL3 T-cell engagers in neuroendocrine neoplasm",
        {"antigen": {"DLL3"}, "modality": {"TCellEngager"}, "condition": {"MONDO:0019496"}},
        (),
    ),
    (
        "bispecific antibodies against DLL3",
        {"modality": {"BispecificAntibody", "TCellEngager", "NKCellEngager"}, "antigen": {"DLL3"}},
        (),
    ),
    ("DLL3 radioligands", {"antigen": {"DLL3"}, "modality": {"RadioligandTherapy"}}, ()),
    ("DLL3 trials with results", {"antigen": {"DLL3"}, "results": {"true"}}, ()),
    # 18: patients.
    ("basket trials for small cell lung cancer", {"condition": {"MONDO:0008433"}}, ("basket",)),
    # 19: named, not targeted.
    ("trials that name DLL3 but do not target it", {}, ("name", "DLL3", "not")),
    # 22, 23: near a patient.
    ("recruiting CAR-T trials near Shanghai", {"modality": {"CARTTherapy"}, "open": {"true"}}, ()),
    ("CAR-NK trials within 100 km of Beijing", {"modality": {"CARNKTherapy"}}, ()),
    (
        "nearest recruiting site for DLL3",
        {"antigen": {"DLL3"}, "status": {"Recruiting"}},
        ("nearest",),
    ),
    (
        "trials for a patient older than 67 with SCLC",
        {"condition": {"MONDO:0008433"}},
        ("older", "67"),
    ),
    # 26, 27: burden, registrations.
    ("trials that pay travel", {}, ("pay", "travel")),
    (
        "possible duplicates in SCLC",
        {"flag": {"PossibleDuplicate"}, "condition": {"MONDO:0008433"}},
        (),
    ),
    ("CD19 trials in ISRCTN", {"antigen": {"CD19"}, "registry": {"isrctn"}}, ()),
    # 28: since a year.
    (
        "small cell lung cancer trials since 2020",
        {"condition": {"MONDO:0008433"}, "year": {"2020", "2021", "2022", "2023", "2024", "2025"}},
        (),
    ),
    ("phase 1/2 BCMA trials", {"phase": {"Phase1", "Phase2"}, "antigen": {"BCMA"}}, ()),
    # 29, 30: outcomes and time.
    (
        "completed CD19 trials without results",
        {"status": {"Completed"}, "antigen": {"CD19"}, "results": {"false"}},
        (),
    ),
    ("DLL3 trials as of 1 March 2026", {"antigen": {"DLL3"}}, ("March",)),
    # What the design calls out: NKT cells are none of NK lineage, undisclosed is said.
    (
        "CAR-T with undisclosed targets",
        {"modality": {"CARTTherapy"}, "disclosure": {"TargetUndisclosed"}},
        (),
    ),
    ("TIL therapy for melanoma", {"modality": {"TILTherapy"}, "condition": {"MONDO:0005105"}}, ()),
    ("TCR-T against KRAS G12D", {"modality": {"TCRTTherapy"}, "antigen": {"KRAS-G12D"}}, ()),
)
