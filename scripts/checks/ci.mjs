/** @returns {boolean} whether this is a run that must not leave anything out: GitHub, GitLab and others set CI */
export function isCi() {
  return !['', '0', 'false'].includes((process.env.CI ?? '').toLowerCase());
}
