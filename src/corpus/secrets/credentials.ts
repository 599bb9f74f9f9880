import type { TextRange } from '../../text/textStore';
import { isPlaceholder } from './placeholders';
import { randomnessBits } from './randomTokens';

/** A form in which a secret is written without a name beside it. */
interface Form {
  /** A piece of every text in which it can stand, looked for first; in lower case where the pattern takes both cases. */
  readonly keyword: RegExp;
  /** Its last group is the secret. */
  readonly pattern: RegExp;
  /** How random the secret must look, in bits; by default it need not. */
  readonly bits?: number;
}

const forms: readonly Form[] = [
  // An address with a password.
  { keyword: /:\/\//, pattern: /:\/\/[^\s:@/"'`<>]{0,64}:([^\s@/"'`<>\\]{3,128})@[\w.[$-]/g },
  // A connection string, a query.
  {
    keyword: /[Pp][Ww][Dd] ?=|[Pp]ass(?:word|wd)? ?=/,
    pattern: /[;"'?&\s](?:pwd|password|passwd|pass) {0,2}= {0,2}([^;"'`\s&<>(){}]{4,128})(?=[;&"'])/gi,
  },
  {
    keyword: /(?:[Tt]oken|[Kk]ey|[Ss]ecret|[Ss]ig|[Ss]ignature|[Pp]assword)=/,
    pattern: /[?&][\w-]*(?:token|key|secret|sig|signature|password)=([^;"'`\s&<>(){}]{8,300})/gi,
    bits: 10,
  },
  // Headers.
  {
    keyword: /[Bb]asic |[Bb]earer |[Tt]oken /,
    pattern: /\b(?:basic|bearer|token)\s{1,4}([A-Za-z0-9+/=_.~-]{16,2000})/gi,
    bits: 10,
  },
  // A JSON Web Token.
  { keyword: /eyJ/, pattern: /\b(eyJ[\w-]{10,600}\.eyJ[\w-]{6,4000}(?:\.[\w-]{0,2000})?)/g },
  // Hashes of passwords.
  {
    keyword: /\$(?:2[abxy]|1|5|6|y|apr1|argon2|pbkdf2|scrypt)|\{s?sha|pbkdf2_|:[0-9a-f]{32}:/i,
    pattern:
      /(\$2[abxy]\$\d\d\$[./A-Za-z0-9]{53}|\$(?:1|5|6|y|apr1)\$[^\s"'$]{1,40}\$[./A-Za-z0-9$]{20,}|\$(?:argon2\w{0,2}|pbkdf2[\w-]*|scrypt)\$[^\s"']{20,}|\{S?(?:SHA|MD5)\d*\}[A-Za-z0-9+/=]{20,}|pbkdf2_sha\d+\$\d+\$[^\s"']{20,})/g,
  },
  // Commands.
  { keyword: /sshpass/, pattern: /\bsshpass\s+-p\s*\\?["']?([^\s"'\\]{4,})/g },
  {
    keyword: /curl|wget|http/,
    pattern:
      /\b(?:curl|wget|https?)\b[^\n]{0,300}?\s(?:-u|--user|-a|--auth)[= ]{0,2}\\?["']?[^\s:"']{1,64}:([^\s"'\\]{4,})/g,
  },
  {
    keyword: /mysql|mariadb|mongo|psql|redis-cli/,
    pattern: /\b(?:mysql\w*|mariadb\w*|mongo\w*|redis-cli)\b[^\n]{0,120}?\s(?:-p|-a\s)([^\s"'-][^\s"']{3,})/g,
  },
  {
    keyword: /-(?:password|passwd|pass|token|secret|api-key)[= ]/,
    pattern: /-(?:password|passwd|pass|token|secret|api-key)[= ]\\?["']?([^\s"'`\\<>[\](){},;]{5,300})/gi,
    bits: 6,
  },
  { keyword: /machine /, pattern: /\bmachine\s+\S+\s+(?:login\s+\S+\s+)?password\s+(\S{4,})/g },
];

/** Where secrets stand in addresses, connection strings, headers, commands and hashes. */
export function findCredentials(text: string): TextRange[] {
  const ranges: TextRange[] = [];
  for (const { keyword, pattern, bits } of forms) {
    if (!keyword.test(text)) continue;
    for (const { 0: match, index, ...groups } of text.matchAll(pattern)) {
      const secret = groups[1] ?? match;
      if (isPlaceholder(secret)) continue;
      if (bits !== undefined && randomnessBits(secret.replace(/[^\w/+=-]/g, '')) < bits) continue;
      const start = index + match.lastIndexOf(secret);
      ranges.push({ start, end: start + secret.length });
    }
  }
  return ranges;
}
