# ruff: noqa: E501
"""Requests and documents made to hurt, as the bytes that go over the wire."""

import gzip
import io
import zipfile

import zstandard

LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a0 "aaaaaaaaaa">'
    + "".join(f'<!ENTITY a{i + 1} "{f"&a{i};" * 10}">' for i in range(9))
    + ']><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    '<rdf:Description rdf:about="a:s"><rdf:value>&a9;</rdf:value></rdf:Description></rdf:RDF>'
).encode()
EXTERNAL = (
    b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file://FILE">]>'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="a:s"><rdf:value>&x;</rdf:value></rdf:Description></rdf:RDF>'
)
DEEP_XML = (
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="a:">'
    + b"<rdf:Description><a:p>" * 100_000
)
DEEP_JSON = b'{"@id":"a:s","a:p":' * 60_000 + b"1" + b"}" * 60_000
CONTEXT = b'{"@context":"http://127.0.0.1:PORT/","@id":"a:s","a:p":1}'
# Where a document says that more of it lies: addresses of the canary, in all ways to write them.
ELSEWHERE = {
    "the canary": "http://127.0.0.1:PORT/",
    "the canary over IPv6": "http://[::1]:PORT/",
    "the canary, mapped": "http://[::ffff:127.0.0.1]:PORT/",
    "the canary, decimal": "http://2130706433:PORT/",
    "the canary, by name": "http://localhost:PORT/",
    "a redirect to the canary": "http://127.0.0.1:PORT/redirect",
    "a file": "file://FILE",
}
XML = '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#" {}>{}</rdf:RDF>'
POINTING = {
    "owl:imports": ("<a:o> a <http://www.w3.org/2002/07/owl#Ontology> ; <http://www.w3.org/2002/07/owl#imports> <AT> .", "text/turtle"),
    "imports in XML": (XML.format("", '<owl:Ontology rdf:about="a:o"><owl:imports rdf:resource="AT"/></owl:Ontology>'), "application/rdf+xml"),
    "a base": (XML.format('xml:base="AT"', '<rdf:Description rdf:about="x"><rdf:value rdf:resource="y"/></rdf:Description>'), "application/rdf+xml"),
    "an inclusion": (XML.format('xmlns:xi="http://www.w3.org/2001/XInclude"', '<rdf:Description rdf:about="a:s"><xi:include href="AT"/></rdf:Description>'), "application/rdf+xml"),
    "a schema": (XML.format('xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a: AT"', ""), "application/rdf+xml"),
    "a style sheet": ('<?xml-stylesheet href="AT"?>' + XML.format("", ""), "application/rdf+xml"),
    "a type definition": ('<!DOCTYPE rdf:RDF SYSTEM "AT">' + XML.format("", ""), "application/rdf+xml"),
    "a context": ('{"@context":"AT","@id":"a:s","a:p":1}', "application/ld+json"),
    "contexts in a list": ('{"@context":[{"a":"a:"},"AT"],"@id":"a:s","a:p":1}', "application/ld+json"),
    "a context within": ('{"@id":"a:s","a:p":{"@context":"AT","@id":"a:o"}}', "application/ld+json"),
    "a context that imports": ('{"@context":{"@version":1.1,"@import":"AT"},"@id":"a:s","a:p":1}', "application/ld+json"),
    "a profile": ('{"@id":"a:s","a:p":1}', 'application/ld+json; profile="AT"'),
    "a base in Turtle": ("@base <AT> . <x> <y> <z> .", "text/turtle"),
}  # fmt: skip
DEEP_TURTLE = b"<a:s> <a:p> " + b"[ <a:p> " * 300_000 + b"1" + b" ]" * 300_000 + b" ."
LISTS_TURTLE = b"<a:s> <a:p> " + b"( " * 300_000 + b"1" + b" )" * 300_000 + b" ."
ZEROS = b"ASK {} #" + b" " * (256 << 20)


def zipped():
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("query.rq", ZEROS[: 32 << 20])
    return output.getvalue()


RDF = {
    "entities nested ten deep": (LAUGHS, "application/rdf+xml"),
    "an external entity": (EXTERNAL, "application/rdf+xml"),
    "100,000 nested elements": (DEEP_XML, "application/rdf+xml"),
    "60,000 nested objects": (DEEP_JSON, "application/ld+json"),
    "a context elsewhere": (CONTEXT, "application/ld+json"),
    "300,000 nested nodes": (DEEP_TURTLE, "text/turtle"),
    "300,000 nested lists": (LISTS_TURTLE, "text/turtle"),
}
RDF |= {
    f"{way} at {name}": (body.replace("AT", address).encode(), media_type.replace("AT", address))
    for name, address in ELSEWHERE.items()
    for way, (body, media_type) in POINTING.items()
}
# Name -> body, content type, coding.
BODIES = {
    "gzip of 256 MB": (gzip.compress(ZEROS, 9), "application/sparql-query", "gzip"),
    "zstd of 256 MB": (zstandard.compress(ZEROS), "application/sparql-query", "zstd"),
    "gzip of gzip": (gzip.compress(gzip.compress(ZEROS[: 32 << 20])), "application/sparql-query", "gzip, gzip"),
    "a zip archive": (zipped(), "application/zip", None),
    "20,000 fields": (b"&".join([b"a=b"] * 20_000), "application/x-www-form-urlencoded", None),
    "percent signs": (b"query=" + b"%" * 500_000, "application/x-www-form-urlencoded", None),
    "nulls": (b"\0" * 100_000, "application/sparql-query", None),
    "half of a character": (b"ASK {} #\xff\xfe\xc3", "application/sparql-query", None),
    "parts without end": (b"--x\r\n" * 50_000, "multipart/form-data; boundary=x", None),
}  # fmt: skip

HOST = b"Host: 127.0.0.1\r\n"
# Sent as they are, then left open; the server must answer and close.
WIRE = {
    "a header of 1 MB": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"x" * (1 << 20) + b"\r\n\r\n",
    "a header that never ends": b"GET / HTTP/1.1\r\n" + HOST + b"X: " + b"x" * (1 << 20),
    "20,000 headers": b"GET / HTTP/1.1\r\n" + HOST + b"".join(b"X%d: y\r\n" % i for i in range(20_000)) + b"\r\n",
    "an address of 200 kB": b"GET /sparql?query=" + b"x" * 200_000 + b" HTTP/1.1\r\n" + HOST + b"\r\n",
    "a method of 100 kB": b"G" * 100_000 + b" / HTTP/1.1\r\n" + HOST + b"\r\n",
    "no HTTP": bytes(range(1, 256)) * 100,
    "two lengths": b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nASK {}",
    "a length and chunks": b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x",
    "a negative length": b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Length: -1\r\n\r\n",
    "chunks of no number": b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
    "a path out of the folder": b"GET /../../etc/passwd HTTP/1.1\r\n" + HOST + b"\r\n",
}  # fmt: skip
# These come too slowly, or not at all.
SLOW = {
    "a head that stops": b"GET / HTTP/1.1\r\n" + HOST + b"X: ",
    "a connection that says nothing": b"",
    "a body that stops": b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\nContent-Length: 1000\r\n\r\nASK",
}  # fmt: skip
