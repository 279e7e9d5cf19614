/** What lies around a thing, as `/id/<kind>/<slug>/neighbours` tells it. */
import { language } from "../words";

export interface Thing {
  iri: string;
  label: string;
  kind: string;
  family: string;
  href: string;
  known: boolean;
}

export interface Link {
  source: string;
  target: string;
  label: string;
  by: string;
}

/** Ties by one property that are too many to draw. */
export interface Many {
  label: string;
  by: string;
  outgoing: boolean;
  number: number;
  href: string;
}

export interface Neighbourhood {
  revision: number;
  thing: Thing;
  nodes: Thing[];
  links: Link[];
  many: Many[];
}

/** Ask for it; of the revision that the page is of. */
export async function around(path: string): Promise<Neighbourhood> {
  const address = new URL(`${path}/neighbours`, location.href);
  address.searchParams.set("lang", language);
  const revision = new URLSearchParams(location.search).get("revision");
  if (revision) address.searchParams.set("revision", revision);
  const answer = await fetch(address, { headers: { Accept: "application/json" } });
  const told = (await answer.json()) as Neighbourhood & { detail?: string };
  if (!answer.ok) throw new Error(told.detail ?? answer.statusText);
  return told;
}
