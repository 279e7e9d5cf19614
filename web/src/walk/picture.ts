/** The things walked through so far, drawn by Cytoscape: a colour and a shape for each field. */
import type cytoscape from "cytoscape";
import { network } from "../network";
import type { Link, Many, Neighbourhood, Thing } from "./around";

export const SHAPES: Record<string, cytoscape.Css.NodeShape> = {
  actor: "ellipse",
  process: "round-rectangle",
  factor: "diamond",
  chain: "hexagon",
  claim: "triangle",
};
/** Of more ties than these the list beside says what each is. */
const FEW = 12;
const HATCHED = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="20" height="20"><path d="M-5 5L5-5M0 20L20 0M15 25L25 15M-5 15L15-5M5 25L25 5" stroke="#8b949e" stroke-width="2"/></svg>',
)}`;

export class Picture {
  private constructor(private readonly drawn: cytoscape.Core) {}

  /** A picture in a box; `picked` is told of a thing that was clicked, `opened` of a double click. */
  static async in(
    box: HTMLElement,
    picked: (iri: string) => void,
    opened: (href: string) => void,
  ): Promise<Picture> {
    const cytoscape = await network();
    const drawn = cytoscape({ container: box, style: styles(), maxZoom: 3, minZoom: 0.2 });
    drawn.on("tap", "node", (event) => {
      const href = event.target.data("many") as string | undefined;
      if (href) opened(href);
      else picked(event.target.id() as string);
    });
    drawn.on("dbltap", "node", (event) => opened(event.target.data("href") as string));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
      drawn.style(styles()),
    );
    return new Picture(drawn);
  }

  get size(): { things: number; links: number } {
    return { things: this.drawn.nodes("[!many]").length, links: this.drawn.edges().length };
  }

  /** Add what lies around a thing, beside it, and set everything anew. */
  add(found: Neighbourhood): void {
    const from = this.drawn.getElementById(found.thing.iri);
    const at = from.nonempty() ? { ...from.position() } : { x: 0, y: 0 };
    this.drawn.batch(() => {
      this.node(found.thing, at);
      found.nodes.forEach((node, number) => {
        const angle = (2 * Math.PI * number) / found.nodes.length;
        this.node(node, { x: at.x + 160 * Math.cos(angle), y: at.y + 160 * Math.sin(angle) });
      });
      for (const link of found.links) this.tie(link);
      for (const many of found.many) this.heap(found.thing.iri, many, at);
    });
    this.drawn
      .layout({
        name: "cose",
        animate: false,
        randomize: false,
        nodeDimensionsIncludeLabels: true,
        idealEdgeLength: () => 48,
        edgeElasticity: () => 60,
        nodeRepulsion: () => 6000,
        nodeOverlap: 40,
        gravity: 1,
        numIter: 1500,
        boundingBox: { x1: 0, y1: 0, w: this.drawn.width(), h: this.drawn.height() },
        padding: 16,
      })
      .run();
  }

  /** Show which thing is chosen, and bring it in sight. */
  choose(iri: string): void {
    this.drawn.elements().removeClass("chosen near named");
    const node = this.drawn.getElementById(iri);
    node.addClass("chosen");
    const ties = node.connectedEdges().addClass("near");
    if (ties.length <= FEW) ties.addClass("named");
    const { x1, y1, x2, y2 } = this.drawn.extent();
    const { x, y } = node.position();
    if (x < x1 || x > x2 || y < y1 || y > y2) this.drawn.center(node);
  }

  private node(thing: Thing, position: { x: number; y: number }): void {
    if (this.drawn.getElementById(thing.iri).nonempty()) return;
    const data = { id: thing.iri, label: thing.label, href: thing.href };
    const classes = [thing.family || "other", thing.known ? "" : "unknown"].join(" ");
    this.drawn.add({ group: "nodes", data, classes, position });
  }

  private tie(link: Link): void {
    const [one, other] = [link.source, link.target].map((end) => this.drawn.getElementById(end));
    if (one?.edgesWith(other as cytoscape.NodeSingular).nonempty()) return;
    this.drawn.add({ group: "edges", data: { ...link } });
  }

  private heap(iri: string, many: Many, at: { x: number; y: number }): void {
    const id = `${iri} ${many.outgoing} ${many.by}`;
    if (this.drawn.getElementById(id).nonempty()) return;
    const label = `${many.number.toLocaleString()} · ${many.label}`;
    const data = { id, label, many: many.href };
    this.drawn.add({ group: "nodes", data, classes: "heap", position: { x: at.x, y: at.y + 90 } });
    const [source, target] = many.outgoing ? [iri, id] : [id, iri];
    this.drawn.add({ group: "edges", data: { source, target, label: many.label } });
  }
}

function styles(): cytoscape.StylesheetJson {
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(`--${name}`).trim();
  const families = Object.entries(SHAPES).map(([family, shape]) => ({
    selector: `node.${family}`,
    style: { shape, "background-color": colour(family), "border-color": colour(family) },
  }));
  return [
    {
      selector: "node",
      style: {
        label: "data(label)",
        width: 18,
        height: 18,
        "background-color": colour("quiet"),
        "border-color": colour("quiet"),
        "border-width": 1.5,
        color: colour("text"),
        "font-family": "system-ui, sans-serif",
        "font-size": 12,
        "min-zoomed-font-size": 5,
        "text-max-width": "110px",
        "text-wrap": "ellipsis",
        "text-valign": "bottom",
        "text-margin-y": 4,
        "text-background-color": colour("page"),
        "text-background-opacity": 0.75,
      },
    },
    ...families,
    {
      selector: "node.unknown",
      style: {
        "background-color": colour("page"),
        "background-image": HATCHED,
        "background-fit": "cover",
      },
    },
    {
      selector: "node.heap",
      style: {
        shape: "round-tag",
        "background-color": colour("panel"),
        "border-style": "dashed",
        "border-color": colour("quiet"),
      },
    },
    {
      selector: "edge",
      style: {
        width: 1.2,
        "line-color": colour("line"),
        "target-arrow-color": colour("quiet"),
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.8,
        "curve-style": "bezier",
      },
    },
    {
      selector: "edge.near",
      style: { "line-color": colour("quiet") },
    },
    {
      selector: "edge.named",
      style: {
        label: "data(label)",
        "font-size": 9,
        "min-zoomed-font-size": 7,
        color: colour("quiet"),
        "text-rotation": "autorotate",
        "text-background-color": colour("page"),
        "text-background-opacity": 0.75,
      },
    },
    {
      selector: "node.chosen",
      style: { width: 28, height: 28, "border-width": 4, "border-color": colour("text") },
    },
  ];
}
