/** The views of an answer, the one that is shown first at the beginning. */
import { chart } from "./chart";
import { graph } from "./graph";
import { map } from "./map";
import { table } from "./table";
import type { View } from "./view";

export const VIEWS: View[] = [table, chart, map, graph];
