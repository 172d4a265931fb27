"""The OpenAPI document, and the server held to it by requests made from it."""

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

EXAMPLES = 20
CHECKS = [not_a_server_error, content_type_conformance, status_code_conformance]
# What any request may meet, so that no document lists it: a limit was passed, or HTTP was broken.
ANYWHERE = frozenset({400, 404, 405, 408, 414, 429, 431, 502, 503})


def operations(server):
    document = schemathesis.openapi.from_url(f"{server.base_url}/openapi.json")
    return [found.ok() for found in document.get_all_operations()]


def hold(operation):
    """Make requests of one operation and see that each answer is one of those it promises."""

    @seed(4)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def requests(case):
        answer = case.call(timeout=120)
        checks = CHECKS[:2] if answer.status_code in ANYWHERE else CHECKS
        if answer.status_code not in {502, 503}:
            case.validate_response(answer, checks=checks)

    requests()


def test_no_request_that_the_document_allows_breaks_the_server_or_its_promise(server):
    found = operations(server)
    assert {operation.path for operation in found} >= {"/sparql", "/graph-store"}
    for operation in found:
        hold(operation)
