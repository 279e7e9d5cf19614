/** A search field that shows what is meant as one types (ARIA's combobox with a list). */
import { make } from "./elements";
import { language, say } from "./words";

export interface Suggestion {
  /** What choosing it gives: an address, or what is written into a field. */
  value: string;
  label: string;
  match: string;
  kind: string;
  family: string;
}

export interface Offer {
  /** What is looked for, of all that stands in the field. */
  sought(): string;
  found(sought: string, signal: AbortSignal): Promise<Suggestion[]>;
  choose(value: string): void;
}

/** How long nothing is typed before it is asked, in milliseconds. */
const PAUSE = 80;
const SHORTEST = 2;
let lists = 0;

/** The search form: what is chosen is opened. */
export function suggesting(form: HTMLFormElement): void {
  const field = form.querySelector("input");
  if (!field) return;
  field.addEventListener("focus", () => void fetch("/search/suggest?q="), { once: true });
  offering(field, {
    sought: () => field.value,
    choose: (address) => location.assign(address),
    found: async (sought, signal) => {
      const query = new URLSearchParams({ q: sought, lang: language });
      const response = await fetch(`/search/suggest?${query}`, { signal });
      if (!response.ok) return [];
      const told: (Suggestion & { address: string })[] = await response.json();
      return told.map((each) => ({ ...each, value: each.address }));
    },
  });
}

/** Suggestions below a field as one types. */
export function offering(field: HTMLInputElement, offer: Offer): void {
  lists += 1;
  const id = `suggestions-${lists}`;
  const list = make("ul", { class: "suggestions", role: "listbox", id, hidden: true });
  list.setAttribute("aria-label", say("Suggestions"));
  const told = make("span", { class: "hidden", role: "status" });
  for (const [name, value] of Object.entries({
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": id,
  }))
    field.setAttribute(name, value);
  const holder = make("span", { class: "suggesting" });
  field.before(holder);
  holder.append(field, list, told);

  let waiting = 0;
  let asked: AbortController | null = null;
  let chosen = -1;

  const close = () => {
    list.hidden = true;
    chosen = -1;
    field.setAttribute("aria-expanded", "false");
    field.removeAttribute("aria-activedescendant");
  };
  const choose = (place: number) => {
    const options = [...list.children] as HTMLElement[];
    if (!options.length) return;
    chosen = (place + options.length) % options.length;
    options.forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === chosen));
    });
    field.setAttribute("aria-activedescendant", options[chosen]?.id ?? "");
    options[chosen]?.scrollIntoView({ block: "nearest" });
  };
  const take = (value: string) => {
    close();
    offer.choose(value);
  };
  const show = (found: Suggestion[]) => {
    list.replaceChildren(...found.map((each, place) => option(each, `${id}-${place}`, take)));
    chosen = -1;
    list.hidden = found.length === 0;
    field.setAttribute("aria-expanded", String(found.length > 0));
    told.textContent = say("{number} suggestions", { number: found.length });
  };
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    try {
      const found = await offer.found(offer.sought().trim(), asked.signal);
      if (document.activeElement === field) show(found);
    } catch {
      // The next letter asks again; the form itself always works.
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    if (offer.sought().trim().length < SHORTEST) close();
    else waiting = window.setTimeout(() => void ask(), PAUSE);
  });
  field.addEventListener("blur", () => window.setTimeout(close, 200));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? -1 : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0)
      take((list.children[chosen] as HTMLElement).dataset.value ?? "");
    else return;
    event.preventDefault();
  });
}

function option(each: Suggestion, id: string, take: (value: string) => void): HTMLElement {
  const made = make(
    "li",
    {
      role: "option",
      id,
      class: each.family,
      "aria-selected": "false",
      "data-value": each.value,
      onmousedown: (event) => {
        event.preventDefault();
        take(each.value);
      },
    },
    make("span", { class: "suggested" }, each.label),
    make(
      "span",
      { class: "quiet small" },
      each.match === each.label ? each.kind : `${each.match} · ${each.kind}`,
    ),
  );
  return made;
}
