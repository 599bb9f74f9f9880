/** How long `vi.waitFor` waits for what comes at once on a machine that has nothing else to do. */
export const patience = { timeout: 60_000, interval: 5 };
