/**
 * The marks of sites: a shape a stage, drawn once a size and colour, then copied pixel by pixel.
 * Ten thousand copies take a millisecond or two so; as many `drawImage` take a frame.
 */

/** Colours of the page, read from its style. */
export interface Colours {
  site: string;
  dark: string;
  page: string;
}

/** The pixels of a mark, and how many it is wide and high. */
export interface Mark {
  size: number;
  pixels: Uint8ClampedArray;
}

const ROUND = 0;
const TRIANGLE = 1;

/** From this radius on, a ring can be told from a disc, in pixels. */
const RING = 2.6;

/** Every mark at a radius, by its number (see `Points.mark`). */
export function marks(number: number, radius: number, density: number, colours: Colours): Mark[] {
  return Array.from({ length: number }, (_, mark) =>
    drawn(Math.max(0, (mark >> 1) - 1) % 3, mark % 2 === 1, radius, density, colours),
  );
}

/** Lay a mark over a picture, its left upper corner at a pixel. */
export function stamp(picture: ImageData, mark: Mark, left: number, top: number): void {
  const { data: under, width, height } = picture;
  const { size, pixels: over } = mark;
  const [first, last] = [Math.max(0, -left), Math.min(size, width - left)];
  for (let row = Math.max(0, -top); row < size && top + row < height; row += 1) {
    let from = 4 * (row * size + first);
    let to = 4 * ((top + row) * width + left + first);
    for (let column = first; column < last; column += 1, from += 4, to += 4) {
      const alpha = over[from + 3] as number;
      if (alpha === 0) continue;
      const kept = ((under[to + 3] as number) * (255 - alpha)) / 255;
      const whole = alpha + kept;
      for (let channel = 0; channel < 3; channel += 1)
        under[to + channel] =
          ((over[from + channel] as number) * alpha + (under[to + channel] as number) * kept) /
          whole;
      under[to + 3] = whole;
    }
  }
}

function drawn(
  shape: number,
  sure: boolean,
  radius: number,
  density: number,
  colours: Colours,
): Mark {
  const canvas = document.createElement("canvas");
  const size = Math.ceil((radius + 1.5) * 2 * density);
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext("2d", { willReadFrequently: true }) as CanvasRenderingContext2D;
  context.translate(size / 2, size / 2);
  context.scale(density, density);
  context.beginPath();
  if (shape === ROUND) context.arc(0, 0, radius, 0, 2 * Math.PI);
  else if (shape === TRIANGLE) {
    context.moveTo(0, -radius * 1.15);
    context.lineTo(radius * 1.1, radius * 0.85);
    context.lineTo(-radius * 1.1, radius * 0.85);
    context.closePath();
  } else context.rect(-radius * 0.9, -radius * 0.9, radius * 1.8, radius * 1.8);
  const colour = shape === ROUND ? colours.site : colours.dark;
  const ring = !sure && radius >= RING;
  context.globalAlpha = sure || ring ? 0.9 : 0.45;
  context.fillStyle = ring ? colours.page : colour;
  context.fill();
  if (radius >= RING) {
    context.strokeStyle = ring ? colour : colours.page;
    context.lineWidth = ring ? 1.5 : 0.75;
    context.stroke();
  }
  return { size, pixels: context.getImageData(0, 0, size, size).data };
}
