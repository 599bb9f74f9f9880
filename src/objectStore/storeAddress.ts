import { UserError } from '../core/errors';

/** A bucket of S3, and what stands before every key in it; may be empty. */
export interface S3Address {
  readonly bucket: string;
  readonly prefix: string;
}

/**
 * Reads `s3://BUCKET/PREFIX`.
 * @returns undefined for a folder
 * @throws UserError for an address that is neither
 */
export function parseS3Address(address: string): S3Address | undefined {
  const scheme = /^([a-z][a-z\d+.-]+):\/\//i.exec(address)?.[1];
  if (scheme === undefined) return undefined;
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z\d][a-z\d.-]{1,61}[a-z\d])(?:\/([\w!.*'()/-]*))?$/.exec(address) ?? [];
  if (bucket === undefined) {
    throw new UserError(
      'A store is a folder, or s3://BUCKET/PREFIX.',
      'Credentials and endpoint come from the environment (AWS_ACCESS_KEY_ID, AWS_ENDPOINT_URL_S3 and the like).',
    );
  }
  return { bucket, prefix: prefix.replaceAll(/^\/+|\/+$/g, '') };
}
