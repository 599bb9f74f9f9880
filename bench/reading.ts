/**
 * How fast a folder is read by the corpus's rules: `npm run bench -- reading FOLDER [TIMES]`. Times are of the wall and of the
 * processor; the first reading warms the file system's cache and is not counted.
 */
import { defaultCorpus } from '../src/core/configuration';
import { silentLogger } from '../src/core/logger';
import { streamCorpus } from '../src/corpus/readCorpus';

const [directory = '.', times = '3'] = process.argv.slice(2);
const folders = [{ directory, name: '' }];
const configuration = { ...defaultCorpus, maxCorpusBytes: Infinity };

for (let time = 0; time <= Number(times); time++) {
  const [startMs, cpuStart] = [performance.now(), process.cpuUsage()];
  let [files, characters] = [0, 0];
  const take = ({ text }: { readonly text: string }): void => {
    files++;
    characters += text.length;
  };
  const leftOut = await streamCorpus(folders, configuration, take, silentLogger);
  const seconds = (performance.now() - startMs) / 1000;
  const cpu = process.cpuUsage(cpuStart);
  const speed = (characters / 1e6 / seconds).toFixed(2);
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  if (time === 0) console.log(`${files} files, ${characters} characters; left out: ${JSON.stringify(leftOut)}`);
  else console.log(`${seconds.toFixed(2)} s (${cpuSeconds.toFixed(2)} s of processors): ${speed} million characters/s`);
}
