/** Where the rows of an answer lie: by WKT points or by columns of latitude and longitude. */
import type { Found } from "./answer";
import { numberOf, type Row } from "./terms";

export type Place = [longitude: number, latitude: number];
const POINT = /POINT\s*\(\s*(-?[\d.]+(?:[eE]-?\d+)?)\s+(-?[\d.]+(?:[eE]-?\d+)?)/i;
const LATITUDE = /^(?:lat|latitude)$/i;
const LONGITUDE = /^(?:long?|lng|longitude)$/i;

/** How to tell where a row lies; null where no row says it. */
export function placing(found: Found): ((row: Row) => Place | null) | null {
  if (found.form === "truth") return null;
  const sample = found.rows.slice(0, 200);
  const points = found.columns.find((name) =>
    sample.some((row) => POINT.test(row[name]?.value ?? "")),
  );
  if (points)
    return (row) => {
      const match = POINT.exec(row[points]?.value ?? "");
      return match ? placed(Number(match[1]), Number(match[2])) : null;
    };
  const latitude = found.columns.find((name) => LATITUDE.test(name));
  const longitude = found.columns.find((name) => LONGITUDE.test(name));
  if (!latitude || !longitude) return null;
  return (row) => placed(numberOf(row[longitude]), numberOf(row[latitude]));
}

function placed(longitude: number | null, latitude: number | null): Place | null {
  if (longitude === null || latitude === null) return null;
  return Math.abs(longitude) <= 180 && Math.abs(latitude) <= 90 ? [longitude, latitude] : null;
}
