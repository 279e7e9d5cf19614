/** The page of the map: what the server drew becomes a map to move, and its form answers at once. */
import "./map.css";
import { make, need } from "../elements";
import { say } from "../words";
import { MapCanvas } from "./canvas";
import { moving } from "./moving";
import { type Chosen, Points } from "./points";

/** What the server writes anew for another choice. */
const PARTS = ["#legend", "#rows", "#sources", "select[name=band]"];

const atlas = need<HTMLElement>("#atlas");
const picture = need<SVGElement>("svg.world", atlas);
const form = need<HTMLFormElement>("form.map-form");
const card = need<HTMLElement>("#card");
const canvas = make("canvas", { tabindex: "0", role: "application" });
const below = make("canvas", { class: "below" });
const tip = make("p", { class: "tip", hidden: true });
let asked: AbortController | null = null;
let hovering = 0;

void begin();

async function begin(): Promise<void> {
  const points = await Points.read(given("revision"));
  canvas.setAttribute(
    "aria-label",
    say(
      "Map: arrow keys move it, plus and minus enlarge, Enter opens the site nearest to the middle. The table below has the same sites.",
    ),
  );
  const map = new MapCanvas(canvas, below, picture, points);
  const sheet = need<HTMLElement>(".sheet", atlas);
  sheet.append(
    below,
    canvas,
    moving(map, {
      open: (px, py, near) => {
        const found = near ? points.nearest(...map.view.middle, near) : map.under(px, py);
        if (found >= 0) void open(map, points, found);
        else close(map);
      },
      over: (at) => over(map, points, at),
    }),
    tip,
  );
  atlas.classList.add("live");
  map.fit();
  points.choose(chosen());
  const slug = new URLSearchParams(location.search).get("site");
  const at = slug ? points.find(slug) : -1;
  if (at >= 0) {
    map.opened = at;
    map.view.show(points.x[at] as number, points.y[at] as number, 6);
    closing(map);
  }
  let recolour = false; // also for a choice that another one overtook
  form.addEventListener("change", (event) => {
    const field = event.target as HTMLSelectElement;
    if (field.name === "indicator") need<HTMLSelectElement>("select[name=band]", form).value = "";
    if (field.name !== "indicator") points.choose(chosen());
    map.again();
    recolour ||= field.name === "indicator";
    void renew(map, points, recolour).then(() => {
      if (atlas.ariaBusy === "false") recolour = false;
    });
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void renew(map, points, true);
  });
  document.documentElement.dataset.map = "ready";
}

/** A field of the form, "" where it has none. */
function given(name: string): string {
  return String(new FormData(form).get(name) ?? "");
}

/** What the form asks for now. */
function chosen(): Chosen {
  const classes: Record<string, number> = JSON.parse(atlas.dataset.bands ?? "{}");
  const band = given("band");
  const countries = band ? (slug: string) => String(classes[slug] ?? "unknown") === band : null;
  return {
    commodity: given("commodity"),
    stage: given("stage"),
    country: given("country"),
    countries,
  };
}

/** The address of what is chosen: the same that the form makes without scripts. */
function address(more: Record<string, string> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value) query.set(name, String(value));
  for (const [name, value] of Object.entries(more)) query.set(name, value);
  return `/map?${query}`;
}

/**
 * Ask for the page of what is chosen, and take from it what is written beside the map: a part a
 * frame, so that the map may move meanwhile.
 */
async function renew(map: MapCanvas, points: Points, recolour: boolean): Promise<void> {
  asked?.abort();
  const ours = new AbortController();
  asked = ours;
  atlas.ariaBusy = "true";
  history.replaceState(null, "", address());
  close(map, false);
  try {
    const response = await fetch(address({ picture: recolour ? "colours" : "no" }), {
      headers: { Accept: "text/html" },
      signal: ours.signal,
    });
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    if (!response.ok) return;
    for (const selector of PARTS) {
      await frame();
      if (ours.signal.aborted) return;
      document.querySelector(selector)?.replaceWith(need(selector, page));
    }
    if (recolour) {
      await frame();
      if (ours.signal.aborted) return;
      const fresh = need<HTMLElement>("#atlas", page);
      atlas.dataset.bands = fresh.dataset.bands ?? "{}";
      map.countries.recolour(need("svg.world", fresh));
      points.choose(chosen());
      map.again();
    }
    atlas.ariaBusy = "false";
  } catch (error) {
    if ((error as Error).name !== "AbortError") throw error;
  }
}

/** When the next frame was drawn. */
function frame(): Promise<void> {
  return new Promise((go) => requestAnimationFrame(() => setTimeout(go)));
}

async function open(map: MapCanvas, points: Points, at: number): Promise<void> {
  const slug = points.slug(at);
  map.opened = at;
  map.again();
  const query = new URL(address(), location.href).search;
  const response = await fetch(`/map/sites/${encodeURIComponent(slug)}${query}`);
  if (!response.ok || map.opened !== at) return;
  const told = new DOMParser().parseFromString(await response.text(), "text/html");
  card.replaceChildren(...told.body.childNodes);
  closing(map);
  history.replaceState(null, "", address({ site: slug }));
}

/** The card gets a button that closes it. */
function closing(map: MapCanvas): void {
  const title = say("Close");
  card.firstElementChild?.prepend(
    make(
      "button",
      {
        type: "button",
        class: "light close",
        "aria-label": title,
        title,
        onclick: () => close(map),
      },
      "×",
    ),
  );
}

function close(map: MapCanvas, kept = true): void {
  if (map.opened < 0) return;
  map.opened = -1;
  card.replaceChildren();
  if (kept) history.replaceState(null, "", address());
  map.again();
}

/** The name of what lies under the pointer, looked for once a frame. */
function over(map: MapCanvas, points: Points, at: [px: number, py: number] | null): void {
  cancelAnimationFrame(hovering);
  if (!at) {
    tip.hidden = true;
    return;
  }
  hovering = requestAnimationFrame(() => {
    const site = map.under(...at);
    const told = site >= 0 ? points.label(site) : map.country(...at);
    canvas.style.cursor = site >= 0 ? "pointer" : "grab";
    tip.textContent = told;
    tip.hidden = !told;
    const far = at[0] > canvas.clientWidth - 240;
    tip.style.transform = `translate(${at[0]}px, ${at[1]}px) translate(${far ? "-100%" : "0"}, -100%)`;
  });
}
