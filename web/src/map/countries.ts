/** The countries of the server's picture: their shapes, and how each is filled at the moment. */

interface Country {
  element: SVGElement;
  slug: string;
  number: string;
  shape: Path2D;
}

/** Shapes that are filled alike. */
interface Group {
  fill: string;
  hatched: boolean;
  shapes: Path2D;
}

/** How long shapes are made before the map may move again, in milliseconds. */
const SLICE = 8;

export class Countries {
  readonly all: Country[];
  private others: Path2D;
  private readonly sphere: Path2D;
  private groups: Group[] = [];
  private sea = "";
  private line = "";
  private fine = false;
  private asked = false;

  constructor(private readonly picture: SVGElement) {
    this.all = [...picture.querySelectorAll<SVGElement>(".country")].map((element) => ({
      element,
      slug: element.dataset.country ?? "",
      number: element.dataset.number ?? "",
      shape: shapeOf(element),
    }));
    this.sphere = new Path2D(picture.querySelector(".sea")?.getAttribute("d") ?? "");
    this.others = new Path2D(picture.querySelector(".other")?.getAttribute("d") ?? "");
    this.dress();
  }

  /** Read the colours again: another indicator, or day and night. */
  dress(): void {
    const styles = new Map<string, Group>();
    const add = (element: Element, shape: Path2D) => {
      const name = element.getAttribute("class") ?? "";
      let group = styles.get(name);
      if (!group) {
        const fill = getComputedStyle(element).fill;
        group = { fill, hatched: fill.startsWith("url"), shapes: new Path2D() };
        styles.set(name, group);
      }
      group.shapes.addPath(shape);
    };
    for (const country of this.all) add(country.element, country.shape);
    const other = this.picture.querySelector(".other");
    if (other) add(other, this.others);
    this.groups = [...styles.values()];
    const sea = this.picture.querySelector(".sea");
    this.sea = sea ? getComputedStyle(sea).fill : "";
    const first = this.all[0]?.element ?? other;
    this.line = first ? getComputedStyle(first).stroke : "";
  }

  /** Take the colours and words of another picture of the same countries. */
  recolour(fresh: Element): void {
    const said = new Map<string, Element>();
    for (const each of fresh.querySelectorAll<SVGElement>(".country"))
      said.set(each.dataset.country ?? "", each);
    for (const { slug, element } of this.all) {
      const same = said.get(slug);
      element.setAttribute("class", same?.getAttribute("class") ?? "country");
      element.querySelector("title")?.replaceChildren(same?.textContent ?? "");
    }
    const other = fresh.querySelector(".other")?.getAttribute("class") ?? "other";
    this.picture.querySelector(".other")?.setAttribute("class", other);
    this.dress();
  }

  /** Take the finer shapes, once; tells `then` when they are there. */
  refine(then: () => void): void {
    if (this.asked || !this.all.length) return;
    this.asked = true;
    void import("virtual:world").then(async ({ default: world }) => {
      const finer: (Path2D | undefined)[] = [];
      let begun = performance.now();
      for (const { number } of this.all) {
        const drawn = world.countries[number];
        finer.push(drawn ? new Path2D(drawn) : undefined);
        if (performance.now() - begun < SLICE) continue;
        await new Promise((go) => setTimeout(go));
        begun = performance.now();
      }
      this.all.forEach((country, n) => {
        country.shape = finer[n] ?? country.shape;
      });
      this.others = new Path2D(world.others);
      this.fine = true;
      this.dress();
      then();
    });
  }

  /** Draw them; the context measures in units of the sheet, `unit` is a pixel in these. */
  draw(context: CanvasRenderingContext2D, unit: number, hatch: CanvasPattern | null): void {
    context.fillStyle = this.sea;
    context.fill(this.sphere);
    context.lineJoin = "round";
    context.lineWidth = (this.fine ? 0.75 : 0.5) * unit;
    context.strokeStyle = this.line;
    for (const { fill, hatched, shapes } of this.groups) {
      if (hatched && hatch) hatch.setTransform(new DOMMatrix().scale(unit));
      context.fillStyle = hatched && hatch ? hatch : fill;
      context.fill(shapes);
      context.stroke(shapes);
    }
  }

  /** What the picture says of the country at a place; "" at sea. */
  told(context: CanvasRenderingContext2D, x: number, y: number): string {
    context.save();
    context.resetTransform();
    const found = this.all.find(({ shape }) => context.isPointInPath(shape, x, y));
    context.restore();
    return found?.element.querySelector("title")?.textContent ?? "";
  }
}

function shapeOf(element: SVGElement): Path2D {
  const drawn = element.getAttribute("d");
  if (drawn) return new Path2D(drawn);
  const shape = new Path2D();
  const [x, y, r] = ["cx", "cy", "r"].map((name) => Number(element.getAttribute(name)));
  shape.arc(x ?? 0, y ?? 0, r ?? 0, 0, 2 * Math.PI);
  return shape;
}
