import { createRandom, type Random } from '../../../src/core/random';
import { buildVocabulary, type Vocabulary } from '../../../src/text/vocabulary';

const types = ['Foo', 'BarBaz', 'Item', 'HTTPServer'];
const lines = [
  (type: string, name: string) => `  constructor(private ${name}: ${type}) {\n    this.${name} = ${name};\n  }\n`,
  (type: string, name: string) => `  get${type}(${name}: ${type}, index: number): ${type} {\n`,
  (_: string, name: string) => `    return this.${name}[index] ?? ${name.toUpperCase()}_DEFAULT;\n  }\n`,
  (type: string, name: string) => `const ${name}s = new Map<string, ${type}>();\n`,
  (type: string, name: string) => `import { ${type}, create${type} } from './${name}';\n\n`,
  (_: string, name: string) => `\tif (${name} === undefined) ${name} = call(${name}, [1, 2, "${name} x"]);\n`,
];

/** Text like code, whose lines say the same of different names. */
export function randomCode(random: Random, count: number): string {
  return Array.from({ length: count }, () => {
    const type = types[random.integer(types.length)]!;
    const name = type[0]!.toLowerCase() + type.slice(1);
    return lines[random.integer(lines.length)]!(type, name);
  }).join('');
}

export const vocabulary: Vocabulary = buildVocabulary(
  [randomCode(createRandom(1), 200), 'abcdefghijklmnopqrstuvwxyz/-ABCDEFGHIJKLMNOPQRSTUVWXYZ'.repeat(2)],
  1000,
);

export const seeds = Array.from({ length: 4 }, (_, seed) => ({ seed, random: createRandom(seed) }));
