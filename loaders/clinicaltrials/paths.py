"""Which keys of a study are read, kept unread, or left out.

Paths are the registry's keys joined by dots, "[]" for any position of a list. A path stands for
all that is below it.
"""

from __future__ import annotations

from typing import Final

import msgspec

from loaders.clinicaltrials.study import Study

# Names, phones and addresses of people; never stored.
CONTACTS: Final = (
    "annotationSection",
    "protocolSection.contactsLocationsModule.centralContacts",
    "protocolSection.contactsLocationsModule.overallOfficials",
    "protocolSection.contactsLocationsModule.locations[].contacts",
    "protocolSection.sponsorCollaboratorsModule.responsibleParty.investigatorFullName",
    "protocolSection.sponsorCollaboratorsModule.responsibleParty.investigatorTitle",
    "protocolSection.sponsorCollaboratorsModule.responsibleParty.oldNameTitle",
)

# Change from download to download without a change of the record.
VOLATILE: Final = (
    "derivedSection.miscInfoModule.versionHolder",
    "derivedSection.miscInfoModule.modelPredictions",
)

# Large, and not read.
LEFT_OUT: Final = ("resultsSection", "documentSection")

# Kept in the history of a record, though no statement is made of them.
UNREAD: Final = (
    "derivedSection.conditionBrowseModule.browseBranches",
    "derivedSection.conditionBrowseModule.browseLeaves",
    "derivedSection.interventionBrowseModule.browseBranches",
    "derivedSection.interventionBrowseModule.browseLeaves",
    "derivedSection.miscInfoModule.removedCountries",
    "derivedSection.miscInfoModule.submissionTracking",
    "protocolSection.contactsLocationsModule.locations[].countryCode",
    "protocolSection.contactsLocationsModule.locations[].zip",
    "protocolSection.designModule.bioSpec",
    "protocolSection.designModule.designInfo.interventionModelDescription",
    "protocolSection.designModule.designInfo.maskingInfo.maskingDescription",
    "protocolSection.designModule.designInfo.maskingInfo.whoMasked",
    "protocolSection.designModule.expandedAccessTypes",
    "protocolSection.designModule.nPtrsToThisExpAccNctId",
    "protocolSection.designModule.patientRegistry",
    "protocolSection.designModule.targetDuration",
    "protocolSection.eligibilityModule.genderBased",
    "protocolSection.eligibilityModule.genderDescription",
    "protocolSection.eligibilityModule.samplingMethod",
    "protocolSection.eligibilityModule.studyPopulation",
    "protocolSection.identificationModule.orgStudyIdInfo.link",
    "protocolSection.identificationModule.organization",
    "protocolSection.identificationModule.secondaryIdInfos[].domain",
    "protocolSection.identificationModule.secondaryIdInfos[].link",
    "protocolSection.ipdSharingStatementModule",
    "protocolSection.oversightModule.fdaaa801Violation",
    "protocolSection.oversightModule.isPpsd",
    "protocolSection.oversightModule.isUnapprovedDevice",
    "protocolSection.oversightModule.isUsExport",
    "protocolSection.oversightModule.oversightHasDmc",
    "protocolSection.referencesModule.availIpds",
    "protocolSection.referencesModule.references[].retractions",
    "protocolSection.referencesModule.seeAlsoLinks",
    "protocolSection.sponsorCollaboratorsModule.responsibleParty.investigatorAffiliation",
    "protocolSection.sponsorCollaboratorsModule.responsibleParty.oldOrganization",
    "protocolSection.sponsorCollaboratorsModule.responsibleParty.type",
    "protocolSection.statusModule.delayedPosting",
    "protocolSection.statusModule.dispFirstPostDateStruct",
    "protocolSection.statusModule.dispFirstSubmitDate",
    "protocolSection.statusModule.dispFirstSubmitQcDate",
    "protocolSection.statusModule.expandedAccessInfo",
    "protocolSection.statusModule.resultsFirstSubmitDate",
    "protocolSection.statusModule.resultsFirstSubmitQcDate",
    "protocolSection.statusModule.resultsWaived",
    "protocolSection.statusModule.studyFirstSubmitQcDate",
)

NOT_READ: Final = tuple(sorted(CONTACTS + VOLATILE + LEFT_OUT + UNREAD))

# A tree of keys: a branch, True for what is kept as it stands, False for what is left out.
Branch = dict[str, "Branch | bool"]


def known_keys() -> Branch:
    """Return the tree of all keys that are read, kept unread or left out."""
    tree = _read_keys(msgspec.inspect.type_info(Study))
    if isinstance(tree, bool):
        raise TypeError("a study has to be a struct with fields")
    for path in UNREAD:
        _plant(tree, path, kept=True)
    for path in CONTACTS + VOLATILE + LEFT_OUT:
        _plant(tree, path, kept=False)
    return tree


def _read_keys(info: msgspec.inspect.Type) -> Branch | bool:
    if isinstance(info, msgspec.inspect.UnionType):
        deep = (_read_keys(each) for each in info.types)
        return next((each for each in deep if each is not True), True)
    if isinstance(info, msgspec.inspect.VarTupleType):
        return _read_keys(info.item_type)
    if isinstance(info, msgspec.inspect.StructType):
        return {field.encode_name: _read_keys(field.type) for field in info.fields}
    return True


def _plant(tree: Branch, path: str, *, kept: bool) -> None:
    *branches, leaf = path.replace("[]", "").split(".")
    for key in branches:
        below = tree.setdefault(key, {})
        if isinstance(below, bool):
            raise TypeError(f"{path}: {key} is both read whole and divided")
        tree = below
    if leaf in tree:
        raise ValueError(f"{path} is both read and not read")
    tree[leaf] = kept
