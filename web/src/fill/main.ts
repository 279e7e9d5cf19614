/** The form of a contribution: what conforms is sent with a token, which is forgotten at once. */
import { make, need } from "../elements";
import { offering, type Suggestion } from "../suggest";
import { say } from "../words";

for (const field of document.querySelectorAll<HTMLInputElement>("input[data-suggest]"))
  naming(field);
const form = document.querySelector<HTMLFormElement>("form.send");
if (form) ready(form);
document.documentElement.dataset.fill = "ready";

/** Things of the graph for a field that refers to them; several are parted by `|`. */
function naming(field: HTMLInputElement): void {
  const sought = () => field.value.slice(field.value.lastIndexOf("|") + 1);
  offering(field, {
    sought,
    choose: (name) => {
      field.value = field.value.slice(0, field.value.length - sought().length) + name;
    },
    found: async (prefix, signal) => {
      const query = new URLSearchParams({ prefix, type: field.dataset.suggest ?? "" });
      const answer = await fetch(`/reconcile/suggest/entity?${query}`, { signal });
      if (!answer.ok) return [];
      const told: { result: Named[] } = await answer.json();
      return told.result.map(suggested);
    },
  });
}

/** What the Reconciliation API tells of a thing. */
interface Named {
  id: string;
  name: string;
  description: string;
}

/** A thing as a cell names it: country:CL; others by their IRI. */
function suggested(each: Named): Suggestion {
  const value = each.id.includes("://") ? each.id : each.id.replace("/", ":");
  return { value, label: each.name, match: value, kind: each.description, family: "" };
}

function ready(form: HTMLFormElement): void {
  const token = need<HTMLInputElement>("input[name=token]", form);
  const button = need<HTMLButtonElement>("button", form);
  const told = need<HTMLElement>("[role=status]", form);
  form.hidden = false;
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const said = token.value.trim();
    token.value = "";
    button.disabled = true;
    told.textContent = say("Sending …");
    void sent(said, form.dataset.table ?? "")
      .then((content) => told.replaceChildren(...content))
      .finally(() => {
        button.disabled = false;
      });
  });
}

/** What the server says of it. */
async function sent(token: string, table: string): Promise<(Node | string)[]> {
  try {
    const answer = await fetch("/contributions", {
      method: "POST",
      headers: {
        Authorization: `Bearer ${token}`,
        "Content-Type": "text/csv",
        Accept: "application/json",
      },
      body: table,
    });
    const said = await answer.json();
    if (!answer.ok) return [String(said.detail ?? said.title ?? answer.status)];
    const words =
      said.state === "already" ? say("It is there already:") : say("It is in the graph:");
    return [`${words} `, make("a", { href: String(said.address) }, String(said.id))];
  } catch {
    return [say("The server can't be reached: try again.")];
  }
}
