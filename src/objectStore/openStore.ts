import { join, resolve } from 'node:path';
import { UserError } from '../core/errors';
import { exists } from '../store/atomicFile';
import { createFolderStore } from './folderStore';
import type { ObjectStore } from './objectStore';
import type * as s3Store from './s3Store';
import { parseS3Address, type S3Address } from './storeAddress';

type S3Bundle = typeof s3Store;

/**
 * Opens a store: a folder, or `s3://BUCKET/PREFIX`.
 * @param bundles folder of the bundles: what talks to S3 is one of its own, loaded only where it is needed
 * @throws UserError for an address that is neither
 */
export async function openStore(address: string, bundles: string): Promise<ObjectStore> {
  const s3 = parseS3Address(address);
  return s3 === undefined ? createFolderStore(resolve(address)) : openS3(s3, join(bundles, 's3Store.js'));
}

async function openS3(address: S3Address, bundle: string): Promise<ObjectStore> {
  if (!(await exists(bundle))) {
    throw new UserError(
      'This build of Recur comes without S3: the extension opens no network connection.',
      'Use the one that `npm run build` makes, or a folder as the store.',
    );
  }
  const { createS3Store } = (await import(bundle)) as S3Bundle;
  return createS3Store(address);
}
