/** The map on two canvases, countries and sites, drawn anew in the next frame whenever something moved. */
import { Countries } from "./countries";
import { type Colours, type Mark, marks, stamp } from "./marks";
import type { Points } from "./points";
import { View } from "./view";

const WIDTH = 1120;
const HEIGHT = 545;
/** From here on the finer shapes of countries are worth their bytes. */
const NEAR = 2.5;

export class MapCanvas {
  readonly view = new View(WIDTH, HEIGHT);
  readonly countries: Countries;
  /** The site whose card is open; -1 for none. */
  opened = -1;
  private readonly context: CanvasRenderingContext2D;
  private readonly ground: CanvasRenderingContext2D;
  private readonly hatched: HTMLCanvasElement;
  private picture = new ImageData(1, 1);
  private marks: Mark[] = [];
  private size = 0;
  private colours: Colours = { site: "", dark: "", page: "" };
  private density = 1;
  private waiting = 0;

  /** `canvas` has the sites and is touched, `below` has the countries. */
  constructor(
    readonly canvas: HTMLCanvasElement,
    private readonly below: HTMLCanvasElement,
    picture: SVGElement,
    private readonly points: Points,
  ) {
    this.context = canvas.getContext("2d", {
      willReadFrequently: true,
    }) as CanvasRenderingContext2D;
    this.ground = below.getContext("2d") as CanvasRenderingContext2D;
    this.hatched = document.createElement("canvas");
    this.countries = new Countries(picture);
    this.dress();
    new ResizeObserver(() => this.fit()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.dress());
  }

  /** The radius of a mark, in pixels: larger the nearer one is. */
  get radius(): number {
    return Math.min(6, 1.6 + 0.75 * Math.log2(this.view.zoom));
  }

  /** Read the colours of the page again. */
  dress(): void {
    const style = getComputedStyle(document.documentElement);
    const [site, dark, page, quiet] = ["--chain", "--text", "--page", "--quiet"].map((name) =>
      style.getPropertyValue(name).trim(),
    ) as [string, string, string, string];
    this.colours = { site, dark, page };
    this.hatched.width = this.hatched.height = 6;
    const pen = this.hatched.getContext("2d") as CanvasRenderingContext2D;
    pen.strokeStyle = quiet;
    pen.beginPath();
    for (const at of [-6, 0, 6]) {
      pen.moveTo(at - 1, 7);
      pen.lineTo(at + 7, -1);
    }
    pen.stroke();
    this.size = 0;
    this.countries.dress();
    this.again();
  }

  /** Draw in the next frame. */
  again(): void {
    if (!this.waiting)
      this.waiting = requestAnimationFrame(() => {
        this.waiting = 0;
        this.draw();
      });
  }

  /** Take the size that the page gives it. */
  fit(): void {
    const { width, height } = this.canvas.getBoundingClientRect();
    this.density = Math.min(2, window.devicePixelRatio || 1);
    for (const each of [this.canvas, this.below]) {
      each.width = Math.max(1, Math.round(width * this.density));
      each.height = Math.max(1, Math.round(height * this.density));
    }
    this.picture = new ImageData(this.canvas.width, this.canvas.height);
    this.view.frame(width, height);
    this.size = 0;
    this.draw();
  }

  private draw(): void {
    const { ground, view, density } = this;
    const scale = view.scale * density;
    ground.resetTransform();
    ground.clearRect(0, 0, this.below.width, this.below.height);
    ground.setTransform(scale, 0, 0, scale, view.left * density, view.top * density);
    if (view.zoom >= NEAR) this.countries.refine(() => this.again());
    const hatch = ground.createPattern(this.hatched, "repeat");
    this.countries.draw(ground, density / scale, hatch);
    this.sites(scale);
  }

  private sites(scale: number): void {
    const { context, points, density, picture } = this;
    const radius = Math.round(this.radius * 4) / 4;
    if (radius !== this.size) {
      const most = points.mark.reduce((a, b) => Math.max(a, b), 1);
      this.marks = marks(most + 1, radius, density, this.colours);
      this.size = radius;
    }
    const size = this.marks[0]?.size ?? 0;
    const half = size / 2;
    const left = this.view.left * density - half;
    const top = this.view.top * density - half;
    const { width, height } = picture;
    const { x, y, mark, shown, number } = points;
    picture.data.fill(0);
    for (let n = 0; n < number; n += 1) {
      if (!shown[n]) continue;
      const px = Math.round((x[n] as number) * scale + left);
      const py = Math.round((y[n] as number) * scale + top);
      if (px < -size || py < -size || px > width || py > height) continue;
      stamp(picture, this.marks[mark[n] as number] as Mark, px, py);
    }
    context.putImageData(picture, 0, 0);
    if (this.opened >= 0) {
      context.beginPath();
      const px = (x[this.opened] as number) * scale + left + half;
      const py = (y[this.opened] as number) * scale + top + half;
      context.arc(px, py, (radius + 5) * density, 0, 2 * Math.PI);
      context.lineWidth = 2.5 * density;
      context.strokeStyle = this.colours.dark;
      context.stroke();
    }
  }

  /** The chosen site under a pixel of the frame; -1 for none. */
  under(px: number, py: number): number {
    const [x, y] = this.view.under(px, py);
    return this.points.nearest(x, y, (this.radius + 5) / this.view.scale);
  }

  /** What the picture says of the country there. */
  country(px: number, py: number): string {
    return this.countries.told(this.ground, ...this.view.under(px, py));
  }
}
