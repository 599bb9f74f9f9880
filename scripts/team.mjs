// npm run team:demo, team:test, team:soak [-- COUNT]: the training jobs of a team on Temporal (team/, docs/scale.md).
import path from 'node:path';
import { buildAll } from './build.mjs';
import { isCi } from './checks/ci.mjs';
import { withoutNetwork } from './host/cutNetwork.mjs';
import { runProgram } from './setup/childProcess.mjs';
import { projectRoot } from './setup/prepare.mjs';
import { prepareServers, prepareTeam } from './team/prepareTeam.mjs';

const log = (/** @type {string} */ line) => console.log(`team: ${line}`);
const team = path.join(projectRoot, 'team');
/** `count`: workers that the soak kills, links that it cuts, and repositories that it trains. */
const [name = '', count = '20'] = process.argv.slice(2);

if (!['demo', 'test', 'soak'].includes(name) || !/^[1-9]\d*$/.test(count)) {
  console.error('Usage: npm run team:demo, npm run team:test, or npm run team:soak [-- COUNT]');
  process.exit(2);
}
process.exitCode = await run();

async function run() {
  const problem = await prepareTeam(projectRoot, log);
  if (problem !== undefined) return leaveOut(problem);
  const servers = await prepareServers(projectRoot, log);
  if ('problem' in servers) {
    const left = leaveOut(servers.problem);
    return name === 'test' ? (await node(['scripts/test.mjs'])) || left : left;
  }
  await buildAll({ log });
  const env = { RECUR_TEAM_BIN: servers.bin };
  if (name === 'test') return withLinks('losses', env);
  if (name === 'soak') return withLinks('cluster', { ...env, RECUR_TEAM_ROUNDS: count });
  const built = await node(['scripts/build.mjs']);
  return built === 0 ? node(['dist/demo.mjs'], env) : built;
}

/**
 * Says why something is not run. Tests go on without it, but in CI nothing may be left out.
 * @param {string} reason
 * @returns {number} exit status
 */
function leaveOut(reason) {
  log(reason);
  return name === 'test' && !isCi() ? 0 : 1;
}

/**
 * Runs tests in a network of their own, where they make machines with links to cut.
 * @param {string} which
 * @param {Record<string, string>} env
 */
async function withLinks(which, env) {
  const { command, problem } = withoutNetwork([process.execPath, 'scripts/test.mjs', which]);
  const left = problem === undefined ? 0 : leaveOut(problem);
  const all = { ...env, ...(problem === undefined && { RECUR_TEAM_OWN_NETWORK: '1' }) };
  let code = await program(command, all);
  if (code !== 0 && name === 'test') {
    log('that has failed once, and is tried again: a server on a busy machine may not answer in time');
    code = await program(command, all);
  }
  return code || left;
}

/**
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 */
function node(args, env) {
  return program([process.execPath, ...args], env);
}

/**
 * @param {readonly string[]} command
 * @param {Record<string, string>} [env]
 */
async function program([command = '', ...args], env = {}) {
  const options = { cwd: team, env: { ...process.env, ...env }, inherit: true };
  return (await runProgram(command, args, options)).code;
}
