import { isUserError, UserError } from '../core/errors';
import { TemporaryError } from './objectStore';

/** What an error of the file system means for a store in a folder. Other errors stay as they are. */
export function folderProblem(error: unknown, directory: string): unknown {
  if (!(error instanceof Error) || !('code' in error) || isUserError(error)) return error;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new TemporaryError(`The store ${directory} is full.`, 'Free some space in it and try again.');
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new UserError(
        `The store ${directory} cannot be used (${error.code}).`,
        'Give whoever runs jobs the right to read and write it.',
      );
    case 'EIO':
    case 'ESTALE':
    case 'ETIMEDOUT':
    case 'EHOSTDOWN':
    case 'EMFILE':
    case 'ENFILE':
      return new TemporaryError(`The store ${directory} does not work (${error.code}).`, 'Try again.');
    case 'ENOTDIR':
    case 'EEXIST':
      return new UserError(`The store ${directory} is no folder.`, 'Name a folder, or s3://BUCKET/PREFIX.');
    default:
      return error;
  }
}
