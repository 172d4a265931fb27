"""What the SPARQL 1.1 Service Description vocabulary says of its own terms."""

import pyoxigraph as ox
from rdflib import RDF

SD = "http://www.w3.org/ns/sparql-service-description#"
# Property -> the class of what has it, and the class of its value where that is described here.
_PROPERTIES = {
    "endpoint": ("Service", None),
    "feature": ("Service", None),
    "defaultEntailmentRegime": ("Service", None),
    "defaultSupportedEntailmentProfile": ("Service", None),
    "entailmentRegime": ("NamedGraph", None),
    "supportedEntailmentProfile": ("NamedGraph", None),
    "extensionFunction": ("Service", "Function"),
    "extensionAggregate": ("Service", "Aggregate"),
    "languageExtension": ("Service", None),
    "supportedLanguage": ("Service", None),
    "propertyFeature": ("Service", None),
    "defaultDataset": ("Service", "Dataset"),
    "availableGraphs": ("Service", "GraphCollection"),
    "resultFormat": ("Service", None),
    "inputFormat": ("Service", None),
    "defaultGraph": ("Dataset", "Graph"),
    "namedGraph": ("GraphCollection", "NamedGraph"),
    "name": ("NamedGraph", None),
    "graph": ("NamedGraph", "Graph"),
}
# A data set is a collection of graphs.
_SUPERCLASSES = {"Dataset": {"GraphCollection"}}
_TYPE = ox.NamedNode(str(RDF.type))


def misused(described):
    """Yield in words what a description says that the vocabulary does not allow."""
    classes = {}
    for quad in described:
        if quad.predicate == _TYPE and quad.object.value.startswith(SD):
            name = quad.object.value.removeprefix(SD)
            classes.setdefault(quad.subject, set()).update({name} | _SUPERCLASSES.get(name, set()))
    if not any("Service" in found for found in classes.values()):
        yield "there is no sd:Service"
    for quad in described:
        if quad.predicate.value.startswith(SD):
            yield from _misused(quad, quad.predicate.value.removeprefix(SD), classes)


def _misused(quad, name, classes):
    if name not in _PROPERTIES:
        yield f"sd:{name} is no property"
        return
    domain, range_ = _PROPERTIES[name]
    if domain not in classes.get(quad.subject, set()):
        yield f"{quad.subject} has sd:{name} and is no sd:{domain}"
    if isinstance(quad.object, ox.Literal):
        yield f"sd:{name} of {quad.subject} is a literal"
    elif range_ is not None and range_ not in classes.get(quad.object, set()):
        yield f"sd:{name} {quad.object} is no sd:{range_}"
