import { spawnSync } from 'node:child_process';

/** What `onnx.checker.check_model(full_check=True)` says against a file; empty: nothing. */
export function checkModel(python: string, file: string): string {
  const script = 'import sys, onnx; onnx.checker.check_model(onnx.load(sys.argv[1]), full_check=True)';
  const { status, stderr } = spawnSync(python, ['-c', script, file], { encoding: 'utf8' });
  return status === 0 ? '' : stderr || `exit status ${String(status)}`;
}
