import { cp } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from './cleanup.mjs';
import { projectRoot } from '../setup/prepare.mjs';

/**
 * A fresh copy of the small real workspace (the sources of immer) that the suites may train on and change.
 * It is gone when the process ends.
 */
export async function copyWorkspace() {
  const { folder: parent } = await temporaryFolder('workspace');
  const folder = path.join(parent, 'immer');
  await cp(path.join(projectRoot, 'test/fixtures/workspace'), folder, { recursive: true });
  return folder;
}
