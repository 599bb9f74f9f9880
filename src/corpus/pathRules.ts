import type { LeftOutReason } from '../text/document';

/**
 * Whether the path alone keeps a file out of the corpus and of completions: secrets by their name, generated files.
 * Decided without reading anything, so that the extension host can ask before a text leaves it.
 * @param path relative to its workspace folder, with `/`; upper and lower case are alike
 * @returns the reason, or null where the file may be read
 */
export function leftOutByPath(path: string): LeftOutReason | null {
  const parts = path.toLowerCase().split('/');
  const name = parts.pop() ?? '';
  if (parts.some((folder) => secretFolders.has(folder)) || isSecretName(name)) return 'secret name';
  if (parts.some((folder) => skippedFolders.has(folder)) || isGeneratedName(name)) return 'generated';
  return null;
}

/** Whether the path lies in a folder that is no part of a corpus, whatever the ignore rules say (`node_modules`, `.git`). */
export function isInSkippedFolder(path: string): boolean {
  return path
    .toLowerCase()
    .split('/')
    .slice(0, -1)
    .some((folder) => skippedFolders.has(folder));
}

/** Names, in lower case, of folders of tools: their stores, installed packages, and what we write ourselves. */
export const skippedFolders: ReadonlySet<string> = new Set([
  ...['.git', '.hg', '.svn', '.jj', '.recur'],
  ...['node_modules', 'bower_components', '.yarn', '.pnpm-store', '.venv', '__pycache__', '.tox', '.gradle'],
  ...['.terraform', '.vscode-test'],
]);

const secretFolders = new Set(['.ssh', '.gnupg', '.aws', '.azure', '.kube', '.password-store']);

const secretNames = new Set([
  ...['.npmrc', '.yarnrc', '.yarnrc.yml', '.pypirc', '.netrc', '_netrc', '.pgpass', 'pgpass.conf', '.my.cnf'],
  ...['.mylogin.cnf', '.htpasswd', 'htpasswd', '.dockercfg', '.dockerconfigjson', '.git-credentials', '.boto'],
  ...['.s3cfg', '.vault-token', '.vault_pass', '.terraformrc', 'terraform.rc', '.dev.vars', '.flaskenv', '.envrc'],
  ...['kubeconfig', 'local.settings.json', 'serviceaccountkey.json', 'master.key', 'passwd', 'shadow'],
]);

const secretExtensions = new Set([
  ...['pem', 'key', 'p8', 'p12', 'pfx', 'pkcs12', 'jks', 'keystore', 'ppk', 'kdb', 'kdbx', 'ovpn', 'gpg', 'pgp'],
  ...['env', 'tfstate', 'tfvars', 'kubeconfig', 'keychain', 'agekey'],
]);

/** Files of data: here a word such as 'credentials' names what is in them, in a source file what it works on. */
const dataExtensions = new Set([
  ...['', 'json', 'jsonc', 'json5', 'yaml', 'yml', 'toml', 'ini', 'cfg', 'conf', 'config', 'properties', 'xml'],
  ...['plist', 'txt', 'csv', 'tsv', 'enc', 'bak', 'old', 'orig', 'db', 'dat', 'hcl'],
]);

const secretWords = /(^|[._ -])(credentials?|secrets?|passwords?|passwd|service[._-]?account)([._ -]|$)/;

function isSecretName(name: string): boolean {
  const extension = extensionOf(name);
  return (
    name.startsWith('.env') ||
    secretNames.has(name) ||
    secretExtensions.has(extension) ||
    // The keys of SSH have no extension or that of a copy; `id_generator.ts` is code.
    /^id_[^.]*(\.(pub|ppk|bak|old|orig|txt|\d+))?$/.test(name) ||
    /^\..*_history$/.test(name) ||
    // Backup, state and variable files carry a second ending.
    /\.(tfstate|tfvars|pem|key|env)\.(json|bak|backup|old|orig|local|enc|\d+)$/.test(name) ||
    (dataExtensions.has(extension) && secretWords.test(name))
  );
}

const generatedNames = new Set([
  ...['package-lock.json', 'npm-shrinkwrap.json', 'pnpm-lock.yaml', 'pnpm-lock.yml', 'bun.lockb', 'packages.lock.json'],
  ...['go.sum', 'go.work.sum', 'gopkg.lock', 'package.resolved', 'gradle.lockfile', 'cartfile.resolved'],
  ...['.terraform.lock.hcl', '.pnp.cjs', '.pnp.loader.mjs', 'module.bazel.lock', 'conda-lock.yml'],
]);

function isGeneratedName(name: string): boolean {
  return (
    generatedNames.has(name) ||
    /\.(lock|lockfile|map)$/.test(name) ||
    /[.-]min\.[^/]+$/.test(name) ||
    /\.(bundle|chunk)\.(m|c)?js$/.test(name) ||
    /\.(generated|g|designer)\.[a-z0-9]+$/.test(name) ||
    /(\.pb\.(go|cc|h|c|swift)|_pb2(_grpc)?\.pyi?|_pb\.(js|d\.ts|ts|rb))$/.test(name)
  );
}

/** The ending after the last dot; empty for `Makefile` and for a name that only begins with a dot. */
function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot + 1) : '';
}
