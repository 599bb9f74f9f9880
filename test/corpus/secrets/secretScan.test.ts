import { describe, expect, it } from 'vitest';
import { secretMark } from '../../../src/core/secretMark';
import { holdsKeyOrTokenAnywhere, withoutSecrets } from '../../../src/corpus/secrets/secretScan';
import { bodyOf, brokenLiterals, fakeSecrets, keyLayouts, leaks, privateKeys } from './fakeSecrets';

const code = 'export const value = compute(first, second);\n';

/** What may be learned of a text; undefined: nothing. */
async function learned(text: string, path = 'src/config.py'): Promise<string | undefined> {
  return (await holdsKeyOrTokenAnywhere(text)) ? undefined : withoutSecrets(path, text);
}

describe('secrets of the form of real ones', () => {
  const fakes = [11, 12, 13].flatMap((seed) => fakeSecrets(seed));
  const kinds = [...new Set(fakes.map(({ kind }) => kind))];

  it.each(kinds)('%s', async (kind) => {
    for (const { secret, line } of fakes.filter((fake) => fake.kind === kind)) {
      const text = await learned(`${code}${line}\n${code}`);
      // Of an address or a connection string, all but the password may stay.
      const held = /^(?:postgres|mongodb|https?|Server|Default)/.test(secret) ? secret.slice(-40) : secret;
      expect(leaks(text ?? '', held), text).toBe(false);
    }
  });

  it.each(kinds)('%s, whatever a comment says', async (kind) => {
    const { secret, line } = fakes.find((fake) => fake.kind === kind)!;
    for (const comment of ['secretlint-disable', 'gitleaks:allow', 'nosec', 'pragma: allowlist secret']) {
      const text = await learned(`# ${comment}\n/* ${comment} */\n${line} # ${comment}\n${code}`);
      expect(leaks(text ?? '', secret), text).toBe(false);
    }
  });
});

describe('secrets of all kinds, broken over two lines', () => {
  it.each(Object.entries(brokenLiterals))('%s', async (_, write) => {
    for (const { kind, secret, line } of [21, 22, 23].flatMap(fakeSecrets)) {
      const middle = line.indexOf(secret) + (secret.length >> 1);
      const text = (await learned(`${code}${write(line.slice(0, middle), line.slice(middle))}\n${code}`)) ?? '';
      expect(leaks(text, secret.slice(secret.length >> 1)), `${kind}: ${text}`).toBe(false);
    }
  });
});

describe('private keys', () => {
  for (const [kind, key] of Object.entries(privateKeys(5))) {
    it.each(Object.entries(keyLayouts))(`${kind}: %s`, async (layout, write) => {
      const text = (await learned(`${code}${write(key)}\n${code}`)) ?? '';
      for (const line of bodyOf(key)) expect(leaks(text, line, 16), text).toBe(false);
    });
  }
});

describe('what stands beside a name', () => {
  it.each([
    ['docker-compose.yml', '      MYSQL_ROOT_PASSWORD: %', 'tr0ub4dor'],
    ['docker-compose.yml', '      - POSTGRES_PASSWORD=%', 'tr0ub4dor'],
    ['application.properties', 'spring.datasource.password=%', 'tr0ub4dor'],
    ['wp-config.php', "define( 'DB_PASSWORD', '%' );", 'tr0ub4dor&3'],
    ['main.tf', '  password = "%"', 'tr0ub4dor'],
    ['main.tf', 'variable "db_password" {\n  default = "%"\n}', 'tr0ub4dor'],
    ['appsettings.json', '  "Password": "%",', 'tr0ub4dor'],
    ['appsettings.json', '"Db": "Server=db;User Id=app;Password=%;Encrypt=true"', 'tr0ub4dor'],
    ['web.config', '<add key="SmtpPassword" value="%" />', 'tr0ub4dor'],
    ['pom.xml', '<password>%</password>', 'tr0ub4dor'],
    ['deployment.yaml', '        - name: DB_PASSWORD\n          value: "%"', 'tr0ub4dor'],
    ['Dockerfile', 'ENV API_SECRET=%', 'tr0ub4dor'],
    ['deploy.sh', 'curl -H "Authorization: Bearer %" https://api.lan', 'q7GvX2mZp9KdR4tYw8Ls'],
    ['deploy.sh', 'curl -u admin:% https://api.lan', 'tr0ub4dor'],
    ['deploy.sh', 'mysqldump -u root -p% app', 'tr0ub4dor'],
    ['deploy.sh', 'export DB_PASSWORD=%', 'tr0ub4dor'],
    ['config.ts', "  password: '%',", 'tr0ub4dor'],
    ['config.ts', '  clientSecret: `%`,', 'a8Fk-29sLq'],
    ['config.py', 'password = os.environ.get("DB_PASSWORD", "%")', 'tr0ub4dor'],
    ['Config.java', 'private static final String PASSWORD = "%";', 'tr0ub4dor'],
    ['Config.cs', 'const string apiKey = @"%";', 'k3Lm9Pq2Xz7v'],
    ['config.go', 'apiKey := "%"', 'k3Lm9Pq2Xz7v'],
    ['config.rb', ":secret_token => '%'", 'k3Lm9Pq2Xz7v'],
    ['notes.ipynb', String.raw`    "password = \"%\"\n",`, 'tr0ub4dor'],
    ['config.ts', "const password = 'tr0u' +\n  'b4dor77';", 'b4dor77'],
  ])('%s: %s', async (path, line, secret) => {
    const text = `${code}${line.replace('%', () => secret)}\n${code}`;
    const result = (await learned(text, path)) ?? '';
    expect(leaks(result, secret, 5), result).toBe(false);
  });

  it.each([
    "  password: '',",
    "  password: 'password',",
    "  password: '<your-password>',",
    "  password: 'changeme',",
    '  password: ${DB_PASSWORD}',
    '  "password": "Enter your password",',
    "  type: 'password', autocomplete: 'current-password',",
    'const token = await getToken(request);',
    'const key = `${prefix}:${name}`;',
    "  key: 'user.settings.title',",
    "if (token.type === 'T_STRING') next();",
    'password: z.string().min(8)',
    'apiKey = process.env.API_KEY',
    'secret = settings.SECRET_KEY',
    "const tokens = ['identifier', 'number', 'operator'];",
    'postgres://user:password@localhost:5432/app',
    'SECRET_KEY = "$(openssl rand -hex 32)"',
    "const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';",
    'export function calculateTotalAmountOfAllInvoicesInAccountingPeriod() {}',
    'MAX_NUMBER_OF_SIMULTANEOUS_CONNECTIONS_PER_HOST = 8',
    'import x from "../components/navigation/breadcrumbs/BreadcrumbNavigationItem";',
    'const pi = 3.14159265358979323846264338327950288;',
  ])('is left where it is none: %s', async (line) => {
    expect(await learned(code + line, 'src/a.ts')).toBe(code + line);
  });

  it('is marked unit by unit, so that offsets stay', async () => {
    const line = "const größe = '😀', password = 'tr0ub4dor', next = 1;";
    const text = (await learned(line))!;
    expect(text).toBe(line.replace('tr0ub4dor', secretMark.repeat(9)));
  });

  it('is found wherever it stands in a long text', async () => {
    const whole = code.repeat(Math.ceil(400_000 / code.length));
    for (const start of [0, 131_072 - 20, 262_144 - 20, whole.length]) {
      const place = whole.lastIndexOf('\n', start) + 1;
      const text = `${whole.slice(0, place)}password = "tr0ub4dor"\n${whole.slice(place)}`;
      expect((await learned(text))!.includes('tr0ub4dor')).toBe(false);
    }
  });
});

describe('a hostile text', () => {
  // What the rules begin with, again and again: a rule whose cost grows with the square of it, or faster, never ends here.
  const beginnings = [
    ...[
      'eyJaaaaaaaaaa',
      'eyJaaaaaaaaaa-',
      'LS0tLS1CRUdJTi',
      'discord.com/api/webhooks/password=',
      'sk-',
      'sk-a',
      'ghp_',
      'xoxb-',
    ],
    ...[
      'password=',
      'password: "',
      'password...',
      '"a" ',
      '"abcd"+',
      '://:a',
      'curl -u ',
      '-token=',
      'BEGIN-',
      'PRIVATE',
      '.atlasv1.a',
    ],
    ...[
      '<RSAKeyValue>',
      '"kty":"RSA"',
      'Q~`',
      '_mmk',
      '$1$a$',
      'a/',
      'aB3/',
      ' ',
      '-',
      '\\',
      'key,',
      'password{ value',
      'password="a"+\n',
      '"\\n", "',
      '"+"',
      'a\\\n',
    ],
  ];

  it.each(beginnings)('costs what its length costs: %s', async (beginning) => {
    const text = beginning.repeat(Math.ceil(1_000_000 / beginning.length));
    const learnt = (await learned(text, 'a.yml')) ?? text;
    expect(learnt).toHaveLength(text.length);
  });
});
