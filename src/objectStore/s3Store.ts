import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { guardedBy } from './guarded';
import type { ObjectStore, Pointer } from './objectStore';
import { isNotFound, isOvertaken, s3Problem } from './s3Problem';
import type { S3Address } from './storeAddress';

/** Of a connection, and of what goes over it without a word: a link that was cut is noticed, and tried again. */
const connectionMs = 10_000;
const silenceMs = 60_000;

/**
 * A store in a bucket of S3, or of any server that has its protocol with conditional writes (If-None-Match, If-Match).
 * Credentials, region and endpoint are found as the AWS command line finds them: environment, shared configuration, role.
 */
export function createS3Store({ bucket, prefix }: S3Address): ObjectStore {
  const client = new S3Client({
    // Servers other than Amazon's have no host name for each bucket.
    forcePathStyle: (process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL) !== undefined,
    region: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1',
    requestHandler: { connectionTimeout: connectionMs, requestTimeout: silenceMs },
  });
  const name = `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
  const place = (key: string) => ({ Bucket: bucket, Key: prefix === '' ? key : `${prefix}/${key}` });
  const guarded = guardedBy((error) => s3Problem(error, name));
  const get = async (key: string): Promise<Pointer | undefined> => {
    const found = await unlessMissing(client.send(new GetObjectCommand(place(key))));
    if (found?.Body === undefined) return undefined;
    return { data: await found.Body.transformToByteArray(), tag: found.ETag ?? '' };
  };
  const remove = guarded(async (key: string): Promise<void> => {
    await client.send(new DeleteObjectCommand(place(key)));
  });
  return {
    name,
    remove,
    removePointer: remove,
    read: guarded(async (key) => (await get(key))?.data),
    readPointer: guarded(get),
    write: guarded(async (key, data) => {
      await client.send(new PutObjectCommand({ ...place(key), Body: data }));
    }),
    has: guarded(async (key) => (await unlessMissing(client.send(new HeadObjectCommand(place(key))))) !== undefined),
    movePointer: guarded(async (key, data, tag) => {
      const condition = tag === undefined ? { IfNoneMatch: '*' } : { IfMatch: tag };
      try {
        await client.send(new PutObjectCommand({ ...place(key), Body: data, ...condition }));
        return true;
      } catch (error) {
        // Where the answer to a first try was lost, it is the second one that fails: the caller reads again.
        if (isOvertaken(error)) return false;
        throw error;
      }
    }),
  };
}

async function unlessMissing<Answer>(request: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await request;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
