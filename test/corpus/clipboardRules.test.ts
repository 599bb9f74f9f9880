import { expect, it } from 'vitest';
import { mayCompleteFromClipboard, mostClipboardCharacters } from '../../src/corpus/clipboardRules';
import { secretMark } from '../../src/core/secretMark';

const line = 'export const total = sum(prices);\n';
/** In pieces, so that nobody takes them for secrets of this repository. */
const githubToken = ['ghp', 'wWPw5k4aXcaT4fNP0UcnZwJUVFk6LO0pINUx'].join('_');
const privateKey = ['-----BEGIN RSA PRIVATE', 'KEY-----\nMIIEpAIBAAKCAQEA\n'].join(' ');

it.each([
  { name: 'lines of code', text: line.repeat(3) },
  { name: 'lines that end in CRLF', text: 'if (isOpen) {\r\n  close();\r\n}\r\n' },
  { name: 'a line from a page', text: 'const answer = await fetch(address);' },
  { name: 'a name of two words', text: 'readText' },
  { name: 'a name with underscores', text: ' max_line_length\n' },
  { name: 'a call', text: 'refreshTokens();' },
  { name: 'a placeholder beside a telling name', text: `${line}const password = 'changeme';\n` },
  { name: 'as much as may be', text: line.repeat(1_000).slice(0, mostClipboardCharacters) },
])('is completed from: $name', async ({ text }) => {
  expect(await mayCompleteFromClipboard(text)).toBe(true);
});

it.each([
  { name: 'nothing', text: ' \n' },
  { name: 'more than may be', text: line.repeat(1_000).slice(0, mostClipboardCharacters + 1) },
  { name: 'a text with zero characters', text: `${line}\0${line}` },
  { name: 'control characters', text: `(${'\u0001\u0002\u0003'.repeat(10)}) = ${line}` },
  { name: 'minified code', text: 'var a=function(){return(b)};'.repeat(100) },
  { name: 'a text out of which a secret was taken', text: `const key = '${secretMark.repeat(8)}';\n${line}` },
  { name: 'a password, random', text: 'Xk9#mQ2$vL' },
  { name: 'a password, letters alone', text: 'xKqPzWvBnM' },
  { name: 'a password with brackets', text: 'V7)kd(92hF=a' },
  { name: 'a password, letters and underscores', text: 'zqxv_kjwq' },
  { name: 'a password that is a word', text: 'sunflower' },
  { name: 'a password that is a word and a number', text: 'sunflower42' },
  { name: 'a password below a name', text: 'user = (anna)\nXk9mQ2vLpa' },
  { name: 'a password in code', text: `${line}connect({ password: 'Xk9mQ2vL' });\n` },
  { name: 'a password in settings', text: 'host=(local)\npassword=hunter22\n' },
  { name: 'a phrase', text: 'correct horse battery staple' },
  { name: 'a phrase with hyphens', text: 'correct-horse-battery' },
  { name: 'a phrase with capitals', text: 'CorrectHorseBatteryStaple' },
  { name: 'a phrase with underscores', text: 'correct_horse_battery_staple' },
  { name: 'a code of six digits', text: '493021' },
  { name: 'the number of a card', text: '4111 1111 1111 1111' },
  { name: 'an address of mail', text: 'anna.schmidt@example.org' },
  { name: 'notes', text: 'Ask Anna about the flat.\nHer number is 4711.\n' },
  { name: 'a token of a known service', text: githubToken },
  { name: 'code with a token of a known service', text: `${line}const token = '${githubToken}';\n` },
  { name: 'a private key', text: `${privateKey}${line}` },
  { name: 'code with a long random token', text: `${line}run('q9Zt4LxW7vKp2RmYc8Hd3NbQ');\n` },
])('is never completed from: $name', async ({ text }) => {
  expect(await mayCompleteFromClipboard(text)).toBe(false);
});
