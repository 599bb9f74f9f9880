import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sha256Of } from '../../src/core/sha256';
import { storedZip } from './storedZip';

/** A Python index with its files, on this machine. */
export interface FakeIndex {
  readonly url: string;
  /** Every request for a file, with the range that was asked for. */
  readonly asked: { readonly path: string; readonly range: string | undefined }[];
  /** Answers the next requests for files in its own way; undefined: as it should. */
  answer: ((request: IncomingMessage, response: ServerResponse, file: Buffer) => void) | undefined;
  close(): Promise<void>;
}

const library = (name: string): Uint8Array => Buffer.from(`the library ${name} `.repeat(500));
const platform = 'py3-none-manylinux_2_27_x86_64.whl';

/** Wheels by package: newest last. */
const wheels: Readonly<Record<string, readonly string[]>> = {
  'onnxruntime-gpu': [
    'onnxruntime_gpu-1.30.0-cp312-cp312-manylinux_2_28_x86_64.whl',
    'onnxruntime_gpu-1.31.0-cp312-cp312-manylinux_2_28_x86_64.whl',
    'onnxruntime_gpu-1.30.0-cp312-cp312-win_amd64.whl',
  ],
  'nvidia-cuda-runtime': [`nvidia_cuda_runtime-13.0.9-${platform}`, `nvidia_cuda_runtime-13.0.10-${platform}`],
  'nvidia-cuda-nvrtc': [`nvidia_cuda_nvrtc-13.0.1-${platform}`],
  'nvidia-nvjitlink': [`nvidia_nvjitlink-13.0.1-${platform}`],
  'nvidia-cublas': [
    ...[`nvidia_cublas-13.1.9-${platform}`, `nvidia_cublas-13.1.10rc1-${platform}`, `nvidia_cublas-13.2.1-${platform}`],
  ],
  'nvidia-cufft': [`nvidia_cufft-12.0.1-${platform}`],
  'nvidia-curand': [`nvidia_curand-10.4.0.35-${platform}`],
  'nvidia-cudnn-cu13': [`nvidia_cudnn_cu13-9.2.0-${platform}`],
};

function contentsOf(name: string): Buffer {
  if (name === 'onnxruntime-gpu') {
    return storedZip({
      'onnxruntime/capi/libonnxruntime_providers_cuda.so': library('providers_cuda'),
      'onnxruntime/capi/libonnxruntime_providers_shared.so': library('providers_shared'),
      'onnxruntime/capi/libonnxruntime_providers_tensorrt.so': library('providers_tensorrt'),
    });
  }
  return storedZip({
    [`nvidia/cu13/lib/lib${name}.so.13`]: library(name),
    'nvidia/cu13/include/header.h': Buffer.from('none'),
  });
}

export async function startFakeIndex(): Promise<FakeIndex> {
  const files = new Map(
    Object.entries(wheels).flatMap(([name, names]) => names.map((file) => [file, contentsOf(name)] as const)),
  );
  const server = createServer((request, response) => {
    const [kind, name = ''] = request.url!.split('/').slice(1);
    if (kind === 'simple' && wheels[name] !== undefined) {
      sendPage(response, wheels[name], files);
      return;
    }
    const file = files.get(name);
    if (kind !== 'files' || file === undefined) {
      response.writeHead(404).end();
      return;
    }
    index.asked.push({ path: name, range: request.headers.range });
    (index.answer ?? sendRange)(request, response, file);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const index: FakeIndex = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple/`,
    asked: [],
    answer: undefined,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return index;
}

function sendPage(response: ServerResponse, names: readonly string[], files: ReadonlyMap<string, Buffer>): void {
  const listed = names.map((filename) => {
    const file = files.get(filename)!;
    return { filename, url: `../../files/${filename}`, size: file.length, hashes: { sha256: sha256Of(file) } };
  });
  response.setHeader('content-type', 'application/vnd.pypi.simple.v1+json');
  response.end(JSON.stringify({ meta: { 'api-version': '1.1' }, files: listed }));
}

export function sendRange(request: IncomingMessage, response: ServerResponse, file: Buffer): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, { 'content-length': file.length - from }).end(file.subarray(from));
}
