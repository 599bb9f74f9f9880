/** What may stand between two words of a header that is written in pieces, escaped, or behind comment signs. */
const between = String.raw`(?:[^A-Za-z0-9]|%20|%0A|\\[nrt]|&nbsp;|vbCrLf|vbLf){1,40}?`;
const header = new RegExp(`(?:BEGIN|END)${between}(?:[A-Z0-9]{2,12}${between}){0,3}PRIVATE${between}KEY`);
const borders = /(?:-|%2D|\\u002d|&#45;){2,}/i;
/** How far a header may reach to both sides of its word PRIVATE. */
const headerCharacters = 120;

/** Beginnings of keys that have lost their header: OpenSSH, RSA, PKCS #8, EC and Ed25519 in DER, a PEM as a whole, in Base64. */
const bodies =
  /b3BlbnNzaC1rZXktdjEA|MII[A-L][A-Za-z0-9+/]{2}[A-Za-z0-9+/]{0,2}IBAAKC|MII[A-L][A-Za-z0-9+/]{2}IBADANBgkqhkiG9w0BAQEFAASC|MHcCAQEEI|MIGHAgEAMBMGByqGSM49|MC4CAQAwBQYDK2VwBCIEI|LS0tLS1CRUdJTi(?!BDRVJU|BQVUJM|BTU0ggU)[A-Za-z0-9+/]{4,40}(?:BSSVZBVEUg|FIFVkFUR|UFJJVkFUR|gUFJJVkFU|IFBSSVZBVEU)|LS0tLS1CRUdJTiBQUklWQVRFIEtFW/;

const otherKeys = /PuTTY-User-Key-File-\d|<RSAKeyValue>[^]{0,2000}?<(?:D|InverseQ)>|AGE-SECRET-KEY-1[0-9A-Z]{20}/;
/** A private JSON Web Key: its type and its private exponent, in any order. */
const webKeyType = /["']kty["']\s{0,9}:\s{0,9}["'](?:RSA|EC|OKP|oct)["']/;
const webKeySecret = /["'][dk]["']\s{0,9}:\s{0,9}["'][\w-]{20,}["']/;

/**
 * Whether a text holds a private key, of whatever kind (RSA, EC, Ed25519, OpenSSH, PGP, PuTTY, age, JWK; encrypted or not) and however
 * it is written down: with escaped line ends, as a list, joined from pieces, in comments, in a notebook, or broken off.
 */
export function holdsPrivateKey(text: string): boolean {
  for (let at = text.indexOf('PRIVATE'); at >= 0; at = text.indexOf('PRIVATE', at + 1)) {
    const around = text.slice(Math.max(0, at - headerCharacters), at + headerCharacters);
    if (borders.test(around) && header.test(around)) return true;
  }
  return bodies.test(text) || otherKeys.test(text) || (webKeyType.test(text) && webKeySecret.test(text));
}
