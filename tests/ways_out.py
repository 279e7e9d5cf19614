"""Ways in which queries and documents try to reach a host, and what must become of each.

`~` stands for an IRI at which a listener waits, `I` for its address with the port.
"""

from __future__ import annotations

PATTERN = "{ ?s ?p ?o }"
#: Loopback in as many spellings as resolvers and browsers have been fooled with.
HOSTS = {
    "dotted": "127.0.0.1:PORT",
    "name": "localhost:PORT",
    "capitals": "LOCALHOST:PORT",
    "name with a dot": "localhost.:PORT",
    "address with a dot": "127.0.0.1.:PORT",
    "short": "127.1:PORT",
    "decimal": "2130706433:PORT",
    "hexadecimal": "0x7f000001:PORT",
    "hexadecimal parts": "0x7f.0x0.0x0.0x1:PORT",
    "octal": "0177.0.0.1:PORT",
    "padded": "127.000.000.001:PORT",
    "any": "0.0.0.0:PORT",
    "IPv6": "[::1]:PORT",
    "IPv6 any": "[::]:PORT",
    "mapped": "[::ffff:127.0.0.1]:PORT",
    "mapped in hexadecimal": "[::ffff:7f00:1]:PORT",
    "NAT64": "[64:ff9b::7f00:1]:PORT",
    "userinfo": "example.org@127.0.0.1:PORT",
    "password": "user:secret@127.0.0.1:PORT",
    "percent": "%31%32%37.0.0.1:PORT",
    "circled digits": "\u2460\u2461\u2466.\u24ea.\u24ea.\u2460:PORT",
    "wide letters": "\uff4cocalhost:PORT",
    "ideographic stops": "127\u30020\u30020\u30021:PORT",
}
SCHEMES = ("http", "HTTP", "https", "ftp", "ws", "gopher", "jar:http")
OTHER_IRIS = {
    "file": "file:///etc/passwd",
    "file of a host": "file://I/etc/passwd",
    "data": "data:text/turtle,%3Ca:a%3E%20%3Ca:b%3E%201%20.",
    "escaped in the IRI": "\\u0068ttp://I/",
}
#: A query and the status that it must get: 403 where it parses, else 400.
SERVICES = {
    "plain": ("SELECT * { SERVICE <~> { ?s ?p ?o } }", 403),
    "small letters": ("SELECT * { service <~> { ?s ?p ?o } }", 403),
    "mixed letters": ("SELECT * { SeRvIcE <~> { ?s ?p ?o } }", 403),
    "silent": ("SELECT * { SERVICE SILENT <~> { ?s ?p ?o } }", 403),
    "no space": ("SELECT*{SERVICE<~>{?s ?p ?o}}", 403),
    "tab and line": ("SELECT * {\tSERVICE\r\n<~>\t{ ?s ?p ?o } }", 403),
    "comment between": ("SELECT * { SERVICE # <a:a> {\n <~> { ?s ?p ?o } }", 403),
    "comment with a quote": ("SELECT * { # it's\n SERVICE <~> { ?s ?p ?o } # it's\n }", 403),
    "comment with an escape": (
        "SELECT * { #\\u000a '''\n SERVICE <~> { ?s ?p ?o } #'''\n }",
        403,
    ),
    "after an IRI with a hash": ("SELECT * { <a:b#c> ?p ?o . SERVICE <~> { ?s ?p ?o } }", 403),
    "after a less-than": ("SELECT * { FILTER(1<2)SERVICE<~>{?s ?p ?o} }", 403),
    "after a quoted quote": ("SELECT * { ?s ?p '\\'' . SERVICE <~> { ?s ?p ?o } #'\n }", 403),
    "after a long string": ('SELECT * { ?s ?p """a"b""" . SERVICE <~> { ?s ?p ?o } }', 403),
    "after a number": ("SELECT * { ?s ?p 1.SERVICE<~>{?s ?p ?o} }", 403),
    "after a language": ("SELECT * { ?s ?p 'a'@en.SERVICE<~>{?s ?p ?o} }", 403),
    "after a name": ("PREFIX e: <a:a> SELECT * { ?s ?p e:.SERVICE<~>{?s ?p ?o} }", 403),
    "glued to a word": ("SELECT * { ?s ?p trueSERVICE<~>{?s ?p ?o} }", 400),
    "glued to a number": ("SELECT * { ?s ?p 1e5SERVICE<~>{?s ?p ?o} }", 403),
    "prefixed name": ("PREFIX s: <~> SELECT * { SERVICE s: { ?s ?p ?o } }", 403),
    "glued to an empty prefix": ("PREFIX : <~> SELECT * { SERVICE:x { ?s ?p ?o } }", 400),
    "glued to a prefix": ("PREFIX p: <~> SELECT * { SERVICEp:x { ?s ?p ?o } }", 400),
    "silent, glued": ("PREFIX : <~> SELECT * { SERVICESILENT:x { ?s ?p ?o } }", 400),
    "glued behind a group": ("PREFIX : <~> SELECT * { {}SERVICE:x { ?s ?p ?o } }", 400),
    "relative to a base": ("BASE <~> SELECT * { SERVICE <x> { ?s ?p ?o } }", 403),
    "a prefix of that name": ("PREFIX service: <~> SELECT * { SERVICE service:x {} }", 403),
    "escape in the word": ("SELECT * { \\u0053ERVICE <~> { ?s ?p ?o } }", 403),
    "long escape in the word": ("SELECT * { SERVIC\\U00000045 <~> { ?s ?p ?o } }", 403),
    "escape in the IRI": ("SELECT * { SERVICE <\\u0068ttp://I/> { ?s ?p ?o } }", 403),
    "long s": ("SELECT * { \u017fERVICE <~> { ?s ?p ?o } }", 400),
    "dotless i": ("SELECT * { SERV\u0131CE <~> { ?s ?p ?o } }", 400),
    "null inside": ("SELECT * { SERV\0ICE <~> { ?s ?p ?o } }", 400),
    "variable from VALUES": ("SELECT * { VALUES ?x { <~> } SERVICE ?x { ?s ?p ?o } }", 403),
    "variable from BIND": ("SELECT * { BIND(<~> AS ?x) SERVICE $x { ?s ?p ?o } }", 403),
    "variable computed": (
        "SELECT * { BIND(IRI(CONCAT('ht', 'tp://I/')) AS ?x) SERVICE ?x { ?s ?p ?o } }",
        403,
    ),
    "variable from the graph": ("SELECT * { ?a ?b ?x SERVICE ?x { ?s ?p ?o } }", 403),
    "in a subselect": ("SELECT * { { SELECT * { SERVICE <~> { ?s ?p ?o } } } }", 403),
    "in EXISTS": ("ASK { FILTER EXISTS { SERVICE <~> { ?s ?p ?o } } }", 403),
    "in NOT EXISTS": ("ASK { ?s ?p ?o FILTER NOT EXISTS { SERVICE <~> {} } }", 403),
    "in OPTIONAL": ("SELECT * { ?s ?p ?o OPTIONAL { SERVICE <~> { ?s ?p ?x } } }", 403),
    "in UNION": ("SELECT * { { ?s ?p ?o } UNION { SERVICE SILENT <~> { ?s ?p ?o } } }", 403),
    "in MINUS": ("SELECT * { ?s ?p ?o MINUS { SERVICE <~> { ?s ?p ?o } } }", 403),
    "in GRAPH": ("SELECT * { GRAPH ?g { SERVICE <~> { ?s ?p ?o } } }", 403),
    "in BIND": ("SELECT * { BIND(EXISTS { SERVICE <~> { ?s ?p ?o } } AS ?x) }", 403),
    "in IF": ("SELECT (IF(EXISTS { SERVICE <~> {} }, 1, 2) AS ?x) {}", 403),
    "in HAVING": ("SELECT ?s { ?s ?p ?o } GROUP BY ?s HAVING(EXISTS { SERVICE <~> {} })", 403),
    "in ORDER BY": ("SELECT ?s { ?s ?p ?o } ORDER BY (EXISTS { SERVICE <~> {} })", 403),
    "in SERVICE": ("SELECT * { SERVICE <a:b> { SERVICE <~> { ?s ?p ?o } } }", 403),
    "in CONSTRUCT": ("CONSTRUCT { ?s ?p ?o } { SERVICE <~> { ?s ?p ?o } }", 403),
    "in DESCRIBE": ("DESCRIBE ?s { SERVICE <~> { ?s ?p ?o } }", 403),
    "in LATERAL": ("SELECT * { ?s ?p ?o LATERAL { SERVICE <~> { ?s ?p ?o } } }", 403),
    "unfinished": ("SELECT * { SERVICE <~> { ?s ?p ?o }", 400),
    "after a select in a comment": ("#SELECT\nASK { SERVICE <~> {} }", 403),
    "as an update": ("LOAD <~>", 403),
    "as a silent update": ("LOAD SILENT <~> INTO GRAPH <a:b>", 403),
    "as an update of one file": ("LOAD <file:///etc/passwd>", 403),
    "in an update": ("INSERT { ?s ?p ?o } WHERE { SERVICE <~> { ?s ?p ?o } }", 403),
    "behind a query": ("ASK {} ; LOAD <~>", 400),
}
#: Words that only look like a way out: answered.
HARMLESS = {
    "a variable": "SELECT ?service { ?service ?p 'SERVICE <~> {}' }",
    "an IRI": "SELECT * { ?s <~SERVICE> ?o } # SERVICE <~> {}",
    "a name": "PREFIX service: <~> SELECT * { ?s service:service ?o }",
    "two variables": "SELECT ?service ?Service ?download { ?service ?Service ?download }",
    "a graph": "SELECT * { GRAPH <~> { ?s ?p ?o } }",
    "a long string": 'SELECT * { ?s ?p """ SERVICE <~> { ?s ?p ?o } """ }',
    "an object": "SELECT * { <~> <~> <~> }",
    "a function": "SELECT (IRI('~') AS ?x) {}",
    "a description": "DESCRIBE <~>",
    "a datatype": "SELECT ('x'^^<~> AS ?service) {}",
}
LAUGHS = '<!ENTITY e0 "haha">' + "".join(
    f'<!ENTITY e{i + 1} "{f"&e{i};" * 10}">' for i in range(12)
)
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
THING = '<rdf:Description rdf:about="a:a"><b xmlns="a:">{}</b></rdf:Description>'
#: Documents by format's name; whether each may be read is told beside it.
DOCUMENTS = {
    "remote context": ("jsonld", '{"@context": "~", "@id": "a:a", "x": 1}', False),
    "context in a list": ("jsonld", '{"@context": [{}, "~"], "@id": "a:a", "x": 1}', False),
    "context of a term": (
        "jsonld",
        '{"@context": {"@version": 1.1, "t": {"@id": "a:t", "@context": "~"}}, "t": {"x": 1}}',
        False,
    ),
    "imported context": (
        "jsonld",
        '{"@context": {"@version": 1.1, "@import": "~"}, "@id": "a:a", "x": 1}',
        False,
    ),
    "context of a file": ("jsonld", '{"@context": "file:///etc/passwd", "x": 1}', False),
    "relative context": (
        "jsonld",
        '{"@context": [{"@base": "~"}, "context.jsonld"], "@id": "a", "x": 1}',
        False,
    ),
    "external entity": (
        "rdfxml",
        f'<!DOCTYPE r [<!ENTITY x SYSTEM "~">]><rdf:RDF {RDF}>{THING.format("&x;")}</rdf:RDF>',
        False,
    ),
    "public entity": (
        "rdfxml",
        f'<!DOCTYPE r [<!ENTITY x PUBLIC "-" "~">]><rdf:RDF {RDF}>{THING.format("&x;")}</rdf:RDF>',
        False,
    ),
    "entity of a file": (
        "rdfxml",
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        f"<rdf:RDF {RDF}>{THING.format('&x;')}</rdf:RDF>",
        False,
    ),
    "parameter entity": (
        "rdfxml",
        f'<!DOCTYPE r [<!ENTITY % x SYSTEM "~"> %x;]><rdf:RDF {RDF}/>',
        False,
    ),
    "entities of entities": (
        "rdfxml",
        f"<!DOCTYPE r [{LAUGHS}]><rdf:RDF {RDF}>{THING.format('&e12;')}</rdf:RDF>",
        False,
    ),
    "a long entity often": (
        "rdfxml",
        f'<!DOCTYPE r [<!ENTITY e "{"x" * 10_000}">]>'
        f"<rdf:RDF {RDF}>{THING.format('&e;' * 10_000)}</rdf:RDF>",
        False,
    ),
    "an entity in itself": (
        "rdfxml",
        '<!DOCTYPE r [<!ENTITY a "&b;"><!ENTITY b "&a;">]>'
        f"<rdf:RDF {RDF}>{THING.format('&a;')}</rdf:RDF>",
        False,
    ),
    "entities as prefixes": (
        "rdfxml",
        '<!DOCTYPE r [<!ENTITY ex "http://example.org/"><!ENTITY a "&ex;a">]>'
        f'<rdf:RDF {RDF}><rdf:Description rdf:about="&a;" rdf:type="&ex;Thing"/></rdf:RDF>',
        True,
    ),
    "external subset": (
        "rdfxml",
        f'<!DOCTYPE r SYSTEM "~"><rdf:RDF {RDF}>{THING.format("1")}</rdf:RDF>',
        True,
    ),
    "include": (
        "rdfxml",
        f'<rdf:RDF {RDF} xmlns:xi="http://www.w3.org/2001/XInclude">'
        '<rdf:Description rdf:about="a:a"><xi:include href="~"/></rdf:Description></rdf:RDF>',
        False,
    ),
    "style sheet and base": (
        "rdfxml",
        '<?xml-stylesheet href="~"?>'
        f'<rdf:RDF xml:base="~" {RDF}><rdf:Description rdf:about="x" rdf:type="y"/></rdf:RDF>',
        True,
    ),
    "base and imports": (
        "ttl",
        "@base <~> . <x> a <http://www.w3.org/2002/07/owl#Ontology> ; "
        "<http://www.w3.org/2002/07/owl#imports> <imported> .",
        True,
    ),
    "graphs": ("trig", "<~> { <~> <~> <~> }", True),
}
