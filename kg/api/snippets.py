"""How programs ask a query: the same for a shell, in Python and in R."""

from __future__ import annotations

import json


def snippets(query: str, address: str, accept: str) -> dict[str, str]:
    """Return code that sends a query to an endpoint and prints the answer, by language."""
    shell = query.replace("'", "'\\''")
    told, raw = _python(query), f'r"---(\n{query})---"'
    return {
        "Shell": f"curl -s {address} -H 'Accept: {accept}' --data-urlencode 'query=\n{shell}'",
        "Python": f"import httpx\n\nquery = {told}\nanswer = httpx.post(\n"
        f'    "{address}", data={{"query": query}}, headers={{"Accept": "{accept}"}}\n)\n'
        "print(answer.text)",
        "R": f"library(httr)\n\nquery <- {raw}\nanswer <- POST(\n"
        f'  "{address}", body = list(query = query), encode = "form", accept("{accept}")\n)\n'
        'cat(content(answer, "text"))',
    }


def _python(text: str) -> str:
    """Return a text as Python writes it, on several lines where these need no escapes."""
    plain = '"""' not in text and "\\" not in text and text.endswith("\n")
    return f'"""\n{text}"""' if plain else json.dumps(text, ensure_ascii=False)
