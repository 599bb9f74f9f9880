import { generateKeyPairSync } from 'node:crypto';
import { createRandom } from '../../../src/core/random';

/** A secret of the form of a real one, drawn at random, and how code holds it (`%` stands for it). */
export interface FakeSecret {
  readonly kind: string;
  readonly secret: string;
  readonly line: string;
}

const lower = 'abcdefghijklmnopqrstuvwxyz';
const digit = '0123456789';
const hex = `${digit}abcdef`;
const upper = lower.toUpperCase();
const alphanumeric = lower + upper + digit;
const base64Url = `${alphanumeric}-_`;

export type Draw = (alphabet: string, length: number) => string;

export function createDraw(seed: number): Draw {
  const random = createRandom(seed);
  return (alphabet, length) => Array.from({ length }, () => alphabet[random.integer(alphabet.length)]).join('');
}

/** Base64 of random bytes in lines of 64. */
export function armoured(draw: Draw, kind: string, lines = 12): string {
  const border = (end: string): string => `-----${end} ${kind}-----`;
  const body = Array.from({ length: lines }, () => draw(`${alphanumeric}+/`, 64));
  return [border('BEGIN'), ...body, border('END')].join('\n');
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** One fake of each of 38 kinds. */
export function fakeSecrets(seed: number): FakeSecret[] {
  const draw = createDraw(seed);
  const word = (length: number): string => draw(alphanumeric, length);
  const privateKey = (kind: string): string => armoured(draw, `${kind}PRIVATE KEY`);
  const rows: [kind: string, line: string, secret: string][] = [
    ['AWS access key', 'AWS_ACCESS_KEY_ID = "%"', `AKIA${draw(`${upper}234567`, 16)}`],
    ['AWS secret key', 'aws_secret_access_key = "%"', draw(`${alphanumeric}/+`, 40)],
    ['GitHub', 'TOKEN = "%"', `ghp_${word(36)}`],
    ['GitHub, fine-grained', 'TOKEN = "%"', `github_pat_${word(22)}_${word(59)}`],
    ['GitLab', 'TOKEN = "%"', `glpat-${word(20)}`],
    ['Slack bot', 'SLACK = "%"', `xoxb-${draw(digit, 12)}-${draw(digit, 12)}-${word(24)}`],
    [
      ...(['Slack webhook', 'HOOK = "%"'] as const),
      `https://hooks.slack.com/services/T${draw(upper, 8)}/B${draw(upper, 8)}/${word(24)}`,
    ],
    ['Stripe', 'stripe.api_key = "%"', `sk_live_${word(24)}`],
    ['Google', 'GOOGLE = "%"', `AIza${draw(base64Url, 35)}`],
    ['Google service account', 'ACCOUNT = %', JSON.stringify({ type: 'service_account', private_key: privateKey('') })],
    ['OpenAI', 'OPENAI = "%"', `sk-proj-${word(74)}T3BlbkFJ${word(74)}`],
    ['Anthropic', 'KEY = "%"', `sk-ant-api03-${draw(base64Url, 93)}AA`],
    ['Hugging Face', 'HF = "%"', `hf_${word(34)}`],
    ['npm', 'NPM = "%"', `npm_${word(36)}`],
    ['PyPI', 'PYPI = "%"', `pypi-AgEIcHlwaS5vcmc${draw(base64Url, 130)}`],
    ['SendGrid', 'SG = "%"', `SG.${draw(base64Url, 22)}.${draw(base64Url, 43)}`],
    ['Twilio', 'TWILIO_AUTH = "%"', draw(hex, 32)],
    [
      ...(['Azure storage', 'CONN = "%"'] as const),
      `DefaultEndpointsProtocol=https;AccountName=demo;AccountKey=${draw(alphanumeric, 86)}==;EndpointSuffix=core.windows.net`,
    ],
    ['PostgreSQL address', 'DB = "postgres://app:%@db.internal.lan:5432/app"', word(16)],
    ['connection string', 'DB = "Server=db.lan;Database=app;Uid=app;Pwd=%;"', word(16)],
    ['MongoDB address', 'DB = "mongodb+srv://app:%@cluster0.abcde.mongodb.net/app"', word(16)],
    ['password', 'ADMIN_PASSWORD = "%"', `${word(7)}7!${word(8)}`],
    ['JSON Web Token', 'BEARER = "Bearer %"', `${encoded({ alg: 'HS256' })}.${encoded({ sub: word(12) })}.${word(43)}`],
    ['RSA key', 'KEY = """%"""', privateKey('RSA ')],
    ['OpenSSH key', 'KEY = """%"""', privateKey('OPENSSH ')],
    ['PGP key', 'KEY = """%"""', armoured(draw, 'PGP PRIVATE KEY BLOCK')],
    ['Discord', 'DISCORD = "%"', `MTAx${word(20)}.G${word(5)}.${draw(base64Url, 38)}`],
    ['Telegram', 'TG = "%"', `${draw('123456789', 10)}:AA${draw(base64Url, 33)}`],
    ['DigitalOcean', 'DO = "%"', `dop_v1_${draw(hex, 64)}`],
    ['Cloudflare', 'CF_API_TOKEN = "%"', draw(base64Url, 40)],
    ['Heroku', 'HEROKU_API_KEY = "%"', [8, 4, 4, 4, 12].map((length) => draw(hex, length)).join('-')],
    ['Vault', 'VAULT = "%"', `hvs.${word(90)}`],
    ['age', 'AGE = "%"', `AGE-SECRET-KEY-1${draw('QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L', 58)}`],
    ['Linear', 'LIN = "%"', `lin_api_${word(40)}`],
    ['Shopify', 'SHOP = "%"', `shpat_${draw(hex, 32)}`],
    ['address with a password', 'URL = "https://bob:%@git.internal.lan/repo.git"', word(14)],
    ['ssh command', '# sshpass -p % ssh deploy@host', word(12)],
    ['password hash', 'USERS = "admin:%"', `$2y$10$${draw(`${alphanumeric}./`, 53)}`],
  ];
  return rows.map(([kind, line, secret]) => ({ kind, secret, line: line.replace('%', () => secret) }));
}

const notebookOf = (text: string): string =>
  JSON.stringify({ cells: [{ source: text.split('\n').map((line) => `${line}\n`) }] }, null, 1);

/** Ways in which files break a literal into two pieces. */
export const brokenLiterals: Readonly<Record<string, (before: string, behind: string) => string>> = {
  'joined by +': (before, behind) => `${before}" +\n  "${behind}`,
  'joined by + in front': (before, behind) => `${before}"\n  + "${behind}`,
  'joined by dots': (before, behind) => `${before}" .\n  "${behind}`,
  'literals side by side': (before, behind) => `${before}"\n    "${behind}`,
  'a line that goes on': (before, behind) => `${before}\\\n${behind}`,
  'a notebook': (before, behind) => notebookOf(`${before}" +\n  "${behind}`),
  'a notebook, side by side': (before, behind) => notebookOf(`${before}"\n  "${behind}`),
};

const quotedLines = (text: string, quote = '"'): string[] => text.split('\n').map((line) => `${quote}${line}${quote}`);
const prefixed = (text: string, prefix: string): string => text.replace(/^/gm, prefix);

/** Ways in which files hold a private key. */
export const keyLayouts: Readonly<Record<string, (key: string) => string>> = {
  plain: (key) => key,
  indented: (key) => `key: |\n${prefixed(key, '    ')}`,
  'with CRLF': (key) => key.replaceAll('\n', '\r\n'),
  'in one line': (key) => `KEY="${key.replaceAll('\n', ' ')}"`,
  'with escaped line ends': (key) => `const key = '${key.replaceAll('\n', String.raw`\n`)}';`,
  'with line ends escaped twice': (key) => JSON.stringify({ env: JSON.stringify({ key }) }),
  'a template literal': (key) => `const key = \`${key}\`;`,
  'joined by +': (key) => `const key =\n  ${quotedLines(key).join(' +\n  ')};`,
  'joined by + in front': (key) => `key = ${quotedLines(key).join('\n    + ')};`,
  'joined by dots': (key) => `$key = ${quotedLines(key, "'").join(' .\n')};`,
  'a list': (key) => `KEY = [\n${quotedLines(key).join(',\n')},\n]`,
  'literals side by side': (key) => `KEY = (\n${quotedLines(key).join('\n')}\n)`,
  'behind #': (key) => prefixed(key, '# '),
  'behind //': (key) => prefixed(key, '// '),
  'behind *': (key) => `/**\n${prefixed(key, ' * ')}\n */`,
  'a notebook': notebookOf,
  XML: (key) => `<key><![CDATA[${key}]]></key>`,
  'a diff': (key) => prefixed(key, '+'),
  'encoded for an address': (key) => `key=${encodeURIComponent(key)}`,
  'its header in pieces': (key) => `key = "${key.replace(' PRIVATE', ' " + "PRIVATE')}"`,
  'Base64 of it': (key) => `key: ${Buffer.from(key).toString('base64')}`,
  'without its end': (key) => key.split('\n').slice(0, 6).join('\n'),
  'without its beginning': (key) => key.split('\n').slice(6).join('\n'),
};

/** Private keys of many kinds; those that Node makes are real, and new in every run. */
export function privateKeys(seed: number): Readonly<Record<string, string>> {
  const draw = createDraw(seed);
  const encoding = { format: 'pem', type: 'pkcs8' } as const;
  const publicKeyEncoding = { format: 'pem', type: 'spki' } as const;
  const encrypted = { ...encoding, cipher: 'aes-256-cbc', passphrase: draw(lower, 12) } as const;
  const rsa = { modulusLength: 2048, publicKeyEncoding } as const;
  return {
    'RSA (PKCS #1)': generateKeyPairSync('rsa', { ...rsa, privateKeyEncoding: { format: 'pem', type: 'pkcs1' } })
      .privateKey,
    'RSA (PKCS #8)': generateKeyPairSync('rsa', { ...rsa, privateKeyEncoding: encoding }).privateKey,
    'RSA, encrypted': generateKeyPairSync('rsa', { ...rsa, privateKeyEncoding: encrypted }).privateKey,
    EC: generateKeyPairSync('ec', {
      ...{ namedCurve: 'P-256', publicKeyEncoding },
      privateKeyEncoding: { format: 'pem', type: 'sec1' },
    }).privateKey,
    Ed25519: generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding: encoding }).privateKey,
    DSA: armoured(draw, 'DSA PRIVATE KEY'),
    OpenSSH: armoured(draw, 'OPENSSH PRIVATE KEY'),
    PGP: armoured(draw, 'PGP PRIVATE KEY BLOCK'),
    'SSH2, encrypted': armoured(draw, 'SSH2 ENCRYPTED PRIVATE KEY'),
  };
}

/** Whether a text that was made of a secret still has some of it: so many characters in a row. */
export function leaks(text: string, secret: string, characters = 8): boolean {
  for (let start = 0; start + characters <= secret.length; start++) {
    if (text.includes(secret.slice(start, start + characters))) return true;
  }
  return false;
}

/** What is secret in an armoured key: its lines between header and end. */
export function bodyOf(key: string): string[] {
  return key.split('\n').filter((line) => line !== '' && !line.startsWith('--'));
}
