/** Version of package.json, put in by the build. */
declare const __RECUR_VERSION__: string;
