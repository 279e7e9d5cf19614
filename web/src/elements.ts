/** Elements of a page, made without a word of HTML. */
type Content = Node | string | null | undefined;
type Attributes = Record<string, string | boolean | EventListener>;

/** An element: listeners are attributes that begin with `on`. */
export function make<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  ...content: Content[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false) made.setAttribute(key, value);
  }
  made.append(...content.filter((each): each is Node | string => each != null));
  return made;
}

/** The one element that a page must have. */
export function need<T extends Element>(selector: string, within: ParentNode = document): T {
  const found = within.querySelector<T>(selector);
  if (!found) throw new Error(`the page has no ${selector}`);
  return found;
}

/** An element of SVG. */
export function draw(
  name: string,
  attributes: Record<string, string | number> = {},
  ...content: Content[]
): SVGElement {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  made.append(...content.filter((each): each is Node | string => each != null));
  return made;
}
