/** What every page does once it is there: `/` leads to the search. */
document.addEventListener("keydown", (event) => {
  const typing = (event.target as Element).closest("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.querySelector<HTMLInputElement>(".find input");
  if (field) {
    event.preventDefault();
    field.focus();
  }
});
