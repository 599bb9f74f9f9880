import { defaultTraining } from '../core/configuration';
import { buildVocabulary, createVocabulary, type Vocabulary } from '../text/vocabulary';

/** What any program may use next: tab, line feed and printable ASCII. */
const usualCodePoints = [0x09, 0x0a, ...Array.from({ length: 0x5f }, (_, index) => 0x20 + index)];

/** The vocabulary of a workspace that is remembered: by the rule of a training, and with what is usual in code. */
export function workspaceVocabulary(texts: readonly string[]): Vocabulary {
  const { codePoints } = buildVocabulary(texts, defaultTraining.maxVocabulary);
  return createVocabulary([...codePoints, ...usualCodePoints]);
}
