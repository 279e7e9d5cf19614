/** The finer shapes of countries, which `vite.config.ts` makes: a path each by its number in ISO 3166-1. */
declare module "virtual:world" {
  const world: { countries: Record<string, string>; others: string };
  export default world;
}
