/** Things and the links between them, as a graph that can be dragged and zoomed. */
import { make } from "../../elements";
import { network } from "../../network";
import { say } from "../../words";
import type { Found } from "../answer";
import { wording } from "../cell";
import { address, brief, type Row } from "../terms";
import { columnsOf, type Shown, type View } from "./view";

const MOST = 600;

export const graph: View = {
  name: "graph",
  title: "Graph",
  fits: (found) => linking(found) !== null,
  async draw(place, shown) {
    const cytoscape = await network();
    const { nodes, edges, cut } = linked(shown);
    const box = make("div", { class: "network", role: "img" });
    box.setAttribute(
      "aria-label",
      say("Graph of {things} things and {links} links; the table has the same", {
        things: nodes.size,
        links: edges.length,
      }),
    );
    const told = cut ? say("The first {number} links.", { number: MOST }) : "";
    place.replaceChildren(
      box,
      make("p", { class: "quiet" }, told, " ", say("Open a thing by a click.")),
    );
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    const drawn = cytoscape({
      container: box,
      elements: [
        ...[...nodes].map(([id, label]) => ({ data: { id, label } })),
        ...edges.map(([source, label, target]) => ({ data: { source, target, label } })),
      ],
      style: [
        {
          selector: "node",
          style: {
            label: "data(label)",
            width: 14,
            height: 14,
            "background-color": colour("--process"),
            color: colour("--text"),
            "font-size": 12,
            "text-max-width": "160px",
            "text-wrap": "ellipsis",
            "text-valign": "bottom",
            "text-margin-y": 4,
          },
        },
        {
          selector: "edge",
          style: {
            width: 1.2,
            "line-color": colour("--quiet"),
            "target-arrow-color": colour("--quiet"),
            "target-arrow-shape": "triangle",
            "curve-style": "bezier",
            label: edges.length < 80 ? "data(label)" : "",
            color: colour("--quiet"),
            "font-size": 10,
            "text-rotation": "autorotate",
          },
        },
      ],
      layout: { name: "cose", animate: false, nodeDimensionsIncludeLabels: true },
      maxZoom: 4,
    });
    drawn.on("tap", "node", (event) => {
      const where = address(event.target.id() as string);
      if (where) location.assign(where);
    });
  },
};

type Ends = [from: string, to: string];

/** Which columns are the ends of links: of triples, else the first two that hold things. */
function linking(found: Found): Ends | null {
  if (found.form === "truth" || !found.rows.length) return null;
  if (found.form === "triples") return ["subject", "object"];
  const sample = found.rows.slice(0, 200);
  const things = columnsOf(found).filter((name) => sample.some((row) => row[name]?.type === "uri"));
  const [from, to] = things;
  return from && to ? [from, to] : null;
}

function linked(shown: Shown) {
  const ends = linking(shown.found);
  const nodes = new Map<string, string>();
  const edges: [string, string, string][] = [];
  const rows = ends ? shown.found.rows.filter((row) => isLink(row, ends)) : [];
  for (const row of rows.slice(0, MOST)) {
    const [from, to] = ends as Ends;
    for (const end of [from, to]) {
      const iri = row[end]?.value ?? "";
      nodes.set(iri, wording(row, end, shown.prefixes));
    }
    const by = row.predicate ? brief(row.predicate.value, shown.prefixes) : "";
    edges.push([row[from]?.value ?? "", by.replace(/^rskg:/, ""), row[to]?.value ?? ""]);
  }
  return { nodes, edges, cut: rows.length > MOST };
}

function isLink(row: Row, [from, to]: Ends): boolean {
  return row[from]?.type === "uri" && row[to]?.type === "uri";
}
