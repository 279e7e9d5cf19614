/** The sites as columns of numbers, which of them are chosen, and which is nearest to a place. */

/** What `/map/sites` tells: a list a column. */
interface Told {
  commodities: string[];
  stages: string[];
  countries: string[];
  site: string[];
  label: string[];
  x: number[];
  y: number[];
  sure: number[];
  of: number[][];
  at: number[][];
  in: number[];
}

/** What the form asks for: slugs, "" for any; `countries` when only those of a class are wanted. */
export interface Chosen {
  commodity: string;
  stage: string;
  country: string;
  countries: ((slug: string) => boolean) | null;
}

export class Points {
  readonly number: number;
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** By which mark each is drawn: twice its first stage and one, odd where the place is sure. */
  readonly mark: Uint8Array;
  /** 1 for the chosen ones. */
  readonly shown: Uint8Array;

  constructor(private readonly told: Told) {
    this.number = told.site.length;
    this.x = Float32Array.from(told.x);
    this.y = Float32Array.from(told.y);
    this.mark = Uint8Array.from(told.sure, (sure, n) => 2 * ((told.at[n]?.[0] ?? -1) + 1) + sure);
    this.shown = new Uint8Array(this.number).fill(1);
  }

  /** Those of a revision; "" for the newest. */
  static async read(revision: string): Promise<Points> {
    const address = revision ? `/map/sites?${new URLSearchParams({ revision })}` : "/map/sites";
    const response = await fetch(address);
    if (!response.ok) throw new Error(`${address}: ${response.status}`);
    return new Points(await response.json());
  }

  /** How many are chosen now. */
  choose(wanted: Chosen): number {
    const { told, shown } = this;
    const commodity = told.commodities.indexOf(wanted.commodity);
    const stage = told.stages.indexOf(wanted.stage);
    const country = told.countries.indexOf(wanted.country);
    const { countries } = wanted;
    const within = countries && told.countries.map(countries);
    let number = 0;
    for (let n = 0; n < this.number; n += 1) {
      const here = told.in[n] as number;
      const taken =
        (!wanted.commodity || told.of[n]?.includes(commodity)) &&
        (!wanted.stage || told.at[n]?.includes(stage)) &&
        (!wanted.country || here === country) &&
        (!within || within[here]);
      shown[n] = taken ? 1 : 0;
      number += shown[n] as number;
    }
    return number;
  }

  /** The chosen site nearest to a place of the sheet, not farther than `most`; -1 for none. */
  nearest(x: number, y: number, most: number): number {
    let best = most * most;
    let found = -1;
    for (let n = 0; n < this.number; n += 1) {
      if (!this.shown[n]) continue;
      const dx = (this.x[n] as number) - x;
      const dy = (this.y[n] as number) - y;
      const far = dx * dx + dy * dy;
      if (far <= best) {
        best = far;
        found = n;
      }
    }
    return found;
  }

  slug(n: number): string {
    return this.told.site[n] ?? "";
  }

  label(n: number): string {
    return this.told.label[n] ?? "";
  }

  /** The place of a slug in the lists; -1 for none. */
  find(slug: string): number {
    return this.told.site.indexOf(slug);
  }
}
