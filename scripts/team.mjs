// npm run team:demo, team:test, team:soak [-- COUNT]: the training jobs of a team on Temporal (team/, docs/scale.md).
import path from 'node:path';
import { buildAll } from './build.mjs';
import { runProgram } from './setup/childProcess.mjs';
import { projectRoot } from './setup/prepare.mjs';
import { prepareServers, prepareTeam } from './team/prepareTeam.mjs';

const log = (/** @type {string} */ line) => console.log(`team: ${line}`);
const team = path.join(projectRoot, 'team');
const [name = '', count = '1'] = process.argv.slice(2);

if (!['demo', 'test', 'soak'].includes(name) || !/^[1-9]\d*$/.test(count)) {
  console.error('Usage: npm run team:demo, npm run team:test, or npm run team:soak [-- COUNT]');
  process.exit(2);
}
process.exitCode = await run();

async function run() {
  const problem = await prepareTeam(projectRoot, log);
  if (problem !== undefined) {
    log(problem);
    return name === 'test' ? 0 : 1;
  }
  if (name === 'test') return node(['scripts/test.mjs']);
  const servers = await prepareServers(projectRoot, log);
  if ('problem' in servers) {
    log(servers.problem);
    return 1;
  }
  await buildAll({ log });
  const env = { RECUR_TEAM_BIN: servers.bin };
  if (name === 'soak') return soak(env);
  const built = await node(['scripts/build.mjs']);
  return built === 0 ? node(['dist/demo.mjs'], env) : built;
}

/** @param {Record<string, string>} env */
async function soak(env) {
  for (let round = 1; round <= Number(count); round++) {
    log(`round ${round} of ${count}`);
    const code = await node(['scripts/test.mjs', 'cluster'], env);
    if (code !== 0) return code;
  }
  return 0;
}

/**
 * @param {readonly string[]} args
 * @param {Record<string, string>} [env]
 */
async function node(args, env = {}) {
  const options = { cwd: team, env: { ...process.env, ...env }, inherit: true };
  return (await runProgram(process.execPath, args, options)).code;
}
