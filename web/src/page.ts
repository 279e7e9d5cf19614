/** What every page does once it is there: `/` leads to the search, which answers as one types. */
import { suggesting } from "./suggest";

for (const form of document.querySelectorAll<HTMLFormElement>("form[role=search]"))
  suggesting(form);
document.addEventListener("keydown", (event) => {
  const typing = (event.target as Element).closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.querySelector<HTMLInputElement>("form[role=search] input");
  if (field) {
    event.preventDefault();
    field.focus();
  }
});
