/** A walk from thing to thing: a picture, and beside it the same as a list for keyboard and ear. */
import { draw, make } from "../elements";
import { say } from "../words";
import { around, type Link, type Neighbourhood, type Thing } from "./around";
import { Picture } from "./picture";
import "./walk.css";

/** The picture takes no more things than can be told apart. */
const MOST = 400;
const FIELDS: [family: string, words: string, path: string][] = [
  ["actor", "Actors", "M9 3a6 6 0 1 0 .01 0z"],
  ["process", "Instruments", "M3 3h12v12h-12z"],
  ["factor", "Mitigating factors", "M9 2l7 7l-7 7l-7 -7z"],
  ["chain", "Value chain, sites, events", "M5 3h8l4 6l-4 6h-8l-4 -6z"],
  ["claim", "Claims and evidence", "M9 2l7 13h-14z"],
];

export async function begin(place: HTMLElement, path: string): Promise<void> {
  const walk = new Walk(place);
  await walk.start(path);
}

class Walk {
  private readonly known = new Map<string, Thing>();
  private readonly told = new Map<string, Neighbourhood>();
  private readonly box = make("div", { class: "network", role: "img" });
  private readonly beside = make("div", { class: "beside" });
  private readonly status = make("p", { class: "quiet small", role: "status" });
  private picture?: Picture;

  constructor(private readonly place: HTMLElement) {
    place.replaceChildren(
      make("h2", { id: "walk" }, say("Around it")),
      make("div", { class: "walking" }, this.box, this.beside),
      legend(),
      this.status,
    );
    place.setAttribute("aria-labelledby", "walk");
  }

  async start(path: string): Promise<void> {
    this.picture = await Picture.in(
      this.box,
      (iri) => void this.go(iri),
      (href) => location.assign(href),
    );
    const found = await this.look(path);
    if (found) this.choose(found.thing.iri);
  }

  /** Choose a thing and show what lies around it. */
  private async go(iri: string, focus = false): Promise<void> {
    const thing = this.known.get(iri);
    if (thing && !this.told.has(iri)) await this.look(thing.href);
    this.choose(iri, focus);
  }

  private async look(path: string): Promise<Neighbourhood | undefined> {
    if (this.known.size >= MOST) {
      this.status.textContent = say("That is enough for one picture; open a thing to go on.");
      return undefined;
    }
    this.place.setAttribute("aria-busy", "true");
    try {
      const found = await around(path);
      const before = this.known.size;
      for (const thing of [found.thing, ...found.nodes])
        if (!this.known.has(thing.iri)) this.known.set(thing.iri, thing);
      this.told.set(found.thing.iri, found);
      this.picture?.add(found);
      this.count(found.thing.label, this.known.size - before);
      return found;
    } catch (error) {
      this.status.textContent = String(error instanceof Error ? error.message : error);
      return undefined;
    } finally {
      this.place.removeAttribute("aria-busy");
    }
  }

  private count(label: string, added: number): void {
    const size = this.picture?.size ?? { things: 0, links: 0 };
    this.status.textContent = say("{number} things came around {label}.", { number: added, label });
    this.box.setAttribute(
      "aria-label",
      say("Picture of {things} things and {links} links; the list beside it has the same", size),
    );
    this.place.dataset.things = String(size.things);
  }

  private choose(iri: string, focus = false): void {
    const thing = this.known.get(iri);
    if (!thing) return;
    this.picture?.choose(iri);
    const heading = make("h3", { tabindex: "-1" }, thing.label);
    const found = this.told.get(iri);
    this.beside.replaceChildren(
      heading,
      make(
        "p",
        {},
        make("span", { class: "quiet" }, `${thing.kind} · `),
        make("a", { href: thing.href }, say("Open its page")),
      ),
      ...(found ? this.relations(found) : []),
    );
    if (focus) heading.focus();
  }

  /** The ties of a thing, by relation; each thing is a button that goes there. */
  private relations(found: Neighbourhood): HTMLElement[] {
    const groups = new Map<string, { heading: string; things: Thing[] }>();
    for (const link of found.links) {
      const other = this.known.get(otherEnd(link, found.thing.iri));
      const outgoing = link.source === found.thing.iri;
      const key = `${link.by} ${outgoing}`;
      const heading = outgoing ? `${link.label} →` : `← ${link.label}`;
      const group = groups.get(key) ?? { heading, things: [] };
      if (other) group.things.push(other);
      groups.set(key, group);
    }
    const lists = [...groups.values()].flatMap(({ heading, things }) => [
      make("h4", {}, heading),
      make("ul", {}, ...things.map((thing) => make("li", {}, this.step(thing)))),
    ]);
    const heaps = found.many.map((many) =>
      make(
        "p",
        {},
        make(
          "a",
          { href: many.href },
          say("{number} more: {label}", { number: many.number, label: many.label }),
        ),
      ),
    );
    return [...lists, ...heaps];
  }

  private step(thing: Thing): HTMLElement {
    return make(
      "button",
      {
        type: "button",
        class: `step ${thing.family}`,
        onclick: () => void this.go(thing.iri, true),
      },
      thing.label,
    );
  }
}

function otherEnd(link: Link, iri: string): string {
  return link.source === iri ? link.target : link.source;
}

function legend(): HTMLElement {
  const fields = FIELDS.map(([family, words, path]) =>
    make(
      "li",
      { class: family },
      draw("svg", { viewBox: "0 0 18 18", "aria-hidden": "true" }, draw("path", { d: path })),
      say(words),
    ),
  );
  return make(
    "ul",
    { class: "legend" },
    ...fields,
    make("li", { class: "quiet" }, say("A click brings what lies around; a double click opens.")),
  );
}
