import { withoutJoints } from './brokenLiterals';
import gitleaksRules from './gitleaksRules.json';

/*
 * `gitleaksRules.json` holds the rules of gitleaks (config/gitleaks.toml, commit b58d3f102cf3, MIT) that know a token by its own
 * beginning, in JavaScript's expressions. Left out are those that need a name beside it (`namedLiterals` and `randomTokens` see
 * these), and what a token must end in: a token is one wherever it is cut.
 */

interface TokenRule {
  /** In lower case; a token holds one of them. */
  readonly keywords: readonly string[];
  readonly pattern: RegExp;
  /** Of a character of the token at least. */
  readonly entropyBits: number;
  /** How far a token may reach before its keyword. */
  readonly before: number;
}

interface WrittenRule {
  readonly keywords: readonly string[];
  readonly pattern: string;
  readonly flags?: string;
  readonly entropyBits?: number;
  readonly before?: number;
}

/** Those that the maintained set has narrower, or not at all. */
const ownRules: readonly WrittenRule[] = [
  {
    keywords: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    pattern: String.raw`\b(?:gh[pousr]_[A-Za-z0-9]{30,}|github_pat_\w{30,})`,
  },
  { keywords: ['hf_'], pattern: String.raw`\bhf_[A-Za-z0-9]{30,}`, entropyBits: 3 },
  {
    keywords: ['sk-'],
    pattern: String.raw`\bsk-(?:proj-|ant-[a-z0-9]{2,12}-|or-v1-|svcacct-|admin-)?[\w-]{32,}`,
    entropyBits: 4,
  },
  { keywords: ['lin_'], pattern: String.raw`\blin_(?:api|oauth)_[A-Za-z0-9]{32,}`, entropyBits: 3 },
  { keywords: ['hvs.'], pattern: String.raw`\bhvs\.[\w-]{24,}`, entropyBits: 3 },
  { keywords: [':aa'], pattern: String.raw`\b[0-9]{8,10}:AA[\w-]{32,34}(?![\w-])`, entropyBits: 3, before: 10 },
  {
    keywords: ['accountkey=', 'sharedaccesskey='],
    pattern: String.raw`(?:AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{40,}={0,2}`,
    entropyBits: 3,
  },
  {
    keywords: ['discord'],
    pattern: String.raw`discord(?:app)?\.com/api/webhooks/\d{16,20}/[\w-]{60,}`,
    entropyBits: 3,
  },
  {
    keywords: ['.webhook.office.com'],
    pattern: String.raw`webhook\.office\.com/webhookb2/[\w@-]{30,}/IncomingWebhook/\w{30,}`,
  },
  {
    keywords: ['sentry'],
    pattern: String.raw`https://[0-9a-f]{32}(?::[0-9a-f]{32})?@[\w.-]*sentry[\w.-]*/\d+`,
    before: 60,
  },
];

const rules: readonly TokenRule[] = [...(gitleaksRules as readonly WrittenRule[]), ...ownRules].map((rule) => ({
  keywords: rule.keywords,
  pattern: new RegExp(rule.pattern, `g${rule.flags ?? ''}`),
  entropyBits: rule.entropyBits ?? 0,
  before: rule.before ?? 8,
}));

const rulesOf = new Map<string, TokenRule[]>();
for (const rule of rules) {
  for (const keyword of rule.keywords) rulesOf.set(keyword, [...(rulesOf.get(keyword) ?? []), rule]);
}
const keywords = [...rulesOf.keys()].sort((a, b) => b.length - a.length);
const anyKeyword = new RegExp(keywords.map((keyword) => keyword.replace(/[.~]/g, String.raw`\$&`)).join('|'), 'gi');

/** The longest token that is looked for, from its keyword on; longer ones are known by their beginnings. */
const mostCharacters = 600;

/** Whether a text holds a token of a known service: those have their own beginnings. Also one in pieces, broken behind it. */
export function holdsKnownToken(text: string): boolean {
  /** Where tokens of a rule would have been found that begin before: keywords one behind the other cost no more than the text. */
  const searched = new Map<TokenRule, number>();
  for (const { 0: keyword, index } of text.matchAll(anyKeyword)) {
    for (const rule of rulesOf.get(keyword.toLowerCase()) ?? []) {
      if (index < (searched.get(rule) ?? 0)) continue;
      searched.set(rule, index + mostCharacters);
      const around = text.slice(Math.max(0, index - rule.before), index + 2 * mostCharacters);
      if (matches(rule, around) || matches(rule, withoutJoints(around))) return true;
    }
  }
  return false;
}

function matches({ pattern, entropyBits }: TokenRule, text: string): boolean {
  return [...text.matchAll(pattern)].some((match) => {
    const token = match.slice(1).find(Boolean) ?? match[0];
    return entropyOf(token) >= entropyBits && !isExample(token);
  });
}

/** Documentation's own: `AKIA…EXAMPLE`, and a run of one character or of the alphabet. */
function isExample(token: string): boolean {
  return /example|x{6}|\*{4}|0{8}|1234567890|abcdefghij/i.test(token);
}

/** Shannon's entropy of a token's characters, in bits for each. */
function entropyOf(token: string): number {
  const counts = new Map<string, number>();
  for (const character of token) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / token.length) * Math.log2(count / token.length);
  return bits;
}
