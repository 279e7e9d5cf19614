/** Which part of the sheet is seen: how much larger than whole, and what lies in the middle. */
export const MOST = 64;

export class View {
  /** How many times larger than the whole sheet in the frame. */
  zoom = 1;
  private width = 1;
  private height = 1;
  private x: number;
  private y: number;

  constructor(
    private readonly sheetWidth: number,
    private readonly sheetHeight: number,
  ) {
    this.x = sheetWidth / 2;
    this.y = sheetHeight / 2;
  }

  /** Pixels for one unit of the sheet. */
  get scale(): number {
    return Math.min(this.width / this.sheetWidth, this.height / this.sheetHeight) * this.zoom;
  }

  /** Where the sheet's beginning is in the frame, in pixels. */
  get left(): number {
    return this.width / 2 - this.x * this.scale;
  }

  get top(): number {
    return this.height / 2 - this.y * this.scale;
  }

  get middle(): [x: number, y: number] {
    return [this.x, this.y];
  }

  frame(width: number, height: number): void {
    this.width = width;
    this.height = height;
    this.keep();
  }

  /** The place of the sheet under a pixel of the frame. */
  under(px: number, py: number): [x: number, y: number] {
    return [(px - this.left) / this.scale, (py - this.top) / this.scale];
  }

  /** Move what is seen by pixels. */
  move(dx: number, dy: number): void {
    this.x -= dx / this.scale;
    this.y -= dy / this.scale;
    this.keep();
  }

  /** Enlarge by a factor; what lies under a pixel stays there. */
  enlarge(factor: number, px = this.width / 2, py = this.height / 2): void {
    const [x, y] = this.under(px, py);
    this.zoom = Math.min(MOST, Math.max(1, this.zoom * factor));
    this.x = x + (this.width / 2 - px) / this.scale;
    this.y = y + (this.height / 2 - py) / this.scale;
    this.keep();
  }

  /** Show a place in the middle, at least so large. */
  show(x: number, y: number, zoom: number): void {
    this.zoom = Math.max(this.zoom, zoom);
    this.x = x;
    this.y = y;
    this.keep();
  }

  whole(): void {
    this.zoom = 1;
    this.x = this.sheetWidth / 2;
    this.y = this.sheetHeight / 2;
  }

  /** Never lose the sheet out of sight. */
  private keep(): void {
    const halves: [number, number] = [this.width / this.scale / 2, this.height / this.scale / 2];
    this.x = within(this.x, halves[0], this.sheetWidth);
    this.y = within(this.y, halves[1], this.sheetHeight);
  }
}

function within(value: number, half: number, whole: number): number {
  if (2 * half >= whole) return whole / 2;
  return Math.min(whole - half, Math.max(half, value));
}
