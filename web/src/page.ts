/** What every page does once it is there: `/` leads to the search, which answers as one types. */
import { make } from "./elements";
import { suggesting } from "./suggest";
import { say } from "./words";

for (const form of document.querySelectorAll<HTMLFormElement>("form[role=search]"))
  suggesting(form);
const chosen = new URLSearchParams(location.search).get("lang");
if (chosen) keepLanguage(chosen);
document.addEventListener("keydown", (event) => {
  const typing = (event.target as Element).closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.querySelector<HTMLInputElement>("form[role=search] input");
  if (field) {
    event.preventDefault();
    field.focus();
  }
});

/** A language chosen by the address goes along with the links and forms of the page. */
function keepLanguage(code: string): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>("a[href^='/']:not([hreflang])")) {
    const address = new URL(link.href);
    if (!address.searchParams.has("lang")) address.searchParams.set("lang", code);
    link.href = address.href;
  }
  for (const form of document.querySelectorAll<HTMLFormElement>(
    "form[method=get], form:not([method])",
  ))
    form.append(make("input", { type: "hidden", name: "lang", value: code }));
}

for (const ways of document.querySelectorAll<HTMLElement>("[data-walk]")) {
  const place = make("section", { class: "walk", hidden: true });
  const button = make("button", { type: "button", class: "light" }, say("Walk its neighbourhood"));
  button.addEventListener("click", async () => {
    button.disabled = true;
    const { begin } = await import("./walk/main");
    place.hidden = false;
    await begin(place, ways.dataset.walk ?? "");
    button.remove();
  });
  ways.prepend(button);
  ways.after(place);
}
