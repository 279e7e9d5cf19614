/** Moving the map: by pointer, wheel, fingers, keys and buttons. */
import { make } from "../elements";
import { say } from "../words";
import type { MapCanvas } from "./canvas";

const STEP = 60;
const LARGER = 1.6;
/** How far a pointer may go and still have clicked, in pixels. */
const STILL = 5;

interface Told {
  /** A pixel of the frame was clicked, or Enter pressed with the middle in mind. */
  open: (px: number, py: number, near: number) => void;
  /** The pointer rests over a pixel; null when it left. */
  over: (at: [px: number, py: number] | null) => void;
}

export function moving(map: MapCanvas, told: Told): HTMLElement {
  const { canvas, view } = map;
  const fingers = new Map<number, PointerEvent>();
  let gone = 0;

  const changed = () => {
    canvas.style.touchAction = view.zoom > 1 ? "none" : "pan-y";
    map.again();
  };
  const enlarge = (factor: number, px?: number, py?: number) => {
    view.enlarge(factor, px, py);
    changed();
  };
  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, event);
    gone = fingers.size > 1 ? STILL : 0;
  });
  canvas.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return told.over([event.offsetX, event.offsetY]);
    const other = [...fingers.values()].find((each) => each.pointerId !== event.pointerId);
    if (other) {
      const far = (a: PointerEvent) =>
        Math.hypot(a.offsetX - other.offsetX, a.offsetY - other.offsetY);
      enlarge(far(event) / Math.max(1, far(before)), other.offsetX, other.offsetY);
    } else {
      const [dx, dy] = [event.offsetX - before.offsetX, event.offsetY - before.offsetY];
      gone += Math.hypot(dx, dy);
      view.move(dx, dy);
      changed();
    }
    fingers.set(event.pointerId, event);
    told.over(null);
  });
  const up = (event: PointerEvent) => {
    if (fingers.delete(event.pointerId) && event.type === "pointerup" && gone < STILL)
      told.open(event.offsetX, event.offsetY, 0);
  };
  canvas.addEventListener("pointerup", up);
  canvas.addEventListener("pointercancel", up);
  canvas.addEventListener("pointerleave", () => told.over(null));
  canvas.addEventListener("dblclick", (event) =>
    enlarge(LARGER * LARGER, event.offsetX, event.offsetY),
  );
  // A wheel scrolls the page until the map is in hand: it was clicked, or Ctrl is held.
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && document.activeElement !== canvas) return;
      event.preventDefault();
      enlarge(2 ** (-event.deltaY / (event.ctrlKey ? 100 : 300)), event.offsetX, event.offsetY);
    },
    { passive: false },
  );
  const keys: Record<string, () => void> = {
    ArrowLeft: () => view.move(STEP, 0),
    ArrowRight: () => view.move(-STEP, 0),
    ArrowUp: () => view.move(0, STEP),
    ArrowDown: () => view.move(0, -STEP),
    "+": () => view.enlarge(LARGER),
    "=": () => view.enlarge(LARGER),
    "-": () => view.enlarge(1 / LARGER),
    "0": () => view.whole(),
    Enter: () =>
      told.open(canvas.clientWidth / 2, canvas.clientHeight / 2, Number.POSITIVE_INFINITY),
  };
  canvas.addEventListener("keydown", (event) => {
    const does = keys[event.key];
    if (!does || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    does();
    changed();
  });
  changed();
  const button = (sign: string, title: string, does: () => void) =>
    make(
      "button",
      { type: "button", class: "light", title, "aria-label": title, onclick: does },
      sign,
    );
  return make(
    "div",
    { class: "zooming" },
    button("+", say("Larger"), () => enlarge(LARGER)),
    button("−", say("Smaller"), () => enlarge(1 / LARGER)),
    button("○", say("The whole world"), () => {
      view.whole();
      changed();
    }),
  );
}
