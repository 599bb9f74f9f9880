import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server with the part of S3's protocol that a store needs, over a map. */
export interface S3Server {
  readonly endpoint: string;
  readonly objects: Map<string, Buffer>;
  /** Answers every request with this error instead; undefined: it works. */
  failure: { readonly status: number; readonly code: string } | undefined;
  close(): Promise<void>;
}

export async function startS3Server(bucket: string): Promise<S3Server> {
  const objects = new Map<string, Buffer>();
  const server = createServer((request, response) => void answer(request, response));
  const own: S3Server = { endpoint: '', objects, failure: undefined, close: () => closeServer() };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname } = new URL(request.url!, 'http://s3');
    const body = await bodyOf(request);
    const fail = (status: number, code: string): void => {
      response.writeHead(status, { 'content-type': 'application/xml' });
      const text = `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
      response.end(request.method === 'HEAD' ? undefined : text);
    };
    if (own.failure !== undefined) {
      fail(own.failure.status, own.failure.code);
      return;
    }
    if (!pathname.startsWith(`/${bucket}/`)) {
      fail(404, 'NoSuchBucket');
      return;
    }
    const key = decodeURIComponent(pathname.slice(bucket.length + 2));
    const there = objects.get(key);
    if (request.method === 'PUT') {
      const match = request.headers['if-match'];
      if (match !== undefined && there === undefined) {
        fail(404, 'NoSuchKey');
        return;
      }
      const overtaken = match !== undefined && match !== tagOf(there!);
      if (overtaken || (request.headers['if-none-match'] === '*' && there !== undefined)) {
        fail(412, 'PreconditionFailed');
        return;
      }
      objects.set(key, body);
      response.writeHead(200, { etag: tagOf(body) }).end();
    } else if (request.method === 'DELETE') {
      objects.delete(key);
      response.writeHead(204).end();
    } else if (there === undefined) fail(404, 'NoSuchKey');
    else {
      response.writeHead(200, { etag: tagOf(there), 'content-length': there.length });
      response.end(request.method === 'HEAD' ? undefined : there);
    }
  }

  async function closeServer(): Promise<void> {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  }
  return Object.assign(own, { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

const tagOf = (data: Buffer): string => `"${createHash('md5').update(data).digest('hex')}"`;

/** The SDK sends bodies in signed chunks with a checksum behind them (aws-chunked) where the connection is not encrypted. */
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  return request.headers['content-encoding']?.includes('aws-chunked') === true ? unchunked(body) : body;
}

function unchunked(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; ;) {
    const lineEnd = body.indexOf('\r\n', at);
    const length = Number.parseInt(body.subarray(at, lineEnd).toString('latin1'), 16);
    if (length === 0) return Buffer.concat(parts);
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + length));
    at = lineEnd + 2 + length + 2;
  }
}
