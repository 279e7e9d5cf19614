"""Templates over HTTP, and the form that is made of them, without a script."""

from __future__ import annotations

import csv
import io

import httpx
import openpyxl

RDFS, TERM = "http://www.w3.org/2000/01/rdf-schema#", "https://w3id.org/rskg/ontology#"
SITE = {
    "class": "Site",
    "id": "north-pit",
    f"{RDFS}label": "North Pit",
    f"{TERM}locatedIn": "country:CL",
    "http://purl.org/dc/terms/source": "https://acme.example/r",
    f"{TERM}confidence": "high",
}


def test_templates_are_listed_and_downloaded(real_site: httpx.Client) -> None:
    listed = real_site.get("/templates").json()["templates"]
    assert len(listed) > 70
    site = next(each for each in listed if each["class"] == "Site")
    told = real_site.get(site["csv"])
    assert told.headers["content-type"].startswith("text/csv")
    assert 'filename="Site.csv"' in told.headers["content-disposition"]
    rows = list(csv.reader(io.StringIO(told.content.decode("utf-8-sig"))))
    assert rows[0][:4] == ["id", "type", "label@en", "located in"]
    book = openpyxl.load_workbook(io.BytesIO(real_site.get(site["xlsx"]).content))
    assert [cell.value for cell in book.worksheets[0][1]] == rows[0]
    french = real_site.get(site["csv"], params={"lang": "fr"}).content.decode("utf-8-sig")
    assert french.startswith("id,type,libellé@fr,situé dans")
    for path in ("/templates/Sight.csv", "/templates/Site.ods", "/templates/Site"):
        assert real_site.get(path).status_code == 404, path
    assert real_site.get("/contribute?class=Sight").status_code == 404


def test_what_is_filled_in_is_checked_beside_the_graph(real_site: httpx.Client) -> None:
    good = real_site.post("/contribute", data=SITE)
    assert good.status_code == 200
    assert "It conforms" in good.text
    assert "site:draft-north-pit" in good.text
    assert good.headers["cache-control"] == "no-store"
    nowhere = real_site.post("/contribute", data={**SITE, f"{TERM}locatedIn": "country:QQ"})
    assert "Something is to be mended" in nowhere.text
    assert nowhere.text.count('class="told">Give exactly one rskg:locatedIn') == 1
    script = "<script>alert(1)</script>"
    wrong = real_site.post("/contribute", data={**SITE, f"{TERM}confidence": script})
    assert "isn&#39;t on the list" in wrong.text
    assert script not in wrong.text


def test_what_is_filled_in_is_taken_away(real_site: httpx.Client) -> None:
    table = real_site.post("/contribute", data={**SITE, "as": "csv"})
    assert list(csv.reader(io.StringIO(table.text))) == [
        ["id", "type", "label@en", "located in", "source", "confidence"],
        ["north-pit", "Site", "North Pit", "country:CL", "https://acme.example/r", "high"],
    ]
    turtle = real_site.post("/contribute", data={**SITE, "as": "ttl"})
    assert turtle.headers["content-type"].startswith("text/turtle")
    assert "rskg:locatedIn country:CL" in turtle.text


def test_fields_that_refer_to_things_say_of_which_classes(real_site: httpx.Client) -> None:
    page = real_site.get("/contribute?class=Site").text
    assert f'name="{TERM}locatedIn"' in page
    assert 'data-suggest="Country"' in page
    asked = {"prefix": "chil", "type": "Country"}
    found = real_site.get("/reconcile/suggest/entity", params=asked).json()["result"]
    assert [each["id"] for each in found] == ["country/CL"]
    other = real_site.get("/reconcile/suggest/entity", params={**asked, "type": "Commodity"})
    assert "country/CL" not in other.text
