/** The form of a contribution: what conforms is sent with a token, which is forgotten at once. */
import { make, need } from "../elements";
import { say } from "../words";

const form = document.querySelector<HTMLFormElement>("form.send");
if (form) ready(form);
document.documentElement.dataset.fill = "ready";

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
