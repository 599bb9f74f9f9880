/**
 * Set in the environment of an engine that is started after one has crashed: a driver that brought it down would do so
 * again, so that nothing but the CPU is tried unless the user asks for a provider by name.
 */
export const afterCrashVariable = 'RECUR_AFTER_CRASH';
