/** A search field that shows what is meant as one types (ARIA's combobox with a list). */
import { make } from "./elements";
import { language, say } from "./words";

interface Suggestion {
  address: string;
  label: string;
  match: string;
  kind: string;
  family: string;
}

/** How long nothing is typed before it is asked, in milliseconds. */
const PAUSE = 80;
const SHORTEST = 2;
let lists = 0;

export function suggesting(form: HTMLFormElement): void {
  const field = form.querySelector("input");
  if (!field) return;
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
  const show = (found: Suggestion[]) => {
    list.replaceChildren(...found.map((each, place) => option(each, `${id}-${place}`)));
    chosen = -1;
    list.hidden = found.length === 0;
    field.setAttribute("aria-expanded", String(found.length > 0));
    told.textContent = say("{number} suggestions", { number: found.length });
  };
  const ask = async () => {
    asked?.abort();
    asked = new AbortController();
    const query = new URLSearchParams({ q: field.value, lang: language });
    try {
      const response = await fetch(`/search/suggest?${query}`, { signal: asked.signal });
      if (response.ok && document.activeElement === field) show(await response.json());
    } catch {
      // The next letter asks again; the form itself always works.
    }
  };
  field.addEventListener("input", () => {
    clearTimeout(waiting);
    if (field.value.trim().length < SHORTEST) close();
    else waiting = window.setTimeout(() => void ask(), PAUSE);
  });
  field.addEventListener("focus", () => void fetch("/search/suggest?q="), { once: true });
  field.addEventListener("blur", () => window.setTimeout(close, 200));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (list.hidden) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen < 0 ? -1 : chosen - 1);
    else if (event.key === "Enter" && chosen >= 0)
      location.assign((list.children[chosen] as HTMLElement).dataset.address ?? "");
    else return;
    event.preventDefault();
  });
}

function option(each: Suggestion, id: string): HTMLElement {
  const made = make(
    "li",
    {
      role: "option",
      id,
      class: each.family,
      "aria-selected": "false",
      "data-address": each.address,
      onmousedown: (event) => {
        event.preventDefault();
        location.assign(each.address);
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
