/** The words of the interface: English as written, or its translation in the reader's language. */
export const language = document.documentElement.lang || "en";
const table: Record<string, string> =
  language === "fr" ? (await import("../../rskg/endpoint/languages/fr.json")).default : {};

/** A text in the reader's language; `{name}` stands for a value. */
export function say(text: string, values: Record<string, string | number> = {}): string {
  return (table[text] ?? text).replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? shown(values[name] as string | number) : whole,
  );
}

/** A number as the reader writes it. */
export function shown(value: string | number): string {
  return typeof value === "number" ? value.toLocaleString(language) : value;
}
