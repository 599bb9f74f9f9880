import { existsSync } from 'node:fs';
import path from 'node:path';
import { lastLine, runProgram } from '../setup/childProcess.mjs';

/** Where a change is taken to have begun, the first that exists. */
const usualBases = ['origin/HEAD', 'origin/main', 'main'];

/**
 * Lists what was changed or added since a change began, committed or not; what was deleted is left out.
 * @param {string} root folder of the project
 * @param {string} [base] a commit; default: where the branch left the main branch, or the last commit where there is none
 * @returns {Promise<string[]>} paths relative to the project, sorted
 * @throws {Error} with git's own words where it does not know the base
 */
export async function changedFiles(root, base) {
  const from = base ?? (await branchPoint(root));
  const changed = await gitPaths(root, ['diff', '--name-only', '-z', '--relative', from, '--', '.']);
  const added = await gitPaths(root, ['ls-files', '--others', '--exclude-standard', '-z']);
  return [...new Set([...changed, ...added])].filter((file) => existsSync(path.join(root, file))).sort();
}

/** @param {string} root */
async function branchPoint(root) {
  for (const base of usualBases) {
    const { code, output } = await runProgram('git', ['merge-base', base, 'HEAD'], { cwd: root });
    if (code === 0) return output.trim();
  }
  return 'HEAD';
}

/**
 * @param {string} root
 * @param {string[]} args
 */
async function gitPaths(root, args) {
  const { code, output } = await runProgram('git', args, { cwd: root });
  if (code !== 0) throw new Error(`git cannot tell what changed: ${lastLine(output)}`);
  return output.split('\0').filter((file) => file !== '');
}
