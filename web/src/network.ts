/** Cytoscape, loaded when a graph is first drawn. */
import type cytoscape from "cytoscape";

/** The id of the style element that it would add to the head; ours says what it holds. */
const SHEET = "__________cytoscape_stylesheet";

export async function network(): Promise<typeof cytoscape> {
  if (!document.getElementById(SHEET)) {
    const marker = document.createElement("template");
    marker.id = SHEET; // the pages' policy allows no style element, so it finds one there already
    document.head.append(marker);
  }
  return (await import("cytoscape")).default;
}
