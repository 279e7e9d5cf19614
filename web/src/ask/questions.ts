/** The ready questions as a list that narrows as one types and loads a text by a click. */
import { make } from "../elements";
import { say } from "../words";

export function questions(place: HTMLElement, load: (query: string) => void): void {
  const links = [...place.querySelectorAll<HTMLAnchorElement>("li a")];
  if (!links.length) return;
  const told = make("p", { class: "quiet small", role: "status" });
  const field = make("input", {
    type: "search",
    id: "question-search",
    "aria-label": say("Find a question"),
    placeholder: say("Find a question"),
    oninput: () => {
      const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
      let left = 0;
      for (const link of links) {
        const item = link.closest("li") as HTMLElement;
        const text = `${link.textContent} ${link.dataset.words ?? ""}`.toLowerCase();
        item.hidden = !words.every((word) => text.includes(word));
        if (!item.hidden) left += 1;
      }
      told.textContent = words.length ? say("{number} questions", { number: left }) : "";
    },
  });
  for (const link of links)
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      const query = new URL(link.href).searchParams.get("query");
      if (!query) return;
      event.preventDefault();
      load(query);
    });
  place.querySelector("ul")?.before(make("p", { class: "narrowing" }, field), told);
}
