import * as v from 'valibot';
import { isUserError, UserError } from '../core/errors';
import { TemporaryError } from './objectStore';

/** What errors of the SDK have in common. */
const answerSchema = v.object({
  name: v.string(),
  $metadata: v.optional(v.object({ httpStatusCode: v.optional(v.number()) })),
});

function statusOf(error: unknown): { name: string; status: number | undefined } {
  const parsed = v.safeParse(answerSchema, error);
  if (!parsed.success) return { name: '', status: undefined };
  return { name: parsed.output.name, status: parsed.output.$metadata?.httpStatusCode };
}

/** Whether an object is not there; a bucket that is not there is something else. */
export function isNotFound(error: unknown): boolean {
  const { name, status } = statusOf(error);
  return name === 'NoSuchKey' || name === 'NotFound' || (status === 404 && name !== 'NoSuchBucket');
}

/** Whether a condition did not hold: somebody else has written, is writing at this moment, or has removed it. */
export function isOvertaken(error: unknown): boolean {
  const { status } = statusOf(error);
  return status === 412 || status === 409 || isNotFound(error);
}

const refusals = new Set([
  'AccessDenied',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'ExpiredToken',
  'InvalidToken',
  'CredentialsProviderError',
  'TokenProviderError',
]);

const fullNames = new Set(['InsufficientStorage', 'QuotaExceeded', 'XMinioStorageFull', 'EntityTooLarge']);

/** What an error of the SDK means for a store, in a sentence without secrets. Defects of ours stay as they are. */
export function s3Problem(error: unknown, store: string): unknown {
  if (isUserError(error)) return error;
  const { name, status } = statusOf(error);
  if (refusals.has(name) || status === 401 || status === 403) {
    return new UserError(
      `The store ${store} refuses these credentials (${name}).`,
      'Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the profile or the role, and what they may do in the bucket.',
    );
  }
  if (name === 'NoSuchBucket') {
    return new UserError(`There is no bucket for the store ${store}.`, 'Make it first, or name another one.');
  }
  if (fullNames.has(name) || status === 507) {
    return new TemporaryError(`The store ${store} is full (${name}).`, 'Free some space in it and try again.');
  }
  if (status !== undefined && status >= 500) {
    return new TemporaryError(`The store ${store} fails (${status} ${name}): it may be full.`, 'Try again.');
  }
  if (status === undefined && isOfNetwork(error, name)) {
    return new TemporaryError(`The store ${store} cannot be reached (${codeOf(error) ?? name}).`, 'Try again.');
  }
  return error;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error ? String(error.code) : undefined;
}

function isOfNetwork(error: unknown, name: string): boolean {
  return name === 'TimeoutError' || name === 'AbortError' || /^(E[A-Z]+|EAI_\w+)$/.test(codeOf(error) ?? '');
}
