import * as l10n from '@vscode/l10n';
import { UserError } from '../core/errors';

/**
 * What a failed write in a folder of ours means to the user.
 * @returns undefined where disk and folder are not to blame
 */
export function diskProblem(error: unknown, directory: string): UserError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new UserError(
        l10n.t`The disk with ${directory} is full.`,
        l10n.t('Free some space; the last model that was written whole stays in use.'),
      );
    case 'EIO':
      return new UserError(
        l10n.t`The disk with ${directory} does not work (EIO).`,
        l10n.t('Name a folder on another one.'),
      );
    case 'EROFS':
      return notWritable(directory, error.code);
    case 'EACCES':
    case 'EPERM':
      return isIn(directory, error) ? notWritable(directory, error.code) : undefined;
    case 'ENOENT':
      return isIn(directory, error)
        ? new UserError(l10n.t`The folder ${directory} was deleted, or a part of it.`, l10n.t('Train again.'))
        : undefined;
    default:
      return undefined;
  }
}

function notWritable(directory: string, code: string): UserError {
  return new UserError(
    l10n.t`The folder ${directory} cannot be written to (${code}).`,
    l10n.t('Make it writable, or name another one.'),
  );
}

function isIn(directory: string, error: Error): boolean {
  return 'path' in error && typeof error.path === 'string' && error.path.startsWith(directory);
}
