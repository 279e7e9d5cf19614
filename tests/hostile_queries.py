"""Queries that are meant to hurt: products, deep paths, patterns, sorts, floods of text.

They ask the ring of `tests/test_hostile.py`: `ex:next` leads around, `ex:knows` everywhere.
"""

from __future__ import annotations

KNOWS = "<http://example.org/knows>"
NEXT = "<http://example.org/next>"
LABEL = "<http://example.org/label>"
ALL = "?a{0} ?b{0} ?c{0} . "


def product(times: int) -> str:
    return "".join(ALL.format(i) for i in range(times))


def numbers(most: int) -> str:
    return " ".join(map(str, range(most)))


def nested(opening: str, closing: str, inner: str, depth: int) -> str:
    return opening * depth + inner + closing * depth


PRODUCTS = {
    "count": f"SELECT (COUNT(*) AS ?n) {{ {product(4)} }}",
    "rows": f"SELECT * {{ {product(3)} }}",
    "distinct": f"SELECT DISTINCT ?c0 ?c1 ?c2 {{ {product(3)} }}",
    "wide": f"SELECT (COUNT(*) AS ?n) {{ {product(40)} }}",
    "construct": f"CONSTRUCT {{ ?a0 ?b1 ?c2 }} {{ {product(3)} }}",
    "ask": f"ASK {{ {product(3)} FILTER(?c0 = ?c1 && ?c1 = ?c2 && ?c0 != ?c2) }}",
    "describe": f"DESCRIBE * {{ {product(2)} }}",
    "optional": f"SELECT (COUNT(*) AS ?n) {{ {product(2)} OPTIONAL {{ ?x ?y ?z . ?u ?v ?w }} }}",
    "minus": f"SELECT (COUNT(*) AS ?n) {{ {product(3)} MINUS {{ ?a0 ?q ?r . ?s ?t ?c2 }} }}",
    "union": f"SELECT (COUNT(*) AS ?n) {{ {' UNION '.join(['{ ' + product(3) + '}'] * 8)} }}",
    "graphs": "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?a ?b ?c } ?d ?e ?f . ?h ?i ?j . ?k ?l ?m }",
    "not-exists": f"SELECT * {{ {product(2)} FILTER NOT EXISTS {{ ?a0 ?x ?y . ?c1 ?z ?w . ?v ?u ?t }} }}",
    "exists": f"SELECT (COUNT(*) AS ?n) {{ {product(3)} FILTER EXISTS {{ ?c0 ?x ?y . ?y ?z ?a2 }} }}",
    "lateral-subselects": f"SELECT * {{ {{ SELECT * {{ {product(2)} }} }} {{ SELECT ?c0 {{ {product(3)} }} }} }}",
    "cast": f"SELECT (SUM(STRLEN(STR(?c0)) * STRLEN(STR(?c1))) AS ?n) {{ {product(3)} }}",
}
PATHS = {
    "star-both-ends": f"SELECT (COUNT(*) AS ?n) {{ ?a {NEXT}* ?b . ?b {KNOWS}* ?c . ?c {NEXT}* ?d }}",
    "plus-chain": f"SELECT (COUNT(*) AS ?n) {{ ?a {KNOWS}+/{KNOWS}+/{KNOWS}+ ?b }}",
    "star-of-stars": f"SELECT * {{ ?a ((({KNOWS}*)/{NEXT}*)*/{KNOWS})* ?b }}",
    "alternatives": f"SELECT * {{ ?a ({NEXT}|{KNOWS}|^{NEXT}|^{KNOWS})+ ?b . ?b ({NEXT}|{KNOWS})* ?c }}",
    "negated": "SELECT (COUNT(*) AS ?n) { ?a (!<a:a>)* ?b . ?b (!<a:a>)* ?c . ?c (!<a:a>)* ?d }",
    "inverse": f"SELECT * {{ ?a (^{KNOWS}/{KNOWS})+ ?b . ?b (^{KNOWS}/{KNOWS})+ ?c }}",
    "long-sequence": f"SELECT (COUNT(*) AS ?n) {{ ?a {'/'.join([KNOWS] * 60)} ?b }}",
    "optional-steps": f"SELECT * {{ ?a {'/'.join([KNOWS + '?'] * 30)} ?b }}",
    "deep-parentheses": f"SELECT * {{ ?a {nested('(', ')*', KNOWS, 4000)} ?b }}",
    "cycle-join": f"SELECT (COUNT(*) AS ?n) {{ {' . '.join(f'?x{i} {KNOWS} ?x{i + 1}' for i in range(12))} }}",
    "clique": "SELECT (COUNT(*) AS ?n) { "
    + " . ".join(f"?x{i} {KNOWS} ?x{j}" for i in range(7) for j in range(i))
    + " }",
    "path-in-exists": f"SELECT * {{ {product(2)} FILTER EXISTS {{ ?a0 {KNOWS}* ?a1 . ?a1 {NEXT}* ?c0 }} }}",
}
EXPRESSIONS = {
    "regex-nested": f"SELECT * {{ {product(2)} FILTER(REGEX(STR(?c0), '(a{{1,90}}){{1,90}}{{1,9}}')) }}",
    "regex-each-row": f"SELECT (COUNT(*) AS ?n) {{ {product(3)} FILTER(REGEX(STR(?c0), CONCAT('^', STR(?c1), '.*$'), 'i')) }}",
    "regex-alternatives": f"SELECT * {{ {product(3)} FILTER(REGEX(STR(?c0), '{'|'.join(f'x{i}y*z+' for i in range(3000))}')) }}",
    "replace-doubling": "SELECT (STRLEN("
    + nested("REPLACE(", ", 'a', 'aa')", "'aa'", 40)
    + ") AS ?n) {}",
    "concat-doubling": "SELECT * { BIND('aaaaaaaaaaaaaaaa' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{i}, ?x{i}, ?x{i}, ?x{i}) AS ?x{i + 1})" for i in range(20))
    + " }",
    "many-terms": f"SELECT (({'+'.join(['1'] * 60_000)}) AS ?n) {{}}",
    "many-conditions": f"SELECT * {{ {product(2)} FILTER({' && '.join(['?c0 != ?c1'] * 20_000)}) }}",
    "not-not": "SELECT * { FILTER(" + "!" * 90_000 + "true) }",
    "parentheses": "SELECT (" + nested("(", ")", "1", 60_000) + " AS ?x) {}",
    "ifs": "SELECT (" + nested("IF(true, ", ", 0)", "1", 20_000) + " AS ?x) {}",
    "in-list": f"SELECT (COUNT(*) AS ?n) {{ {product(3)} FILTER(STR(?c0) IN ({', '.join(repr(str(i)) for i in range(5000))})) }}",
    "hashes": f"SELECT (COUNT(DISTINCT SHA512(CONCAT(STR(?c0), STR(?c1), STR(?c2)))) AS ?n) {{ {product(3)} }}",
    "uuids": f"SELECT (COUNT(DISTINCT UUID()) AS ?n) {{ {product(3)} }}",
    "big-numbers": "SELECT * { BIND(9999999999999999999999999999999999999999999999 AS ?x) "
    + product(3)
    + "FILTER(?x * ?x = ?c0) }",
    "triple-terms": f"SELECT ({nested('<<( <a:a> <a:b> ', ' )>>', '1', 5000)} AS ?x) {{}}",
}
SORTS = {
    "order-everything": f"SELECT * {{ {product(3)} }} ORDER BY ?c2 ?c1 ?c0",
    "order-by-random": f"SELECT * {{ {product(3)} }} ORDER BY RAND() LIMIT 1",
    "order-by-text": f"SELECT * {{ {product(3)} }} ORDER BY DESC(CONCAT(STR(?c0), STR(?c1))) LIMIT 1",
    "group-everything": f"SELECT ?c0 ?c1 ?c2 (COUNT(*) AS ?n) {{ {product(3)} }} GROUP BY ?c0 ?c1 ?c2",
    "having": f"SELECT ?c0 ?c1 {{ {product(3)} }} GROUP BY ?c0 ?c1 HAVING(COUNT(DISTINCT ?c2) > 9)",
    "deep-offset": f"SELECT * {{ {product(3)} }} OFFSET 999999999999 LIMIT 1",
    "distinct-everything": f"SELECT DISTINCT * {{ {product(3)} }}",
    "reduced": f"SELECT REDUCED * {{ {product(3)} }} ORDER BY ?c0",
    "count-distinct": f"SELECT (COUNT(DISTINCT *) AS ?n) {{ {product(3)} }}",
}
FLOODS = {
    "group-concat": f"SELECT (GROUP_CONCAT(STR(?c0); separator='{'x' * 2000}') AS ?t) {{ {product(3)} }}",
    "group-concat-of-products": f"SELECT (STRLEN(GROUP_CONCAT(CONCAT(STR(?c0), STR(?c1)))) AS ?n) {{ {product(3)} }}",
    "group-concat-distinct": f"SELECT (GROUP_CONCAT(DISTINCT CONCAT(STR(?c0), STR(?c1), STR(?c2))) AS ?t) {{ {product(3)} }}",
    "group-concat-twice": "SELECT (GROUP_CONCAT(?t) AS ?all) { "
    f"{{ SELECT ?c0 (GROUP_CONCAT(STR(?c1)) AS ?t) {{ {product(2)} }} GROUP BY ?c0 }} {ALL.format(5)} {ALL.format(6)} }}",
    "values-product": f"SELECT (COUNT(*) AS ?n) {{ VALUES ?x {{ {numbers(9000)} }} VALUES ?y {{ {numbers(9000)} }} VALUES ?z {{ {numbers(900)} }} }}",
    "values-join": f"SELECT * {{ VALUES ?x {{ {numbers(60_000)} }} {product(2)} FILTER(?x = STRLEN(STR(?c0))) }}",
    "values-rows": f"SELECT * {{ VALUES (?x ?y) {{ {' '.join(f'({i} {i})' for i in range(40_000))} }} VALUES ?z {{ {numbers(5000)} }} }}",
    "wide-rows": f"SELECT {' '.join(f'(CONCAT(STR(?c0), STR(?c1)) AS ?t{i})' for i in range(300))} {{ {product(3)} }}",
    "construct-flood": f"CONSTRUCT {{ {' '.join(f'?a{i % 2} <x:{i}> ?c1 .' for i in range(300))} }} {{ {product(2)} }}",
}
TEXTS = {
    "huge-literal": f"SELECT (STRLEN(REPLACE('{'ab' * 200_000}', '(a|b)*?b', '$0$0$0$0')) AS ?n) {{}}",
    "huge-literal-by-rows": f"SELECT (COUNT(DISTINCT CONCAT('{'x' * 400_000}', STR(?c0), STR(?c1))) AS ?n) {{ {product(3)} }}",
    "huge-iri": f"SELECT (SHA512(CONCAT(STR(<a:{'x' * 400_000}>), STR(?c0), STR(?c1))) AS ?n) {{ {product(3)} }}",
    "huge-language": f"SELECT (STRLANG(STR(?c0), '{'a-' * 100_000}a') AS ?n) {{ {product(3)} }}",
    "huge-number": f"SELECT ({'9' * 400_000} * {'9' * 400_000} AS ?n) {{ {product(3)} }}",
    "huge-comment": "#" + "x" * 400_000 + f"\nSELECT (COUNT(*) AS ?n) {{ {product(4)} }}",
    "group-concat-doubled": f"SELECT (STRLEN(CONCAT(?t, ?t, ?t, ?t)) AS ?n) {{ {{ SELECT (GROUP_CONCAT(STR(?c0)) AS ?t) {{ {product(2)} }} }} }}",
    "encode": "SELECT (STRLEN("
    + nested("ENCODE_FOR_URI(", ")", "'%%%%%%%%%%%%%%%%'", 14)
    + ") AS ?n) {}",
    "splits": f"SELECT (STRBEFORE(STRAFTER(CONCAT(STR(?c0), '{'x' * 100_000}'), 'n'), 'y') AS ?n) {{ {product(3)} }}",
    "words-of-service": f"SELECT (COUNT(*) AS ?service) {{ {product(3)} FILTER(STR(?c0) != '{'service ' * 50_000}') }}",
}
REPEATS = {
    "construct-nothing": f"CONSTRUCT {{ ?a0 ?b0 ?c9 }} {{ {product(4)} }}",
    "construct-same": f"CONSTRUCT {{ <a:a> <a:a> <a:a> }} {{ {product(4)} }}",
    "describe-all": f"DESCRIBE ?a0 ?b1 ?c2 {{ {product(3)} }}",
    "lateral": f"SELECT * {{ {product(1)} LATERAL {{ SELECT * {{ {product(2)} FILTER(?a0 != ?c1) }} }} }}",
    "exists-in-order": f"SELECT ?a0 {{ {product(2)} }} ORDER BY (EXISTS {{ ?c1 ?x ?y . ?v ?w ?a0 . ?s ?t ?u }})",
    "exists-in-projection": f"SELECT (EXISTS {{ ?c1 ?x ?y . ?v ?w ?a0 . ?s ?t ?u }} AS ?e) {{ {product(2)} }}",
    "aggregates-of-aggregates": f"SELECT (SUM(?n) AS ?m) {{ {{ SELECT ?c0 ?c1 (COUNT(*) AS ?n) {{ {product(3)} }} GROUP BY ?c0 ?c1 }} }}",
    "undef-joins": f"SELECT (COUNT(*) AS ?n) {{ VALUES (?a0 ?c1) {{ {'(UNDEF UNDEF) ' * 5000} }} {product(2)} }}",
    "zero-steps": f"SELECT (COUNT(*) AS ?n) {{ ?a (!{KNOWS}|^!{NEXT})* ?b . ?c (!{NEXT}|^!{KNOWS})* ?d }}",
    "negated-in-stars": f"SELECT * {{ ?a ((!({NEXT}|^{KNOWS}))*/(!{LABEL})+)* ?b . ?b (!{LABEL})* ?c }}",
}
NESTING = {
    "groups": "SELECT * " + nested("{", "}", "", 40_000),
    "subselects": "SELECT * " + nested("{ SELECT * ", "}", "{}", 5000),
    "optionals": "SELECT * { " + nested("OPTIONAL { ?s ?p ?o ", "}", "", 3000) + " }",
    "exists-in-exists": "SELECT * { " + nested("FILTER EXISTS { ?s ?p ?o ", "}", "", 3000) + " }",
    "unions": f"SELECT * {{ {' UNION '.join(['{ ?s ?p ?o }'] * 20_000)} }}",
    "minuses": "SELECT * { ?s ?p ?o " + "MINUS { ?s ?p ?x } " * 20_000 + "}",
    "many-patterns": f"SELECT * {{ {' . '.join(f'?a{i} ?b{i} ?c{i}' for i in range(3000))} }} LIMIT 1",
    "many-binds": "SELECT * { BIND(1 AS ?x0) "
    + " ".join(f"BIND(?x{i} + 1 AS ?x{i + 1})" for i in range(20_000))
    + " }",
    "collections": "SELECT * { ?s ?p " + nested("(", ")", "1", 20_000) + " }",
    "property-lists": "SELECT * { ?s ?p " + nested("[ <a:a> ", "]", "1", 20_000) + " }",
}
HOSTILE = {
    f"{kind}-{name}": query
    for kind, queries in {
        "product": PRODUCTS,
        "path": PATHS,
        "expression": EXPRESSIONS,
        "sort": SORTS,
        "flood": FLOODS,
        "text": TEXTS,
        "repeat": REPEATS,
        "nesting": NESTING,
    }.items()
    for name, query in queries.items()
}
