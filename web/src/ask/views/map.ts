/** Rows on a map of bundled country shapes: nothing is asked of a tile server. */
import { geoEqualEarth, geoPath } from "d3-geo";
import { feature, mesh } from "topojson-client";
import { make, draw as svg } from "../../elements";
import { say } from "../../words";
import { wording } from "../cell";
import { placing } from "../places";
import { address } from "../terms";
import { columnsOf, type View } from "./view";

const WIDTH = 1080;
const HEIGHT = 540;
const MOST = 12000;

export const map: View = {
  name: "map",
  title: "Map",
  fits: (found) => {
    const where = placing(found);
    return found.form === "rows" && where !== null && found.rows.some((row) => where(row));
  },
  async draw(place, shown) {
    const where = placing(shown.found);
    if (!where) return;
    const { default: world } = await import("world-atlas/countries-110m.json");
    const topology = world as unknown as Parameters<typeof mesh>[0];
    const countries = topology.objects.countries as Parameters<typeof feature>[1];
    const projection = geoEqualEarth().fitExtent(
      [
        [4, 4],
        [WIDTH - 4, HEIGHT - 4],
      ],
      { type: "Sphere" },
    );
    const path = geoPath(projection);
    const land = path(feature(topology, countries)) ?? "";
    const borders = path(mesh(topology)) ?? "";
    const dots = svg("g", { class: "places" });
    let number = 0;
    const named = columnsOf(shown.found).filter((name) =>
      shown.found.rows.slice(0, 50).some((row) => row[name]?.type === "uri" || row[`${name}Label`]),
    );
    const title = named[0] ?? columnsOf(shown.found)[0] ?? "";
    for (const row of shown.found.rows) {
      const at = where(row);
      const spot = at && projection(at);
      if (!spot || number >= MOST) continue;
      number += 1;
      const dot = svg("circle", { cx: spot[0].toFixed(1), cy: spot[1].toFixed(1), r: 4 });
      dot.append(svg("title", {}, wording(row, title, shown.prefixes)));
      const term = row[title];
      const target = term?.type === "uri" ? address(term.value) : null;
      dots.append(target && shown.found.rows.length < 500 ? svg("a", { href: target }, dot) : dot);
    }
    const picture = svg(
      "svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "world", role: "group" },
      svg("path", { d: path({ type: "Sphere" }) ?? "", class: "sea" }),
      svg("path", { d: land, class: "land" }),
      svg("path", { d: borders, class: "borders" }),
      dots,
    );
    picture.setAttribute("aria-label", say("Map of {number} rows", { number }));
    const without = shown.found.rows.length - number;
    const told = without
      ? say("{number} places; {without} rows lie nowhere on record.", { number, without })
      : say("{number} places.", { number });
    place.replaceChildren(picture as unknown as HTMLElement, make("p", { class: "quiet" }, told));
  },
};
