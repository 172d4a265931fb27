# ruff: noqa: E501
"""Queries made to hurt: nested, wide, endless, huge. Sources: ENDPOINT sections 5.1 and 5.2."""


def nested(opening, closing, depth, inside, around="ASK {{ {} }}"):
    return around.format(opening * depth + inside + closing * depth)


def chain(count):
    return "ASK { " + " . ".join(f"?v{i} ?p{i} ?v{i + 1}" for i in range(count)) + " }"


def product(count):
    return " . ".join(f"?a{i} ?b{i} ?c{i}" for i in range(count))


def doubling(count):
    steps = " ".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(count))
    return f'SELECT (STRLEN(?x{count}) AS ?n) {{ BIND("abcdefgh" AS ?x0) {steps} }}'


DEEP = 10_000
NESTINGS = {
    "brackets": nested("(", ")", DEEP, "1", "ASK {{ FILTER({}) }}"),
    "negations": nested("! ", "", DEEP, "true", "ASK {{ FILTER({}) }}"),
    "minuses": nested("- ", "", DEEP, "1", "ASK {{ FILTER({}) }}"),
    "groups": nested("{ ", "} ", DEEP, "?s ?p ?o"),
    "optionals": nested("OPTIONAL { ?s ?p ?o ", "} ", DEEP, "?s ?p ?o"),
    "sub-selects": nested("{ SELECT * { ", "} } ", DEEP, "?s ?p ?o"),
    "path brackets": nested("(", ")", DEEP, "<a:p>", "ASK {{ ?s {} ?o }}"),
    "blank nodes": nested("[ <a:p> ", "] ", DEEP, "1", "ASK {{ ?s ?p {} }}"),
    "lists": nested("( ", ") ", DEEP, "1", "ASK {{ ?s ?p {} }}"),
    "exists": nested("FILTER EXISTS { ?s ?p ?o ", "} ", 3000, ""),
    "function calls": nested("STR(", ")", DEEP, "1", "ASK {{ FILTER({} = 1) }}"),
    "quoted triples": nested("<<( ", " ?p ?o )>> ", 3000, "?s", "ASK {{ ?s ?p {} }}"),
    "open brackets only": "ASK { " + "(" * 100_000,
}
CHAINS = {
    "unions": "ASK { " + " UNION ".join(["{ ?s ?p ?o }"] * DEEP) + " }",
    "ors": "ASK { FILTER(" + " || ".join(["true"] * DEEP) + ") }",
    "sums": "ASK { FILTER(" + " + ".join(["1"] * DEEP) + " = 0) }",
    "path steps": "ASK { ?s " + "/".join(["<a:p>"] * 1000) + " ?o }",
    "path choices": "ASK { ?s " + "|".join(["<a:p>"] * DEEP) + " ?o }",
    "binds": "ASK { " + " ".join(f"BIND({i} AS ?v{i})" for i in range(5000)) + " }",
    "filters": "ASK { ?s ?p ?o " + "FILTER(?o != 1) " * 5000 + "}",
}
PLANS = {
    "a join of 1,000 patterns": chain(1000),
    "a join of 290 patterns": chain(290),
    "a product of 290 patterns": f"ASK {{ {product(290)} FILTER(?a0 = ?c289) }}",
    "a list of 1,000": "ASK { ?s ?p (" + " 1" * 1000 + ") }",
    "a list of 140": "ASK { ?s ?p (" + " ?x" * 140 + ") }",
    "a star of 1,000": "ASK { ?s " + "; ".join(f"<a:p{i}> ?o{i}" for i in range(1000)) + " }",
    "optional of wide joins": "ASK { " + " ".join(f"OPTIONAL {{ {product(60)} }}" for _ in range(4)) + " }",
}  # fmt: skip
CROSS = product(4)
RUNAWAYS = {
    "count of a product": f"SELECT (COUNT(*) AS ?n) {{ {product(9)} }}",
    "sort of a product": f"SELECT * {{ {CROSS} }} ORDER BY ?c0 ?c1 ?c2 ?c3 LIMIT 1",
    "groups of a product": f"SELECT ?a0 ?a1 ?a2 (COUNT(*) AS ?n) {{ {CROSS} }} GROUP BY ?a0 ?a1 ?a2",
    "groups by every row": f"SELECT (SAMPLE(?c0) AS ?n) {{ {CROSS} }} GROUP BY ?a0 ?b0 ?c0 ?a1 ?c1 ?a2 ?c2",
    "distinct rows counted": f"SELECT (COUNT(*) AS ?n) {{ SELECT DISTINCT * {{ {CROSS} }} }}",
    "distinct counted": f"SELECT (COUNT(DISTINCT ?s) AS ?n) {{ {CROSS} BIND(CONCAT(STR(?a0),STR(?c1),STR(?c2),STR(?c3)) AS ?s) }}",
    "concatenation of groups": f"SELECT (STRLEN(GROUP_CONCAT(?c0)) AS ?n) {{ {CROSS} }}",
    "minus of a product": f"ASK {{ {{ {CROSS} }} MINUS {{ {CROSS} }} }}",
    "not exists over a product": f"ASK {{ {CROSS} FILTER NOT EXISTS {{ ?a0 (!<a:x>)+ ?c3 . ?x ?y ?z }} FILTER(?a0 = ?c1 && ?a0 != ?a0) }}",
    "hashes of a product": f"SELECT (COUNT(DISTINCT SHA512(CONCAT(STR(?a0), STR(?a1), STR(?a2), STR(?a3)))) AS ?n) {{ {CROSS} }}",
    "strings doubled 35 times": doubling(35),
    "strings doubled 60 times": doubling(60),
    "replaced and grown": 'SELECT (STRLEN(?x6) AS ?n) { BIND("aaaaaaaaaaaaaaaaaaaa" AS ?x0) ' + " ".join(f'BIND(REPLACE(?x{i}, "a", ?x{i}) AS ?x{i + 1})' for i in range(6)) + " }",
    "paths from anywhere": f"SELECT (COUNT(*) AS ?n) {{ ?a (<a:p>|!<a:p>)* ?b . ?c (<a:p>|!<a:p>)* ?d . {CROSS} }}",
    "regular expressions": f'SELECT (COUNT(*) AS ?n) {{ {CROSS} FILTER(REGEX(CONCAT(STR(?c0), STR(?c1)), "^(a+)+((b*)*c)*$")) }}',
    "random values sorted": f"SELECT * {{ {CROSS} }} ORDER BY RAND() LIMIT 1",
}  # fmt: skip
SIZES = {
    "300 kB of VALUES": "ASK { VALUES ?s { " + " ".join(f"<a:{i}>" for i in range(40_000)) + " } }",
    "300 kB of comment": "ASK {} #" + "x" * 300_000,
    "300 kB of string": 'ASK { FILTER("' + "x" * 300_000 + '" = "") }',
    "300 kB of IRI": "ASK { <a:" + "x" * 300_000 + "> ?p ?o }",
    "5 MB of query": "ASK { " + "?s ?p ?o . " * 500_000 + "}",
    "50,000 prefixes": "".join(f"PREFIX p{i}: <a:{i}> " for i in range(50_000)) + "ASK {}",
    "a name of 200,000 dots": "ASK { ?s a:" + "." * 200_000 + " ?o }",
    "quotes that never end": "ASK { " + "'''" * 50_001,
    "escapes that never end": 'ASK { "' + "\\" * 100_001,
}
ADDRESSES = {
    "the canary": "http://127.0.0.1:PORT/",
    "the canary over IPv6": "http://[::1]:PORT/",
    "the canary, mapped": "http://[::ffff:127.0.0.1]:PORT/",
    "the canary, decimal": "http://2130706433:PORT/",
    "the canary, by name": "http://localhost:PORT/",
    "the canary, in octal": "http://0177.0.0.1:PORT/",
    "the canary, cut short": "http://127.1:PORT/",
    "the canary, as any": "http://0.0.0.0:PORT/",
    "the canary, with a name": "http://w3id.org@127.0.0.1:PORT/",
    "a redirect": "http://127.0.0.1:PORT/redirect",
    "a file": "file://FILE",
    "link-local": "http://169.254.169.254/latest/meta-data/",
}
NETWORK = {
    f"{call} to {name}": query
    for name, address in ADDRESSES.items()
    for call, query in {
        "SERVICE": f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}",
        "SERVICE SILENT": f"SELECT * {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}",
        "bound SERVICE": f"SELECT * {{ VALUES ?u {{ <{address}> }} SERVICE ?u {{ ?s ?p ?o }} }}",
        "SERVICE in EXISTS": f"ASK {{ FILTER EXISTS {{ SERVICE<{address}>{{ ?s ?p ?o }} }} }}",
    }.items()
}
WRITTEN = "<https://w3id.org/trialkg/graph/user/attack>"
UPDATES = {
    f"{call} {name}": update
    for name, address in ADDRESSES.items()
    for call, update in {
        "LOAD of": f"LOAD <{address}> INTO GRAPH {WRITTEN}",
        "LOAD SILENT of": f"CLEAR GRAPH {WRITTEN}; LOAD SILENT <{address}> INTO GRAPH {WRITTEN}",
        "INSERT from": f"INSERT {{ GRAPH {WRITTEN} {{ ?s ?p ?o }} }} WHERE {{ SERVICE SILENT <{address}> {{ ?s ?p ?o }} }}",
        "USING": f"INSERT {{ GRAPH {WRITTEN} {{ ?s ?p ?o }} }} USING <{address}> WHERE {{ ?s ?p ?o }}",
        "owl:imports of": f"INSERT DATA {{ GRAPH {WRITTEN} {{ <a:o> <http://www.w3.org/2002/07/owl#imports> <{address}> }} }}",
    }.items()
}
# These name graphs only; they are answered, from what is published and nothing else.
NAMES = {
    "FROM the canary": "SELECT * FROM <http://127.0.0.1:PORT/> { ?s ?p ?o }",
    "FROM NAMED the canary": "SELECT * FROM NAMED <http://127.0.0.1:PORT/> { GRAPH ?g { ?s ?p ?o } }",
    "FROM a file": "SELECT * FROM <file://FILE> { ?s ?p ?o }",
    "GRAPH of a file": "SELECT * { GRAPH <file://FILE> { ?s ?p ?o } }",
}

GROUPS = {
    "nesting": NESTINGS,
    "chains": CHAINS,
    "planner": PLANS,
    "runaway": RUNAWAYS,
    "size": SIZES,
    "network": NETWORK,
}
