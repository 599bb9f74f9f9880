/** How many cases a property is tried on: few in `npm test`, as many as asked in `npm run fuzz`. */
export function fuzzCases(usual: number, share = 1): number {
  const asked = Number(process.env.FUZZ_CASES ?? 0);
  return asked > 0 ? Math.max(usual, Math.round(asked * share)) : usual;
}
