// Kept to syntax that old versions of Node can read: it has to run there to say that they are too old.

const minimumVersion = [20, 19];

/**
 * Says in one sentence why a version of Node cannot be used.
 * @param {string} version like 'v20.19.0'
 * @returns {string | undefined} undefined when the version will do
 */
export function nodeVersionProblem(version) {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const [minimumMajor = 0, minimumMinor = 0] = minimumVersion;
  if (major > minimumMajor || (major === minimumMajor && minor >= minimumMinor)) {
    return undefined;
  }
  const minimum = minimumVersion.join('.');
  return `Recur needs Node ${minimum} or newer, and this is ${version}: get a newer one from https://nodejs.org or with "nvm install 22".`;
}
