/** The shapes of countries (Natural Earth, by world-atlas) as paths on one sheet, made when the bundle is built. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { type GeoPermissibleObjects, geoEqualEarth, geoPath } from "d3-geo";
import { feature } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";

/** The sheet: `equal_earth` of rskg/endpoint/atlas/world.py places points on the same one. */
const WIDTH = 1120;
const HEIGHT = 545;

interface World {
  width: number;
  height: number;
  /** The outline of the earth. */
  sphere: string;
  /** The shape of each country by its number in ISO 3166-1 (M49), three digits. */
  countries: Record<string, string>;
  /** Where a country is that has no shape at this scale: its middle. */
  spots: Record<string, [number, number]>;
  /** What has no such number. */
  others: string;
}

type Scale = "110m" | "50m";
/** How fine a path is drawn, in steps for one unit of the sheet. */
const STEPS: Record<Scale, number> = { "110m": 5, "50m": 20 };

/** The world at a scale: for the whole sheet, or finer for a near view. */
export function world(scale: Scale): World {
  const projection = geoEqualEarth()
    .scale(WIDTH / (2 * 2.7066297))
    .translate([WIDTH / 2, HEIGHT / 2]);
  const path = geoPath(projection).digits(2);
  const draw = (shape: GeoPermissibleObjects) => short(path(shape) ?? "", STEPS[scale]);
  const countries: Record<string, string> = {};
  let others = "";
  for (const each of shapes(scale)) {
    const drawn = draw(each);
    if (each.id === undefined) others += drawn;
    else countries[each.id] = (countries[each.id] ?? "") + drawn;
  }
  const spots: Record<string, [number, number]> = {};
  for (const each of scale === "110m" ? shapes("50m") : []) {
    if (each.id === undefined || each.id in countries) continue;
    const [x, y] = path.centroid(each);
    spots[each.id] = [Math.round(x * 10) / 10, Math.round(y * 10) / 10];
  }
  return {
    width: WIDTH,
    height: HEIGHT,
    sphere: draw({ type: "Sphere" }),
    countries,
    spots,
    others,
  };
}

function shapes(scale: Scale) {
  const file = createRequire(import.meta.url).resolve(`world-atlas/countries-${scale}.json`);
  const topology = JSON.parse(readFileSync(file, "utf-8")) as Topology;
  const found = feature(topology, topology.objects.countries as GeometryCollection);
  return found.features.map(({ id, ...rest }) => ({ ...rest, id: id as string | undefined }));
}

/** A path of straight lines, each point told from the one before it; points that fall together are one. */
function short(path: string, steps: number): string {
  let from = [0, 0];
  return path.replace(/[MLZ]([^MLZ]*)/g, (part, told: string) => {
    if (part === "Z") return "z";
    const to = told.split(",").map((number) => Math.round(Number(number) * steps));
    const [dx, dy] = to.map((number, axis) => number - (from[axis] ?? 0)) as [number, number];
    if (part[0] === "L" && dx === 0 && dy === 0) return "";
    from = to;
    const written = (value: number) =>
      (value / steps)
        .toFixed(2)
        .replace(/\.?0+$/, "")
        .replace(/^(-?)0\./, "$1.");
    const second = written(dy);
    const [x, y] = to.map((value) => written(value)) as [string, string];
    return part[0] === "M"
      ? `M${x} ${y}`
      : `l${written(dx)}${second[0] === "-" ? "" : " "}${second}`;
  });
}
